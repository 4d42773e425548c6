from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_bytes import CHROMIUM, pages, printed, rules, words

from tribonian.ingest.readers.pdf import blocks, read_pdf
from tribonian.ingest.readers.pdf_file import open_pdf
from tribonian.ingest.readers.pdf_hyphens import Vocabulary
from tribonian.ingest.readers.pdf_lines import in_rows
from tribonian.ingest.readers.pdf_text import set_text
from tribonian.ingest.readers.pdf_types import Face, Line, Span
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled
from tribonian.schemas.tree import grow

LAW = "The owner shall keep the record in good order and"  # about 220 points in 10 pt Helvetica


def styled(data: bytes) -> list[Styled]:
    with open_pdf(io.BytesIO(data), Reading()) as opened:
        return list(blocks(opened))


def texts(data: bytes) -> list[str]:
    return [block.text for block in styled(data) if block.kind != "running-head"]


def column(x: float, *lines: str, top: float = 700, lead: float = 12) -> bytes:
    """Lines one below another."""
    return words(*((x, top - lead * at, text) for at, text in enumerate(lines)))


def test_columns_are_read_one_after_the_other_though_the_file_goes_row_by_row() -> None:
    left = [f"left {n} {LAW}" for n in range(8)]
    right = [f"right {n} {LAW}" for n in range(8)]
    rows = [
        each
        for at in range(8)
        for each in ((40, 700 - 12 * at, left[at]), (330, 700 - 12 * at, right[at]))
    ]
    assert " ".join(texts(pages(words(*rows)))) == " ".join(left + right)


def test_a_title_over_both_columns_comes_first_and_a_footer_over_both_last() -> None:
    title = "A TITLE THAT RUNS OVER THE WHOLE WIDTH OF THE PAGE AND CROSSES THE GUTTER OF IT"
    foot = "This notice, which stands below both of the columns, crosses the gutter as well."
    content = b"\n".join(
        [
            words((40, 740, title), size=11),
            column(330, *[f"right {n} {LAW}" for n in range(6)]),
            column(40, *[f"left {n} {LAW}" for n in range(6)]),
            words((40, 560, foot), size=11),
        ]
    )
    found = texts(pages(content))
    assert found[0] == title
    assert found[-1] == foot
    assert found[1].startswith("left 0")


def test_numbers_that_hang_before_their_text_are_no_column() -> None:
    content = b"\n".join(
        words((72, 700 - 12 * at, number), (110, 700 - 12 * at, text))
        for at, (number, text) in enumerate(
            [
                ("(a)", "Records are kept for two years after the product was made;"),
                ("(b)", "Records are shown on request to an officer of the agency;"),
                ("(c)", "Records are kept in a dry place that can be locked; and"),
                ("(d)", "Records are legible."),
            ]
        )
    )
    assert texts(pages(content)) == [
        "(a) Records are kept for two years after the product was made;",
        "(b) Records are shown on request to an officer of the agency;",
        "(c) Records are kept in a dry place that can be locked; and",
        "(d) Records are legible.",
    ]


def running(page: int, *body: str) -> bytes:
    return b"\n".join(
        [
            words((200, 760, f"Rules of the Office, edition of 20{page + 10}"), size=8),
            column(72, *body),
            words((300, 40, str(page)), size=8),
        ]
    )


def test_heads_and_page_numbers_are_taken_out_and_kept_once_at_the_end() -> None:
    bodies = [
        ("First page of the law, on which a sentence begins that the next page",),
        ("carries on and that ends here.", "A second sentence stands alone in its paragraph."),
        ("The third page has one sentence.",),
        ("And the fourth page another one.",),
    ]
    found = styled(pages(*(running(at, *body) for at, body in enumerate(bodies, 1))))
    heads = [block for block in found if block.kind == "running-head"]
    assert [block.text for block in heads] == [
        "\n".join(f"Rules of the Office, edition of 20{page + 10}" for page in range(1, 5)),
        "1\n2\n3\n4",
    ]
    assert not any("Rules" in block.text for block in found if block.kind == "paragraph")
    assert "the next page carries on and that ends here." in found[0].text


def test_a_line_of_law_at_the_same_place_of_two_pages_stays() -> None:
    page = column(72, "(a) The first line of the law.", "(b) The second line of the law.")
    found = texts(pages(page, page))
    assert found.count("(a) The first line of the law.") == 2


