"""Units put into their containers, and what belongs to none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tribonian.ingest.outline import outline as make_tree
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled
from tribonian.schemas.tree import Node, grow

Outline = Callable[[Iterable[Node]], str]
TEXT = "The operator keeps a record of each lamp that was lit, for five years."


def tree(*lines: Styled | str) -> Node:
    run = [Styled(line) if isinstance(line, str) else line for line in lines]
    reading = Reading(name="lamps.txt")
    root = grow(make_tree(run, reading))
    assert reading.words == root.total_words()
    return root


def containers(root: Node) -> list[str]:
    """The kinds from the root down to the first section."""
    path: list[str] = []
    node = root
    while node.kind != "section":
        path.append(node.kind)
        node = next(each for each in node.children
                    if any(below.kind == "section" for below in each.walk()))  # fmt: skip
    return path


def test_containers_of_the_cfr_hold_one_another_in_its_order() -> None:
    root = tree("TITLE 21—FOOD", "CHAPTER I—FDA", "SUBCHAPTER A—GENERAL", "PART 11—RECORDS",
                "Subpart A—General", "§ 11.1 Scope.", TEXT)  # fmt: skip
    assert containers(root) == ["title", "chapter", "subchapter", "part", "subpart"]


def test_a_title_and_a_chapter_after_the_first_part_stand_below_parts() -> None:
    # California: division, part, title, chapter, article
    root = tree("DIVISION 3. OBLIGATIONS", "PART 4. TRANSACTIONS", "TITLE 1.81. LAMPS",
                "CHAPTER 1. General", "ARTICLE 1. Words", "§ 1 Lamps.", TEXT,
                "ARTICLE 2. Oil", "§ 2 Oil.", TEXT)  # fmt: skip
    assert containers(root) == ["subtitle", "part", "title", "chapter", "subpart"]


def test_chapters_stand_below_parts_in_an_act_of_the_united_kingdom() -> None:
    root = tree("PART 1", "DUTIES", "CHAPTER 1", "LAMPS", "Article 1", TEXT, "CHAPTER 2", "OIL",
                "Article 2", TEXT, "PART 2", "FINES", "Article 3", TEXT)  # fmt: skip
    assert [node.designator for node in root.children] == ["PART 1", "PART 2"]
    assert [node.designator for node in root.children[0].children] == ["CHAPTER 1", "CHAPTER 2"]


def test_a_line_over_all_schedules_belongs_to_no_section(outline: Outline) -> None:
    root = tree("Article 1", TEXT, "Article 2", TEXT, "SCHEDULES", "SCHEDULE 1", "Lamps", TEXT)
    assert [node.kind for node in root.children] == ["section", "section", "heading", "appendix"]


def test_a_footnote_at_the_end_goes_to_the_first_section_that_waits_for_it() -> None:
    note = Styled("A note.", "footnote", marks=("1",))
    root = tree(
        "§ 1.1 Lamps.", Styled(TEXT, marks=("1",)), "§ 1.2 Oil.", Styled(TEXT, marks=("1",)),
        "§ 1.3 Gas.", TEXT, note, note,
    )  # fmt: skip
    held = [sum(each.kind == "footnote" for each in top.walk()) for top in root.children]
    assert held == [1, 1, 0]


def test_a_footnote_at_the_foot_of_a_page_goes_to_a_mark_on_it() -> None:
    root = tree(
        Styled("§ 1.1 Lamps.", page=1), Styled(TEXT, marks=("1",), page=1),
        Styled("§ 1.2 Oil.", page=5), Styled(TEXT, marks=("1",), page=5),
        Styled("§ 1.3 Gas.", page=5), Styled(TEXT, page=5),
        Styled("A note.", "footnote", marks=("1",), page=5),
    )  # fmt: skip
    held = [sum(each.kind == "footnote" for each in top.walk()) for top in root.children]
    assert held == [0, 1, 0]


def test_a_mark_in_the_heading_on_the_next_line_has_its_footnote_in_the_section() -> None:
    root = tree("Article 1", Styled("Lamps¹", marks=("1",)), TEXT,
                Styled("A note.", "footnote", marks=("1",)), "Article 2", "Oil", TEXT)  # fmt: skip
    assert [each.kind for each in root.children[0].children] == ["paragraph", "footnote"]


def test_below_the_formula_at_the_end_of_an_act_every_line_is_kept() -> None:
    # "Authority:" would take the next line as its text, which was lost
    tree("Article 1", TEXT, "Done at Brussels, 1 April 2030.", "Authority:", "A. LAMP")


def test_amendments_in_quotation_marks_are_no_units() -> None:
    # the Federal Register quotes what it adds
    root = tree("PART 11—LAMPS", "§ 11.1 Scope.", TEXT, "“§ 11.3 Definitions.", TEXT)
    assert [node.designator for node in root.walk() if node.kind == "section"] == ["§ 11.1"]
