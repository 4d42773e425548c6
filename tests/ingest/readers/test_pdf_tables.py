from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_bytes import CHROMIUM, pages, printed, rules, words

from tribonian.ingest.readers.pdf_lines import piece, place_at
from tribonian.ingest.readers.pdf_page import read_page
from tribonian.ingest.readers.pdf_table_text import continues, table_node
from tribonian.ingest.readers.pdf_tables import aligned_tables, page_tables
from tribonian.ingest.readers.pdf_tags import Tags
from tribonian.ingest.readers.pdf_types import Face, Line, PdfPage, PdfTable, Rule, Span, Tag
from tribonian.ingest.tables import Cell
from tribonian.schemas.words import words as words_of


def line(x: float, base: float, text: str, *, bold: bool = False, x1: float | None = None) -> Line:
    """A line of 10 point type whose characters are five points wide."""
    face = Face("Serif-Bold" if bold else "Serif", 10.0, bold)
    end = x + 5 * len(text) if x1 is None else x1
    return Line(
        text, x, base - 8, end, base + 2, base, face, (Span(0, len(text), x, end, face),), 1
    )


def page(lines: list[Line], drawn: list[Rule] | None = None) -> PdfPage:
    return PdfPage(1, 612, 792, lines, drawn or [])


def across(y: float, x0: float, x1: float) -> Rule:
    return Rule(x0, y - 0.25, x1, y + 0.25)


def down(x: float, y0: float, y1: float) -> Rule:
    return Rule(x - 0.25, y0, x + 0.25, y1)


def grid(xs: list[float], ys: list[float]) -> list[Rule]:
    return [across(y, xs[0], xs[-1]) for y in ys] + [down(x, ys[0], ys[-1]) for x in xs]


def text_of(*tables: PdfTable) -> str:
    return table_node(tables).text


KEEPERS = [
    line(105, 115, "Keeper", bold=True), line(205, 115, "Lanterns", bold=True),
    line(105, 135, "Ada"), line(205, 135, "12"),
    line(105, 155, "Ben"), line(205, 155, "7"),
]  # fmt: skip


def test_a_grid_of_rules_is_a_table_with_its_bold_row_as_head() -> None:
    (table,) = page_tables(page(KEEPERS, grid([100, 200, 300], [100, 120, 140, 160])))
    assert text_of(table) == "| Keeper | Lanterns |\n| --- | --- |\n| Ada | 12 |\n| Ben | 7 |"
    assert {id(each) for each in table.lines} == {id(each) for each in KEEPERS}


def test_a_frame_left_open_at_its_sides_is_closed_by_the_ends_of_its_lines() -> None:
    open_frame = [across(120, 100, 300), across(140, 100, 300), down(200, 100, 160)]
    (table,) = page_tables(page(KEEPERS, open_frame))
    assert text_of(table).endswith("| Ada | 12 |\n| Ben | 7 |")


def test_cells_without_a_line_between_them_are_one_cell() -> None:
    drawn = [
        across(100, 100, 300), across(120, 100, 300), across(140, 100, 300), across(160, 200, 300),
        across(180, 100, 300), down(100, 100, 180), down(300, 100, 180), down(200, 120, 180),
    ]  # fmt: skip
    lines = [
        line(150, 115, "All lanterns", bold=True),
        line(105, 135, "Place", bold=True), line(205, 135, "Count", bold=True),
        line(105, 155, "Pier"), line(205, 155, "1"), line(205, 175, "2"),
    ]  # fmt: skip
    (table,) = page_tables(page(lines, drawn))
    node = table_node([table])
    assert node.heading == "All lanterns"
    assert node.text.splitlines() == [
        "| Place | Count |", "| --- | --- |", "| Pier | 1 |", "| Pier | 2 |",
    ]  # fmt: skip
    assert node.added == 1  # "Pier" stands in both rows that its cell covers


def test_a_line_of_words_over_two_cells_is_cut_at_the_rule() -> None:
    lines = [
        line(105, 115, "Keeper of keys Lanterns lit"), line(105, 135, "Ada Byron 12"),
    ]  # fmt: skip
    (table,) = page_tables(page(lines, grid([100, 176, 300], [100, 120, 140])))
    assert "| Keeper of keys | Lanterns lit |" in text_of(table)


