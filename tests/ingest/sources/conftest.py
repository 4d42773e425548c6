"""A small eCFR on loopback, and a cache that nobody else has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.ecfr import EcfrServer
from tests.servers.small_titles import FIRST_DATE, SECOND_DATE, TITLES


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[EcfrServer]:
    """Titles 26 and 41, at the older of their dates; ``move_on`` brings the newer."""
    with EcfrServer(TITLES, up_to_date=FIRST_DATE) as running:
        monkeypatch.setenv("ECFR_BASE_URL", running.base_url)
        monkeypatch.setenv("GOVINFO_BASE_URL", running.base_url)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        yield running


@pytest.fixture
def later() -> str:
    return SECOND_DATE
