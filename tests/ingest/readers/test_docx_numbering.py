"""Automatic numbers as Word prints them; the expected ones were checked with LibreOffice.

Where LibreOffice does otherwise (legal style, ``w:lvlRestart``, new starts of deeper levels),
ECMA-376 17.9 is followed, which is named at the row.
"""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from word_file import definition, instance, level, li, p, start, style, word_file

from tribonian.ingest.readers.docx import read_blocks
from tribonian.ingest.readers.docx_number_formats import formatted
from tribonian.ingest.readers.office import find_office
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled

CFR = (
    level(0, "lowerLetter", "(%1)"), level(1, "decimal", "(%2)"), level(2, "lowerRoman", "(%3)"),
    level(3, "upperLetter", "(%4)"), level(4, "decimal", "(%5)"), level(5, "lowerRoman", "(%6)"),
)  # fmt: skip
DOTTED = (
    level(0, "decimal", "%1."), level(1, "decimal", "%1.%2."), level(2, "decimal", "%1.%2.%3."),
)  # fmt: skip


def blocks(body: str, **parts: str) -> list[Styled]:
    return list(read_blocks(io.BytesIO(word_file(body, **parts)), Reading()))


def numbers(body: str, **parts: str) -> str:
    """What stands before the text, which is ``x`` in every paragraph."""
    return " ".join(each.text.removesuffix("x").strip() for each in blocks(body, **parts))


def listed(levels: str, numbering: str) -> str:
    """The numbers of paragraphs at these levels of list 1, or of ``2:0``, list 2, level 0."""
    body = ""
    for each in levels.split():
        number, _, at = each.rpartition(":")
        body += li("x", int(at), int(number or 1))
    return numbers(body, numbering=numbering)


ONE = instance(1, 0)


@pytest.mark.parametrize(
    ("levels", "numbering", "expected"),
    [
        # the six levels of a section of the CFR (1 CFR 21.11)
        ("0 1 2 3 4 5 5 4 0 1", definition(0, *CFR) + ONE,
         "(a) (1) (i) (A) (1) (i) (ii) (2) (b) (1)"),
        # numbers that hold those above
        ("0 1 1 2 0 1 2 2", definition(0, *DOTTED) + ONE,
         "1. 1.1. 1.2. 1.2.1. 2. 2.1. 2.1.1. 2.1.2."),
        # a level above that was not printed begins as if it had been
        ("1 1 0 1", definition(0, *DOTTED) + ONE, "1.1. 1.2. 2. 2.1."),
        # lists of one definition go on counting
        ("1:0 2:0 1:0 2:0", definition(0, *DOTTED) + ONE + instance(2, 0), "1. 2. 3. 4."),
        # lists of two definitions count apart
        ("1:0 2:0 1:0 2:0", definition(0, *DOTTED) + definition(1, *CFR) + ONE + instance(2, 1),
         "1. (a) 2. (b)"),
        # a new start counts once, where its list begins
        ("1:0 1:0 2:0 2:0 1:0 2:0", definition(0, *DOTTED) + ONE + instance(2, 0, start(0, 5)),
         "1. 2. 5. 6. 7. 8."),
        # 17.9.27: the new start of a level holds whenever the level restarts
        ("2:0 2:1 2:1 2:0 2:1", definition(0, *CFR) + instance(2, 0, start(1, 3)),
         "(a) (3) (4) (b) (3)"),
        # a level overridden as a whole
        ("2:0 2:0", definition(0, *DOTTED) + instance(
            2, 0, f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "Article %1", start=4)}'
            "</w:lvlOverride>"), "Article IV Article V"),
        # lists that begin elsewhere than at one
        ("0 1 0", definition(0, level(0, "decimal", "%1.", start=3),
                             level(1, "decimal", "%1-%2", start=4)) + ONE, "3. 3-4 4."),
        # 17.9.10: a level that never restarts, as sections do across chapters
        ("0 1 1 0 1", definition(0, level(0, "decimal", "Chapter %1"),
                                 level(1, "decimal", "§ %2", '<w:lvlRestart w:val="0"/>')) + ONE,
         "Chapter 1 § 1 § 2 Chapter 2 § 3"),
        # 17.9.10: a level that restarts after the first level alone
        ("0 1 2 1 2 0 1 2", definition(0, *DOTTED[:2], level(2, "lowerLetter", "(%3)",
                                                             '<w:lvlRestart w:val="1"/>')) + ONE,
         "1. 1.1. (a) 1.2. (b) 2. 2.1. (a)"),
        # 17.9.4: legal style, with the zero it keeps
        ("0 1 1 0 1", definition(0, level(0, "upperRoman", "Article %1."),
                                 level(1, "decimalZero", "Section %1.%2", "<w:isLgl/>")) + ONE,
         "Article I. Section 1.01 Section 1.02 Article II. Section 2.01"),
        # a bullet in between has no number
        ("0 1 2 3", definition(0, *DOTTED[:2], level(2, "bullet", "–"),
                               level(3, "decimal", "%1.%2.%3%4.")) + ONE, "1. 1.1. • 1.1.1."),
        # text without a number, and a level without text
        ("0 1", definition(0, level(0, "none", "Note:"), level(1, "decimal", "")) + ONE, "Note: "),
        # an index beyond the nine levels, a level the list has not got
        ("7", definition(0, *DOTTED) + ONE, ""),
    ],
)  # fmt: skip
def test_numbers_are_counted_as_word_counts_them(
    levels: str, numbering: str, expected: str
) -> None:
    assert listed(levels, numbering) == expected


