"""The journal: what a kill, a full disk or a second process may do to it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.align.places import Places
from tribonian.align.runs.journal import BusyError, Journal, age, read_journal, records, working
from tribonian.errors import UsageError

RUN = "0123456789ab"


def places(folder: Path) -> Places:
    folder.mkdir(exist_ok=True)
    return Places(folder)


def as_it_is(text: str) -> str:
    return text


def written(folder: Path, *steps: str) -> Places:
    """A journal with these steps, each ``step state``."""
    place = places(folder)
    with working(place, as_it_is) as journal:
        for each in steps:
            step, _, state = each.partition(" ")
            journal.write(RUN, step, state)
    return place


def test_a_line_says_run_step_state_and_time(tmp_path: Path) -> None:
    place = places(tmp_path)
    with working(place, as_it_is) as journal:
        journal.write(RUN, "create", "begin", name="Lanterns", known=[])
    line = orjson.loads(place.journal.read_bytes())
    assert [*line][:4] == ["run", "step", "state", "time"]
    assert (line["name"], line["known"]) == ("Lanterns", [])
    assert 0 <= age(line) < 60


def test_what_is_not_there_is_empty(tmp_path: Path) -> None:
    assert read_journal(Places(tmp_path)) == []


@pytest.mark.parametrize("tail", [b'{"run":"01', b"{", b"\0\0\0\0", b'{"run":1}\n', b"garbage\n"])
def test_a_torn_last_line_is_passed_over_and_cut_off(tmp_path: Path, tail: bytes) -> None:
    place = written(tmp_path, "create begin", "create done")
    whole = place.journal.read_bytes()
    place.journal.write_bytes(whole + tail)
    assert len(read_journal(place)) == 2
    assert place.journal.read_bytes() == whole + tail  # reading changes nothing
    with working(place, as_it_is) as journal:
        journal.write(RUN, "attach", "begin")
    assert place.journal.read_bytes().startswith(whole)
    assert [line["step"] for line in read_journal(place)] == ["create", "create", "attach"]


@given(cut=st.integers(min_value=0, max_value=400))
def test_wherever_a_journal_is_cut_its_whole_lines_are_read(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    place = written(tmp_path_factory.mktemp("cut"), "run begin", "upload begin", "upload done")
    data = place.journal.read_bytes()
    place.journal.write_bytes(data[:cut])
    expected = data[:cut].count(b"\n")
    assert len(read_journal(place)) == expected
    with working(place, as_it_is) as journal:
        assert len(journal.lines) == expected
        journal.write(RUN, "start", "begin")
    assert [line["step"] for line in read_journal(place)][expected:] == ["start"]


def test_a_damaged_line_in_the_middle_is_one_sentence_with_its_number(tmp_path: Path) -> None:
    place = written(tmp_path, "create begin", "create done", "start begin")
    lines = place.journal.read_bytes().splitlines(keepends=True)
    place.journal.write_bytes(lines[0] + lines[1][:-9] + b"\n" + lines[2])
    with pytest.raises(UsageError, match="damaged in line 2; remove that line"):
        read_journal(place)
    with pytest.raises(UsageError, match="damaged in line 2"), working(place, as_it_is):
        pass


def test_nothing_is_written_that_the_mask_takes_away(tmp_path: Path) -> None:
    place = places(tmp_path)
    with working(place, lambda text: text.replace("secret", "[key]")) as journal:
        journal.write(RUN, "upload", "failed", reason="refused for secret")
    assert b"secret" not in place.journal.read_bytes()
    assert read_journal(place)[0]["reason"] == "refused for [key]"


def test_a_second_process_is_told_to_wait_and_reading_needs_no_lock(tmp_path: Path) -> None:
    place = written(tmp_path, "run begin")
    code = (
        "import sys; from pathlib import Path; from tribonian.align.runs.journal import working; "
        "from tribonian.align.places import Places\n"
        "with working(Places(Path(sys.argv[1])), str):\n"
        "    print('in', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None and other.stdout.readline() == "in\n"
        with pytest.raises(BusyError, match="Another process works on"), working(place, as_it_is):
            pass
        assert len(read_journal(place)) == 1
        other.kill()  # the lock goes with its process
        other.wait()
    with working(place, as_it_is) as journal:
        assert len(journal.lines) == 1


def test_a_process_without_the_lock_may_append_and_cuts_nothing(tmp_path: Path) -> None:
    place = written(tmp_path, "run begin")
    with working(place, as_it_is):
        beside = Journal(place, as_it_is)
        beside.open(alone=False)
        beside.write(RUN, "cancel", "done")
        beside.close()
    assert [line["step"] for line in read_journal(place)] == ["run", "cancel"]


def test_what_a_killed_process_had_half_written_is_cleared_away(tmp_path: Path) -> None:
    place = written(tmp_path, "run begin")
    ours = place.align / ".pairs.parquet.x1y2.part"
    others = place.align / ".decisions.jsonl.x1y2.part"
    for path in (ours, others):
        path.write_bytes(b"half")
    with working(place, as_it_is):
        pass
    assert not ours.exists()
    assert others.exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "align").write_text("a file")
    with pytest.raises(UsageError, match="cannot be written"), working(Places(tmp_path), as_it_is):
        pass
    with pytest.raises(UsageError, match="is no folder"):
        working(Places(tmp_path / "nothing"), as_it_is).__enter__()


def test_a_step_counts_as_begun_until_its_end_is_known(tmp_path: Path) -> None:
    place = places(tmp_path)
    with working(place, as_it_is) as journal:
        journal.write(RUN, "run", "begin", name="Lanterns")
        journal.write(RUN, "create", "begin", known=["dj-1"])
        journal.write(RUN, "create", "failed", uncertain=True)
        journal.write(RUN, "upload", "begin", part="json")
        journal.write(RUN, "upload", "failed", part="json")
        journal.write("ba9876543210", "upload", "done", part="json", file="file-1")
        found = records(journal)
    assert [*found] == [RUN, "ba9876543210"]
    mine = found[RUN]
    assert mine.first is not None and mine.first["name"] == "Lanterns"
    assert mine.begun("create") == {**mine.begun_lines["create"], "known": ["dj-1"]}
    assert mine.begun("upload", "json") is None
    assert mine.failed("upload", "json") is not None
    assert mine.done("upload", "json") is None
    assert found["ba9876543210"].done("upload", "md") is None


def test_detaching_undoes_attaching(tmp_path: Path) -> None:
    place = places(tmp_path)
    with working(place, as_it_is) as journal:
        journal.write(RUN, "attach", "done", part="json", job="dj-1", file="file-1")
        journal.write(RUN, "detach", "done", part="json", job="dj-1", file="file-1")
        assert records(journal)[RUN].done("attach", "json") is None
