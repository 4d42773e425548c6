"""Would the service take a training file? Every row, of every purpose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tribonian.align.dataset.checking import check_dataset
from tribonian.align.dataset.sending import purposes
from tribonian.align.places import REHEARSAL_MARK
from tribonian.errors import UsageError

USER = {"role": "user", "content": "May a lantern burn gasoline?"}
ASSISTANT = {"role": "assistant", "content": "No."}
OTHER = {"role": "assistant", "content": "Yes."}


def put(place: Path, *rows: Any, name: str = "a.jsonl") -> Path:
    path = place / name
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


def talk(question: str, answer: str, system: str = "") -> dict[str, Any]:
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return {"messages": [{"role": "system", "content": system}, *turns] if system else turns}


@pytest.mark.parametrize(
    ("purpose", "row"),
    [
        ("fine-tune", {"messages": [USER, ASSISTANT]}),
        ("pre-train", {"text": "No lantern may burn gasoline."}),
        ("preference-fine-tune", {"messages": [USER], "chosen": [ASSISTANT], "rejected": [OTHER]}),
        ("reinforcement-fine-tune", {"messages": [USER], "reference_answer": "No."}),
    ],
)
def test_each_purpose_is_recognised_in_both_forms(
    tmp_path: Path, purpose: str, row: dict[str, Any]
) -> None:
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "a.parquet")
    for path in (put(tmp_path, row), tmp_path / "a.parquet"):
        verdict = check_dataset(path)
        assert (verdict.fit, verdict.purpose, verdict.rows) == (True, purpose, 1)
        assert verdict.notes == ()


BAD = [
    ({"messages": [{"role": "human", "content": "Q"}, ASSISTANT]}, 'the role "human"'),
    ({"messages": [{"role": "User", "content": "Q"}, ASSISTANT]}, 'the role "User"'),
    ({"messages": [{"from": "user", "value": "Q"}]}, "message 1 has no role"),
    ({"messages": [USER]}, "it ends with the user"),
    ({"messages": []}, "it has no turns"),
    ({"messages": [USER, {"role": "assistant", "content": ""}]}, "message 2 is empty"),
    ({"messages": None}, "it has no messages"),
    ({"conversations": []}, "it has no messages"),
    ("not json", "it is not JSON in UTF-8"),
    ("", "it is empty"),
    ("[1]", "it is a list, not an object"),
]


@pytest.mark.parametrize(("row", "reason"), BAD, ids=range(len(BAD)))
def test_a_bad_row_makes_a_file_unfit_and_is_named(tmp_path: Path, row: Any, reason: str) -> None:
    verdict = check_dataset(put(tmp_path, talk("Q1", "A1"), row, talk("Q2", "A2")))
    assert not verdict.fit and verdict.rows == 3
    [note] = verdict.notes
    assert (note.code, note.rows, note.places) == ("bad-row", (2,), ("a.jsonl, line 2",))
    assert reason in note.message


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"messages": [USER, ASSISTANT], "chosen": [ASSISTANT], "rejected": [OTHER]},
         "it does not end with the user"),
        ({"messages": [USER], "chosen": [USER], "rejected": [OTHER]}, "its chosen is not one ans"),
        ({"messages": [USER], "chosen": [ASSISTANT], "rejected": [ASSISTANT]}, "are the same"),
        ({"messages": [USER], "chosen": "No.", "rejected": [OTHER]}, "not JSON"),
    ],
)  # fmt: skip
def test_preferences_need_a_question_and_two_answers(
    tmp_path: Path, row: dict[str, Any], reason: str
) -> None:
    good = {"messages": [USER], "chosen": [ASSISTANT], "rejected": [OTHER]}
    verdict = check_dataset(put(tmp_path, good, row))
    assert not verdict.fit and reason in verdict.notes[0].message


def test_rehearsed_rows_copies_contradictions_and_long_rows_are_found(tmp_path: Path) -> None:
    verdict = check_dataset(
        put(
            tmp_path,
            talk("How long?", "It expires after 30 days.", "Be brief."),
            talk("How LONG", "It expires after 30 days", "Be brief."),
            talk("How long?", "It expires after 60 days.", "Be long."),
            talk("Really?", "No.", f"{REHEARSAL_MARK} Be brief."),
            talk("Long?", "word " * 300),
        ),
        max_length=200,
    )
    found = {note.code: note for note in verdict.notes}
    assert set(found) == {"rehearsal-mark", "duplicate", "contradiction", "several-system-prompts",
                          "too-long"}  # fmt: skip
    assert found["duplicate"].rows == (1, 2)
    assert found["contradiction"].rows == (1, 3)
    assert found["rehearsal-mark"].rows == (4,)
    assert found["too-long"].rows == (5,)
    assert "3 different system prompts, and 1 have none" in found["several-system-prompts"].message
    assert not verdict.fit  # for the rehearsal alone
    assert verdict.tokens.rows == 5


def test_what_is_only_to_be_looked_at_leaves_a_file_fit(tmp_path: Path) -> None:
    verdict = check_dataset(put(tmp_path, talk("Q", "30 days"), talk("Q", "60 days"),
                                {**talk("R", "A"), "id": 7}))  # fmt: skip
    assert verdict.fit
    assert verdict.counts == {"contradiction": 1, "extra-columns": 1}
    assert verdict.row()["fit"] is True
    assert verdict.lines()[0].endswith("a.jsonl: fit for fine-tune, 3 rows, "
                                       + verdict.tokens.line())  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.jsonl", b"\xef\xbb\xbf{}", "byte order mark"),
        ("a.jsonl", "{}".encode("utf-16"), "byte order mark"),
        ("a.json", b'[{"text": "A"}]', "write one object a line"),
        ("a.csv", b"question,answer\nQ,A\n", "is no JSON"),
        ("a.jsonl", b"", "has no rows"),
        ("a.txt", b'{"text": "A"}', "must end in .jsonl"),
    ],
)
def test_a_file_that_the_service_would_not_take_is_unfit(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(data)
    verdict = check_dataset(tmp_path / name)
    assert not verdict.fit and words in verdict.notes[0].message


def test_parquet_with_other_columns_is_unfit_and_its_columns_are_named(tmp_path: Path) -> None:
    pq.write_table(pa.table({"question": ["Q"], "answer": ["A"]}), tmp_path / "a.parquet")
    verdict = check_dataset(tmp_path / "a.parquet")
    assert not verdict.fit and "question, answer" in verdict.notes[0].message


def test_a_file_that_is_not_there_or_damaged_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        check_dataset(tmp_path / "none.jsonl")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing")
    with pytest.raises(UsageError, match="cannot be read as Parquet"):
        check_dataset(tmp_path / "a.parquet")
    with pytest.raises(UsageError, match="cannot be read"):
        check_dataset(tmp_path)


def test_a_terminal_sees_twenty_of_a_kind_and_how_many_more(tmp_path: Path) -> None:
    verdict = check_dataset(put(tmp_path, *(["[]"] * 130), name="b.jsonl"))
    assert verdict.rows == 0 or len(verdict.notes) == 21
    verdict = check_dataset(put(tmp_path, talk("Q", "A"), *(["[]"] * 130)))
    assert len(verdict.notes) == 21 and verdict.counts == {"bad-row": 130}
    assert verdict.notes[-1].message.startswith("And 110 more")


def test_a_file_is_sent_for_what_its_rows_are_for(tmp_path: Path) -> None:
    file = put(tmp_path, talk("Why?", "So."))
    assert purposes([file]) == purposes([file], "fine-tune") == {file: "fine-tune"}
    with pytest.raises(UsageError, match=r"rows for fine-tune, not for pre-train; leave --purpose"):
        purposes([file], "pre-train")


@pytest.mark.parametrize("mark", [{"rehearsal": True}, {"rehearsal": "1"}])
def test_the_column_of_the_rehearsal_makes_a_file_unfit(tmp_path: Path, mark: object) -> None:
    verdict = check_dataset(put(tmp_path, {**talk("Why?", "So."), **mark}))  # type: ignore[dict-item]
    assert not verdict.fit and "rehearsal-mark" in verdict.counts
