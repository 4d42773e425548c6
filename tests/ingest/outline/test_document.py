"""Whatever stands in a run, every word of it is in the tree once, in order, and soon."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.ingest.outline import outline
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled
from tribonian.schemas.tree import Node, grow

STEADY = settings(derandomize=True, deadline=None, max_examples=150)

TEXTS = (
    "PART 1", "PART 11—LAMPS", "PART 2", "CHAPTER I", "CHAPTER 2", "Subpart A—Lamps",
    "TITLE 5. Oil", "DIVISION 3. OIL", "ARTICLE 1. Words", "ARTICLE I", "Article 1",
    "Article 2 Oil", "§ 11.1 Scope.", "§ 11.2 applies", "§ 11.3", "Section 1", "Section 2",
    "Section 1.01 Terms. Lamps shall burn here.", "Sec. 5. The board may act.",
    "1797.100. (a) Lamps burn.", "1797.101. Lamps shall burn.", "1797.102. Lamps shall shine.",
    "SCHEDULE 1", "SCHEDULES", "ANNEX I", "Annex A (normative) Tests", "Appendix B – Oil",
    "A.1 General", "A.2.1 Wicks", "1 Scope", "2 Terms", "3 Tests", "1.0 PURPOSE", "2.0 SCOPE",
    "2.1 Six", "2.1.1 Put it out.", "3.5 GHz", "0.1 General", "I. INTRODUCTION", "II. METHODS",
    "A. Reporting", "B. Keeping", "IV. Notes", "1 (1) A person must light it.",
    "2 A person must not.", "Duty to light lamps", "10A NCAC 13B .3801 NURSES",
    "64B8-9.003 Records.", "Rule 26. Duty", "Rule 1.6 Secrets", "(a) One.", "(1) Two;",
    "(i) Three", "1. Four", "2. Five", "1.", "2.", "3.", "A. Six", "• Seven", "Authority:",
    "Authority: 1 U.S.C. 1", "Source:", "Note: Eight", "[62 FR 2, Mar. 1, 1997]", "Contents",
    "Sec.", "Scope .... 3", "Words of the law.", "Whereas:", "HAVE ADOPTED THIS ACT:",
    "(1) Lamps give light (2).", "Done at Brussels, 1 April 2030.",
    "[FR Doc. 2020–17221 Filed 8–5–20; 8:45 am]", "¹ A note.", "Text.¹", "Lamp means a thing.",
    "—", "x", "LAMPS", "“§ 11.3 Quoted.", "12 Wick Street", "January 5, 2030",
)  # fmt: skip
# What is of the whole unit stands in it wherever it is printed; notes go to their marks.
_MOVED = ("footnote", "history", "authority", "source", "contents", "running-head", "approval",
          "editorial-note", "effective-date-note", "document")  # fmt: skip


@st.composite
def blocks(draw: st.DrawFn) -> Styled:
    """One block of any kind and any looks."""
    text = draw(st.sampled_from(TEXTS))
    kind = draw(st.sampled_from(["paragraph"] * 12 + ["footnote", "table", "contents",
                                                      "running-head"]))  # fmt: skip
    marks = draw(st.sampled_from([()] * 6 + [("1",), ("2",)]))
    if kind == "table":
        return Styled("", "table", node=Node("table", "", "Lamps", f"| {text} |"))
    if kind != "paragraph":
        return Styled(text, kind, marks=marks[:1])
    end = draw(st.integers(0, len(text)))
    bolds = draw(st.sampled_from([None, (), ((0, end),), ((0, len(text)),)]))
    level = draw(st.sampled_from([0] * 5 + [1, 2, 3, 9]))
    return Styled(
        text, kind, "here", 0 if end % 2 else level,
        draw(st.sampled_from([0, 0, 0, 1, 2, 5])),
        draw(st.sampled_from(["", "title", "toc heading"])),
        draw(st.sampled_from([0.0, 10.0, 14.0])), draw(st.sampled_from([400, 700])),
        draw(st.booleans()), draw(st.sampled_from([0.0, 18.0, 36.0])),
        draw(st.sampled_from([None, ((0, end),)])), bolds, draw(st.sampled_from([0, 1, 2])), marks,
    )  # fmt: skip


def letters(text: str) -> Iterator[str]:
    """The letters and figures of a text, raised ones as they are."""
    return (each for each in text if each.isalnum())


@STEADY
@given(st.lists(blocks(), max_size=24))
def test_every_word_of_any_run_is_in_the_tree_once(run: list[Styled]) -> None:
    reading = Reading(name="lamps.md")
    root = grow(outline(run, reading))
    assert reading.words == root.total_words()
    said = Counter(
        each
        for node in root.walk()
        if node.kind not in ("document", "footnote")
        for each in letters(f"{node.designator}{node.heading}{node.text}")
    )
    said += Counter(
        each for node in root.walk() if node.kind == "footnote" for each in letters(node.text)
    )
    given = Counter(
        each
        for block in run
        for each in letters(block.text if block.node is None else
                            f"{block.node.heading}{block.node.text}")
    )  # fmt: skip
    said.subtract(given)
    # the mark before a footnote is its designator
    assert {each for each, count in said.items() if count} <= set("¹")


@STEADY
@given(st.lists(blocks(), max_size=24))
def test_the_words_stand_in_their_order(run: list[Styled]) -> None:
    plain = [
        block._replace(marks=()) for block in run
        if block.kind == "paragraph" and block.style != "toc heading"
    ]  # fmt: skip
    root = grow(outline(plain, Reading(name="lamps.md")))
    moved = [node for node in root.walk() if node.kind in _MOVED]
    if any(node.kind != "document" for node in moved):
        return
    said = "".join(
        each
        for node in root.walk()
        if node.kind != "document"
        for each in letters(f"{node.designator}{node.heading}{node.text}")
    )
    assert said == "".join(each for block in plain for each in letters(block.text))


T = "The operator keeps a record of each lamp that was lit, for five years."


def _many(shape: str, count: int) -> list[Styled]:
    """A long run of one shape that was slow once, or could be."""
    rows: dict[str, list[Styled]] = {
        "boxes between letters": [  # the place of a list was sought from the beginning
            b for n in range(count // 3)
            for b in (Styled(f"{chr(65 + n % 26)}. Rule", weight=700),
                      Styled(f"Box {n}", size=14.0, weight=700), Styled(T))
        ],
        "appendices": [
            b for n in range(count // 2)
            for b in (Styled(f"Appendix {n} Rule", weight=700), Styled(T))
        ],
        "notes without a mark": [Styled("² A note.") for _ in range(count)],
        "notes at the end": [
            b for n in range(count // 3)
            for b in (Styled(f"§ 11.{n} Rule", weight=700), Styled("Text", marks=("1",)))
        ] + [Styled("A note.", "footnote", marks=("1",)) for _ in range(count // 3)],
        "articles and sections": [
            b for n in range(count // 3)
            for b in (Styled(f"Article {n} Rule"), Styled(f"§ 1.{n} Rule"), Styled(T))
        ],
        "contents": [
            Styled("Contents"), *[Styled(f"{n}. Rule {n}") for n in range(count // 3)],
            *[b for n in range(count // 3) for b in (Styled(f"{n}. Rule {n}"), Styled(T))],
        ],
        "parts of schedules": [
            b for n in range(count // 3)
            for b in (Styled(f"SCHEDULE {n}"), Styled("PART 1"), Styled("Lamps"))
        ],
        "a list": [Styled(f"{n}. {T}", list_level=1, indent=18.0) for n in range(count)],
    }  # fmt: skip
    return rows[shape]


@pytest.mark.parametrize("shape", ["boxes between letters", "appendices", "notes without a mark",
                                   "notes at the end", "articles and sections", "contents",
                                   "parts of schedules", "a list"])  # fmt: skip
def test_eight_times_the_blocks_take_no_more_than_about_eight_times_as_long(shape: str) -> None:
    times = []
    for count in (800, 6_400):
        run = _many(shape, count)
        before = time.process_time()
        reading = Reading(name="lamps.md")
        root = grow(outline(run, reading))
        times.append(time.process_time() - before)
        assert reading.words == root.total_words()
    assert times[1] < 25 * times[0] + 0.5
