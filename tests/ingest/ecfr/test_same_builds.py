"""The same asked for is the same on disk, byte for byte, whatever was fetched before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import tribonian
from tests.servers.ecfr import EcfrServer
from tests.servers.small_titles import TITLES

ASKED = (
    "41 CFR part 50-201",
    "41 CFR part 1",
    "41 CFR 50-202.1",
    "41 CFR part 50-202 subpart A",
    "41 CFR 50-201.1(b)(2)",
)
BEFORE = ("41 CFR", "41 CFR part 50-202", "41 CFR 50-201.1")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EcfrServer]:
    with EcfrServer(TITLES, rate=None) as server:
        monkeypatch.setenv("ECFR_BASE_URL", server.base_url)
        yield server


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_build_is_the_same_with_a_cold_cache_and_with_a_full_one(
    server: EcfrServer, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    tribonian.build(ASKED, tmp_path / "cold", no_cache=True, jobs=1)
    tribonian.fetch(BEFORE, tmp_path / "others", cache=cache)
    tribonian.build(ASKED, tmp_path / "warm", cache=cache, jobs=1)

    cold, warm = files_in(tmp_path / "cold"), files_in(tmp_path / "warm")
    assert sorted(cold) == sorted(warm)
    assert [name for name in cold if cold[name] != warm[name]] == []


def test_what_was_fetched_one_by_one_has_not_changed_when_all_of_it_is_renewed(
    server: EcfrServer, tmp_path: Path
) -> None:
    cache, folder = tmp_path / "cache", tmp_path / "law"
    for asked in ("41 CFR part 50-202", "41 CFR 50-202.1", "41 CFR"):
        tribonian.fetch([asked], folder, cache=cache)
    before = files_in(folder)

    tribonian.fetch([], folder, cache=cache)

    assert len(before) == 4
    assert files_in(folder) == before
