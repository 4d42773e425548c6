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
    said = "".join(
        f"{node.designator}{node.heading}{node.text}"
        for node in root.walk()
        if node.kind != "document"  # its name is added
    )
    assert sorted(c for c in said if c.isalnum()) == sorted(
        c for text in texts for c in text if c.isalnum()
    )
    assert reading.words == root.total_words()


def test_a_label_on_a_line_of_its_own_takes_the_next_line(outline: Outline) -> None:
    root, reading = tree(bold("PART 11—RECORDS"), bold("Authority:"), "21 U.S.C. 321.",
                         bold("§ 11.1 Scope."), "It applies.")  # fmt: skip
    assert outline(root.children).splitlines()[0] == "authority [Authority:] 21 U.S.C. 321."
    assert reading.words == root.total_words()


def test_sections_of_an_act_have_their_heading_above_and_their_number_before_the_text(
    outline: Outline,
) -> None:
    root, reading = tree(
        bold("Duty to light", level=3), "1 A lamplighter must light every lamp.",
        bold("Duty to snuff", level=3), "2 (1) A lamplighter must snuff every lamp.",
        "(2) Subsection (1) does not apply on feast days.",
        bold("Offences", level=3), "3 A person who breaks a lamp commits an offence.",
    )  # fmt: skip
    assert outline(root.children) == (
        "section 1 [Duty to light]\n"
        "  paragraph A lamplighter must light every lamp.\n"
        "section 2 [Duty to snuff]\n"
        "  paragraph (1) A lamplighter must snuff every lamp.\n"
        "  paragraph (2) Subsection (1) does not apply on feast days.\n"
        "section 3 [Offences]\n"
        "  paragraph A person who breaks a lamp commits an offence."
    )
    assert reading.words == root.total_words()


def test_numbers_before_text_are_no_sections_where_headings_do_not_stand_over_them() -> None:
    root, _ = tree(bold("Results", level=1), "1 Lamp burned.", "2 Lamps did not.", "3 Lamps went.")
    assert "section" not in {node.kind for node in root.walk()}


def test_a_heading_that_is_a_number_alone_begins_a_section(outline: Outline) -> None:
    root, _ = tree(
        bold("1798.100. Duties of lamplighters", level=6), "(a) One.",
        bold("1798.199.10.", level=6), "(a) Two.", "(Added by Stats. 2018, Ch. 55, Sec. 3.)",
    )  # fmt: skip
    assert outline(root.children).splitlines()[2] == "section 1798.199.10."


def test_an_appendix_stands_beside_the_chief_headings_of_a_document(outline: Outline) -> None:
    root, reading = tree(
        bold("1. Purpose", level=1, size=14.0), "Why.",
        bold("2. Process", level=1, size=14.0), "How.",
        bold("2.1. Steps", level=2, size=12.0), "What.",
        bold("Appendix A – Acronyms", size=14.0), "Short words.",
        bold("Appendix B – Letter", level=1, size=14.0), "Dear lamplighter.",
        bold("Closing", level=2, size=12.0), "Yours.",
    )  # fmt: skip
    kinds = [(node.kind, node.designator) for node in root.children]
    assert kinds[-2:] == [("appendix", "Appendix A"), ("appendix", "Appendix B")]
    assert outline(root.children).endswith("  heading [Closing]\n    paragraph Yours.")
    assert reading.words == root.total_words()


def test_a_numbered_section_of_an_appendix_divides_it_by_its_level(outline: Outline) -> None:
    root, _ = tree(
        bold("1 Purpose", level=1), "Why.",
        bold("Appendix A – Sites", level=1),
        bold("Section 1 – Storage", level=2), "Here.",
        bold("Section 2 – Work", level=2), "There.",
        bold("Appendix B – Names", level=1), "Us.",
    )  # fmt: skip
    assert outline(root.children).splitlines()[2:] == [
        "appendix Appendix A [Sites]",
        "  heading Section 1 [Storage]",
        "    paragraph Here.",
        "  heading Section 2 [Work]",
        "    paragraph There.",
        "appendix Appendix B [Names]",
        "  paragraph Us.",
    ]


def test_the_style_of_a_contents_title_over_a_table_makes_no_contents_page() -> None:
    table = Node("table", text="| Date | Change |")
    root, _ = tree(
        bold("Revision History", kind="contents", style="toc heading"),
        Styled("", "table", node=table),
        bold("Purpose", level=1), "Lamps shall be lit so that all may see their way.",
    )  # fmt: skip
    first = root.children[0]
    assert (first.kind, first.heading) == ("heading", "Revision History")


ACT = (
    "REGULATION (EU) 2030/1",
    "Having regard to the opinion of the Committee (1),",
    "Whereas:",
    "(1) Lamps give light. They are useful (2).",
    "(2) Light is good.",
    "HAVE ADOPTED THIS REGULATION:",
    "Article 1",
    "Light",
    "1. Lamps shall burn.",
    "Article 2",
    "Entry into force",
    "It shall apply from 1 May 2030.",
    "This Regulation shall be binding in its entirety and directly applicable.",
    "Done at Brussels, 1 April 2030.",
    "A. LAMP",
    "(1) OJ C 1, 1.1.2030, p. 1.",
    "(2) See page 3.",
    "ANNEX I",
    "Lamps",
    "A lamp is a lamp.",
)