def test_bullets_at_the_foot_of_pages_are_no_running_head() -> None:
    items = ("An item of a list.", "Something else to bear in mind.", "The last of these.")
    sheets = [words((72, 60, "•"), (110, 60, item)) for item in items]
    assert texts(pages(*sheets)) == [f"• {item}" for item in items]


def test_a_paragraph_ends_where_its_last_line_leaves_room_or_space_follows() -> None:
    full = "The holder of a licence shall file a report with the Office every year,"
    content = (
        column(72, full, full, "and pay.", "The Office may ask for more.")
        + b"\n"
        + words((72, 700 - 4 * 12 - 10, "After a gap there is another paragraph."), (72, 600, full))
    )
    assert texts(pages(content)) == [
        f"{full} {full} and pay.",
        "The Office may ask for more.",
        "After a gap there is another paragraph.",
        full,
    ]


def test_a_number_alone_on_its_line_belongs_to_what_follows() -> None:
    content = column(72, "(a)", "Records are kept in good order for two years.")
    assert texts(pages(content)) == ["(a) Records are kept in good order for two years."]


def test_italic_and_bold_words_are_known_by_their_characters() -> None:
    content = b"BT /F 10 Tf 72 700 Td (See ) Tj /B 10 Tf (this) Tj /F 10 Tf ( now.) Tj ET"
    (block,) = styled(pages(content))
    assert block.text == "See this now."
    assert block.bolds == ((4, 8),)
    assert block.italics == ()


def test_raised_figures_are_marks_of_footnotes_which_stand_below_in_small_type() -> None:
    body = (
        b"\n".join(
            column(
                72,
                *[f"Line {n} of the law, which is long enough to fill the page." for n in range(6)],
            ).splitlines()
        )
        + b"\nBT /F 10 Tf 72 600 Td (Fees are due) Tj"
        b" 3 Ts /F 6 Tf (1) Tj 0 Ts /F 10 Tf ( at once.) Tj ET"
    )
    note = (
        b"\nBT /F 7 Tf 72 60 Td 2 Ts /F 4.5 Tf (1) Tj 0 Ts /F 7 Tf ( See the table of fees.) Tj ET"
    )
    found = styled(pages(body + note))
    assert any("Fees are due¹ at once." in block.text and "1" in block.marks for block in found)
    (foot,) = [block for block in found if block.kind == "footnote"]
    assert (foot.marks, foot.text) == (("1",), "See the table of fees.")


@pytest.mark.parametrize(
    ("before", "after", "known", "whole"),
    [
        ("the require-", "ments of", "all requirements", "the requirements of"),
        ("a low-", "moisture food", "a low-moisture thing", "a low-moisture food"),
        ("any non-", "penicillin drug", "", "any non-penicillin drug"),
        ("section 2018-", "23 of", "", "section 2018-23 of"),
        ("the Anglo-", "American treaty", "", "the Anglo-American treaty"),
        ("short-", "and long-term", "", "short-and long-term"),
        ("any non-repudia-", "tion of it", "the tion", "any non-repudiation of it"),
        ("by e-", "mail or fax", "", "by e-mail or fax"),
        ("an FAA-", "operated mast", "", "an FAA-operated mast"),
        ("a two-", "piece capsule", "", "a two-piece capsule"),
        ("the four-", "teen lamps", "", "the fourteen lamps"),
        ("an escape-", "only mask", "", "an escape-only mask"),
        ("some broadly-", "accepted method", "", "some broadly-accepted method"),
        ("M–", "30, West", "", "M–30, West"),
        ("402(a)(1), (a)", "(2), and", "", "402(a)(1), (a)(2), and"),
        ("see https://", "www.example.org", "", "see https://www.example.org"),
        ("a full", "line", "", "a full line"),
    ],
)
def test_the_seam_of_two_lines(before: str, after: str, known: str, whole: str) -> None:
    vocabulary = Vocabulary()
    vocabulary.learn(f"{before}\n{after}\n{known}")
    cut, seam = vocabulary.seam(before, after)
    assert before[: len(before) - cut] + seam + after == whole


