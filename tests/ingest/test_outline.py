"""A flat run of styled blocks becomes a section tree, by the strongest evidence there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.ingest.outline import outline as make_tree
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled
from tribonian.schemas.tree import Node, grow

STEADY = settings(derandomize=True, deadline=None, max_examples=200)


def tree(*blocks: Styled | str) -> tuple[Node, Reading]:
    """The tree of some blocks, and what was noted; a string is a plain paragraph."""
    reading = Reading(title="21")
    styled = [Styled(block) if isinstance(block, str) else block for block in blocks]
    root = grow(make_tree(styled, reading))
    return root, reading


def bold(text: str, **more: object) -> Styled:
    return Styled(text, weight=700, **more)  # type: ignore[arg-type]


Outline = Callable[[Iterable[Node]], str]

PART = (
    bold("PART 11—RECORDS"),
    "Authority: 21 U.S.C. 321.",
    bold("Subpart A—General"),
    bold("§ 11.1 Scope."),
    "(a) One.",
    "(1) Inner.",
    "(b) Two.",
    "[62 FR 13464, Mar. 20, 1997]",
    bold("Subpart B—Records"),
    bold("Controls"),
    bold("§ 11.10 Closed systems."),
    "Persons must—",
    "(a) Validate;",
)
TREE = """\
authority [Authority:] 21 U.S.C. 321.
subpart Subpart A [General]
  section § 11.1 [Scope.]
    paragraph (a) One.
      paragraph (1) Inner.
    paragraph (b) Two.
    history [62 FR 13464, Mar. 20, 1997]