@pytest.mark.parametrize(
    ("form", "number", "expected"),
    [
        ("decimal", 12, "12"), ("decimalZero", 7, "07"), ("decimalZero", 10, "10"),
        ("lowerLetter", 26, "z"), ("lowerLetter", 27, "aa"), ("lowerLetter", 28, "bb"),
        ("upperLetter", 53, "AAA"), ("lowerRoman", 1994, "mcmxciv"), ("upperRoman", 49, "XLIX"),
        ("ordinal", 1, "1st"), ("ordinal", 12, "12th"), ("ordinal", 23, "23rd"),
        ("ordinal", 112, "112th"), ("cardinalText", 21, "Twenty-one"),
        ("cardinalText", 342, "Three hundred forty-two"), ("ordinalText", 1, "First"),
        ("ordinalText", 12, "Twelfth"), ("ordinalText", 30, "Thirtieth"),
        ("ordinalText", 21, "Twenty-first"), ("numberInDash", 4, "- 4 -"), ("chicago", 3, "‡"),
        ("chicago", 5, "**"), ("none", 3, ""), ("bullet", 3, ""), ("hex", 26, "1A"),
        ("decimalEnclosedCircle", 3, "③"), ("decimalEnclosedCircle", 21, "㉑"),
        ("decimalFullWidth", 10, "１０"), ("russianLower", 2, "б"), ("lowerLetter", 0, ""),
        ("taiwaneseCounting", 3, "3"), ("decimal", -5, "0"),
    ],
)  # fmt: skip
def test_a_number_is_written_in_its_format(form: str, number: int, expected: str) -> None:
    assert formatted(number, form) == expected


def test_a_format_of_the_authors_own_says_how_many_zeros() -> None:
    assert formatted(7, "custom", "001, 002, 003, ...") == "007"


def test_a_format_that_is_not_known_is_written_in_figures_and_found() -> None:
    reading = Reading()
    numbering = definition(0, level(0, "thaiCounting", "%1)")) + ONE
    data = word_file(li("x"), numbering=numbering)

    assert [each.text for each in read_blocks(io.BytesIO(data), reading)] == ["1) x"]
    assert [each.code for each in reading.findings] == ["number-format"]


def test_the_number_begins_the_text_and_its_italics_are_those_of_the_level() -> None:
    italic = level(0, "decimal", "(%1)").replace("</w:lvl>", "<w:rPr><w:i/></w:rPr></w:lvl>")
    (block,) = blocks(li("Lamps"), numbering=definition(0, italic) + ONE)

    assert (block.text, block.italics, block.list_level) == ("(1) Lamps", ((0, 3),), 1)


def test_a_number_with_nothing_behind_it_is_set_apart_unless_the_text_finishes_it() -> None:
    bare = '<w:suff w:val="nothing"/>'
    numbering = definition(0, level(0, "decimal", "§ 1%1.", bare)) + ONE
    assert [b.text for b in blocks(li("1 Scope") + li("Lamps"), numbering=numbering)] == [
        "§ 11.1 Scope",
        "§ 12. Lamps",
    ]


def test_a_style_gives_a_number_and_the_list_says_at_which_level() -> None:
    named = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = style("A", "article", named) + style("B", "clause", named) + style("C", "sub", "", "B")
    numbering = definition(
        0,
        level(0, "upperRoman", "Article %1", '<w:pStyle w:val="A"/>'),
        level(1, "lowerLetter", "(%2)", '<w:pStyle w:val="B"/>'),
    )
    body = "".join(p("x", f'<w:pStyle w:val="{each}"/>') for each in "ABBAC")

    assert numbers(body, styles=styles, numbering=numbering + ONE) == (
        "Article I (a) (b) Article II (a)"
    )