@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")
@pytest.mark.parametrize("flags", [(), ("--disable-pdf-tagging",)])
@pytest.mark.parametrize("columns", [1, 2, 3])
def test_what_chromium_prints_is_read_as_it_was_written(
    tmp_path: Path, columns: int, flags: tuple[str, ...]
) -> None:
    sentence = "The holder of a licence shall, in each calendar year, file a report with the Office"
    paragraphs = [f"({n}) {sentence} under section {n}.{n}; and" for n in range(1, 60)]
    html = (
        "<style>@page{size:letter;margin:1in;@top-center{content:'Rules of the Office'}"
        "@bottom-center{content:counter(page)}}"
        f"body{{columns:{columns};font:9.5pt serif;text-align:justify}}"
        "p{margin:0;text-indent:1em}h1{column-span:all}</style><h1>Rules</h1>"
        + "".join(f"<p>{each}</p>" for each in paragraphs)
    )
    found = styled(printed(html, tmp_path, *flags))
    assert [b.text for b in found if b.kind != "running-head"] == ["Rules", *paragraphs]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(20, 560), st.integers(2, 50), st.text("abXY (1).-", min_size=1, max_size=30)
        ),
        min_size=1,
        max_size=30,
        unique_by=lambda place: place[1],
    )
)
def test_no_word_is_lost_wherever_words_stand(placed: list[tuple[int, int, str]]) -> None:
    escaped = [(x, 15 * y, text.replace("(", "\\(").replace(")", "\\)")) for x, y, text in placed]
    reading = Reading()
    root = grow(read_pdf(io.BytesIO(pages(words(*escaped))), reading))
    assert reading.words == root.total_words()
    said = "".join(
        f"{node.designator}{node.heading}{node.text}" for node in root.walk() if not node.added
    )
    assert sorted(each for each in said if each in "abXY") == sorted(
        each for *_, text in placed for each in text if each in "abXY"
    )


def test_a_title_over_the_middle_of_three_columns_comes_before_them() -> None:
    columns = [
        column(x, *[f"{name} {n} the owner keeps a record" for n in range(9)])
        for x, name in ((40, "first"), (230, "second"), (420, "third"))
    ]
    title = words((240, 730, "PART 7 - RECORDS"), font="B", size=13)
    found = texts(pages(b"\n".join([*columns, title])))
    assert found[0] == "PART 7 - RECORDS"
    assert " ".join(found[1:]).index("first 8") < " ".join(found[1:]).index("second 0")


def test_columns_of_later_pages_tell_those_of_a_first_page_with_short_lines() -> None:
    first = b"\n".join(
        [
            column(
                40, "(a) Ash Ashes of Wood.", "(b) Bee Beeswax Candles.", "(c) Cob Cobbled Road."
            ),
            column(330, f"It holds that {LAW}", f"not only {LAW}"),
        ]
    )
    full = b"\n".join(
        column(x, *[f"{name} {n} {LAW}" for n in range(30)])
        for x, name in ((40, "left"), (330, "right"))
    )
    found = texts(pages(first, full))
    assert found[:3] == [
        "(a) Ash Ashes of Wood.",
        "(b) Bee Beeswax Candles.",
        "(c) Cob Cobbled Road.",
    ]


def test_a_rule_over_all_columns_ends_what_stands_above_it() -> None:
    masthead = words((40, 740, "Proposals"), (400, 740, "Gazette of the Office"), size=9)
    body = b"\n".join(
        column(x, *[f"{name} {n} the owner shall keep a record" for n in range(9)])
        for x, name in ((40, "left"), (330, "right"))
    )
    found = texts(pages(b"\n".join([masthead, rules((40, 725, 560, 725)), body])))
    assert "Gazette" in " ".join(found[:2])
    assert found.index(next(each for each in found if "left 0" in each)) > 0


def test_pieces_of_one_line_are_joined_and_what_is_printed_twice_is_read_once() -> None:
    letters = words(*((72 + 6.7 * at, 700, each) for at, each in enumerate("RECORD")), size=10)
    twice = words((72, 660, "Kept in ink."), (72.3, 660, "Kept in ink."))
    assert texts(pages(letters + b"\n" + twice)) == ["RECORD", "Kept in ink."]


