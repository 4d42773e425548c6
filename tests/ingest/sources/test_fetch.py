"""The verb ``fetch``: a folder with a lock file that a build needs no network for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tribonian
from tests.servers.ecfr import EcfrServer
from tests.servers.misbehaviour import Fault, gateway_timeout
from tests.servers.small_titles import FIRST_DATE, SECOND_DATE, TITLES
from tribonian.errors import TribonianError, UsageError
from tribonian.ingest.sources import downloads
from tribonian.ingest.sources.fetch import Fetched
from tribonian.ingest.sources.lock import LOCK

TOOLS = "41 CFR part 50-202"
HOURS = "41 CFR 50-201.2"
ALL = [TOOLS, HOURS, "https://www.ecfr.gov/current/title-41/subtitle-B/chapter-50/subchapter-A"]


def whats(result: Fetched) -> dict[str, str]:
    return {change.file: change.what for change in result.changes}


def lock_of(folder: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads((folder / LOCK).read_bytes())["sources"]
    return rows


def principles(folder: Path) -> bytes:
    return (folder / "principles.json").read_bytes()


def test_the_lock_file_says_what_was_asked_where_it_was_and_of_which_date(
    server: EcfrServer, tmp_path: Path
) -> None:
    result = tribonian.fetch(ALL, tmp_path / "law")
    assert not result.missed
    rows = lock_of(tmp_path / "law")
    assert sorted(str(row["asked"]) for row in rows) == sorted(ALL)
    for row in rows:
        assert row["as_of"] == FIRST_DATE
        assert str(row["url"]).startswith(f"{server.base_url}/api/versioner/v1/full/{FIRST_DATE}/")
        assert (tmp_path / "law" / str(row["file"])).stat().st_size == row["bytes"]
        assert FIRST_DATE in str(row["file"])
    on_disk = {path.name for path in (tmp_path / "law").iterdir()}
    assert on_disk == {LOCK, *(str(row["file"]) for row in rows)}
    assert set(whats(result).values()) == {"new"}


def test_a_build_of_the_folder_is_offline_and_the_same_as_one_online(
    server: EcfrServer, tmp_path: Path
) -> None:
    tribonian.fetch(ALL, tmp_path / "law")
    tribonian.build(ALL, tmp_path / "online")
    server.clear()
    for _ in range(2):
        tribonian.build([tmp_path / "law"], tmp_path / "offline")
    assert not server.requests
    assert principles(tmp_path / "online") == principles(tmp_path / "offline")
    moved = tmp_path / "elsewhere" / "of another name"
    moved.parent.mkdir()
    shutil.move(tmp_path / "law", moved)
    built = tribonian.build([moved], tmp_path / "after the move")
    assert principles(tmp_path / "online") == principles(tmp_path / "after the move")
    assert {digest.document.as_of for digest in built.documents} == {FIRST_DATE}
    assert built.count("ok") == 3 and built.count("skipped") == 0


def test_the_order_of_what_is_named_changes_nothing(server: EcfrServer, tmp_path: Path) -> None:
    tribonian.build(ALL, tmp_path / "one")
    tribonian.build(ALL[::-1], tmp_path / "other")
    for file in ("principles.json", "provenance.jsonl", "manifest.json", "findings.jsonl"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


def test_fetched_again_nothing_is_written_and_no_text_comes_twice(
    server: EcfrServer, tmp_path: Path
) -> None:
    tribonian.fetch(ALL, tmp_path / "law")
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "law").iterdir()}
    server.clear()
    result = tribonian.fetch(ALL, tmp_path / "law")
    assert set(whats(result).values()) == {"same"}
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "law").iterdir()} == before
    assert {request.status for request in server.requests} == {304}


def test_without_sources_the_folder_renews_what_it_was_made_of(
    server: EcfrServer, tmp_path: Path
) -> None:
    tribonian.fetch([TOOLS, HOURS], tmp_path / "law")
    server.up_to_date = SECOND_DATE
    result = tribonian.fetch([], tmp_path / "law")
    # § 50-201.2 was amended in between; part 50-202 has the text that it had
    assert whats(result) == {
        f"title-41_section-50-201.2_{SECOND_DATE}.xml": "changed",
        f"title-41_part-50-202_{SECOND_DATE}.xml": "renewed",
    }
    assert {change.detail for change in result.changes} == {f"{FIRST_DATE} → {SECOND_DATE}"}
    assert {row["as_of"] for row in lock_of(tmp_path / "law")} == {SECOND_DATE}
    assert not [path for path in (tmp_path / "law").iterdir() if FIRST_DATE in path.name]


def test_what_could_not_be_renewed_is_kept_and_told(server: EcfrServer, tmp_path: Path) -> None:
    tribonian.fetch([TOOLS, HOURS], tmp_path / "law")
    before = {row["asked"]: row for row in lock_of(tmp_path / "law")}
    server.up_to_date = SECOND_DATE
    server.faults.append(Fault("captcha", on="part=50-202"))
    result = tribonian.fetch([TOOLS, HOURS], tmp_path / "law", no_cache=True)
    assert [missed.asked for missed in result.missed] == [TOOLS]
    assert whats(result)[str(before[TOOLS]["file"])] == "kept"
    after = {row["asked"]: row for row in lock_of(tmp_path / "law")}
    assert after[TOOLS] == before[TOOLS]
    assert after[HOURS]["as_of"] == SECOND_DATE
    tribonian.build([tmp_path / "law"], tmp_path / "build", strict=True)


def test_what_another_fetch_brought_stays(server: EcfrServer, tmp_path: Path) -> None:
    tribonian.fetch([TOOLS], tmp_path / "law")
    result = tribonian.fetch([HOURS], tmp_path / "law")
    assert list(whats(result).values()) == ["new"]
    assert {row["asked"] for row in lock_of(tmp_path / "law")} == {TOOLS, HOURS}


def test_files_of_this_machine_go_into_the_folder_too(server: EcfrServer, tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    (policies / "deep").mkdir(parents=True)
    (policies / "deep" / "sop.md").write_text("# Watering\n\nWater the roses daily.\n")
    (policies / ".hidden.md").write_text("# No\n")
    result = tribonian.fetch([TOOLS, policies], tmp_path / "law")
    assert (tmp_path / "law" / "policies" / "deep" / "sop.md").is_file()
    assert [passed.name for passed in result.passed_over] == ["policies/.hidden.md"]
    tribonian.build([TOOLS, policies], tmp_path / "online")
    shutil.rmtree(policies)
    tribonian.build([tmp_path / "law"], tmp_path / "offline")
    assert principles(tmp_path / "online") == principles(tmp_path / "offline")


def test_what_differs_stands_in_the_same_order_online_and_offline(tmp_path: Path) -> None:
    # the folders' names say another order than the files' names
    for path, days in (("aa/z.md", 15), ("zz/a.md", 30), ("one/law.md", 45), ("two/law.md", 60)):
        file = tmp_path / path
        file.parent.mkdir()
        file.write_text(f"# Policy\n\n## 1.1 Storage\n\nRecords must be kept for {days} days.\n")
    given = ["aa", "zz", "one/law.md", "two/law.md"]
    sources = [tmp_path / each for each in given]
    tribonian.fetch(sources, tmp_path / "law")
    tribonian.build(sources, tmp_path / "online")
    tribonian.build([tmp_path / "law"], tmp_path / "offline")
    assert principles(tmp_path / "online") == principles(tmp_path / "offline")
    assert {"aa/z.md", "zz/a.md", "one/law.md", "two/law.md"} == {
        row["file"] for row in lock_of(tmp_path / "law")
    }


def test_what_may_be_missing_is_said_online_and_offline(server: EcfrServer, tmp_path: Path) -> None:
    server.faults.append(gateway_timeout())  # so that it is put together from its parts
    asked = ["41 CFR chapter 50 subchapter A"]
    online = tribonian.build(asked, tmp_path / "online")
    tribonian.fetch(asked, tmp_path / "law")
    offline = tribonian.build([tmp_path / "law"], tmp_path / "offline")
    for built in (online, offline):
        codes = [finding.code for finding in built.findings]
        assert codes.count("assembled-from-parts") == 1
    assert principles(tmp_path / "online") == principles(tmp_path / "offline")


def test_a_file_edited_since_it_was_fetched_stays_and_is_told(
    server: EcfrServer, tmp_path: Path
) -> None:
    tribonian.fetch([HOURS], tmp_path / "law")
    (file,) = (path for path in (tmp_path / "law").iterdir() if path.suffix == ".xml")
    file.write_text(file.read_text() + "<!-- mine -->")
    server.up_to_date = SECOND_DATE
    result = tribonian.fetch([HOURS], tmp_path / "law")
    assert file.is_file()
    assert [passed.name for passed in result.passed_over] == [file.name]


def test_what_was_fetched_is_put_back_where_it_was_edited_or_removed(
    server: EcfrServer, tmp_path: Path
) -> None:
    tribonian.fetch([TOOLS, HOURS], tmp_path / "law")
    one, other = sorted(path for path in (tmp_path / "law").iterdir() if path.suffix == ".xml")
    before = (one.read_bytes(), other.read_bytes())
    one.write_text("mine")
    other.unlink()
    result = tribonian.fetch([TOOLS, HOURS], tmp_path / "law")
    assert [(change.what, change.detail) for change in result.changes] == [
        ("restored", "it had been edited"),
        ("restored", "it had been removed"),
    ]
    assert (one.read_bytes(), other.read_bytes()) == before


def test_a_file_that_two_sources_come_to_is_one_line_and_two_rows(
    server: EcfrServer, tmp_path: Path
) -> None:
    both = [TOOLS, "41 CFR parts 50-201 and 50-202"]
    for expected in ("new", "same"):
        result = tribonian.fetch(both if expected == "new" else [], tmp_path / "law")
        assert sorted(whats(result).values()) == [expected] * 2
        assert len(result.changes) == 2
        assert len(lock_of(tmp_path / "law")) == 3
        assert {row["asked"] for row in lock_of(tmp_path / "law")} == set(both)


def test_files_of_one_name_from_two_fetches_do_not_take_each_others_place(
    tmp_path: Path,
) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "law.md").write_text(f"# Of {folder}\n\nWords of {folder}.\n")
    for folder in ("a", "b", "a"):
        tribonian.fetch([tmp_path / folder / "law.md"], tmp_path / "law")
    rows = lock_of(tmp_path / "law")
    texts = sorted((tmp_path / "law" / str(row["file"])).read_text() for row in rows)
    assert [text.splitlines()[0] for text in texts] == ["# Of a", "# Of b"]


def test_a_file_of_ones_own_in_the_folder_is_never_written_over(tmp_path: Path) -> None:
    regs = tmp_path / "law.md"
    regs.write_text("# Of roses\n\nWater them daily.\n")
    tribonian.fetch([regs], tmp_path / "law")
    notes = tmp_path / "notes.md"
    notes.write_text("# Notes\n\nThose of the law.\n")
    (tmp_path / "law" / "notes.md").write_text("mine")
    result = tribonian.fetch([notes], tmp_path / "law")
    assert [passed.reason for passed in result.passed_over] == [
        "Another file of this name, which was not fetched, is now called notes.md.1~."
    ]
    assert (tmp_path / "law" / "notes.md.1~").read_text() == "mine"
    assert (tmp_path / "law" / "notes.md").read_text() == notes.read_text()
    assert not tribonian.fetch([notes], tmp_path / "law").passed_over


CUT_SHORT = """
import os, sys
from pathlib import Path
import tribonian
from tribonian.ingest.sources import fetch
put, left = fetch._put, [1]
def once(*given):
    if not left:
        Path(given[0].parent, ".half.xml.abc.part").write_text("half")
        os.kill(os.getpid(), 9)
    left.pop()
    return put(*given)
