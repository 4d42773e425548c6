"""Blocks of a section into nested nodes: numbers, headings, definitions, footnotes."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.ingest.nesting import Block, nest_blocks, settle
from tribonian.ingest.paragraphs import read_paragraph
from tribonian.schemas.finding import CODES, Finding
from tribonian.schemas.tree import Node
from tribonian.schemas.words import count_words, words

STEADY = settings(derandomize=True, deadline=None, max_examples=200)
Outline = Callable[[Iterable[Node]], str]


def paragraph(marked: str, *marks: str) -> Block:
    """``_…_`` is italic type; ``marks`` are the footnotes that the text refers to."""
    text, spans = "", []
    for n, piece in enumerate(marked.split("_")):
        if n % 2:
            spans.append((len(text), len(text) + len(piece)))
        text += piece
    return Block("paragraph", text, tuple(spans), "//P", marks)


def heading(rank: int, text: str, *marks: str) -> Block:
    return Block("heading", text, (), "//HD", marks, rank)


def ready(kind: str, text: str) -> Block:
    return Block(kind, node=Node(kind, text=text))


def footnote(number: str, text: str) -> Block:
    return Block("footnote", marks=(number,), node=Node("footnote", number, text=text))


def blocks(*given: str | Block) -> list[Block]:
    return [paragraph(each) if isinstance(each, str) else each for each in given]


def nested(*given: str | Block) -> tuple[tuple[Node, ...], list[Finding]]:
    findings: list[Finding] = []
    return nest_blocks(blocks(*given), "21 CFR 1.1", findings, "§ 1.1"), findings


def cited(nodes: Iterable[Node]) -> list[str | None]:
    return [each.citation for node in nodes for each in node.walk()]


Row = tuple[tuple[str | Block, ...], str]

TREES: list[Row] = [
    # 21 CFR 11.10
    (
        ("Persons who use systems shall:", "(a) Validation.", "(b) _Copies._ The ability:",
         "(1) On paper;", "(2) Or not.", "(c) Protection."),
        """
        paragraph Persons who use systems shall:
        paragraph (a) Validation.
        paragraph (b) [Copies.] The ability:
          paragraph (1) On paper;
          paragraph (2) Or not.
        paragraph (c) Protection.
        """,
    ),
    # 21 CFR 522.970(e): three numbers and two headings in one paragraph
    (
        ("(e) _Conditions of use_—(1) _Horses._ (i) 0.5 mg", "(ii) Indications.", "(2) _Cattle._"),
        """
        paragraph (e) [Conditions of use—]
          paragraph (1) [Horses.]
            paragraph (i) 0.5 mg
            paragraph (ii) Indications.
          paragraph (2) [Cattle.]
        """,
    ),
    # what stands between two numbers belongs to the one it follows
    (
        ("(a) Use:", "It is safe.", ready("table", "| 1 |"), "(1) Daily.", "At noon.",
         "(b) Limit."),
        """
        paragraph (a) Use:
          paragraph It is safe.
          table | 1 |
          paragraph (1) Daily.
            paragraph At noon.
        paragraph (b) Limit.
        """,
    ),
    # 2 CFR 200.1: definitions stand side by side, with numbers of their own
    (
        ("As used here:", "_Board_ means:", "(1) One;", "(i) Two.", "(2) Three.",
         "_Lot_ means lanterns.", "They are new."),
        """
        paragraph As used here:
        definition Board means:
          paragraph (1) One;
            paragraph (i) Two.
          paragraph (2) Three.
        definition Lot means lanterns.
          paragraph They are new.
        """,
    ),
    # … under the paragraph that opens them, and after them the section goes on
    (
        ("(a) Scope.", "(b) In this section:", "_Board_ means:", "(1) One;", "(2) Two.",
         "_Lot_ means lanterns.", "(c) Other."),
        """
        paragraph (a) Scope.
        paragraph (b) In this section:
          definition Board means:
            paragraph (1) One;
            paragraph (2) Two.
          definition Lot means lanterns.
        paragraph (c) Other.
        """,
    ),
    # 27 CFR 478.11: the definition itself is numbered
    (
        ("_Handgun._ (a) Any firearm", "(b) Any parts", "_Importer._ A person"),
        """
        definition Handgun.
          paragraph (a) Any firearm
          paragraph (b) Any parts
        definition Importer. A person
        """,
    ),
    # headings hold what follows them, up to the next of their rank
    (
        (heading(1, "I"), "One.", heading(2, "I.A"), "Two.", heading(2, "I.B"), heading(1, "II"),
         "Three."),
        """
        heading [I]
          paragraph One.
          heading [I.A]
            paragraph Two.
          heading [I.B]
        heading [II]
          paragraph Three.
        """,
    ),
    # numbers under a heading start anew
    (
        (heading(1, "X"), "(a) One.", "(b) Two.", heading(1, "Y"), "(a) Three.", "(b) Four."),
        """
        heading [X]
          paragraph (a) One.
          paragraph (b) Two.
        heading [Y]
          paragraph (a) Three.
          paragraph (b) Four.
        """,
    ),
    # 10 CFR part 50, appendix J, III: words stand between the heading and the first number
    (
        (heading(1, "II"), "A. One.", "B. Two.", heading(1, "III"), "A program.", "A. Three.",
         "B. Four."),
        """
        heading [II]
          paragraph A. One.
          paragraph B. Two.
        heading [III]
          paragraph A program.
          paragraph A. Three.
          paragraph B. Four.
        """,
    ),
    # 17 CFR 240.15c3-1b(a): (2) and (3) go on under headings of their own
    (
        ("(a) Terms:", "(1) One.", heading(1, "Debt"), "(2) Two:", "(i) Loans;", "(ii) Bills;",
         "(iii) Notes.", heading(1, "Capital"), "(3) Three:", "(i) Gains:", "(A) New;", "(B) Old.",
         "(ii) Losses.", "(b) Limit."),
        """
        paragraph (a) Terms:
          paragraph (1) One.
        heading [Debt]
          paragraph (2) Two:
            paragraph (i) Loans;
            paragraph (ii) Bills;
            paragraph (iii) Notes.
        heading [Capital]
          paragraph (3) Three:
            paragraph (i) Gains:
              paragraph (A) New;
              paragraph (B) Old.
            paragraph (ii) Losses.
          paragraph (b) Limit.
        """,
    ),
    (
        ("(a) Terms:", "(1) One.", heading(1, "Debt"), "(2) Two:", "(i) Loans;", "(3) Three."),
        """
        paragraph (a) Terms:
          paragraph (1) One.
        heading [Debt]
          paragraph (2) Two:
            paragraph (i) Loans;
          paragraph (3) Three.
        """,
    ),
    # source note and authority are said of the unit: 1 CFR 21.40 ff.
    (
        ("(a) One.", "(1) Two.", ready("history", "[41 FR 1]"), ready("authority", "21 U.S.C.")),
        """
        paragraph (a) One.
          paragraph (1) Two.
        history [41 FR 1]
        authority 21 U.S.C.
        """,
    ),
    # 21 CFR 101.100: a letter between letters
    (
        ("(h) Fish:", "(1) One.", "(2) Two.", "(i) Bananas:", "(1) Three.", "(j) Nuts."),
        """
        paragraph (h) Fish:
          paragraph (1) One.
          paragraph (2) Two.
        paragraph (i) Bananas:
          paragraph (1) Three.
        paragraph (j) Nuts.
        """,
    ),
    # 21 CFR 80.32: a lead-in that is no definition stands before its numbers
    (
        ("The Board— (a) Waives.", "(b) Grants."),
        """
        paragraph The Board—
        paragraph (a) Waives.
        paragraph (b) Grants.
        """,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("given_blocks", "expected"), TREES)
def test_blocks_nest_as_the_page_shows_them(
    given_blocks: tuple[str | Block, ...], expected: str, outline: Outline
) -> None:
    assert outline(nested(*given_blocks)[0]) == textwrap.dedent(expected).strip()


def test_every_number_is_cited_with_the_numbers_above_it() -> None:
    nodes, findings = nested("(a) One:", "(1)(i) Two;", "(ii) Three.", "(b) Four.")

    assert cited(nodes) == [
        "21 CFR 1.1(a)",
        "21 CFR 1.1(a)(1)",
        "21 CFR 1.1(a)(1)(i)",
        "21 CFR 1.1(a)(1)(ii)",
        "21 CFR 1.1(b)",
    ]
    assert findings == []


def test_paragraphs_without_a_number_and_those_of_definitions_have_no_citation() -> None:
    nodes, findings = nested("As used here:", "_Board_ means:", "(1) One;", "(2) Two.")

    assert cited(nodes) == [None] * 4
    assert findings == []


def test_without_a_citation_of_the_unit_its_paragraphs_have_none() -> None:
    nodes = nest_blocks(blocks("(a) One.", "(1) Two."), None, [])

    assert cited(nodes) == [None, None]


# A citation in which number and unit run together cites something else.
DOTTED = [
    # 18 CFR part 101 has its paragraphs straight in the part
    ("18 CFR Part 101", ["1. One.", "2. Two."], ["18 CFR Part 1011.", "18 CFR Part 1012."]),
    ("18 CFR Part 101", ["A. One.", "B. Two."], ["18 CFR Part 101A.", "18 CFR Part 101B."]),
    # 10 CFR part 50, appendix K
    (
        "10 CFR Appendix K to Part 50",
        ["1. One.", "2. Two."],
        ["10 CFR Appendix K to Part 501.", "10 CFR Appendix K to Part 502."],
    ),
]


@pytest.mark.parametrize(("unit", "texts", "wrong"), DOTTED)
def test_a_dotted_number_does_not_run_into_the_number_of_its_unit(
    unit: str, texts: list[str], wrong: list[str]
) -> None:
    nodes = nest_blocks(blocks(*texts), unit, [])

    for citation, other_unit in zip(cited(nodes), wrong, strict=True):
        assert citation != other_unit


def test_what_one_paragraph_opens_is_joined_to_what_stands_before_it() -> None:
    nodes, _ = nested("(a)(1) One.", "(2) Two.")

    assert [(n.designator, n.joined) for n in nodes[0].walk()] == [
        ("(a)", False),
        ("(1)", True),
        ("(2)", False),
    ]


def test_the_words_a_reader_added_are_counted_once() -> None:
    # 21 CFR 101.9: a picture within a paragraph that opens two numbers
    block = paragraph("(a)(1) See [image: x.gif]")._replace(added=3)

    nodes = nest_blocks([block], None, [])

    assert sum(node.total_words() for node in nodes) == 3  # a, 1, See


def test_the_words_added_before_a_list_stay_with_what_leads_to_it() -> None:
    lead = paragraph("See [image: x.gif]: (1) It burns;")._replace(added=3)

    nodes = nest_blocks([lead, paragraph("(2) It smells.")], None, [])

    assert [(n.text, n.added) for node in nodes for n in node.walk()] == [
        ("See [image: x.gif]:", 3),
        ("It burns;", 0),
        ("It smells.", 0),
    ]


def test_the_words_added_to_a_numbered_definition_are_counted_once() -> None:
    block = paragraph("_Handgun._ (a) See [image: x.gif]")._replace(added=3)

    nodes = nest_blocks([block], None, [])

    assert sum(node.total_words() for node in nodes) == 3  # Handgun, a, See


FOUND = [
    # 31 CFR 1010.380(d)(1)(i)(C)
    (("(a) One.", "(c) Two.", "(d) Three."), "designator-gap", "§ 1.1(c)"),
    # 21 CFR 17.3(a)(2)
    (("(a) One:", "(1) Two.", "(2) Three.", "(2) Four.", "(b) Five."), "designator-repeated",
     "§ 1.1(a)(2)"),
    # 10 CFR 50.75(c)
    (("(c) One.", "(2) Two.", "(d) Three."), "designator-irregular", "§ 1.1(c)"),
    # 2 CFR 200.1, "Grant agreement": (vi) is printed where (iv) is meant, then (v)
    (("(a) One:", "(1) Two.", "(3) Three.", "(2) Four."), "designator-gap", "§ 1.1(a)(3)"),
]  # fmt: skip


@pytest.mark.parametrize(("given_blocks", "code", "where"), FOUND)
def test_an_irregular_number_is_reported_with_its_place_and_its_words(
    given_blocks: tuple[str, ...], code: str, where: str
) -> None:
    _, findings = nested(*given_blocks)

    assert code in {finding.code for finding in findings}
    found = next(finding for finding in findings if finding.code == code)
    assert where in found.message
    assert found.message.endswith(".")
    assert found.locator == "//P"
    assert found.quote in given_blocks
    assert CODES[found.code][0] in ("info", "warning")


@pytest.mark.parametrize(
    ("unit", "place"),
    [
        ("§ 701.3", "§ 701.3(c)"),
        # 21 CFR 524.1044g, 17 CFR 240.15c3-1a: the number of a section may end in a letter
        ("§ 524.1044g", "§ 524.1044g(c)"),
    ],
)
def test_a_finding_names_the_place_as_a_citation_would(unit: str, place: str) -> None:
    findings: list[Finding] = []

    nest_blocks(blocks("(a) One.", "(c) Three.", "(d) Four."), None, findings, unit)

    assert [finding.code for finding in findings] == ["designator-gap"]
    assert f" {place}" in findings[0].message


@pytest.mark.parametrize(
    "texts",
    [
        ["1. One.", "3. Three.", "4. Four."],
        ["1. One.", "2. Two.", "5. Five.", "6. Six.", "7. Seven."],
        ["A. One.", "C. Three.", "D. Four."],
    ],
)
def test_a_dotted_list_goes_on_after_a_number_that_is_missing(texts: list[str]) -> None:
    # as (a), (c), (d) does: 6 CFR part 5, appendix C, where 58 was removed and 59-90 follow
    nodes, findings = nested(*texts)

    assert [node.designator for node in nodes] == [text.split()[0] for text in texts]
    assert [finding.code for finding in findings] == ["designator-gap"]


def test_an_ambiguous_number_is_reported_with_both_its_places() -> None:
    run = [f"({letter}) One." for letter in "abcdefg"] + ["(h) Two:", "(i) Three."]

    _, findings = nested(*run)

    assert [finding.code for finding in findings] == ["designator-ambiguous"]
    assert "§ 1.1(i)" in findings[0].message
    assert "§ 1.1(h)(i)" in findings[0].message


def test_no_number_is_said_to_stand_at_one_place_and_at_the_same_place() -> None:
    # 17 CFR 240.14a-101, item 6: "was read as § 240.14a-1016., but could be § 240.14a-1016.."
    _, findings = nested("(l) One.")

    for finding in findings:
        if finding.code == "designator-ambiguous":
            one, other = finding.message.split(" was read as ")[1].split(", but could be ")
            assert other.removesuffix(".") != one


def test_regular_numbers_give_no_finding() -> None:
    _, findings = nested("(a) One:", "(1) Two;", "(2) Three.", "(b)-(c) [Reserved]", "(d) Four.")

    assert findings == []


def test_a_footnote_goes_to_the_paragraph_that_bears_its_mark(outline: Outline) -> None:
    # 21 CFR 177.1550(e)
    nodes, findings = nested(
        paragraph("(a) One.¹", "1"), "(1) Two.", "(b) Three.", footnote("1", "The note.")
    )

    assert outline(nodes).splitlines() == [
        "paragraph (a) One.¹",
        "  paragraph (1) Two.",
        "  footnote 1 The note.",
        "paragraph (b) Three.",
    ]
    assert findings == []


def test_each_footnote_goes_to_its_own_mark(outline: Outline) -> None:
    nodes, findings = nested(
        paragraph("(a) One.¹", "1"),
        paragraph("(b) Two.²", "2"),
        footnote("2", "Second."),
        footnote("1", "First."),
    )

    assert outline(nodes).splitlines() == [
        "paragraph (a) One.¹",
        "  footnote 1 First.",
        "paragraph (b) Two.²",
        "  footnote 2 Second.",
    ]
    assert findings == []


def test_the_second_footnote_of_one_number_goes_to_the_second_mark(outline: Outline) -> None:
    nodes, findings = nested(
        paragraph("(a) One.¹", "1"), footnote("1", "First."),
        paragraph("(b) Two.¹", "1"), footnote("1", "Second."),
    )  # fmt: skip

    assert outline(nodes).splitlines() == [
        "paragraph (a) One.¹",
        "  footnote 1 First.",
        "paragraph (b) Two.¹",
        "  footnote 1 Second.",
    ]
    assert findings == []


def test_a_footnote_to_the_heading_of_the_unit_stands_in_the_unit(outline: Outline) -> None:
    # FTREF inside HEAD, 52 of the eCFR
    findings: list[Finding] = []
    given_blocks = blocks("(a) One.", footnote("1", "The note."))

    nodes = nest_blocks(given_blocks, "21 CFR 1.1", findings, "§ 1.1", marks=["1"])

    assert outline(nodes).splitlines() == ["paragraph (a) One.", "footnote 1 The note."]
    assert findings == []


def test_a_footnote_to_an_inner_heading_stands_under_it(outline: Outline) -> None:
    nodes, findings = nested(heading(1, "Table¹", "1"), "One.", footnote("1", "The note."))

    assert outline(nodes).splitlines() == [
        "heading [Table¹]",
        "  paragraph One.",
        "  footnote 1 The note.",
    ]
    assert findings == []


def test_a_footnote_without_a_mark_stays_where_it_stands_and_is_reported(outline: Outline) -> None:
    # 21 CFR 582.5013
    nodes, findings = nested("(a) One.", footnote("1", "The note."), "(b) Two.")

    assert outline(nodes).splitlines() == [
        "paragraph (a) One.",
        "  footnote 1 The note.",
        "paragraph (b) Two.",
    ]
    assert [finding.code for finding in findings] == ["footnote-unmatched"]


def test_a_dotted_word_is_no_number_unless_a_list_of_its_kind_is_open() -> None:
    texts = ["As used here:", "C. Darwin wrote it.", "A. One.", "B. Two."]

    settled = settle([read_paragraph(text) for text in texts])

    assert [[o.marker.printed for o in p.openings] for p in settled] == [[], [], ["A."], ["B."]]


def test_a_dotted_list_goes_on_after_a_run_in(outline: Outline) -> None:
    # 21 CFR 71.1: C.1., then 2. and D.; 10 CFR part 50, appendix I: B.1., then 2. and C.
    nodes, findings = nested("A. One.", "B.1. Two.", "2. Three.", "C. Four.", "D. Five.")

    assert outline(nodes).splitlines() == [
        "paragraph A. One.",
        "paragraph B.",
        "  paragraph 1. Two.",
        "  paragraph 2. Three.",
        "paragraph C. Four.",
        "paragraph D. Five.",
    ]
    assert findings == []


def test_a_number_within_the_text_is_opened_if_a_later_paragraph_goes_on_from_it() -> None:
    # 21 CFR 101.100(h)(1): "Provided, That (i) The outside container …", then (ii)
    texts = ["(a) Each lantern: (1) Has a handle.", "(2) Has a globe.", "(b) Each box."]

    settled = settle([read_paragraph(text, ()) for text in texts])

    assert [[o.marker.printed for o in p.openings] for p in settled] == [
        ["(a)", "(1)"],
        ["(2)"],
        ["(b)"],
    ]


texts = st.lists(
    st.sampled_from(
        ["(a) ", "(1) ", "(i) ", "(A) ", "(_1_) ", "_Title._ ", "_Board_ means ", "word ", ": ",
         "[Reserved] ", "1. ", "A. ", "of this section "]
    ),
    min_size=1, max_size=4,
).map("".join)  # fmt: skip
any_block = st.one_of(
    texts.map(lambda text: paragraph(text.strip())),
    texts.map(lambda text: paragraph(text.strip(), "1")),
    st.builds(heading, st.integers(1, 3), st.just("Heading words")),
    st.builds(ready, st.sampled_from(["table", "note", "history"]), st.just("ready words")),
    st.builds(footnote, st.sampled_from("12"), st.just("note words")),
)


@STEADY
@given(st.lists(any_block, max_size=10))
def test_every_word_of_the_blocks_is_in_the_tree_and_no_other(given_blocks: list[Block]) -> None:
    nodes = nest_blocks(given_blocks, "21 CFR 1.1", [])

    have: Counter[str] = Counter()
    for node in nodes:
        for each in node.walk():
            have.update(words(f"{each.designator}\n{each.heading}\n{each.text}"))
    want: Counter[str] = Counter()
    for block in given_blocks:
        want.update(words(block.text))
        if block.node is not None:
            want.update(words(f"{block.node.designator}\n{block.node.text}"))
    assert have == want
    assert sum(node.total_words() for node in nodes) == sum(want.values())


@STEADY
@given(st.lists(texts.map(lambda text: paragraph(text.strip())), max_size=10))
def test_paragraphs_stay_in_the_order_in_which_they_are_printed(given_blocks: list[Block]) -> None:
    nodes = nest_blocks(given_blocks, "21 CFR 1.1", [])

    printed = [word for block in given_blocks for word in words(block.text)]
    assert printed == [
        word
        for node in nodes
        for each in node.walk()
        for word in words(f"{each.designator}\n{each.heading}\n{each.text}")
    ]
    assert sum(node.total_words() for node in nodes) == sum(map(count_words, printed))


@STEADY
@given(
    st.lists(
        st.one_of(
            texts.map(lambda text: paragraph(text.strip())),
            st.builds(heading, st.integers(1, 3), st.just("Heading words")),
        ),
        max_size=10,
    )
)
def test_a_numbered_paragraph_is_cited_below_the_numbered_paragraph_it_stands_in(
    given_blocks: list[Block],
) -> None:
    def check(nodes: Iterable[Node], above: str) -> None:
        for node in nodes:
            if node.citation is not None:
                assert node.citation.startswith(above)
                assert node.citation != above
            check(node.children, node.citation or above)

    check(nest_blocks(given_blocks, "21 CFR 1.1", []), "21 CFR 1.1")


def test_preliminary_notes_before_a_do_not_hold_the_section() -> None:
    # 17 CFR 240.10b-18 prints notes 1. and 2. before its paragraph (a)
    texts = ("1. One note.", "2. Another.", "(a) The first level.", "(1) Inner.", "(b) The second.")
    blocks = [Block("paragraph", text) for text in texts]
    nodes = nest_blocks(blocks, "17 CFR 240.10b-18", [], "§ 240.10b-18")
    assert [node.designator for node in nodes] == ["1.", "2.", "(a)", "(b)"]
    assert nodes[2].children[0].citation == "17 CFR 240.10b-18(a)(1)"


# -- tables whose rows go on counting ----------------------------------------------------------


def rows_of(*cells: str) -> Block:
    lines = ["| | |", "| --- | --- |", *(f"| {cell} | 9850 |" for cell in cells)]
    return ready("table", "\n".join(lines))


def shape(nodes: Iterable[Node]) -> list[object]:
    return [(node.designator or node.kind, shape(node.children)) for node in nodes]


def test_a_table_goes_on_where_the_rows_before_it_were_counted() -> None:
    # 21 CFR 1308.11(h): rows to (30), paragraphs that explain (30), then rows from (31)
    nodes, _ = nested(
        "(h) Listed are:",
        rows_of("(1)-(29) [Reserved]", "(30) Lamp oils"),
        "(i) _Lamp oil_ means any oil.",
        "(A) Of plants;",
        "(ii) This includes:",
        rows_of("(31)-(56) [Reserved]", "(57) Tallow"),
    )
    assert shape(nodes) == [
        ("(h)", [
            ("table", []),
            ("(i)", [("(A)", [])]),
            ("(ii)", []),
            ("table", []),
        ]),
    ]  # fmt: skip


@pytest.mark.parametrize("cells", [("(32) Tallow",), ("(1) Tallow",), ("Tallow",)])
def test_a_table_that_does_not_go_on_stands_in_the_paragraph_before_it(
    cells: tuple[str, ...],
) -> None:
    nodes, _ = nested("(h) Listed are:", rows_of("(30) Oils"), "(1) Also:", rows_of(*cells))
    assert shape(nodes) == [("(h)", [("table", []), ("(1)", [("table", [])])])]
