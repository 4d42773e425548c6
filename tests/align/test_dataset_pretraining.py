"""The consolidated text as rows for pre-training: every word of the law once, in its order."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import tribonian
from tests.align.small_build import SAMPLE, small_build
from tests.align.small_pairs import rows_of
from tribonian.align.built import built_principles
from tribonian.align.dataset.checking import check_dataset
from tribonian.align.dataset.pretraining import own_text, pretrain
from tribonian.consolidate.tokens import Tokenizer
from tribonian.errors import UsageError
from tribonian.schemas.words import words


def texts(path: Path) -> list[str]:
    rows = rows_of(path)
    assert all(list(row) == ["text"] for row in rows)
    return [row["text"] for row in rows]


@pytest.mark.parametrize("max_tokens", [64, 100, 256, 2048, 100_000])
def test_every_word_stands_once_in_order_and_no_row_is_too_large(
    tmp_path: Path, max_tokens: int
) -> None:
    build = small_build(tmp_path)
    written = pretrain([build], tmp_path / "p.jsonl", max_tokens=max_tokens)
    found = texts(tmp_path / "p.jsonl")
    counter = Tokenizer()
    assert counter.count_all(found) and max(counter.count_all(found)) <= max_tokens
    assert written.tokens.total == sum(counter.count_all(found))
    principles = built_principles(build)
    labels = {each.label for each in principles if not each.leaf}
    law = [word for each in principles for word in words(own_text(each))]
    said = [
        word
        for row in found
        for line in row.split("\n\n")
        if line not in labels
        for word in words(line)
    ]
    assert Counter(said) == Counter(law)
    assert said == law
    leaves = [each for each in principles if each.leaf]
    assert written.principles == len(leaves)
    assert Counter(said) >= Counter(w for each in leaves for w in words(each.content))
    assert check_dataset(tmp_path / "p.jsonl").purpose == "pre-train"


def test_the_headings_above_a_row_s_first_principle_stand_before_it(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    pretrain([build], tmp_path / "p.jsonl", max_tokens=400)
    for row in texts(tmp_path / "p.jsonl"):
        assert row.startswith("Title 99—Portable Light\n\nCHAPTER I—LANTERN SAFETY BOARD\n\n")
    assert not any("contains 17 sections" in row for row in texts(tmp_path / "p.jsonl"))


def test_principles_that_fit_are_never_cut(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    written = pretrain([build], tmp_path / "p.jsonl", max_tokens=1500)
    found = texts(tmp_path / "p.jsonl")
    assert written.divided == 0
    for each in built_principles(build):
        if each.leaf:
            assert sum(f"{each.label}\n\n{each.content}" in row for row in found) == 1


def test_text_of_a_part_stays_and_its_summary_does_not(tmp_path: Path) -> None:
    tribonian.build([SAMPLE], tmp_path / "b", jobs=1, no_cache=True, title="My own rules")
    pretrain([tmp_path / "b"], tmp_path / "p.jsonl")
    found = "\n\n".join(texts(tmp_path / "p.jsonl"))
    assert "Authority: 99 U.S.C. 7001" in found
    assert "contains" not in found.partition("§ 100.1")[0]


def test_a_law_that_two_builds_share_is_written_once(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    builds = [small_build(tmp_path / name) for name in "ab"]
    pretrain(builds[:1], tmp_path / "one.jsonl")
    pretrain([*builds, builds[0]], tmp_path / "two.jsonl")
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def test_a_word_longer_than_a_row_is_divided_at_last(tmp_path: Path) -> None:
    document = tmp_path / "long.txt"
    document.write_text("§ 1.1 Long.\n\n" + "x1y2" * 400 + "\n")
    tribonian.build([document], tmp_path / "b", jobs=1, no_cache=True)
    written = pretrain([tmp_path / "b"], tmp_path / "p.jsonl", max_tokens=64)
    assert written.divided >= 1 and written.tokens.largest <= 64
    joined = "".join(texts(tmp_path / "p.jsonl"))
    assert joined.count("x1y2") > 350


def test_what_cannot_be_carried_out_is_one_sentence(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    with pytest.raises(UsageError, match="must end in"):
        pretrain([build], tmp_path / "p.parquet")
    with pytest.raises(UsageError, match="must be 64 or more"):
        pretrain([build], tmp_path / "p.jsonl", max_tokens=10)
    with pytest.raises(UsageError, match="Name a build"):
        pretrain([], tmp_path / "p.jsonl")
    with pytest.raises(UsageError, match="holds no principles"):
        pretrain([tmp_path], tmp_path / "p.jsonl")
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match=r"-o .*p\.jsonl cannot be written"):
        pretrain([build], tmp_path / "file" / "p.jsonl")
    assert not (tmp_path / "p.jsonl").exists()
