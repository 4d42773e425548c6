"""The user's own data: every shape that is accepted, and every kind of row that is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tribonian.align.dataset.conversation import UnfitRowError
from tribonian.align.dataset.user_data import user_file
from tribonian.align.dataset.user_shapes import user_conversation
from tribonian.errors import UsageError

HI = (("user", "May a lantern burn gasoline?"), ("assistant", "No."))
Q, A = HI[0][1], HI[1][1]
TURNS = [{"role": role, "content": content} for role, content in HI]


def read(path: Path) -> list[tuple[int, Any]]:
    """Each row of a file: its number, and its turns or why it has none."""
    out: list[tuple[int, Any]] = []
    for row in user_file(path).rows():
        try:
            if row.fault:
                raise UnfitRowError(row.fault)
            turns = user_conversation(row.values)
            out.append((row.number, tuple((m.role, m.content) for m in turns)))
        except UnfitRowError as fault:
            out.append((row.number, str(fault)))
    return out


def put(place: Path, name: str, data: str | bytes) -> Path:
    path = place / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def lines(*rows: Any) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize(
    "row",
    [
        {"messages": TURNS},
        {"Messages": TURNS, "id": 7},
        {"messages": json.dumps(TURNS)},
        {"conversations": [{"from": "human", "value": Q}, {"from": "gpt", "value": A}]},
        {"conversation": [{"role": "User", "content": Q}, {"role": "BOT", "content": A}]},
        {"messages": [{**TURNS[0], "name": "Ann"}, {**TURNS[1], "weight": 1}]},
        {"question": Q, "answer": A},
        {"QUESTION": Q, " Answer ": A, "source": "page 3"},
        {"prompt": Q, "completion": A},
        {"prompt": [TURNS[0]], "completion": [TURNS[1]]},
        {"prompt": Q, "response": A},
        {"instruction": Q, "output": A},
        {"instruction": Q, "input": "", "output": A},
        {"instruction": Q, "context": None, "response": A},
        {"input": Q, "output": A},
        {"query": Q, "response": A},
        {"human": Q, "assistant": A},
        {"q": Q, "a": A},
        {"turns": TURNS},
        {"question": Q, "answer": A, "chat": 7},
        {"messages": None, "question": Q, "answer": A},
        {"question": Q, "answer": A, "messages": TURNS},
        TURNS,
    ],
    ids=lambda row: ",".join(row) if isinstance(row, dict) else "a list of turns",
)
def test_every_shape_of_row_becomes_the_same_conversation(tmp_path: Path, row: Any) -> None:
    other = {"question": "And oil?", "answer": "Yes."}
    assert read(put(tmp_path, "a.jsonl", lines(row, other)))[0] == (1, HI)
    listed = put(tmp_path, "a.json", json.dumps([row, other], indent=2))
    assert read(listed)[0] == (2, HI)


def test_a_system_column_becomes_the_first_message(tmp_path: Path) -> None:
    path = put(tmp_path, "a.jsonl", lines(
        {"question": Q, "answer": A, "system": "Be brief."},
        {"messages": TURNS, "system_prompt": "Be brief."},
        {"messages": [{"role": "system", "content": "Be brief."}, *TURNS], "system": "Be brief."},
        {"question": Q, "answer": A, "system": ""},
        {"messages": [{"role": "system", "content": "Be long."}, *TURNS], "system": "Be brief."},
    ))  # fmt: skip
    found = [turns for _, turns in read(path)]
    assert found[0] == found[1] == found[2] == (("system", "Be brief."), *HI)
    assert found[3] == HI
    assert found[4] == "it has a system message and a column with another one"


def test_the_input_of_an_instruction_follows_it(tmp_path: Path) -> None:
    row = {"instruction": "Say what the rule forbids.", "input": "No gasoline.", "output": "Gas."}
    [(_, turns)] = read(put(tmp_path, "a.jsonl", lines(row)))
    assert turns[0] == ("user", "Say what the rule forbids.\n\nNo gasoline.")


# what is in a line -> the reason that is given
BAD = {
    "not json": "it is not JSON; it seems to be cut off",
    '{"question": "Q", "answer": "A"': "it is not JSON; it seems to be cut off",
    '{"question": "Q" "answer": "A"}': "it is not JSON",
    '"text"': "it is text, not an object",
    "17": "it is a number, not an object",
    "[]": "it is a list, not an object",
    "{}": "it is empty",
    '{"a": 1, "b": 2}': "it has a, b, where messages, or question and answer",
    '{"question": "Q", "answer": ""}': "its answer is empty",
    '{"question": "  ", "answer": "A"}': "its question is empty",
    '{"question": "Q", "answer": null}': "its answer is nothing",
    '{"question": "Q"}': "it has a question and no answer",
    '{"completion": "C"}': "it has a completion and no prompt",
    '{"question": "Q", "answer": 30}': "its answer is a number, not text",
    '{"question": ["Q"], "answer": "A"}': "its question is a list, not text",
    '{"question": "Q", "answer": "A\\u0000"}': "its answer holds a NUL character",
    '{"question": "Q", "answer": "A\\ud83d"}': "it holds half of a surrogate pair",
    '{"Question": "Q", "question": "R", "answer": "A"}': "two columns called question, which dif",
    '{"messages": []}': "it has no turns of user and assistant",
    '{"messages": "Hello"}': "its messages are text that is not JSON",
    '{"messages": {"role": "user"}}': "its messages are an object, not a list",
    '{"messages": ["Hello"]}': "message 1 is text, not role and content",
    '{"messages": [{"content": "Q"}]}': "message 1 has no role",
    '{"messages": [{"role": "tool", "content": "Q"}]}': 'message 1 has the role "tool"',
    '{"messages": [{"role": "user", "content": "Q"}]}': "it ends with the user",
    '{"messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": null}]}':
        "the content of message 2 is missing",
    '{"messages": [{"role": "user", "content": [{"type": "text", "text": "Q"}]}]}':
        "the content of message 1 is a list, not text",
    '{"messages": [{"role": "assistant", "content": "A"}]}':
        "message 1 is of the assistant where one of the user must stand",
    '{"messages": [{"role": "system", "content": "S"}]}': "it has no turns of user and assistant",
    '{"messages": [{"role": "user", "content": "Q"}, {"role": "user", "content": "R"},'
    ' {"role": "assistant", "content": "A"}]}':
        "message 2 is of the user where one of the assistant must stand",
    '{"messages": [{"role": "user", "content": "Q"}, {"role": "system", "content": "S"},'
    ' {"role": "assistant", "content": "A"}]}':
        "it has a system message that is not its first, or several",
    '{"messages": [], "chosen": [], "rejected": []}': "it has no turns",
    '{"prompt": "P", "chosen": "A", "rejected": "B"}': "it is a row of preferences",
}  # fmt: skip


@pytest.mark.parametrize("line", BAD, ids=range(len(BAD)))
def test_a_bad_row_is_named_by_its_line_and_the_others_go_on(tmp_path: Path, line: str) -> None:
    good = lines({"question": Q, "answer": A})
    rows = read(put(tmp_path, "a.jsonl", good + "\n" + line + "\n" + good))
    assert rows[0] == (1, HI) and rows[2] == (4, HI)
    assert rows[1][0] == 3
    assert rows[1][1].startswith(BAD[line]) or BAD[line] in rows[1][1]


def test_bytes_that_are_not_utf_8_spoil_one_line_of_json_only(tmp_path: Path) -> None:
    good = lines({"question": Q, "answer": A}).encode()
    rows = read(put(tmp_path, "a.jsonl", good + b'{"question": "\xe9", "answer": "A"}\n' + good))
    assert [row for row in rows if row[1] != HI] == [(2, "it holds bytes that are not UTF-8")]
    assert len(rows) == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_json_is_read_in_every_encoding_that_programs_write(
    tmp_path: Path, encoding: str, end: str
) -> None:
    row = json.dumps({"question": "Wie heiß? “§ 1”", "answer": "60 °C"}, ensure_ascii=False)
    path = put(tmp_path, "a.jsonl", (row + end + row + end).encode(encoding))
    wanted = (("user", "Wie heiß? “§ 1”"), ("assistant", "60 °C"))
    assert read(path) == [(1, wanted), (2, wanted)]


def test_a_sign_of_unicode_that_divides_lines_elsewhere_divides_no_row(tmp_path: Path) -> None:
    row = json.dumps({"question": "One\u2028two\x85?", "answer": A}, ensure_ascii=False)
    [(number, turns)] = read(put(tmp_path, "a.jsonl", row))
    assert number == 1 and turns[0][1] == "One\u2028two\x85?"


def test_a_list_names_the_line_on_which_each_row_begins(tmp_path: Path) -> None:
    text = f'[\n {{"question": "{Q}",\n  "answer": "{A}"}},\n\n {{"question": "Q"}},\n 5\n]\n'
    rows = read(put(tmp_path, "a.json", text))
    assert rows[0] == (2, HI)
    assert rows[1] == (5, "it has a question and no answer")
    assert rows[2] == (6, "it is a number, not an object")


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("", "the list has no end; the file seems to be cut off"),
        (', {"question": ', "it is not JSON"),
        ("] and more", "it stands behind the end of the list, and was not read"),
    ],
)
def test_a_list_that_does_not_end_well_says_so(tmp_path: Path, end: str, reason: str) -> None:
    rows = read(put(tmp_path, "a.json", f'[\n{{"question": "{Q}", "answer": "{A}"}}\n{end}'))
    assert rows[0] == (2, HI)
    assert reason in rows[1][1]


def test_objects_over_several_lines_are_rows(tmp_path: Path) -> None:
    row = json.dumps({"question": Q, "answer": A}, indent=1)
    assert read(put(tmp_path, "a.jsonl", f"{row}\n{row}\n")) == [(1, HI), (5, HI)]


# -- CSV ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("divider", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_as_spreadsheets_save_it(
    tmp_path: Path, encoding: str, divider: str, end: str
) -> None:
    rows = [
        ["Question", "Answer", "Note"],
        ["How hot — “§ 1”?", f'"Sixty{end}""degrees"", or {divider} 60 °C."', ""],
        ["", "", ""],
        ["Second?", "Yes.", "x"],
    ]
    data = "".join(divider.join(row) + end for row in rows).encode(encoding)
    path = put(tmp_path, "a.csv", data)
    assert read(path) == [
        (2, (("user", "How hot — “§ 1”?"),
             ("assistant", f'Sixty\n"degrees", or {divider} 60 °C.'))),
        (5, (("user", "Second?"), ("assistant", "Yes."))),
    ]  # fmt: skip
    codes = [note.code for note in user_file(path).notes]
    assert codes == (["encoding-guessed"] if encoding == "cp1252" else []) + ["columns-ignored"]


def test_the_divider_may_be_declared_as_excel_does(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", f"sep=;\r\nquestion;answer\r\n{Q};{A}\r\n")
    assert read(path) == [(3, HI)]


@pytest.mark.parametrize(
    "content",
    [
        b"\x7fELF\x02\x01\x01\0\0\0\0 secret,words\nmore",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"secret,words\n\0\0\0\0",
    ],
)
def test_a_binary_file_is_refused_and_not_shown(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    with pytest.raises(UsageError) as raised:
        user_file(path)
    assert str(raised.value) == (
        f"--with {path} is no training data but a binary file; name JSONL, a JSON list, CSV or "
        "Parquet."
    )


def test_messages_in_a_cell_are_json(tmp_path: Path) -> None:
    cell = json.dumps(TURNS).replace('"', '""')
    assert read(put(tmp_path, "a.csv", f'messages\n"{cell}"\nHello\n')) == [
        (2, HI),
        (3, "its messages are text that is not JSON"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Only one cell", "it has a question and no answer"),
        (",No question", "its question is empty"),
        ("Q,A,more,cells", "it has 4 cells where the first line names 2 columns"),
        ('"Q" more,A', "something stands behind a closing quotation mark"),
        ("Q,A\0", "its answer holds a NUL character"),
    ],
)
def test_a_bad_row_of_csv_is_named_by_the_line_it_begins_on(
    tmp_path: Path, line: str, reason: str
) -> None:
    rows = read(put(tmp_path, "a.csv", f'question,answer\n"Two\nlines?",A\n{line}\n{Q},{A}\n'))
    assert [number for number, _ in rows] == [2, 4, 5]
    assert reason in rows[1][1]
    assert rows[2][1] == HI


def test_a_quotation_mark_that_is_never_closed_says_what_it_swallowed(tmp_path: Path) -> None:
    rows = read(put(tmp_path, "a.csv", f'question,answer\n{Q},{A}\n"Open,A\nB,C\nD,E\n'))
    assert rows[0] == (2, HI)
    assert rows[1][0] == 3
    assert "never closed" in rows[1][1] and "to line 5" in rows[1][1]
    assert len(rows) == 2


def test_a_cell_may_be_longer_than_the_module_s_own_limit(tmp_path: Path) -> None:
    [(_, turns)] = read(put(tmp_path, "a.csv", f"question,answer\nQ,{'long ' * 60_000}\n"))
    assert len(turns[1][1]) == 300_000


# -- Parquet -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table",
    [
        {"messages": pa.array([TURNS])},
        {"messages": pa.array([json.dumps(TURNS)])},
        {"messages": pa.array([[list(turn.items()) for turn in TURNS]],
                              pa.list_(pa.map_(pa.string(), pa.string())))},
        {"messages": pa.array([TURNS], pa.large_list(pa.struct(
            [("role", pa.large_string()), ("content", pa.large_string()), ("n", pa.int8())])))},
        {"Question": pa.array([Q]), "Answer": pa.array([A]), "n": pa.array([1])},
        {"prompt": pa.array([Q]).dictionary_encode(), "completion": pa.array([A])},
    ],
    ids=["structs", "json", "maps", "large", "columns", "dictionary"],
)  # fmt: skip
def test_parquet_is_read_whatever_the_types(tmp_path: Path, table: dict[str, Any]) -> None:
    pq.write_table(pa.table(table), tmp_path / "a.data")
    assert read(tmp_path / "a.data") == [(1, HI)]


def test_bad_rows_of_parquet_are_named_by_their_number(tmp_path: Path) -> None:
    bad = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0"), pa.py_buffer(b"\xffA")]
    )
    pq.write_table(pa.table({"question": pa.array([Q, Q]), "answer": bad}), tmp_path / "a.parquet")
    rows = read(tmp_path / "a.parquet")
    assert rows == [
        (1, "it holds bytes that are not UTF-8"),
        (2, (("user", Q), ("assistant", "A"))),
    ]
    pq.write_table(
        pa.table({"question": [Q, None, Q], "answer": ["A", "A", ""]}), tmp_path / "b.parquet"
    )
    assert [(n, row) for n, row in read(tmp_path / "b.parquet") if isinstance(row, str)] == [
        (2, "its question is nothing"),
        (3, "its answer is empty"),
    ]


# -- whole files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xlsx", b"PK\x03\x04rest", "Excel"),
        ("a.gz", b"\x1f\x8brest", "unpack"),
        ("a.pdf", b"%PDF-1.7", "PDF"),
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\xef\xbb\xbf\r\n", "is empty"),
        ("a.csv", b"name,age\nAnn,7\n", "has the columns name, age"),
        ("a.csv", b"question,Question,answer\nA,B,C\n", "two columns called question"),
        ("a.parquet", b"PAR1 and nothing", "cannot be read as Parquet"),
    ],
)
def test_a_file_that_is_none_is_one_sentence(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    with pytest.raises(UsageError, match=words) as raised:
        list(user_file(put(tmp_path, name, data)).rows())
    assert name in str(raised.value) and "\n" not in str(raised.value)


def test_a_file_that_is_not_there_or_a_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        user_file(tmp_path / "none.csv")
    with pytest.raises(UsageError, match="is a folder"):
        user_file(tmp_path)


def test_utf_16_that_was_cut_off_is_one_sentence(tmp_path: Path) -> None:
    data = "question,answer\nQ,Ä\n".encode("utf-16")
    with pytest.raises(UsageError, match="damaged UTF-16"):
        user_file(put(tmp_path, "a.csv", data[:-1]))


_PIECES = st.sampled_from([
    b"question,answer\n", b'{"question": "Q", "answer": "A"}\n', b'{"messages": ', b'"', b"\n",
    b"[", b"]", b"{", b"}", b",", b";", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"PAR1",
    b"Q,A\n", b'"Q\nR",A\n', "Ä“".encode(), b"\\ud800", b"sep=;\n", b"\xe2\x80\xa8", b"\r",
    b"null", b"1e999",
])  # fmt: skip


@settings(max_examples=400, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(data=st.lists(_PIECES, max_size=12).map(b"".join) | st.binary(max_size=200))
def test_whatever_the_bytes_a_file_is_rows_or_one_sentence(tmp_path: Path, data: bytes) -> None:
    path = put(tmp_path, "any.data", data)
    try:
        found = read(path)
    except UsageError as error:
        assert "\n" not in str(error)
        return
    numbers = [number for number, _ in found]
    assert numbers == sorted(numbers)
    for _, row in found:
        assert isinstance(row, str) or "".join(text for _, text in row).encode()