def test_a_box_around_text_is_no_table() -> None:
    box = [across(100, 100, 300), across(140, 100, 300), down(100, 100, 140), down(300, 100, 140)]
    assert page_tables(page([line(105, 115, "Warning"), line(105, 130, "Hot")], box)) == []


def test_a_rule_under_the_running_head_is_no_table() -> None:
    assert page_tables(page(KEEPERS, [across(90, 50, 560), across(700, 50, 200)])) == []


def test_the_line_that_says_table_above_it_is_its_caption() -> None:
    caption = line(100, 92, "Table 3.—Lanterns by keeper", bold=True)
    (table,) = page_tables(
        page([line(100, 60, "Table 3 lists them."), caption, *KEEPERS],
             grid([100, 200, 300], [100, 120, 140, 160]))
    )  # fmt: skip
    assert table.caption == "Table 3.—Lanterns by keeper"
    assert len(table.lines) == len(KEEPERS) + 1


def test_a_paragraph_above_a_table_is_not_its_caption() -> None:
    text = line(50, 92, "The lanterns that each keeper has are counted in the table below it.")
    (table,) = page_tables(page([text, *KEEPERS], grid([100, 200, 300], [100, 120, 140, 160])))
    assert table.caption == ""


def test_rows_without_rules_are_told_apart_by_their_numbers() -> None:
    """Tables of the Federal Register have rules around the head, and none between rows."""
    lines = [
        line(105, 115, "Action"), line(205, 115, "Cost"),
        line(105, 135, "Wire the lamp and"), line(205, 135, "$85"),
        line(110, 145, "lock it."),
        line(105, 155, "Paint it"), line(205, 155, "$90"),
    ]  # fmt: skip
    drawn = [across(100, 100, 300), across(120, 100, 300), down(200, 100, 160)]
    (table,) = page_tables(page(lines, drawn))
    assert text_of(table).splitlines() == [
        "| Action | Cost |", "| --- | --- |", "| Wire the lamp and lock it. | $85 |",
        "| Paint it | $90 |",
    ]  # fmt: skip


def test_cells_of_text_over_several_lines_are_not_split_into_rows() -> None:
    lines = [
        line(105, 115, "Term", bold=True), line(205, 115, "Meaning", bold=True),
        line(105, 135, "Lantern of"), line(205, 135, "A case with"),
        line(105, 147, "the pier"), line(205, 147, "a light in it"),
    ]  # fmt: skip
    (table,) = page_tables(page(lines, grid([100, 200, 300], [100, 120, 150])))
    assert "| Lantern of the pier | A case with a light in it |" in text_of(table)


def columns(*rows: tuple[str, ...], xs: tuple[float, ...] = (72, 250, 400)) -> list[Line]:
    return [
        line(x, 100 + 14 * at, text)
        for at, row in enumerate(rows)
        for x, text in zip(xs, row, strict=False)
        if text
    ]


def test_numbers_in_columns_are_a_table_without_any_rule() -> None:
    found = aligned_tables(
        page(columns(("Pier", "Lanterns", "Wicks"), ("North", "12", "3"), ("South", "7", "1"),
                     ("West", "9", "")))
    )  # fmt: skip
    (table,) = found
    assert text_of(table).splitlines() == [
        "| Pier | Lanterns | Wicks |", "| --- | --- | --- |", "| North | 12 | 3 |",
        "| South | 7 | 1 |", "| West | 9 |  |",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            columns(*[("The keeper of a lantern shall", "light it at dusk and shall not") ] * 12,
                    xs=(72, 320)),
            id="two columns of text",
        ),
        pytest.param(
            columns(("Scope ..............", "1"), ("Lanterns ..........", "4"),
                    ("Keys ...............", "9"), ("Records .............", "12")),
            id="contents with leaders",
        ),
        pytest.param(
            columns(("Scope", "1"), ("Lanterns", "4"), ("Keys", "9"), ("Records", "12")),
            id="contents without leaders",
        ),
        pytest.param(
            columns(("(a)", "Lanterns of 12 volts"), ("(b)", "Keys"), ("(c)", "Records"),
                    ("(d)", "Piers"), xs=(72, 110)),
            id="a list with its numbers apart",
        ),
        pytest.param(
            columns(*[(str(400 + at), "The keeper of a lantern shall light it at dusk.")
                      for at in range(12)], xs=(40, 72)),
            id="line numbers",
        ),
        pytest.param(
            columns(("determined that a per-operator", "on a substantial number of", "which, in"),
                    ("is more accurate than a per", "under the criteria of the", "flightdeck"),
                    ("estimate. Therefore, the", "Flexibility Act.", "flightcrew’s ability"),
                    ("is a sum of them", "", "safe flight and")),
            id="three columns of text",
        ),
    ],
)  # fmt: skip
def test_what_is_no_table_is_not_taken_for_one(lines: list[Line]) -> None:
    assert aligned_tables(page(lines)) == []


