from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_bytes import CHROMIUM, pages, printed, words

from tribonian.ingest.readers.pdf import blocks, read_pdf
from tribonian.ingest.readers.pdf_file import open_pdf
from tribonian.ingest.readers.pdf_hyphens import Vocabulary
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
    said = "".join(f"{node.designator}{node.heading}{node.text}" for node in root.walk())
    assert sorted(each for each in said if each in "abXY") == sorted(
        each for *_, text in placed for each in text if each in "abXY"
    )
