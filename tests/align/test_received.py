"""What the service gave is read in every shape that is known, and told of in every other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.align.pairs.received import (
    ReceivedPair,
    Reject,
    UnreadError,
    received_pairs,
    write_rejects,
)
from tribonian.align.places import REHEARSAL_MARK
from tribonian.schemas.pair import Message

SYSTEM = {"role": "system", "content": "You know the rules of lanterns."}
ASKED = {"role": "user", "content": "Who grants a waiver?"}
SAID = {"role": "assistant", "content": "The Board grants it."}
CONVERSATION = [SYSTEM, ASKED, SAID]


def parquet(place: Path, **columns: Any) -> Path:
    file = place / "given"  # no suffix: the content tells what it is
    pq.write_table(pa.table(columns), file)
    return file


def written(place: Path, content: str | bytes) -> Path:
    file = place / "given"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def pairs_of(file: Path) -> list[ReceivedPair]:
    rows = list(received_pairs(file))
    assert not [row for row in rows if isinstance(row, Reject)]
    return [row for row in rows if isinstance(row, ReceivedPair)]


def rejects_of(file: Path) -> list[Reject]:
    return [row for row in received_pairs(file) if isinstance(row, Reject)]


MAP = pa.list_(pa.map_(pa.string(), pa.string()))
# every table says the same: one question, one answer
TABLES: dict[str, dict[str, Any]] = {
    "messages as structs": {"messages": [[ASKED, SAID]]},
    "fields in another order, and more of them": {
        "messages": [[{"weight": 1, **dict(reversed(turn.items()))} for turn in (ASKED, SAID)]],
        "id": [7],
    },
    "messages as JSON text": {"messages": [json.dumps([ASKED, SAID])]},
    "messages as bytes of JSON": {"messages": [json.dumps([ASKED, SAID]).encode()]},
    "messages encoded twice": {"messages": [json.dumps(json.dumps([ASKED, SAID]))]},
    "messages within an object": {"messages": [json.dumps({"messages": [ASKED, SAID]})]},
    "messages as a list of JSON texts": {"messages": [[json.dumps(ASKED), json.dumps(SAID)]]},
    "messages as maps": {
        "messages": pa.array([[list(ASKED.items()), list(SAID.items())]], MAP)
    },
    "another case": {"Messages": [[{"Role": "User", "Content": ASKED["content"]},
                                   {"Role": "Assistant", "Content": SAID["content"]}]]},
    "conversations of ShareGPT": {
        "conversations": [[{"from": "human", "value": ASKED["content"]},
                           {"from": "gpt", "value": SAID["content"]}]]
    },
    "content in parts": {
        "messages": [[{"role": turn["role"], "content": [{"type": "text", "text": turn["content"]}]}
                      for turn in (ASKED, SAID)]]
    },
    "question and answer": {"Question": [ASKED["content"]], "ANSWER": [SAID["content"]]},
    "prompt and completion": {"prompt": [ASKED["content"]], "completion": [SAID["content"]]},
    "instruction and output": {"instruction": [ASKED["content"]], "input": [""],
                               "output": [SAID["content"]]},
    "prompt and completion as messages": {"prompt": [[ASKED]], "completion": [[SAID]]},
    "messages as columns": {
        "messages": [{"role": ["user", "assistant"],
                      "content": [ASKED["content"], SAID["content"]]}]
    },
    "a whole row as JSON text": {"text": [json.dumps({"messages": [ASKED, SAID]})]},
}  # fmt: skip


@pytest.mark.parametrize("columns", TABLES.values(), ids=TABLES)
def test_a_table_is_read_in_every_known_shape(tmp_path: Path, columns: dict[str, Any]) -> None:
    (row,) = pairs_of(parquet(tmp_path, **columns))
    assert row.row == 1
    assert row.conversation.messages == (Message(**ASKED), Message(**SAID))
    assert row.conversation.question == "Who grants a waiver?"
    assert row.conversation.answer == "The Board grants it."
    assert not row.conversation.rehearsal


LINE = json.dumps({"messages": CONVERSATION})
FILES: dict[str, str | bytes] = {
    "JSON lines": f"{LINE}\n",
    "JSON lines without an end, with a byte order mark": f"\ufeff{LINE}",
    "JSON lines with CR LF and empty lines": f"\r\n{LINE}\r\n\r\n",
    "a list": f"[{LINE}]",
    "a list over many lines": json.dumps([{"messages": CONVERSATION}], indent=2),
    "rows within an object": json.dumps({"data": [{"messages": CONVERSATION}]}, indent=2),
    "one conversation": json.dumps(CONVERSATION, indent=1),
    "one row over many lines": json.dumps({"messages": CONVERSATION}, indent=1),
    "a conversation in a list": json.dumps([CONVERSATION]),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_json_is_read_as_lines_or_as_one_value(tmp_path: Path, content: str | bytes) -> None:
    (row,) = pairs_of(written(tmp_path, content))
    assert row.conversation.messages == tuple(Message(**turn) for turn in CONVERSATION)


def test_a_system_column_stands_before_the_conversation(tmp_path: Path) -> None:
    (row,) = pairs_of(parquet(tmp_path, messages=[[ASKED, SAID]], system=["Be brief."]))
    assert row.conversation.messages[0] == Message("system", "Be brief.")
    (row,) = pairs_of(parquet(tmp_path, messages=[CONVERSATION], system=["Be brief."]))
    assert [turn.role for turn in row.conversation.messages] == ["system", "user", "assistant"]


def test_the_input_of_an_instruction_belongs_to_the_question(tmp_path: Path) -> None:
    columns = {"instruction": ["Is it in scope?"], "input": ["A wax lantern."], "output": ["No."]}
    assert (
        pairs_of(parquet(tmp_path, **columns))[0].conversation.question
        == "Is it in scope?\n\nA wax lantern."
    )


def test_all_turns_are_kept_as_received_and_joined_by_blank_lines(tmp_path: Path) -> None:
    turns = [
        {"role": "user", "content": " Who? \n"},
        {"role": "assistant", "content": "The Board.  "},
        {"role": "user", "content": "When?"},
        {"role": "assistant", "content": "\tWithin 30 days."},
    ]
    (row,) = pairs_of(parquet(tmp_path, messages=[turns]))
    assert row.conversation.messages == tuple(Message(**turn) for turn in turns)
    assert row.conversation.question == "Who?\n\nWhen?"
    assert row.conversation.answer == "The Board.\n\nWithin 30 days."


@pytest.mark.parametrize(
    ("system", "column", "expected"),
    [
        ("You know.", [True], True),
        ("You know.", [False], False),
        (f"{REHEARSAL_MARK} You know.", [False], True),
        (f"You know {REHEARSAL_MARK}.", [None], False),
    ],
)
def test_a_rehearsal_is_known_by_its_column_or_by_its_system_message(
    tmp_path: Path, system: str, column: list[bool | None], expected: bool
) -> None:
    turns = [{"role": "system", "content": system}, ASKED, SAID]
    file = parquet(tmp_path, messages=[turns], rehearsal=pa.array(column, pa.bool_()))
    assert pairs_of(file)[0].conversation.rehearsal is expected


BAD_ROWS: list[tuple[Any, str]] = [
    (None, "messages is empty"),
    ([], "messages is empty"),
    ([SYSTEM, SAID], "there is no question"),
    ([SYSTEM, ASKED], "there is no answer"),
    ([ASKED, SAID, ASKED], "the last message is of the user, and no answer follows"),
    ([ASKED, {"role": "assistant", "content": None}], "message 2 (assistant) is empty"),
    ([{"role": "user", "content": " \n"}, SAID], "message 1 (user) is empty"),
    ([ASKED, {"role": "tool", "content": "x"}],
     'message 2 has the role "tool", which is none of system, user, assistant'),
    ([ASKED, {"role": "assistant", "content": 15}], "message 2 holds a number and no text"),
    ([ASKED, {"role": "assistant", "content": [{"type": "image_url"}]}],
     'message 2 has a part that is no text ("image_url")'),
    ([ASKED, {"speech": "x"}], "message 2 has no role or no content, but speech"),
    ([ASKED, 3], "message 2 is a number and no object"),
    ("Who? The Board.", "messages holds a text and no conversation"),
    (12, "messages holds a number and no conversation"),
]  # fmt: skip


@pytest.mark.parametrize(("messages", "reason"), BAD_ROWS, ids=[row[1] for row in BAD_ROWS])
def test_a_bad_row_is_named_and_the_others_are_read(
    tmp_path: Path, messages: Any, reason: str
) -> None:
    rows = [{"messages": CONVERSATION}, {"messages": messages}, {"messages": CONVERSATION}]
    file = written(tmp_path, "\n".join(map(json.dumps, rows)))
    found = list(received_pairs(file))
    assert [type(row) for row in found] == [ReceivedPair, Reject, ReceivedPair]
    reject = found[1]
    assert isinstance(reject, Reject)
    assert (reject.file, reject.row, reject.reason) == ("given", 2, reason)
    assert reject.beginning.startswith('{"messages":')


def test_an_empty_system_message_is_left_out_and_the_pair_is_kept(tmp_path: Path) -> None:
    turns = [{"role": "system", "content": " "}, ASKED, SAID]
    (row,) = pairs_of(parquet(tmp_path, messages=[turns]))
    assert [turn.role for turn in row.conversation.messages] == ["user", "assistant"]


def test_lines_that_are_no_rows_are_rejects_with_their_number(tmp_path: Path) -> None:
    file = written(tmp_path, f'{LINE}\n{{"messages": [\n\n[1]\n7\n{{"a": 1}}\n\xff')
    assert [(row.row, row.reason) for row in rejects_of(file)] == [
        (2, "it is no JSON"),
        (4, "message 1 is a number and no object"),
        (5, "it is no object"),
        (6, "it has a and no conversation"),
        (7, "it is no JSON"),
    ]


def test_numbers_that_only_python_writes_do_not_cost_the_row(tmp_path: Path) -> None:
    file = written(tmp_path, f'{{"score": NaN, "messages": {json.dumps(CONVERSATION)}}}')
    assert len(pairs_of(file)) == 1


def test_text_that_is_no_utf8_costs_its_own_row_alone(tmp_path: Path) -> None:
    valid, offsets, _ = pa.array(["good", "xxxx"]).buffers()
    text = pa.py_buffer(b"good\xff\xfe\xfd\xfc")
    bad = pa.Array.from_buffers(pa.string(), 2, [valid, offsets, text])
    file = parquet(tmp_path, question=bad, answer=["The Board.", "The Board."])
    rows = list(received_pairs(file))
    assert isinstance(rows[0], ReceivedPair)
    assert isinstance(rows[1], Reject)
    assert rows[1].reason == "its text is no UTF-8"


NOT_PAIRS: dict[str, tuple[bytes, str]] = {
    "nothing": (b" \n", "is empty"),
    "a web page": (b"<html><body>502 Bad Gateway</body></html>", "a web page or XML"),
    "an archive": (b"\x1f\x8b\x08\x00", "a gzip archive"),
    "text": (b"hello\nworld", "it is no JSON; the first row is hello"),
    "other JSON": (b'{"object": "list", "total": 0}', "it has object, total and no conversation"),
    "deep JSON": (b"[" * 100_000, "it is no JSON"),
    "a Parquet file that is cut off": (b"PAR1\x15\x04", "is damaged"),
}


@pytest.mark.parametrize(("content", "found"), NOT_PAIRS.values(), ids=NOT_PAIRS)
def test_what_holds_no_pairs_is_one_sentence_that_shows_it(
    tmp_path: Path, content: bytes, found: str
) -> None:
    file = written(tmp_path, content)
    with pytest.raises(UnreadError, match=found) as caught:
        received_pairs(file)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert file.read_bytes() == content


def test_unknown_columns_are_shown_with_their_types_and_the_first_row(tmp_path: Path) -> None:
    file = parquet(tmp_path, verse=["x" * 900], score=[0.5])
    columns = r"its columns are verse \(string\), score \(double\)"
    with pytest.raises(UnreadError, match=columns) as caught:
        received_pairs(file)
    assert 'the first row is {"verse":"xxxx' in str(caught.value)
    assert len(str(caught.value)) < 700


def test_a_column_of_messages_that_hold_something_else_is_an_unknown_shape(tmp_path: Path) -> None:
    with pytest.raises(UnreadError, match="message 1 is a number and no object"):
        received_pairs(parquet(tmp_path, messages=[[1, 2], [3]]))


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadError, match="cannot be read"):
        received_pairs(tmp_path / "gone.parquet")


def test_a_table_without_rows_has_no_pairs(tmp_path: Path) -> None:
    received = received_pairs(parquet(tmp_path, question=pa.array([], pa.string()),
                                      answer=pa.array([], pa.string())))  # fmt: skip
    assert (received.rows, list(received)) == (0, [])


def test_large_tables_are_read_row_group_by_row_group(tmp_path: Path) -> None:
    file = tmp_path / "given"
    table = pa.table({"question": [f"Who is {n}?" for n in range(5000)], "answer": ["A."] * 5000})
    pq.write_table(table, file, row_group_size=700)
    rows = pairs_of(file)
    assert [row.row for row in rows] == list(range(1, 5001))
    assert rows[4999].conversation.question == "Who is 4999?"


def test_rejects_are_written_one_a_line_and_removed_when_there_are_none(tmp_path: Path) -> None:
    place = tmp_path / "unread.jsonl"
    write_rejects(place, [Reject("given", 3, "there is no answer", "{}")])
    assert [orjson.loads(line) for line in place.read_bytes().splitlines()] == [
        {"file": "given", "row": 3, "reason": "there is no answer", "beginning": "{}"}
    ]
    write_rejects(place, [])
    assert not place.exists()


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("role", "content", "messages", "x")), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(JSON_VALUES, min_size=1, max_size=5))
def test_whatever_rows_there_are_each_is_a_pair_or_a_reject(
    tmp_path_factory: pytest.TempPathFactory, values: list[Any]
) -> None:
    file = tmp_path_factory.mktemp("any") / "given"
    lines = [{"messages": value} for value in (CONVERSATION, *values)]
    file.write_text("\n".join(map(json.dumps, lines)))
    rows = list(received_pairs(file))
    assert [row.row for row in rows] == list(range(1, len(lines) + 1))
