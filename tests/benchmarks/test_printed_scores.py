"""The measure itself: what it must see, and what it must not."""

from __future__ import annotations

from dataclasses import replace

from printed.scores import compare, differences, law_of

from tribonian.schemas.tree import Node


def paragraph(number: str, text: str, *children: Node) -> Node:
    return Node("paragraph", number, "", text, children=children)


def section(number: str, heading: str, *children: Node) -> Node:
    return Node("section", f"§ {number}", heading, children=children)


LANTERNS = Node(
    "part",
    "PART 5",
    "LANTERNS",
    children=(
        section(
            "5.1",
            "Scope.",
            paragraph("(a)", "A lantern must shine.", paragraph("(1)", "By night.")),
            paragraph("(b)", "A lamp need not."),
        ),
        section("5.2", "Fuel.", Node("paragraph", text="No gasoline. CO₂ is measured.")),
    ),
)


def changed(*sections: Node) -> Node:
    return replace(LANTERNS, children=sections)


def test_a_tree_is_equal_to_itself() -> None:
    score = compare(law_of(LANTERNS), law_of(LANTERNS))
    shares = (score.sections, score.paths, score.text, score.heads, score.containers, score.kinds)
    assert shares == (1.0,) * 6
    assert score.ordered
    assert (score.foreign, score.missing) == (0, 0)


def test_a_lost_section_lowers_sections_paths_and_text() -> None:
    score = compare(law_of(LANTERNS), law_of(changed(LANTERNS.children[0])))
    assert score.sections == 2 / 3
    assert score.text < 1
    assert score.missing == 8


def test_a_paragraph_under_the_wrong_number_is_a_wrong_path() -> None:
    one, two = LANTERNS.children
    flat = replace(one, children=(*one.children, paragraph("(1)", "By night.")))
    flat = replace(flat, children=(replace(flat.children[0], children=()), *flat.children[1:]))
    score = compare(law_of(LANTERNS), law_of(changed(flat, two)))
    assert score.paths == 2 / 3
    assert score.sections == 1


def test_sections_that_changed_places_are_out_of_order_but_found() -> None:
    score = compare(law_of(LANTERNS), law_of(changed(*reversed(LANTERNS.children))))
    assert score.sections == 1
    assert not score.ordered


def test_a_running_head_in_a_sentence_is_foreign() -> None:
    one, two = LANTERNS.children
    broken = replace(two, children=(Node("paragraph", text="No 7 CFR gasoline. CO2 is measured."),))
    score = compare(law_of(LANTERNS), law_of(changed(one, broken)))
    assert score.foreign == 2
    assert score.missing == 0


def test_a_running_head_under_its_own_kind_is_not_foreign() -> None:
    head = Node("running-head", text="7 CFR Part 5")
    score = compare(law_of(LANTERNS), law_of(changed(*LANTERNS.children, head)))
    assert score.foreign == 0


def test_a_section_is_the_same_whatever_its_sign() -> None:
    other = changed(*(replace(s, designator=s.designator.replace("§", "Sec."))
                      for s in LANTERNS.children))  # fmt: skip
    assert compare(law_of(LANTERNS), law_of(other)).sections == 1


def test_differences_are_shown_in_their_context() -> None:
    one, two = LANTERNS.children
    broken = replace(two, children=(Node("paragraph", text="No gaso line. CO₂ is measured."),))
    lines = list(differences(law_of(LANTERNS), law_of(changed(one, broken)), 5))
    assert lines == ["text 5.2: … 5 2 fuel no [-gasoline-] {+gaso line+} co2 is measured …"]
