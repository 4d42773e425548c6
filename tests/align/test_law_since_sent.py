"""Pairs whose principle was amended or removed since they were made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import tribonian
from tests.align.small_build import SAMPLE, small_build
from tests.align.small_pairs import RUN, a_pair, put_pairs, rows_of, two_a_principle
from tribonian.align.built import BuiltPrinciple, built_principles, write_sent
from tribonian.align.dataset.building import build_dataset
from tribonian.align.pairs.unit import unit_of
from tribonian.align.places import Places
from tribonian.errors import TribonianError

WAIVERS = "/us/cfr/t99/s100.4"
SEVERABILITY = "/us/cfr/t99/s100.5"


def built(place: Path, change: Callable[[str], str] = str, **options: Any) -> Path:
    """A build of the sample with its text changed."""
    place.mkdir(exist_ok=True)
    document = place / SAMPLE.name
    document.write_text(change(SAMPLE.read_text("utf-8")), "utf-8")
    tribonian.build([document], place / "build", jobs=1, no_cache=True, **options)
    return place / "build"


def sent(build: Path, principles: list[BuiltPrinciple], run: str = RUN) -> None:
    Places(build).align.mkdir(exist_ok=True)
    write_sent(Places(build).sent(run), principles)


def later(text: str) -> str:
    """The sample with a longer waiver, without its last section of part 100."""
    text = text.replace("A waiver expires 2 years after", "A waiver expires 3 years after")
    head, begin, rest = text.partition('<DIV8 N="100.5"')
    assert begin
    return head + rest.partition("</DIV8>")[2]


def left(place: Path, build: Path, **options: bool) -> dict[str, str]:
    """What of each principle's pairs was left out, by its id."""
    build_dataset([build], place / "t.jsonl", **options)
    return {row["principle_id"]: row["reason"] for row in rows_of(place / "t.left-out.jsonl")}


def test_pairs_of_amended_and_removed_law_are_set_aside_after_an_update(tmp_path: Path) -> None:
    before = built_principles(built(tmp_path / "before"))
    build = built(tmp_path / "now", later)
    sent(build, before)
    put_pairs(build, two_a_principle(before))
    assert left(tmp_path, build) == {
        WAIVERS: "principle-amended", SEVERABILITY: "principle-removed",
    }  # fmt: skip
    details = [row["detail"] for row in rows_of(tmp_path / "t.left-out.jsonl")]
    assert "99 CFR 100.4 was amended since the pair was made" in details
    assert left(tmp_path, build, keep_amended=True) == {}


def test_law_that_is_cut_otherwise_is_the_same_law(tmp_path: Path) -> None:
    before = built_principles(built(tmp_path / "before", max_tokens=100))
    build = built(tmp_path / "now", later)
    sent(build, before)
    put_pairs(build, two_a_principle(before))
    found = left(tmp_path, build)
    assert {unit_of(name) for name in found} == {WAIVERS, SEVERABILITY}
    assert sum(each.leaf for each in before) > 2 * len(found)


def test_a_build_of_only_what_changed_sets_no_other_law_aside(tmp_path: Path) -> None:
    before = built_principles(built(tmp_path / "before"))
    build = built(tmp_path / "now", later, only=["99 CFR 100.4"])
    assert sum(each.leaf for each in built_principles(build)) < 4
    sent(build, before)
    put_pairs(build, [*two_a_principle(before)])
    assert left(tmp_path, build) == {WAIVERS: "principle-amended"}
    result = build_dataset([build], tmp_path / "t.jsonl")
    assert result.counts["principle-unknown"] > 10  # pairs
    [note] = [each for each in result.notes if each.code == "principle-unknown"]  # one line
    assert "99 CFR 100.1, " in note.message and " more); whether" in note.message


