"""A training file as the libraries open it in which people train."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import orjson
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.align.small_pairs import aligned_build
from tribonian.align.dataset.building import build_dataset

_LOAD = """
import json, sys, datasets
form, training, validation = sys.argv[1:]
found = datasets.load_dataset(
    form, data_files={"train": training, "validation": validation})
assert found["train"].column_names == ["messages"], found
print(json.dumps([found[part]["messages"][:] for part in ("train", "validation")]))
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("opened")
    own = place / "own.csv"
    own.write_text("question,answer\nWie heiß?,60 °C\n", "utf-8")
    build = aligned_build(place)
    for suffix in ("parquet", "jsonl"):
        build_dataset([build], place / f"t.{suffix}", user_files=[own], validation=0.2)
    return place


def jsonl(path: Path) -> list[list[dict[str, str]]]:
    return [orjson.loads(line)["messages"] for line in path.read_bytes().splitlines()]


def test_parquet_has_one_column_of_lists_of_role_and_content(output: Path) -> None:
    schema = pq.read_schema(output / "t.parquet")
    assert schema.names == ["messages"]
    assert schema.field("messages").type == pa.list_(
        pa.struct([("role", pa.string()), ("content", pa.string())])
    )


@pytest.mark.parametrize("part", ["t", "t-validation"])
def test_both_forms_hold_the_same_rows_in_arrow_pandas_and_polars(output: Path, part: str) -> None:
    rows = jsonl(output / f"{part}.jsonl")
    assert rows
    path = output / f"{part}.parquet"
    assert pq.read_table(path)["messages"].to_pylist() == rows
    assert [list(row) for row in pd.read_parquet(path)["messages"]] == rows
    assert pl.read_parquet(path)["messages"].to_list() == rows
    lines = output / f"{part}.jsonl"
    assert pd.read_json(lines, lines=True)["messages"].tolist() == rows
    assert pl.read_ndjson(lines)["messages"].to_list() == rows
    assert lines.read_bytes().endswith(b"}\n") and b"\r" not in lines.read_bytes()


@pytest.mark.parametrize(("form", "suffix"), [("parquet", "parquet"), ("json", "jsonl")])
def test_the_datasets_library_opens_both_parts(
    output: Path, tmp_path: Path, form: str, suffix: str
) -> None:
    pytest.importorskip("datasets")
    parts = [output / f"t.{suffix}", output / f"t-validation.{suffix}"]
    done = subprocess.run(
        [sys.executable, "-c", _LOAD, form, *map(str, parts)],
        capture_output=True,
        timeout=300,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "cache")},
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found = orjson.loads(done.stdout)
    assert found == [jsonl(output / "t.jsonl"), jsonl(output / "t-validation.jsonl")]