def test_recitals_of_an_act_are_those_numbered_between_whereas_and_the_enacting_words() -> None:
    root, reading = tree(*ACT)
    recitals = [node for node in root.walk() if node.kind == "recital"]
    assert [(node.designator, node.text) for node in recitals] == [
        ("(1)", "Lamps give light. They are useful (2)."), ("(2)", "Light is good."),
    ]  # fmt: skip
    enacts = next(node for node in root.walk() if node.text.startswith("HAVE ADOPTED"))
    assert all(enacts not in node.children for node in recitals)
    assert reading.words == root.total_words()


def test_the_signatures_of_an_act_are_no_text_of_its_last_article() -> None:
    root, _ = tree(*ACT)
    last = next(node for node in root.walk() if node.designator == "Article 2")
    assert [child.text for child in last.children] == ["It shall apply from 1 May 2030."]
    assert "Done at Brussels, 1 April 2030." in [node.text for node in root.children]


def test_numbered_lines_below_the_signatures_are_footnotes_of_the_text_with_their_marks() -> None:
    root, _ = tree(*ACT)
    bearers = {
        child.designator: node.text
        for node in root.walk()
        for child in node.children
        if child.kind == "footnote"
    }
    assert bearers == {
        "(1)": "Having regard to the opinion of the Committee (1),",
        "(2)": "Lamps give light. They are useful (2).",
    }


def test_numbers_in_blocks_of_their_own_belong_to_the_blocks_after_them() -> None:
    root, reading = tree(
        bold("Article 1 Lamps"), "1.", "Lamps shall burn.", "2.", "Lamps shall be clean."
    )
    numbered = [(node.designator, node.text) for node in root.walk() if node.kind == "paragraph"]
    assert numbered == [("1.", "Lamps shall burn."), ("2.", "Lamps shall be clean.")]
    assert reading.words == root.total_words()


def test_a_clause_may_be_longer_than_any_heading() -> None:
    long = " ".join(["Lamps shall be kept clean by those who light them."] * 12)
    root, _ = tree(
        "1.1. The lamplighter shall apply.", f"1.2. {long}", "1.3. Lamps shall be lit at dusk."
    )
    assert [node.designator for node in root.walk() if node.designator] == ["1.1.", "1.2.", "1.3."]


def item(text: str, level: int, **more: object) -> Styled:
    return Styled(text, list_level=level, indent=18.0 * level, **more)  # type: ignore[arg-type]


def test_a_paragraph_that_is_no_item_ends_the_list_of_a_word_processor(outline: Outline) -> None:
    root, reading = tree(
        "The policy requires:", item("a. Rules;", 1), item("b. Signs.", 1),
        "The control then requires:", item("a. Posting;", 1), item("b. Names.", 1),
    )  # fmt: skip
    assert outline(root.children) == (
        "paragraph The policy requires:\n"
        "paragraph a. Rules;\n"
        "paragraph b. Signs.\n"
        "paragraph The control then requires:\n"
        "paragraph a. Posting;\n"
        "paragraph b. Names."
    )
    assert reading.findings == []
    assert reading.words == root.total_words()


def test_items_stand_as_deep_as_the_document_sets_them(outline: Outline) -> None:
    root, _ = tree(
        "Lamps:", item("1. Oil", 1), item("• Olive", 2), item("• Whale", 2),
        Styled("Oil smells.", indent=36.0), item("2. Gas", 1), item("a. Coal", 2), "All burn.",
    )  # fmt: skip
    assert outline(root.children) == (
        "paragraph Lamps:\n"
        "paragraph 1. Oil\n"
        "  paragraph • Olive\n"
        "  paragraph • Whale\n"
        "    paragraph Oil smells.\n"
        "paragraph 2. Gas\n"
        "  paragraph a. Coal\n"
        "paragraph All burn."
    )


def test_items_whose_numbers_do_not_go_on_are_nested_by_their_numbers(outline: Outline) -> None:
    root, _ = tree(item("1. Oil", 1), item("a. Olive", 1), item("b. Whale", 1), item("2. Gas", 1))
    assert outline(root.children) == (
        "paragraph 1. Oil\n  paragraph a. Olive\n  paragraph b. Whale\nparagraph 2. Gas"
    )


def test_a_list_of_any_depth_is_read() -> None:
    root, reading = tree("Deep:", *[item("• One", depth) for depth in range(1, 3000)])
    assert reading.words == root.total_words()


def test_the_end_of_a_federal_register_document_ends_its_units() -> None:
    root, reading = tree(
        bold("PART 39—DIRECTIVES"), bold("§ 39.13 [Amended]"), TEXT,
        "[FR Doc. 2020–17221 Filed 8–5–20; 8:45 am]", "BILLING CODE 4910–13–P",
        bold("DEPARTMENT OF TRANSPORTATION"), "AGENCY: The other one, which proposes nothing here.",
    )  # fmt: skip
    assert [node.kind for node in root.children] == ["part", "heading"]
    assert root.children[1].heading == "DEPARTMENT OF TRANSPORTATION"
    assert reading.words == root.total_words()


