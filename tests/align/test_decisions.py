"""decisions.jsonl: what holds, what is bad, and that nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from tribonian.align.decisions import (
    UNDECIDED,
    UNNAMED,
    BadLine,
    Decision,
    append_decision,
    append_decisions,
    moment,
    parse_decisions,
    read_decisions,
)
from tribonian.errors import UsageError


def line(pair: str, decision: str, reviewer: str = "Ana", **more: object) -> str:
    return json.dumps({"pair": pair, "decision": decision, "reviewer": reviewer, **more})


def written(path: Path, *lines: str, end: str = "\n") -> Path:
    path.write_bytes(("\n".join(lines) + end).encode())
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "decisions.jsonl"


# -- what holds -------------------------------------------------------------------------------


def test_a_pair_of_which_nothing_is_decided_has_no_verdict(file: Path) -> None:
    assert read_decisions(file).of("aa") == UNDECIDED
    assert UNDECIDED.texts("Q?", "A.") == ("Q?", "A.")


def test_the_last_line_of_a_reviewer_holds(file: Path) -> None:
    read = read_decisions(written(file, line("aa", "accept"), line("aa", "reject", reason="no")))
    verdict = read.of("aa")
    assert (verdict.decision, verdict.reason, verdict.disagreement) == ("reject", "no", False)
    assert verdict.reviewers == ("Ana",)


def test_undo_takes_back_the_decision_of_its_reviewer_and_of_no_other(file: Path) -> None:
    lines = [line("aa", "reject"), line("aa", "accept", "Ben"), line("aa", "undo")]
    read = read_decisions(written(file, *lines))
    assert read.of("aa").decision == "accept"
    assert read.of("aa").reviewers == ("Ben",)
    again = read_decisions(written(file, *lines, line("aa", "undo", "Ben")))
    assert again.of("aa") == UNDECIDED
    assert list(again.pairs()) == []


@pytest.mark.parametrize(
    ("lines", "decision", "disagreement"),
    [
        (["accept", "accept"], "accept", False),
        (["accept", "edit"], "edit", True),
        (["edit", "accept"], "edit", True),
        (["reject", "accept"], "reject", True),
        (["reject", "edit"], "reject", True),
        (["reject", "reject"], "reject", False),
    ],
)
def test_a_reject_outweighs_an_edit_and_an_edit_an_accept(
    file: Path, lines: list[str], decision: str, disagreement: bool
) -> None:
    rows = [
        line("aa", each, name, answer="New." if each == "edit" else None)
        for each, name in zip(lines, ("Ana", "Ben"), strict=True)
    ]
    verdict = read_decisions(written(file, *rows)).of("aa")
    assert (verdict.decision, verdict.disagreement) == (decision, disagreement)
    assert verdict.reviewers == ("Ana", "Ben")


def test_of_two_edits_the_later_holds_and_different_ones_are_a_disagreement(file: Path) -> None:
    first = line("aa", "edit", question="Who?", answer="He.")
    read = read_decisions(written(file, first, line("aa", "edit", "Ben", answer="She.")))
    assert read.of("aa").texts("Which?", "It.") == ("Which?", "She.")
    assert read.of("aa").disagreement
    second = line("aa", "edit", "Ben", question="Who?", answer="He.")
    same = read_decisions(written(file, first, second))
    assert not same.of("aa").disagreement


def test_it_is_counted_who_decided_how_many_and_what_is_of_no_known_pair(file: Path) -> None:
    read = read_decisions(
        written(file, line("aa", "accept"), line("bb", "accept"), line("aa", "reject", "Ben"))
    )
    assert read.by_reviewer() == {"Ana": 2, "Ben": 1}
    assert read.strangers({"aa"}) == ["bb"]


# -- files as people and kills leave them -----------------------------------------------------


def test_missing_keys_nulls_and_unknown_keys_are_no_fault(file: Path) -> None:
    read = read_decisions(
        written(
            file,
            '{"pair": " aa ", "decision": "accept", "colour": [1]}',
            '{"pair":"bb","decision":"reject","question":null,"reason":null,"reviewer":null,"time":3}',
        )
    )
    assert not read.bad
    assert read.of("aa").reviewers == (UNNAMED,)
    assert read.of("bb").decision == "reject"


def test_windows_line_ends_a_byte_order_mark_and_empty_lines_are_read(file: Path) -> None:
    rows = f"\ufeff{line('aa', 'accept')}\r\n\r\n{line('bb', 'reject')}\r\n"
    file.write_bytes(rows.encode())
    read = read_decisions(file)
    assert (read.of("aa").decision, read.of("bb").decision, read.bad) == ("accept", "reject", [])
    assert read.standing("bb")[0].line == 3


def test_a_last_line_without_a_line_feed_counts_if_it_is_whole(file: Path) -> None:
    read = read_decisions(written(file, line("aa", "accept"), line("bb", "accept"), end=""))
    assert read.of("bb").decision == "accept"
    assert not read.torn


def test_a_torn_last_line_is_said_and_costs_nothing_else(file: Path) -> None:
    read = read_decisions(written(file, line("aa", "accept"), line("bb", "accept")[:-9], end=""))
    assert (list(read.pairs()), read.torn, read.bad) == (["aa"], True, [])


def test_a_torn_line_does_not_eat_the_next_decision(file: Path) -> None:
    written(file, line("aa", "accept"), '{"pair": "bb", "decis', end="")
    append_decision(file, Decision("cc", "accept", "Ana"))
    read = read_decisions(file)
    assert list(read.pairs()) == ["aa", "cc"]
    assert read.bad == [BadLine(2, "is not JSON, or was cut off")]


def test_zeros_that_a_power_cut_left_do_not_eat_the_next_decision(file: Path) -> None:
    file.write_bytes(line("aa", "accept").encode() + b"\n" + b"\0" * 40)
    append_decision(file, Decision("cc", "accept", "Ana"))
    assert list(read_decisions(file).pairs()) == ["aa", "cc"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("nonsense", "is not JSON, or was cut off"),
        ("[1]", "is not a JSON object"),
        ('{"decision":"accept"}', 'has no "pair"'),
        ('{"pair":"aa"}', 'has no "decision"'),
        ('{"pair":7,"decision":"accept"}', 'has no "pair"'),
        (
            '{"pair":"aa","decision":"ACCEPT"}',
            'has the decision "ACCEPT", which is none of accept, edit, reject, undo',
        ),
        ('{"pair":"aa","decision":"edit"}', "is an edit without a new question or answer"),
        ('{"pair":"aa","decision":"edit","answer":" "}', "is an edit to an empty text"),
        ('{"pair":"aa","decision":"edit","answer":5}', 'has a "answer" that is no text'),
    ],
)
def test_a_bad_line_in_the_middle_is_a_row_with_its_number(
    file: Path, row: str, reason: str
) -> None:
    read = read_decisions(written(file, line("zz", "accept"), row, line("yy", "accept")))
    assert read.bad == [BadLine(2, reason)]
    assert list(read.pairs()) == ["zz", "yy"]


def test_an_unknown_decision_names_the_four_there_are(file: Path) -> None:
    (bad,) = read_decisions(written(file, line("aa", "maybe"))).bad
    assert "maybe" in bad.reason
    assert "accept, edit, reject, undo" in bad.reason


def test_a_file_in_utf_16_is_one_sentence(file: Path) -> None:
    file.write_bytes(line("aa", "accept").encode("utf-16"))
    with pytest.raises(UsageError, match="save it as UTF-8"):
        read_decisions(file)
    with pytest.raises(UsageError, match="save it as UTF-8"):
        append_decision(file, Decision("cc", "accept", "Ana"))


def test_a_folder_in_the_place_of_the_file_is_one_sentence(file: Path) -> None:
    file.mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        read_decisions(file)
    with pytest.raises(UsageError, match="was not saved"):
        append_decision(file, Decision("cc", "accept", "Ana"))


# -- writing ----------------------------------------------------------------------------------


def test_a_line_has_the_keys_of_the_interface_in_their_order(file: Path) -> None:
    append_decision(file, Decision("aa", "edit", "Ana", "Q?", "A.", None, moment()))
    row = json.loads(file.read_text())
    assert list(row) == ["pair", "decision", "question", "answer", "reason", "reviewer", "time"]
    assert len(row["time"]) == 20
    assert row["time"].endswith("Z")


def test_a_file_system_without_locks_is_written_all_the_same(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(self: FileLock) -> None:
        raise NotImplementedError("FileSystem does not appear to support flock")

    monkeypatch.setattr(FileLock, "_acquire", refuses)
    append_decision(file, Decision("aa", "accept", "Ana"))
    assert list(read_decisions(file).pairs()) == ["aa"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_may_not_be_written_is_one_sentence(file: Path) -> None:
    file.parent.chmod(0o555)
    try:
        with pytest.raises(UsageError, match="was not saved"):
            append_decision(file, Decision("aa", "accept", "Ana"))
    finally:
        file.parent.chmod(0o755)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_one_sentence(file: Path) -> None:
    file.symlink_to("/dev/full")
    with pytest.raises(UsageError, match="was not saved"):
        append_decision(file, Decision("aa", "accept", "Ana"))


def test_the_reasons_of_rejects_are_counted(file: Path) -> None:
    written(file, line("aa", "reject", reason="vague"), line("bb", "reject", reason="vague"))
    read = read_decisions(file)
    assert read.reasons == {"vague": 2}
    later = read.copy()
    later.take(Decision("cc", "reject", "Ben", reason="vague"))
    assert (read.reasons["vague"], later.reasons["vague"]) == (2, 3)
    assert read.of("cc") == UNDECIDED


texts = st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@given(rows=st.lists(st.tuples(st.sampled_from("abc"), texts, st.sampled_from(["Ana", "Zoë"]))))
def test_what_was_written_is_read_whatever_is_in_it(
    rows: list[tuple[str, str | None, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("decisions") / "decisions.jsonl"
    for pair, text, reviewer in rows:
        kind = "accept" if text is None else "edit"
        append_decision(file, Decision(pair, kind, reviewer, None, text, text))
    read = read_decisions(file)
    assert not read.bad
    last = {(pair, reviewer): text for pair, text, reviewer in rows}
    for pair in {pair for pair, _, _ in rows}:
        found = {each.reviewer: each.answer for each in read.standing(pair)}
        assert found == {who: text for (which, who), text in last.items() if which == pair}


@given(st.binary(max_size=200))
def test_no_bytes_are_a_traceback(data: bytes) -> None:
    try:
        parse_decisions(data, Path("decisions.jsonl"))
    except UsageError as error:
        assert "UTF-16" in str(error)


def test_what_was_added_can_be_read_by_itself(file: Path) -> None:
    append_decision(file, Decision("aa", "accept", "Ana"))
    before = file.read_bytes()
    read = parse_decisions(before, file)
    append_decisions(file, [Decision("bb", "reject", "Ana"), Decision("aa", "undo", "Ana")])
    read = parse_decisions(file.read_bytes()[len(before) :], file, read)
    assert list(read.pairs()) == ["bb"]
    assert read.standing("bb")[0].line == 2


WRITER = """
import sys
from pathlib import Path
from tribonian.align.decisions import Decision, append_decision
for n in range(int(sys.argv[3])):
    append_decision(Path(sys.argv[1]), Decision(f"{n:016x}", "edit", sys.argv[2], "q", "x" * 900))
    print(n, flush=True)
"""


def writer(file: Path, reviewer: str, count: int) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", WRITER, str(file), reviewer, str(count)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def test_several_processes_write_at_once_and_no_line_is_lost_or_mixed(file: Path) -> None:
    running = [writer(file, name, 60) for name in ("Ana", "Ben", "Cleo")]
    for each in running:
        each.communicate(timeout=120)
    read = read_decisions(file)
    assert not read.bad
    assert read.by_reviewer() == {"Ana": 60, "Ben": 60, "Cleo": 60}


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_a_kill_at_any_moment_loses_no_decision_that_was_confirmed(file: Path) -> None:
    confirmed = 0
    for round_ in range(4):
        with writer(file, f"R{round_}", 100_000) as running:
            time.sleep(0.5 + 0.07 * round_)
            running.send_signal(signal.SIGKILL)
            said, _ = running.communicate(timeout=60)
        confirmed += len(said.split())
        read = read_decisions(file)
        assert sum(read.by_reviewer().values()) >= confirmed
    assert confirmed
