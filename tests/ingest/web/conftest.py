"""What the tests of the network share: a client that does not wait between requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loopback import MakeWeb

from tribonian.ingest.web.client import Web
from tribonian.ingest.web.pace import Pace


@pytest.fixture
def web(tmp_path: Path) -> Iterator[MakeWeb]:
    """Makes clients that may ask loopback, share one cache and are closed at the end."""
    made: list[Web] = []

    def make(**options: Any) -> Web:
        given: dict[str, Any] = {
            "cache": tmp_path / "cache",
            "allow_private": True,
            "pace": Pace(0),
            "first_wait": 0.02,
        }
        made.append(Web(**given | options))
        return made[-1]

    yield make
    for client in made:
        client.close()