def test_a_pair_of_law_that_the_build_does_not_hold_stays_and_is_named(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    principles = built_principles(build)
    elsewhere = (replace(principles[-1].sources[0], document="other.xml"),)
    other = replace(
        principles[-1], id="/us/cfr/t21/s701.3", citation="21 CFR 701.3", sources=elsewhere
    )
    sent(build, [*principles, other])
    put_pairs(build, [a_pair("Elsewhere?", "Yes.", other)])
    result = build_dataset([build], tmp_path / "t.jsonl")
    assert result.training == 1
    [note] = result.notes
    assert note.code == "principle-unknown" and "21 CFR 701.3" in note.message


@pytest.mark.parametrize("known", [True, False])
def test_what_a_pair_was_made_from_is_told_by_what_was_received(
    tmp_path: Path, known: bool
) -> None:
    build = small_build(tmp_path)
    now = built_principles(build)
    old = [replace(e, content=e.content + " Of old.") if e.id == WAIVERS else e for e in now]
    sent(build, old, "a" * 12)
    sent(build, now, "b" * 12)
    waivers = next(each for each in now if each.id == WAIVERS)
    pairs = [a_pair("Old?", "Of old.", waivers), a_pair("New?", "Of now.", waivers)]
    put_pairs(build, pairs)
    if known:
        for run, pair in zip("ab", pairs, strict=True):
            turns = [{"role": m.role, "content": m.content} for m in pair.messages]
            pq.write_table(
                pa.table({"messages": [turns]}), Places(build).received(run * 12, "parquet")
            )
    build_dataset([build], tmp_path / "t.jsonl")
    reasons = [(row["pair"], row["reason"]) for row in rows_of(tmp_path / "t.left-out.jsonl")]
    assert reasons == ([(pairs[0].pair, "principle-amended")] if known else [])


def test_another_build_that_is_newer_sets_the_older_text_aside(tmp_path: Path) -> None:
    old = built(tmp_path / "old")
    new = built(
        tmp_path / "new",
        lambda text: later(text).replace("2025-11-03", "2026-05-04").replace(
            "Nov. 3, 2025", "May 4, 2026"
        ),
    )  # fmt: skip
    for build in (old, new):
        principles = built_principles(build)
        sent(build, principles)
        put_pairs(build, two_a_principle(principles))
    dates = {each.sources[0].as_of for build in (old, new) for each in built_principles(build)}
    assert dates == {"2025-11-03", "2026-05-04"}
    for builds in ([old, new], [new, old]):
        build_dataset(builds, tmp_path / "t.jsonl")
        rows = rows_of(tmp_path / "t.left-out.jsonl")
        assert {r["principle_id"] for r in rows if r["reason"] == "principle-amended"} == {WAIVERS}
        assert "law-conflict" not in (tmp_path / "t.md").read_text("utf-8")  # the date decides


def test_two_builds_with_other_words_of_a_section_and_no_later_date_are_named(
    tmp_path: Path,
) -> None:
    old = built(tmp_path / "old")
    (tmp_path / "other").mkdir()
    changed = built(tmp_path / "new", later, only=["99 CFR 100.4"]).rename(
        tmp_path / "other" / "changed"
    )
    for build in (old, changed):
        principles = built_principles(build)
        sent(build, principles)
        put_pairs(build, two_a_principle([each for each in principles if each.id == WAIVERS]))
    for builds in ([old, changed], [changed, old]):
        result = build_dataset(builds, tmp_path / "t.jsonl")
        [note] = [each for each in result.notes if each.code == "law-conflict"]
        assert note.grave and set(note.places) == {"build", "changed"}
        assert "other words of 99 CFR 100.4, and no date" in note.message
        assert result.left_out.get("principle-amended") is None
        taught = (tmp_path / "t.jsonl").read_text("utf-8")
        assert "expires 2 years" in taught and "expires 3 years" in taught
        assert "| law-conflict |" in (tmp_path / "t.md").read_text("utf-8")


def test_without_a_record_of_what_was_sent_only_what_is_gone_is_known(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    Places(build).align.mkdir()
    there = next(each for each in built_principles(build) if each.id == WAIVERS)
    gone = replace(there, id="/us/cfr/t99/s100.9", citation="99 CFR 100.9")
    other = replace(there, id="/us/cfr/t21/s1.1", citation="21 CFR 1.1")
    put_pairs(build, [a_pair(f"{each.citation}?", f"{each.citation}.", each)
                      for each in (there, gone, other)])  # fmt: skip
    assert left(tmp_path, build) == {gone.id: "principle-removed"}


def test_a_damaged_record_of_what_was_sent_is_one_sentence(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    Places(build).align.mkdir()
    put_pairs(build, [])
    Places(build).sent(RUN).write_bytes(b"{")
    with pytest.raises(TribonianError, match="is damaged"):
        build_dataset([build], tmp_path / "t.jsonl")
