"""The content of a container: what it holds, stated as fact."""

from __future__ import annotations

from hand_written import (
    appendix,
    built,
    chapter,
    keeps_its_word,
    part,
    section,
    subject_group,
    subpart,
    title,
)


def sections(part_number: int, *numbers: int) -> str:
    return "".join(section(f"{part_number}.{n}", f"S{n}.", "<P>Law.</P>") for n in numbers)


def test_a_part_says_how_many_sections_it_has_which_they_span_and_what_they_are_called() -> None:
    folder = built(part(701, "LABELS", sections(701, 1, 3, 20)))
    assert folder.nodes[0].content == (
        "PART 701—LABELS contains 3 sections, §§ 701.1 to 701.20. "
        "It consists of: § 701.1 S1; § 701.3 S3; § 701.20 S20."
    )


def test_one_is_no_plural_and_spans_itself() -> None:
    folder = built(part(701, "LABELS", subpart("A", "General", sections(701, 1))))
    assert folder.nodes[0].content == (
        "PART 701—LABELS contains 1 section, § 701.1, divided into 1 subpart. "
        "It consists of: Subpart A—General (§ 701.1)."
    )


def test_a_chapter_names_its_parts_with_their_spans() -> None:
    folder = built(
        chapter("I", "FDA", part(700, "GENERAL", sections(700, 1, 2)), part(701, "LABELS",
                sections(701, 3)))
    )  # fmt: skip
    assert folder.nodes[0].content == (
        "CHAPTER I—FDA contains 3 sections, §§ 700.1 to 701.3, divided into 2 parts. "
        "It consists of: PART 700—GENERAL (§§ 700.1 to 700.2); PART 701—LABELS (§ 701.3)."
    )


def test_appendices_are_counted_beside_sections() -> None:
    law = part(
        701,
        "LABELS",
        sections(701, 1),
        appendix("Appendix A to Part 701", "F", "<P>Form.</P>"),
        appendix("Appendix B to Part 701", "G", "<P>Form.</P>"),
    )
    assert "contains 1 section and 2 appendices, § 701.1." in built(law).nodes[0].content


def test_what_was_left_out_is_not_counted() -> None:
    reserved = '<DIV8 N="701.2" TYPE="SECTION"><HEAD>§ 701.2   [Reserved]</HEAD></DIV8>'
    content = built(part(701, "LABELS", sections(701, 1, 3), reserved)).nodes[0].content
    assert "contains 2 sections, §§ 701.1 to 701.3." in content
    assert "701.2" not in content


def test_a_long_list_is_shortened_and_says_by_how_many() -> None:
    folder = built(part(701, "LABELS", sections(701, *range(1, 151))), max_tokens=256)
    content = folder.nodes[0].content
    assert content.startswith("PART 701—LABELS contains 150 sections, §§ 701.1 to 701.150.")
    shown = content.count("; §") + 1
    assert content.endswith(f"; and {150 - shown} more.")
    assert folder.fit
    keeps_its_word(folder)


def test_every_container_has_a_content_that_names_it() -> None:
    law = title(
        21,
        "Food",
        chapter(
            "I",
            "FDA",
            part(700, "GENERAL", subpart("A", "X", subject_group("Group", sections(700, 1)))),
            part(701, "LABELS", "<HD1>Account</HD1><P>Text.</P>"),
        ),
    )
    for node in built(law).nodes:
        if node.children:
            assert node.content.startswith(f"{node.label} contains "), node


def test_numbers_above_a_thousand_are_marked() -> None:
    law = part(701, "LABELS", sections(701, *range(1, 1101)))
    assert "contains 1,100 sections, §§ 701.1 to 701.1100." in built(law).nodes[0].content