def part(number: int, *body: tuple[str, ...], head: bool = True, caption: str = "") -> PdfTable:
    rows = [[Cell(text) for text in row] for row in body]
    heads = [[Cell("Keeper"), Cell("Lanterns")]] if head else []
    return PdfTable(100, 100, 300, 200, [], heads, rows, (100.0, 200.0), caption, number)


def test_a_table_goes_on_on_the_next_page_and_its_head_printed_again_is_kept_aside() -> None:
    one, two = part(1, ("Ada", "12"), caption="Table 1"), part(2, ("Ben", "7"))
    assert continues(one, two)
    node = table_node([one, two], "page 1")
    assert node.heading == "Table 1"
    assert node.text.endswith("| Ada | 12 |\n| Ben | 7 |")
    assert [(each.kind, each.text) for each in node.children] == [
        ("running-head", "Keeper Lanterns")
    ]


@pytest.mark.parametrize(
    ("after", "is_rest"),
    [
        (part(2, ("Ben", "7"), head=False), True),
        (part(2, ("Ben", "7"), caption="Table 1—Continued"), True),
        (part(2, ("Ben", "7"), caption="Table 2"), False),
        (part(3, ("Ben", "7")), False),
    ],
)
def test_a_caption_of_its_own_or_a_page_between_begins_another_table(
    after: PdfTable, is_rest: bool
) -> None:
    assert continues(part(1, ("Ada", "12")), after) is is_rest


def test_columns_at_other_places_are_another_table() -> None:
    after = part(2, ("Ben", "7"))
    after.columns = (100.0, 260.0)
    assert not continues(part(1, ("Ada", "12")), after)


def test_rows_over_the_whole_width_at_the_end_are_notes_once() -> None:
    note = [Cell("¹ At dusk.", 2)]
    one, two = part(1, ("Ada", "12")), part(2, ("Ben", "7"))
    one.body.append(note)
    two.body.append(note)
    node = table_node([one, two])
    assert [(each.kind, each.text) for each in node.children] == [
        ("note", "¹ At dusk."), ("running-head", "Keeper Lanterns"), ("running-head", "¹ At dusk."),
    ]  # fmt: skip


def said(page: PdfPage) -> Counter[str]:
    return Counter(word for each in page.lines for word in words_of(each.text))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 540), st.integers(0, 40), st.sampled_from(
            ("Ada", "12", "Keeper of the keys", "(a)", "$ 85", "Table 4", "……", "7 8 9 10 11")),
            st.booleans()),
        max_size=60,
    ),
    st.lists(
        st.tuples(st.integers(0, 580), st.integers(0, 600), st.integers(0, 300),
                  st.integers(0, 300), st.booleans()),
        max_size=30,
    ),
)  # fmt: skip
def test_every_word_is_in_one_table_or_in_none(
    placed: list[tuple[int, int, str, bool]], drawn: list[tuple[int, int, int, int, bool]]
) -> None:
    lines = [line(x, 40 + 14 * y, text, bold=bold) for x, y, text, bold in placed]
    marks = [
        Rule(x, y, x + w, y + 0.5) if flat else Rule(x, y, x + 0.5, y + h)
        for x, y, w, h, flat in drawn
    ]
    sheet = page(lines, marks)
    before = said(sheet)
    tables = page_tables(sheet)
    taken = [id(each) for table in tables for each in table.lines]
    assert len(taken) == len(set(taken))
    sheet.lines = [each for each in lines if id(each) not in set(taken)]
    tables += aligned_tables(sheet)
    taken = [id(each) for table in tables for each in table.lines]
    assert len(taken) == len(set(taken))
    left = said(page([each for each in lines if id(each) not in set(taken)]))
    within = sum(table_node([table]).total_words() for table in tables)
    assert within + sum(left.values()) == sum(before.values())