def test_numbers_that_count_lines_are_taken_out_also_where_they_touch_the_text() -> None:
    text = "The holder of a licence shall file a report with the Office every year, and"
    sheets = [
        words(
            *((60, 700 - 12 * n, f"{20 * sheet + n + 1} {text}") for n in range(20)),
        )
        for sheet in range(2)
    ]
    found = styled(pages(*sheets))
    assert found[0].text.startswith(f"{text} {text}")
    assert found[-1].kind == "running-head"
    assert found[-1].text.split("\n")[-1] == "40"


def test_a_small_roman_number_alone_at_the_foot_is_that_of_the_page() -> None:
    body = column(72, "What this is about and for whom it was written.", "Some more of it.")
    (head,) = [
        block
        for block in styled(pages(body + b"\n" + words((300, 40, "iv"))))
        if block.kind == "running-head"
    ]
    assert head.text == "iv"


def test_footnotes_that_say_the_same_are_no_running_head() -> None:
    note = b"BT /F 7 Tf 72 60 Td 2 Ts /F 4.5 Tf (%d) Tj 0 Ts /F 7 Tf ( See the Act.) Tj ET"
    kept = ("lamps", "ropes", "horns", "boats")
    sheets = [
        column(72, *[f"Of {thing} the law says, in its part {n}," for n in range(5)])
        + b"\n"
        + note % number
        for number, thing in enumerate(kept, 1)
    ]
    found = styled(pages(*sheets))
    assert [b.text for b in found if b.kind == "footnote"] == ["See the Act."] * 4


def test_a_footnote_goes_on_at_the_foot_of_the_next_column() -> None:
    left = column(40, *[f"left {n} {LAW}" for n in range(12)])
    right = column(330, *[f"right {n} {LAW}" for n in range(12)])
    begun = (
        b"BT /F 7 Tf 40 520 Td 2 Ts /F 4.5 Tf (1) Tj 0 Ts /F 7 Tf"
        b" ( The lamp of the keeper is lit at dusk and it is kept burning until) Tj ET"
    )
    ended = words((330, 520, "the sun has risen."), size=7)
    found = styled(pages(b"\n".join([left, right, begun, ended])))
    (note,) = [block for block in found if block.kind == "footnote"]
    assert note.text.endswith("kept burning until the sun has risen.")


def test_an_entry_of_a_contents_page_is_a_block_of_its_own() -> None:
    entries = [
        "1. Scope ............ 1",
        "2. Words of this law and what they mean ... 2",
        "3. Fees .. 9",
    ]
    assert texts(pages(column(72, *entries))) == entries


def test_a_title_that_breaks_off_before_the_name_of_a_part_goes_on() -> None:
    content = words(
        (72, 700, "APPENDIX A - LAMPS TAKEN OUT OF"), (72, 686, "PART 20"), font="B", size=12
    )
    assert texts(pages(content)) == ["APPENDIX A - LAMPS TAKEN OUT OF PART 20"]


def test_a_raised_figure_behind_a_unit_is_a_power_and_no_mark() -> None:
    content = (
        b"BT /F 10 Tf 72 700 Td (At most 7 mg/cm) Tj 3 Ts /F 6 Tf (2) Tj"
        b" 0 Ts /F 10 Tf ( a day.) Tj ET"
    )
    (block,) = styled(pages(content))
    assert block.text == "At most 7 mg/cm² a day."
    assert block.marks == ()


def test_a_fraction_of_raised_and_lowered_figures_is_set_on_the_line() -> None:
    size, small = Face("Serif", 10.0), Face("Serif", 6.0)
    text = "Add 11⁄2 cups at once."
    spans = (
        Span(0, 5, 0, 25, size), Span(5, 6, 25, 28, small, rise=3.0), Span(6, 7, 28, 30, size),
        Span(7, 8, 30, 33, small, rise=-2.0), Span(8, 21, 33, 100, Face("Serif", 10.0, True)),
    )  # fmt: skip
    whole = set_text([Line(text, 0, 0, 100, 10, 8, size, spans, 1)], Vocabulary())
    assert whole.text == "Add 1 1/2 cups at once."
    assert [whole.text[a:b] for a, b in whole.bolds] == [" cups at once"]
    assert whole.marks == ()


def test_an_ordinal_is_no_mark() -> None:
    content = b"BT /F 10 Tf 72 700 Td (The 3) Tj 3 Ts /F 6 Tf (rd) Tj 0 Ts /F 10 Tf ( time) Tj ET"
    (block,) = styled(pages(content))
    assert block.marks == ()