fetch._put = once
tribonian.fetch(sys.argv[2:], sys.argv[1])
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_after_a_kill_while_files_are_written_the_next_run_ends_it(
    server: EcfrServer, tmp_path: Path
) -> None:
    law = tmp_path / "law"
    killed = subprocess.run([sys.executable, "-c", CUT_SHORT, law, TOOLS, HOURS], check=False)
    assert killed.returncode == -9
    assert len(list(law.iterdir())) == 3  # a lock file, one document, half of another
    server.clear()
    assert not tribonian.fetch([TOOLS, HOURS], law).missed
    assert {request.status for request in server.requests} == {304}  # nothing whole comes twice
    files = {path.name for path in law.iterdir()}
    assert files == {LOCK, *(str(row["file"]) for row in lock_of(law))}
    assert len(files) == 3


def test_an_address_whose_key_is_not_kept_is_asked_for_again_only_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with EcfrServer({}, bulk={26: TITLES[26][FIRST_DATE]}) as govinfo:
        monkeypatch.setenv("GOVINFO_BASE_URL", govinfo.base_url)
        address = f"{govinfo.base_url}/bulkdata/ECFR/title-26/ECFR-title26.xml?token=hush"
        assert not tribonian.fetch([address], tmp_path / "law").missed
        assert "hush" not in (tmp_path / "law" / LOCK).read_text()
        result = tribonian.fetch([], tmp_path / "law")
        assert "name it again with its key" in result.missed[0].reason
        assert list(whats(result).values()) == ["kept"]
        assert not tribonian.fetch([address], tmp_path / "law").missed


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds files that were not fetched"):
        tribonian.fetch([HOURS], tmp_path)
    with pytest.raises(UsageError, match="is a file"):
        tribonian.fetch([HOURS], tmp_path / "mine.txt")
    with pytest.raises(UsageError, match="name at least one source"):
        tribonian.fetch([], tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_folder_does_not_come_into_itself(tmp_path: Path) -> None:
    (tmp_path / "regs").mkdir()
    (tmp_path / "regs" / "law.md").write_text("# Of roses\n\nWater them daily.\n")
    law = tmp_path / "regs" / "fetched"
    for expected in ("new", "same"):
        result = tribonian.fetch([tmp_path / "regs"], law)
        assert whats(result) == {"regs/law.md": expected}
        assert not result.missed and not result.passed_over
    result = tribonian.fetch([law, law / "regs" / "law.md"], law)
    assert [missed.reason for missed in result.missed] == [
        "It is in the folder that is written; name nothing, to renew what that holds."
    ] * 2
    assert [row["file"] for row in lock_of(law)] == ["regs/law.md"]


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_asked(
    server: EcfrServer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match=r"file is a file; name another\."):
        tribonian.fetch([HOURS], tmp_path / "file" / "law")
    with pytest.raises(UsageError, match="--time-limit"):
        tribonian.fetch([HOURS], tmp_path / "law", time_limit=-5)
    assert not server.requests


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_disk_that_is_full_leaves_what_was_there_and_says_so(
    server: EcfrServer, tmp_path: Path
) -> None:
    import resource

    big = tmp_path / "big.md"
    big.write_text("# Of roses\n\n" + "Water them daily.\n\n" * 1000)
    law = tmp_path / "law"
    tribonian.fetch([HOURS], law)
    before = {path.name: path.read_bytes() for path in law.iterdir()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(TribonianError, match=r"could not be written to .*too large") as told:
            tribonian.fetch([big], law)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(told.value).endswith("; mend that and fetch again, which goes on where this ended.")
    assert {path.name: path.read_bytes() for path in law.iterdir()} == before


def test_what_is_missed_is_told_in_the_order_in_which_it_was_named(
    server: EcfrServer, tmp_path: Path
) -> None:
    server.faults.append(Fault("captcha", on="part=50-202"))
    named = [TOOLS, "ftp://127.0.0.1/law", "https://192.0.2.1.invalid/law", "s4://law/x"]
    for order in (named, named[::-1]):
        result = tribonian.fetch(order, tmp_path / "law", no_cache=True)
        assert [missed.name for missed in result.missed] == order


def test_a_defect_costs_the_source_in_hand_and_no_other(
    server: EcfrServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("hush")

    monkeypatch.setattr(downloads, "download", broken)
    result = tribonian.fetch([HOURS, "https://law.test/x"], tmp_path / "law")
    assert [row["asked"] for row in lock_of(tmp_path / "law")] == [HOURS]
    assert [missed.reason for missed in result.missed] == [
        "It could not be fetched (KeyError); please report this."
    ]


def test_where_nothing_could_be_had_no_folder_is_made(server: EcfrServer, tmp_path: Path) -> None:
    result = tribonian.fetch(["41 CFR 50-201.99"], tmp_path / "law")
    assert [missed.name for missed in result.missed] == ["41 CFR 50-201.99"]
    assert not (tmp_path / "law").exists()