@given(st.text(alphabet="ab 1.", min_size=1, max_size=30), st.floats(0, 200))
def test_a_line_is_cut_at_spaces_only(text: str, x: float) -> None:
    text = " ".join(text.split())
    if text:
        whole = line(10, 100, text)
        at = place_at(whole, x)
        if at is not None:
            one, two = piece(whole, 0, at), piece(whole, at, len(text))
            assert f"{one.text} {two.text}".strip() == text


def test_rules_of_a_file_are_lines_of_a_grid() -> None:
    content = words((105, 705, "Ada"), (205, 705, "12"), (105, 685, "Ben"), (205, 685, "7"))
    content += b"\n" + rules(
        *[(100, y, 300, y) for y in (720, 700, 680)], *[(x, 680, x, 720) for x in (100, 200, 300)]
    )
    (sheet,) = [read_page(each, 1, tagged=False) for each in pdfium.PdfDocument(pages(content))]
    (table,) = page_tables(sheet)
    assert text_of(table).endswith("| Ada | 12 |\n| Ben | 7 |")


ROWS = "".join(f"<tr><td>Pier {n}<td>{'' if n % 3 else n}<td>{n * n}" for n in range(1, 121))
HTML = f"""<style>body{{font:10pt serif}} table{{border-collapse:collapse;width:100%}}
td,th{{border:1px solid black;padding:3px}}</style><p>Before the table.</p>
<table><thead><tr><th rowspan=2>Pier<th colspan=2>Lanterns<tr><th>Old<th>New</thead>
<tbody>{ROWS}</table><p>After the table.</p>"""


@pytest.fixture(scope="session", params=["tagged", "untagged"])
def chromium_table(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[bytes, bool]:
    if CHROMIUM is None:
        pytest.skip("no Chromium to print with")
    is_tagged = request.param == "tagged"
    flags = () if is_tagged else ("--disable-pdf-tagging",)
    return printed(HTML, tmp_path_factory.mktemp("table"), *flags), is_tagged


def test_a_printed_table_over_pages_is_one_table_with_one_head_and_its_empty_cells(
    chromium_table: tuple[bytes, bool],
) -> None:
    data, is_tagged = chromium_table
    document = pdfium.PdfDocument(data)
    tags = Tags(len(document))
    parts: list[PdfTable] = []
    for number, each in enumerate(document, 1):
        sheet = read_page(each, number, tagged=is_tagged)
        parts += page_tables(sheet, tags.of_page(each) if is_tagged else None, tags.places)
    assert len(parts) == len(document) > 1
    assert all(continues(a, b) for a, b in pairwise(parts))
    rows = table_node(parts).text.splitlines()
    assert rows[0] == "| Pier | Lanterns – Old | Lanterns – New |"
    assert rows[2:] == [f"| Pier {n} | {'' if n % 3 else n} | {n * n} |" for n in range(1, 121)]


def of_cell(row: int, cell: int, role: str, x: float, base: float, text: str) -> tuple[Tag, Line]:
    marked = row * 10 + cell
    made = line(x, base, text)
    made.spans = (made.spans[0]._replace(marked=marked),)
    return Tag(role, marked, marked, table=1, row=row, cell=marked), made


def test_a_tagged_table_that_goes_on_in_the_next_column_has_its_rows_in_order() -> None:
    cells = [
        of_cell(0, 0, "TH", 60, 600, "Keeper"), of_cell(0, 1, "TH", 160, 600, "Lamps"),
        of_cell(1, 0, "TD", 60, 620, "Ada"), of_cell(1, 1, "TD", 160, 620, "12"),
        of_cell(0, 0, "TH", 340, 100, "Keeper"), of_cell(0, 1, "TH", 440, 100, "Lamps"),
        of_cell(2, 0, "TD", 340, 120, "Ben"), of_cell(2, 1, "TD", 440, 120, "7"),
        of_cell(3, 0, "TD", 340, 140, "Cid"), of_cell(3, 1, "TD", 440, 140, "3"),
    ]  # fmt: skip
    tags = {made.spans[0].marked: tag for tag, made in cells}
    found = page_tables(page([made for _, made in cells]), tags)
    left, right = sorted(found, key=lambda table: table.x0)
    assert continues(left, right)
    node = table_node([left, right])
    assert node.text == (
        "| Keeper | Lamps |\n| --- | --- |\n| Ada | 12 |\n| Ben | 7 |\n| Cid | 3 |"
    )
    assert [(each.kind, each.text) for each in node.children] == [("running-head", "Keeper Lamps")]