def test_a_paragraph_gives_the_level_and_its_style_the_list() -> None:
    styles = style("A", "clause", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
    body = p("x", '<w:pStyle w:val="A"/><w:numPr><w:ilvl w:val="1"/></w:numPr>')

    assert numbers(body, styles=styles, numbering=definition(0, *DOTTED) + ONE) == "1.1."


def test_the_list_number_zero_switches_numbering_off() -> None:
    styles = style("A", "clause", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
    body = p("x", '<w:pStyle w:val="A"/>') + p(
        "x", '<w:pStyle w:val="A"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    )

    assert numbers(body, styles=styles, numbering=definition(0, *DOTTED) + ONE) == "1. "


def test_a_numbering_style_lends_its_levels_to_other_lists() -> None:
    styles = style(
        "L", "law", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>', kind="numbering"
    )
    numbering = (
        definition(0, *CFR, more='<w:styleLink w:val="L"/>')
        + definition(1, more='<w:numStyleLink w:val="L"/>')
        + ONE
        + instance(2, 1)
    )

    assert numbers(li("x", 0, 2) + li("x", 1, 2), styles=styles, numbering=numbering) == "(a) (1)"


def test_numbering_styles_that_lend_to_one_another_end() -> None:
    styles = style(
        "L", "law", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>', kind="numbering"
    )
    numbering = definition(0, more='<w:numStyleLink w:val="L"/>') + ONE

    assert numbers(li("x"), styles=styles, numbering=numbering) == ""


def test_what_was_deleted_or_is_hidden_does_not_count() -> None:
    gone = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr>'
    hidden = gone.replace("<w:del/>", "<w:vanish/>")
    deleted = p("", gone, "<w:del><w:r><w:delText>x</w:delText></w:r></w:del>")
    vanished = p("", hidden, "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>")

    found = blocks(li("x") + deleted + vanished + li("x"), numbering=definition(0, *CFR) + ONE)

    assert [(each.kind, each.text) for each in found] == [
        ("paragraph", "(a) x"),
        ("metadata", "secret"),
        ("paragraph", "(b) x"),
    ]


def test_an_empty_paragraph_of_a_list_prints_its_number_and_counts() -> None:
    body = li("x") + li("") + li("x")

    assert numbers(body, numbering=definition(0, *CFR) + ONE) == "(a) (b) (c)"


def test_an_empty_paragraph_with_a_bullet_is_nothing() -> None:
    assert blocks(li(""), numbering=definition(0, level(0, "bullet", "")) + ONE) == []


def test_a_text_box_counts_by_itself_and_leaves_the_count_around_it() -> None:
    box = (
        "<w:p><w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
        f"{li('box')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    found = blocks(li("x") + box + li("x"), numbering=definition(0, *CFR) + ONE)

    assert [each.text for each in found] == ["(a) x", "(a) box", "(b) x"]


def test_a_list_that_is_not_defined_gives_no_number() -> None:
    assert [each.text for each in blocks(li("Lamps", 0, 9))] == ["Lamps"]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=40))
def test_siblings_are_numbered_one_after_another(levels: list[int]) -> None:
    """Against a count written down in the plainest way."""
    numbering = definition(0, *[level(n, "decimal", f"%{n + 1};") for n in range(6)]) + ONE
    counts = [0] * 6
    expected = []
    for at in levels:
        for above in range(at):
            counts[above] = counts[above] or 1
        counts[at] += 1
        counts[at + 1 :] = [0] * (5 - at)
        expected.append(f"{counts[at]};")

    assert listed(" ".join(map(str, levels)), numbering) == " ".join(expected)


@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
def test_libreoffice_prints_the_same_numbers(tmp_path: Path) -> None:
    forms = [
        "upperRoman",
        "lowerLetter",
        "ordinal",
        "cardinalText",
        "ordinalText",
        "chicago",
        "decimalZero",
    ]
    numbering = definition(0, *CFR) + definition(1, *DOTTED) + ONE + instance(2, 1)
    numbering += instance(3, 0, start(0, 4))
    body = "".join(
        li("x", at, number)
        for number, at in [(1, 0), (1, 1), (1, 2), (2, 2), (1, 3), (1, 4), (1, 5), (2, 0), (1, 0),
                           (3, 0), (3, 1), (2, 1), (1, 0), (2, 2)]
    )  # fmt: skip
    for place, form in enumerate(forms, start=4):
        numbering += definition(place, level(0, form, "%1:")) + instance(place, place)
        body += li("x", 0, place) * 29
    path = tmp_path / "lists.docx"
    path.write_bytes(word_file(body, numbering=numbering))
    command = [
        str(find_office()), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless", "--convert-to", "txt:Text", "--outdir", str(tmp_path), str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    printed = (tmp_path / "lists.txt").read_text("utf-8-sig").splitlines()

    with path.open("rb") as file:
        assert [each.text for each in read_blocks(file, Reading())] == [
            " ".join(line.split()) for line in printed if line.strip()
        ]