def test_a_document_that_is_no_part_of_the_cfr_stands_in_a_container_of_its_own() -> None:
    reading = Reading(name="guides/quality.pdf")
    blocks = [Styled("I. INTRODUCTION", level=1), Styled("Quality systems are many."),
              Styled("II. METHODS", level=1)]  # fmt: skip
    root = grow(make_tree(blocks, reading))
    assert (root.kind, root.heading, root.added) == ("document", "I. INTRODUCTION", 2)
    reading = Reading(name="guides/quality.pdf", heading="Quality systems")
    root = grow(make_tree(blocks, reading))
    assert (root.heading, root.added) == ("Quality systems", 2)
    reading = Reading(name="guides/quality.pdf", heading="Template for minutes")  # left behind
    root = grow(make_tree(blocks, reading))
    assert root.heading == "I. INTRODUCTION"
    assert reading.words == root.total_words()


def test_an_act_of_the_union_is_cited_as_such_from_any_format() -> None:
    root, _ = tree(
        Styled("REGULATION (EU) 2016/679 OF THE PARLIAMENT", level=1),
        "CHAPTER II", "Principles", "Article 5", "Lawful processing", "1. Data shall be:",
        "(a) lawful;", "Article 6", "Consent", "Consent is free.",
    )  # fmt: skip
    assert root.citation == "Regulation (EU) 2016/679"
    cited = {node.designator: node.citation for node in root.walk()}
    assert cited["CHAPTER II"] == "Regulation (EU) 2016/679, Chapter II"
    assert cited["(a)"] == "Regulation (EU) 2016/679, Article 5(1)(a)"


def test_a_short_numbered_line_over_a_text_is_a_heading_where_type_says_nothing() -> None:
    # 2 CFR part 200, appendix III, as plain text
    root, _ = tree(
        "PART 200—COSTS", "Appendix III to Part 200—Rates", "A. General",
        "This appendix provides criteria for the rates.", "1. Major functions", "a. Instruction",
        "It means the teaching of the institution.", "B. Identification",
        "The costs are those that follow here.", "1. Rent;", "2. Light; and", "3. Heat.",
    )  # fmt: skip
    (appendix,) = (node for node in root.walk() if node.kind == "appendix")
    assert [(node.kind, node.heading) for node in appendix.children] == [
        ("heading", "A. General"), ("heading", "B. Identification"),
    ]  # fmt: skip
    assert [node.designator for node in appendix.children[1].children] == ["", "1.", "2.", "3."]


def test_the_lines_of_a_cover_hold_nothing_of_what_follows(outline: Outline) -> None:
    root, _ = tree(
        bold("Guidance for Industry"), bold("Process Validation"), bold("January 2011"),
        bold("I. INTRODUCTION"), "This guidance outlines what the agency considers, in short.",
        bold("II. BACKGROUND"), "It revises what was said before, which was long ago.",
    )  # fmt: skip
    assert outline(root.children).splitlines()[:4] == [
        "paragraph Guidance for Industry",
        "paragraph Process Validation",
        "paragraph January 2011",
        "heading I. [INTRODUCTION]",
    ]


def test_a_footnote_at_the_foot_of_a_page_belongs_to_a_mark_near_it() -> None:
    # 10 CFR 20.1008 and 20.2206 have a note 1 each, thirty pages apart
    root, _ = tree(
        Styled("§ 20.1008 Old notes.", weight=700, page=1),
        Styled("(a) See the sections.¹", marks=("1",), page=1),
        Styled("§ 20.2206 Reports.", weight=700, page=30),
        Styled("(a) The Commission may require reports.¹", marks=("1",), page=30),
        Styled("§ 20.2207 Transactions.", weight=700, page=31),
        Styled("(a) Each licensee reports them.", page=31),
        Styled("By license condition.", kind="footnote", marks=("1",), page=31),
    )
    (note,) = (node for node in root.children[1].walk() if node.kind == "footnote")
    assert note.text == "By license condition."


def test_a_line_that_only_names_the_part_is_no_text_of_it() -> None:
    root, _ = tree("21 CFR Part 11 — Records", *PART)
    assert (root.kind, root.children[0].kind) == ("part", "metadata")


def test_a_contents_page_whose_first_line_is_joined_to_a_heading_is_one() -> None:
    # 14 CFR part 91, printed: the part's heading and the next line came as one block
    entries = [f"§ 91.{n} Rule {n}." for n in range(1, 12)]
    body = [block for entry in entries for block in (bold(entry), TEXT)]
    root, _ = tree(bold("Contents"), bold("PART 91—RULES Special Regulation"),
                   *[bold(entry) for entry in entries], bold("PART 91—RULES"), *body)  # fmt: skip
    assert [node.designator for node in root.walk() if node.kind == "section"] == [
        f"§ 91.{n}" for n in range(1, 12)
    ]
