"""The rows of pairs.parquet: traced, flagged, in the order of the law, the same bytes again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.align.small_build import small_build
from tribonian.align.built import BuiltPrinciple, built_principles
from tribonian.align.pairs.received import UnreadError
from tribonian.align.pairs.rows import SCHEMA, collect_pairs, iterate_pairs, read_pairs, write_pairs
from tribonian.align.places import REHEARSAL_MARK
from tribonian.errors import UsageError
from tribonian.schemas.pair import FLAGS, Message, Pair, pair_id

COLUMNS = ["pair", "messages", "question", "answer", "principle_id", "citation", "match", "flags"]


def pair(question: str = "Who?", answer: str = "The Board.", **more: object) -> Pair:
    turns = (Message("user", question), Message("assistant", answer))
    values: dict[str, object] = {"principle_id": None, "citation": None, "match": 0.0, **more}
    return Pair(pair_id(question, answer), turns, question, answer, **values)  # type: ignore[arg-type]


PAIRS = [
    pair(principle_id="/us/cfr/t99/s100.4", citation="99 CFR 100.4", match=0.9375),
    pair("Wer? §\u2009100.1", "“Für”\n\nalle."),
    pair("When?", "I'm sorry.", flags=("untraced", "refusal")),
]


@pytest.fixture(scope="module")
def principles(tmp_path_factory: pytest.TempPathFactory) -> list[BuiltPrinciple]:
    return built_principles(small_build(tmp_path_factory.mktemp("pairs")))


def given_file(file: Path, *pairs: tuple[str, str], system: str = "You know.") -> Path:
    rows = [
        {"messages": [{"role": "system", "content": system}, {"role": "user", "content": question},
                      {"role": "assistant", "content": answer}]}
        for question, answer in pairs
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, rows)))
    return file


WAIVER = (
    "Who may waive a requirement of the subchapter for a model of lantern?",
    "The Board may waive a requirement of this subchapter for a model of lantern.",
)
LABEL = (
    "May the label be read only after turning the lantern over?",
    "No. The label must be legible without turning the lantern over.",
)
NOWHERE = ("Which hens lay blue eggs?", "Araucana hens from Chile lay eggs with a blue shell.")


def test_pairs_are_traced_and_stand_in_the_order_of_the_law(
    tmp_path: Path, principles: list[BuiltPrinciple]
) -> None:
    file = given_file(tmp_path / "given", NOWHERE, LABEL, WAIVER)
    collected = collect_pairs([(file, principles, False)])
    assert [each.citation for each in collected.pairs] == ["99 CFR 100.4", "99 CFR 110.21", None]
    waiver, _, nowhere = collected.pairs
    assert waiver.pair == pair_id(*WAIVER)
    assert waiver.principle_id == "/us/cfr/t99/s100.4"
    assert waiver.flags == ()
    assert 0.5 <= waiver.match <= 1
    assert waiver.match == round(waiver.match, 4)
    assert waiver.messages[0] == Message("system", "You know.")
    assert "untraced" in nowhere.flags
    assert collected.rejects == []


def test_the_order_of_the_received_files_is_of_no_matter(
    tmp_path: Path, principles: list[BuiltPrinciple]
) -> None:
    some = [each for each in principles if each.path[:3] != (0, 0, 1)]
    received = [
        (given_file(tmp_path / "received-1", NOWHERE, WAIVER), principles, False),
        (given_file(tmp_path / "received-2", WAIVER, LABEL), some, True),
        (given_file(tmp_path / "received-3", LABEL), principles, False),
    ]
    first = collect_pairs(received)
    assert collect_pairs(received[::-1]) == first
    assert collect_pairs([received[1], received[2], received[0]]) == first


def test_what_came_of_a_rehearsal_says_so_in_every_row(
    tmp_path: Path, principles: list[BuiltPrinciple]
) -> None:
    marked = given_file(tmp_path / "given", WAIVER, NOWHERE, system=f"{REHEARSAL_MARK} You know.")
    for received in (marked, False), (given_file(tmp_path / "other", WAIVER, NOWHERE), True):
        pairs = collect_pairs([(received[0], principles, received[1])]).pairs
        assert [each.flags[0] for each in pairs] == ["rehearsal", "rehearsal"]


def test_flags_stand_in_their_order_and_name_what_is_wrong(
    tmp_path: Path, principles: list[BuiltPrinciple]
) -> None:
    file = given_file(tmp_path / "given", WAIVER, WAIVER, (WAIVER[0], "I'm sorry, I cannot say."))
    pairs = collect_pairs([(file, principles, True)]).pairs
    flags = [each.flags for each in pairs]
    assert flags[0] == ("rehearsal",)
    assert flags[1] == ("rehearsal", "duplicate")
    assert "refusal" in flags[2]
    for each in flags:
        assert list(each) == [flag for flag in FLAGS if flag in each]


def test_an_answer_with_a_wrong_number_is_not_grounded(
    tmp_path: Path, principles: list[BuiltPrinciple]
) -> None:
    rule = next(each for each in principles if each.citation == "99 CFR 120.2")
    assert "30 days" not in rule.content
    answer = "A responsible person who learns of a defect must report it within 30 days."
    file = given_file(tmp_path / "given", ("When must a defect be reported?", answer))
    (found,) = collect_pairs([(file, principles, False)]).pairs
    assert found.citation == "99 CFR 120.2"
    assert "ungrounded-number" in found.flags


def test_rejects_are_handed_back_and_progress_is_told(
    tmp_path: Path, principles: list[BuiltPrinciple]
) -> None:
    file = given_file(tmp_path / "given", WAIVER, ("Who?", " "), LABEL)
    seen: list[int] = []
    collected = collect_pairs([(file, principles, False)], seen.append)
    assert seen == [1, 2]
    assert [(each.file, each.row, each.reason) for each in collected.rejects] == [
        ("given", 2, "message 3 (assistant) is empty")
    ]


def test_a_file_of_unknown_shape_ends_it_with_its_sentence(
    tmp_path: Path, principles: list[BuiltPrinciple]
) -> None:
    (tmp_path / "given").write_text('{"verse": 1}')
    with pytest.raises(UnreadError, match="no pairs in a shape that is known"):
        collect_pairs([(tmp_path / "given", principles, False)])


# -- the file --------------------------------------------------------------------------------


def test_the_file_has_the_eight_columns_in_their_order_and_the_same_bytes_again(
    tmp_path: Path,
) -> None:
    first, second = tmp_path / "pairs.parquet", tmp_path / "again.parquet"
    write_pairs(first, PAIRS)
    write_pairs(second, iter(PAIRS))
    assert first.read_bytes() == second.read_bytes()
    schema = pq.read_schema(first)
    assert schema.names == COLUMNS
    assert [str(schema.field(name).type) for name in ("pair", "match", "flags")] == [
        "string", "double", "list<element: string>",
    ]  # fmt: skip
    assert read_pairs(first) == PAIRS
    assert list(iterate_pairs(first)) == PAIRS
    assert sorted(each.name for each in tmp_path.iterdir()) == ["again.parquet", "pairs.parquet"]


def test_pandas_and_polars_open_it(tmp_path: Path) -> None:
    file = tmp_path / "pairs.parquet"
    write_pairs(file, PAIRS)
    frame = pd.read_parquet(file)
    assert list(frame.columns) == COLUMNS
    assert frame["answer"][1] == "“Für”\n\nalle."
    assert frame["messages"][0][1]["role"] == "assistant"
    table = pl.read_parquet(file)
    assert table.columns == COLUMNS
    assert table["flags"].to_list() == [[], [], ["untraced", "refusal"]]


def test_datasets_opens_it_without_a_network(tmp_path: Path) -> None:
    file = tmp_path / "pairs.parquet"
    write_pairs(file, PAIRS)
    code = (
        "import datasets, sys; "
        "rows = datasets.load_dataset('parquet', data_files=sys.argv[1], split='train'); "
        "print(rows.column_names, rows[0]['messages'][1]['content'], rows[2]['flags'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_CACHE": str(tmp_path / "cache")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"{COLUMNS} The Board. ['untraced', 'refusal']"


def test_no_pairs_make_a_file_without_rows(tmp_path: Path) -> None:
    write_pairs(tmp_path / "pairs.parquet", [])
    assert read_pairs(tmp_path / "pairs.parquet") == []


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "pairs.parquet"
    write_pairs(file, PAIRS)
    before = file.read_bytes()

    def broken() -> object:
        yield PAIRS[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_pairs(file, broken())  # type: ignore[arg-type]
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_no_file_of_pairs_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "pairs.parquet"
    with pytest.raises(UsageError, match=r"is not there; collect pairs with `tribonian align run`"):
        read_pairs(file)
    file.write_text("no table")
    with pytest.raises(UsageError, match="is damaged"):
        read_pairs(file)
    pq.write_table(pa.table({"pair": ["x"]}), file)
    with pytest.raises(UsageError, match="has no column messages"):
        read_pairs(file)
    write_pairs(file, PAIRS)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(UsageError, match="is damaged"):
        read_pairs(file)


def test_pairs_that_another_program_saved_are_the_same_pairs(tmp_path: Path) -> None:
    file = tmp_path / "pairs.parquet"
    write_pairs(file, PAIRS)
    table = pq.read_table(file)
    wide = pa.schema(
        [
            (field.name, pa.large_string() if field.type == pa.string() else field.type)
            for field in table.schema
        ]
    )
    others = table.cast(wide).select(list(reversed(table.column_names)))
    pq.write_table(others.append_column("note", pa.array(["mine"] * len(table))), file)
    assert read_pairs(file) == list(PAIRS)
    table.to_pandas().to_parquet(file)
    assert read_pairs(file) == list(PAIRS)


@pytest.mark.parametrize("column", ["pair", "question", "answer", "messages"])
def test_a_pair_whose_text_is_not_what_it_is_named_by_is_refused(
    tmp_path: Path, column: str
) -> None:
    file = tmp_path / "pairs.parquet"
    rows = [pair("How long?", "30 days."), pair("Why?", "So.")]
    write_pairs(file, rows)
    table = pq.read_table(file).to_pylist()
    other = [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "Not so."}]
    table[1][column] = other if column == "messages" else "15 days"
    pq.write_table(pa.Table.from_pylist(table, SCHEMA), file)
    with pytest.raises(UsageError, match=r"in row 2 .*an edit in `tribonian review`"):
        read_pairs(file)


TEXT = st.text(st.characters(codec="utf-8"), max_size=40)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, st.lists(st.sampled_from(sorted(FLAGS)))), max_size=6))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, str, list[str]]]
) -> None:
    pairs = [pair(question, answer, flags=tuple(flags)) for question, answer, flags in texts]
    file = tmp_path_factory.mktemp("any") / "pairs.parquet"
    write_pairs(file, pairs)
    assert read_pairs(file) == pairs