def test_items_of_an_indented_list_are_not_centred_by_chance() -> None:
    wide = "The holder of a licence shall file a report with the Office every year, and pay for it"
    content = column(72, wide, wide, wide) + b"\n" + column(
        150, "1. Keepers of lamps and of horns", "2. Keepers of the boats of the Office",
        "3. Keepers of rope", top=650,
    )  # fmt: skip
    assert not any(block.centered for block in styled(pages(content)))


BOOKMARKED = (
    b"<</Type/Outlines/First 8 0 R/Last 8 0 R/Count 1>>",
    b"<</Title(%s)/Parent 7 0 R/Dest[5 0 R/XYZ 0 792 0]>>",
)


@pytest.mark.parametrize("title", ["II. Keeping of records", "Keeping of records"])
def test_a_bookmark_names_a_heading_also_without_its_number(title: str) -> None:
    content = words((72, 700, "II. Keeping of records"), font="B", size=12)
    content += b"\n" + column(72, "The owner keeps them.", top=670)
    more = (BOOKMARKED[0], BOOKMARKED[1] % title.encode())
    found = styled(pages(content, catalog=b"/Outlines 7 0 R", more=more))
    assert [block.level for block in found] == [1, 0]


def test_a_bookmark_that_was_cut_short_is_no_heading() -> None:
    content = column(72, "The owner keeps them...")
    more = (BOOKMARKED[0], BOOKMARKED[1] % b"The owner keeps them...")
    (block,) = styled(pages(content, catalog=b"/Outlines 7 0 R", more=more))
    assert block.level == 0


def test_a_raised_and_a_lowered_figure_stand_in_the_row_of_the_line_between_them() -> None:
    def piece(text: str, x0: float, x1: float, base: float, size: float) -> Line:
        face = Face("Serif", size)
        span = Span(0, len(text), x0, x1, face)
        return Line(text, x0, base - 0.9 * size, x1, base + 0.2 * size, base, face, (span,), 1)

    fragments = [
        piece("1", 74.6, 77.0, 45.5, 4.9), piece("by taking", 51, 73.1, 48.0, 5.9),
        piece("th of the rest", 82.9, 140, 48.0, 5.9), piece("⁄10", 76.0, 82.9, 49.6, 4.9),
    ]  # fmt: skip
    (row,) = in_rows(fragments)
    assert set_text([row], Vocabulary()).text == "by taking 1/10th of the rest"


def test_a_running_head_with_a_dash_of_another_length_on_one_page_is_one() -> None:
    data = pages(
        *(
            words((250, 760, f"Draft {dash} Not for Use"), size=9)
            + b"\n"
            + column(72, *[f"{'abcde'[page] * (n + 2)} {LAW}" for n in range(9)])
            for page, dash in enumerate("\u2013\u2014\u2014\u2014-")
        )
    )
    heads = [block.text for block in styled(data) if block.kind == "running-head"]
    assert len(heads) == 1
    assert heads[0].count("Not for Use") == 5


def test_what_reads_as_latin_in_the_symbol_font_is_greek() -> None:
    text, symbol = Face("Times", 10), Face("SymbolMT", 10)
    line = Line("rate l of", 72, 90, 110, 100, 98, text,
                (Span(0, 5, 72, 92, text), Span(5, 6, 92, 97, symbol), Span(6, 9, 97, 110, text)),
                1)  # fmt: skip
    assert set_text([line], Vocabulary()).text == "rate λ of"
    line.spans = (Span(0, 9, 72, 110, Face("Symbolist", 10)),)
    assert set_text([line], Vocabulary()).text == "rate l of"


def test_accents_that_are_signs_of_their_own_stand_on_their_letters() -> None:
    text, italic = Face("Times", 10), Face("Times", 10, italic=True)
    said = "the Ageˆncia de Aviac¸ão of n˜ and Lamps"
    line = Line(said, 72, 90, 300, 100, 98, text,
                (Span(0, 4, 72, 92, text), Span(4, 24, 92, 200, italic),
                 Span(24, len(said), 200, 300, text)), 1)  # fmt: skip
    found = set_text([line], Vocabulary())
    assert found.text == "the Agência de Aviação of n˜ and Lamps"
    assert [found.text[a:b] for a, b in found.italics] == ["Agência de Aviação"]