subpart Subpart B [Records]
  subject-group [Controls]
    section § 11.10 [Closed systems.]
      paragraph Persons must—
      paragraph (a) Validate;"""


def test_a_part_of_the_cfr_gets_the_tree_of_its_xml(outline: Outline) -> None:
    root, reading = tree(*PART)
    assert (root.kind, root.designator, root.heading) == ("part", "PART 11", "RECORDS")
    assert outline(root.children) == TREE
    assert reading.sections == 2
    assert reading.words == root.total_words()


def test_citations_are_the_cfrs() -> None:
    root, _ = tree(*PART)
    assert [node.citation for node in root.walk() if node.kind in ("part", "section")] == [
        "21 CFR Part 11", "21 CFR 11.1", "21 CFR 11.10",
    ]  # fmt: skip
    assert {node.citation for node in root.walk() if node.designator == "(1)"} == {
        "21 CFR 11.1(a)(1)"
    }


def test_headings_that_look_like_text_are_known_by_their_numbers(outline: Outline) -> None:
    plain = [block.text if isinstance(block, Styled) else block for block in PART]
    root, _ = tree(*[text for text in plain if text != "Controls"])
    wanted = TREE.replace("  subject-group [Controls]\n", "")
    assert outline(root.children).split() == wanted.split()


def test_a_number_alone_takes_its_heading_from_the_next_line(outline: Outline) -> None:
    root, _ = tree("CHAPTER II", "Principles", "Article 5", "Lawful processing",
                   "1. Data shall be:", "(a) lawful;", "Article 6", "Consent",
                   "Consent is free.")  # fmt: skip
    assert outline(root.children) == (
        "section Article 5 [Lawful processing]\n"
        "  paragraph 1. Data shall be:\n"
        "    paragraph (a) lawful;\n"
        "section Article 6 [Consent]\n"
        "  paragraph Consent is free."
    )
    assert (root.kind, root.designator, root.heading) == ("chapter", "CHAPTER II", "Principles")


def test_a_contents_page_is_one_node_and_no_law(outline: Outline) -> None:
    root, _ = tree(
        bold("Contents"),
        "§ 11.1 Scope ........ 2",
        "§ 11.2 Terms ........ 3",
        "§ 11.3 Records ........ 4",
        bold("PART 11—RECORDS"),
        bold("§ 11.1 Scope"),
        "One.",
        bold("§ 11.2 Terms"),
        "Two.",
        bold("§ 11.3 Records"),
        "Three.",
    )
    assert [node.kind for node in root.children] == ["contents", "section", "section", "section"]
    assert root.children[0].text.startswith("Contents\n§ 11.1 Scope")


def test_a_contents_page_without_leaders_is_known_by_the_headings_that_come_again() -> None:
    entries = ["§ 11.1 Scope.", "§ 11.2 Terms.", "§ 11.3 Records."]
    body: list[Styled | str] = []
    for entry in entries:
        body += [bold(entry), "The text of it, which says something."]
    root, _ = tree(bold("PART 11—RECORDS"), *[bold(entry) for entry in entries], *body)
    assert [node.kind for node in root.children] == ["contents", "section", "section", "section"]


def test_paragraphs_that_come_twice_are_no_contents_page() -> None:
    # 10 CFR 20.2207 repeats its list for each kind of report
    lines = ["(1) The name;", "(2) The number; and", "(3) The date."]
    root, _ = tree(
        bold("§ 20.1 Reports."), "(a) Makers report:", *lines, "(b) Sellers report:", *lines
    )
    kinds = [node.kind for node in root.walk()]
    assert "contents" not in kinds
    assert kinds.count("paragraph") == 8


TEXT = "The text of a section, longer than its heading is."


def test_a_reference_among_headings_of_one_look_is_text_and_reported() -> None:
    sections = [block for n in range(1, 8) for block in (bold(f"§ 11.{n} Rule."), TEXT)]
    root, reading = tree(*sections, "§ 11.3 Rules. See there.")
    assert [node.designator for node in root.children] == [f"§ 11.{n}" for n in range(1, 8)]
    assert [finding.code for finding in reading.findings] == ["heading-disagreement"]


def test_a_document_without_units_nests_by_its_headings(outline: Outline) -> None:
    root, reading = tree(
        Styled("I. INTRODUCTION", level=1),
        "Words.",
        Styled("A. Scope", level=2),
        "(1) First;",
        "(2) Second.",
        Styled("II. METHODS", level=1),
        "More.",
    )
    assert outline(root.children) == (
        "heading I. [INTRODUCTION]\n"
        "  paragraph Words.\n"
        "  heading A. [Scope]\n"
        "    paragraph (1) First;\n"
        "    paragraph (2) Second.\n"
        "heading II. [METHODS]\n"
        "  paragraph More."
    )
    assert reading.cites_cfr is False
    assert reading.sections == 2


def test_headings_are_told_by_their_type_where_there_are_no_levels(outline: Outline) -> None:
    root, _ = tree(
        Styled("Quality", size=16, weight=700),
        Styled("What this covers, and how the words are used in it.", size=10),
        Styled("Records", size=13, weight=700),
        Styled("Records are kept, all of them, for five years.", size=10),
        Styled("Review", size=13, weight=700),
        Styled("They are reviewed by someone each year.", size=10),
    )
    assert outline((root,)) == (
        "heading [Quality]\n"
        "  paragraph What this covers, and how the words are used in it.\n"
        "  heading [Records]\n"
        "    paragraph Records are kept, all of them, for five years.\n"
        "  heading [Review]\n"
        "    paragraph They are reviewed by someone each year."
    )


def test_clauses_with_dotted_numbers_nest_and_quantities_do_not(outline: Outline) -> None:
    root, _ = tree(
        Styled("2. Quality", level=1),
        Styled("2.1 Principles", level=2),
        "2.10 Quality is everybody's.",  # ICH Q7 counts its clauses so
        "2.11 Each maker documents it.",
        "3.5 GHz is no clause.",
    )
    assert "paragraph 2.11 Each maker documents it." in outline((root,))
    assert "paragraph 3.5 GHz is no clause." in outline((root,))
    (clause,) = (node for node in root.walk() if node.designator == "2.11")
    assert clause.text == "Each maker documents it."


def test_a_bold_beginning_is_the_heading_and_the_rest_its_text(outline: Outline) -> None:
    text = "§ 11.1 Scope. This part applies to records."
    root, _ = tree(bold("PART 11—RECORDS"), Styled(text, bolds=((0, 13),)))
    assert outline(root.children) == (
        "section § 11.1 [Scope.]\n  paragraph This part applies to records."
    )


def test_a_footnote_goes_to_the_section_that_bears_its_mark(outline: Outline) -> None:
    root, reading = tree(
        bold("§ 11.1 Scope."),
        Styled("(a) One.¹", marks=("1",)),
        bold("§ 11.2 Terms."),
        "(a) Two.",
        Styled("The note.", kind="footnote", marks=("1",)),
    )
    assert outline(root.children) == (
        "section § 11.1 [Scope.]\n"
        "  paragraph (a) One.¹\n"
        "    footnote ¹ The note.\n"
        "section § 11.2 [Terms.]\n"
        "  paragraph (a) Two."
    )
    assert reading.words == root.total_words()


def test_running_heads_stand_in_the_one_container_and_are_no_text_of_a_section() -> None:
    root, _ = tree(*PART, Styled("21 CFR 11\n21 CFR 11", kind="running-head"))
    assert root.kind == "part"
    assert root.children[-1].kind == "running-head"


def test_divisions_of_an_annex_are_no_units_of_the_act() -> None:
    root, _ = tree("Article 1", "Scope", "One.", "ANNEX I", "Items",
                   bold("Section 1"), "A list.", bold("Section 2"), "Another.")  # fmt: skip
    assert [(node.kind, node.designator) for node in root.children] == [
        ("section", "Article 1"), ("appendix", "ANNEX I"),
    ]  # fmt: skip


def test_the_title_and_the_date_are_read_from_what_is_printed() -> None:
    reading = Reading()
    blocks = [
        Styled("21 CFR Part 11 (up to date as of 1/29/2026)", kind="running-head"),
        bold("PART 11—RECORDS"),
        bold("§ 11.1 Scope."),
        Styled("One."),
    ]
    root = grow(make_tree(blocks, reading))
    assert (reading.title, reading.as_of) == ("21", "2026-01-29")
    assert root.citation == "21 CFR Part 11"


@pytest.mark.parametrize("kind", ["table", "figure", "history"])
def test_a_node_that_is_ready_stays_as_it_is(kind: str) -> None:
    node = Node(kind, text="| A | B |")
    root, reading = tree(bold("§ 11.1 Scope."), "One.", Styled("", kind, node=node))
    assert node in list(root.walk())
    assert reading.words == root.total_words()


_texts = st.lists(
    st.sampled_from(
        ("PART 11—X", "Subpart A—Y", "§ 11.1 Scope.", "§ 11.2 applies", "Article 1", "Title",
         "(a) One.", "(1) Two;", "(i) Three", "1. Four", "A. Five", "Authority: 1 U.S.C. 1",
         "Contents", "Scope .... 3", "Words of the law.", "ANNEX I", "Section 1", "2.1 Six",
         "¹ A note.", "Text.¹", "[1 FR 2]", "Section 2. (a) It is.")
    ),
    max_size=14,
)  # fmt: skip


@STEADY
@given(_texts, st.lists(st.sampled_from([400, 700]), min_size=14, max_size=14),
       st.lists(st.sampled_from([0, 0, 1, 2]), min_size=14, max_size=14))  # fmt: skip
def test_every_word_is_in_the_tree_once_whatever_stands_where(
    texts: list[str], weights: list[int], levels: list[int]
) -> None:
    blocks = [
        Styled(text, weight=weight, level=level)
        for text, weight, level in zip(texts, weights, levels, strict=False)
    ]
    root, reading = tree(*blocks)
    said = "".join(f"{node.designator}{node.heading}{node.text}" for node in root.walk())
    assert sorted(c for c in said if c.isalnum()) == sorted(
        c for text in texts for c in text if c.isalnum()
    )
    assert reading.words == root.total_words()


def test_a_label_on_a_line_of_its_own_takes_the_next_line(outline: Outline) -> None:
    root, reading = tree(bold("PART 11—RECORDS"), bold("Authority:"), "21 U.S.C. 321.",
                         bold("§ 11.1 Scope."), "It applies.")  # fmt: skip
    assert outline(root.children).splitlines()[0] == "authority [Authority:] 21 U.S.C. 321."
    assert reading.words == root.total_words()
