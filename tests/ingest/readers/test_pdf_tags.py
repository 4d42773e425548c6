from __future__ import annotations

import io

import pypdfium2 as pdfium
import pytest
from pdf_bytes import CHROMIUM, pages, printed, words

from tribonian.ingest.readers import pdf_tags
from tribonian.ingest.readers.pdf import blocks
from tribonian.ingest.readers.pdf_file import open_pdf
from tribonian.ingest.readers.pdf_page import read_page
from tribonian.ingest.readers.pdf_tags import Tags
from tribonian.ingest.readers.pdf_types import Tag
from tribonian.ingest.record import Reading


def marked(*texts: str, size: int = 10) -> bytes:
    """Texts one below another, each a marked content, from 0 on."""
    return b"\n".join(
        b"/P <</MCID %d>> BDC BT /F %d Tf 72 %d Td (%s) Tj ET EMC"
        % (at, size, 700 - 20 * at, text.encode())
        for at, text in enumerate(texts)
    )


def tagged(contents: list[bytes], *elements: str, parents: str, role_map: str = "") -> bytes:
    """A tagged file: elements by number from 100 on are written ``100`` in the text."""
    first = 5 + 2 * len(contents)
    root, nums = first, first + 1

    def numbered(text: str) -> bytes:
        for at in range(len(elements) - 1, -1, -1):
            text = text.replace(f"{100 + at} 0 R", f"{first + 2 + at} 0 R")
        for at in range(len(contents)):
            text = text.replace(f"page{at}", f"{5 + 2 * at} 0 R")
        return text.replace("root", f"{root} 0 R").encode()

    file = pages(
        *contents,
        catalog=b"/MarkInfo<</Marked true>>/StructTreeRoot %d 0 R" % root,
        page=b"/StructParents PLACE",
        more=[
            b"<</Type/StructTreeRoot/K %s/ParentTree %d 0 R%s>>"
            % (numbered("100 0 R"), nums, role_map.encode()),
            b"<</Nums[%s]>>" % numbered(parents),
            *(b"<</Type/StructElem%s>>" % numbered(each) for each in elements),
        ],
    )
    for at in range(len(contents)):
        file = file.replace(b"PLACE", b"%5d" % at, 1)
    return file


def tags_of(data: bytes) -> list[dict[int, Tag]]:
    document = pdfium.PdfDocument(data)
    assert document.is_tagged()
    tags = Tags(len(document))
    return [tags.of_page(page) for page in document]


def test_a_heading_and_a_paragraph_have_their_roles_in_logical_order() -> None:
    (found,) = tags_of(
        tagged(
            [marked("Text printed first.", "Subpart A")],
            "/S/Document/P root/K[101 0 R 102 0 R]",
            "/S/H2/P 100 0 R/Pg page0/K 1",
            "/S/P/P 100 0 R/Pg page0/K 0",
            parents="0[102 0 R 101 0 R]",
        )
    )
    assert {at: (tag.role, tag.order) for at, tag in found.items()} == {1: ("H2", 1), 0: ("P", 2)}


def test_names_of_its_own_are_read_by_the_role_map() -> None:
    (found,) = tags_of(
        tagged(
            [marked("Subpart A")],
            "/S/Document/P root/K[101 0 R]",
            "/S/RegHeading/P 100 0 R/Pg page0/K 0",
            parents="0[101 0 R]",
            role_map="/RoleMap<</RegHeading/H3>>",
        )
    )
    assert found[0].role == "H3"


def test_a_paragraph_over_a_page_break_keeps_its_number() -> None:
    one, two = tags_of(
        tagged(
            [marked("One", "Two begins"), marked("and ends.", "Three")],
            "/S/Document/P root/K[101 0 R 102 0 R 103 0 R]",
            "/S/P/P 100 0 R/Pg page0/K 0",
            "/S/P/P 100 0 R/K[<</Type/MCR/Pg page0/MCID 1>> <</Type/MCR/Pg page1/MCID 0>>]",
            "/S/P/P 100 0 R/Pg page1/K 1",
            parents="0[101 0 R 102 0 R] 1[102 0 R 103 0 R]",
        )
    )
    assert one[1].block == two[0].block
    assert len({one[0].block, one[1].block, two[1].block}) == 3


def test_the_number_of_an_item_and_its_text_are_one_block_and_a_list_in_it_is_deeper() -> None:
    (found,) = tags_of(
        tagged(
            [marked("(a)", "Lanterns", "(1)", "Wicks", "more of (a)")],
            "/S/L/P root/K[101 0 R]",
            "/S/LI/P 100 0 R/K[102 0 R 103 0 R]",
            "/S/Lbl/P 101 0 R/Pg page0/K 0",
            "/S/LBody/P 101 0 R/Pg page0/K[1 104 0 R 108 0 R]",
            "/S/L/P 103 0 R/K[105 0 R]",
            "/S/LI/P 104 0 R/K[106 0 R 107 0 R]",
            "/S/Lbl/P 105 0 R/Pg page0/K 2",
            "/S/LBody/P 105 0 R/Pg page0/K 3",
            "/S/P/P 103 0 R/Pg page0/K 4",
            parents="0[102 0 R 103 0 R 106 0 R 107 0 R 108 0 R]",
        )
    )
    assert [found[at].list_level for at in range(5)] == [1, 1, 2, 2, 1]
    assert found[0].block == found[1].block
    assert found[2].block == found[3].block
    assert len({found[0].block, found[2].block, found[4].block}) == 3


def test_cells_know_their_table_row_and_span() -> None:
    data = tagged(
        [marked("Keeper", "Ada", "7")],
        "/S/Table/P root/K[101 0 R 102 0 R]",
        "/S/TR/P 100 0 R/K[103 0 R]",
        "/S/TR/P 100 0 R/K[104 0 R 105 0 R]",
        "/S/TH/P 101 0 R/Pg page0/A<</O/Table/ColSpan 2>>/K 0",
        "/S/TD/P 102 0 R/Pg page0/K 1",
        "/S/TD/P 102 0 R/Pg page0/K[106 0 R]",
        "/S/P/P 105 0 R/Pg page0/K 2",
        parents="0[103 0 R 104 0 R 106 0 R]",
    )
    (found,) = tags_of(data)
    assert [(found[at].role, found[at].columns, found[at].rows) for at in range(3)] == [
        ("TH", 2, 1), ("TD", 1, 1), ("TD", 1, 1),
    ]  # fmt: skip
    assert len({tag.table for tag in found.values()}) == 1
    assert found[1].row == found[2].row != found[0].row
    assert len({tag.cell for tag in found.values()}) == 3


def test_only_what_is_asked_for_is_looked_at() -> None:
    data = tagged(
        [marked("One", "Two")],
        "/S/Document/P root/K[101 0 R 102 0 R]",
        "/S/P/P 100 0 R/Pg page0/K 0",
        "/S/P/P 100 0 R/Pg page0/K 1",
        parents="0[101 0 R 102 0 R]",
    )
    document = pdfium.PdfDocument(data)
    assert set(Tags(1).of_page(document[0], {0})) == {0}
    assert Tags(1).of_page(document[0], ()) == {}


def test_a_file_without_tags_has_none() -> None:
    document = pdfium.PdfDocument(pages(words((72, 700, "Lanterns"))))
    assert Tags(1).of_page(document[0]) == {}


def test_elements_within_elements_end_at_a_depth() -> None:
    depth = 200
    chain = [f"/S/Sect/P {99 + at} 0 R/K[{101 + at} 0 R]" for at in range(1, depth)]
    data = tagged(
        [marked("Deep")],
        "/S/Document/P root/K[101 0 R]",
        *chain,
        f"/S/P/P {99 + depth} 0 R/Pg page0/K 0",
        parents=f"0[{100 + depth} 0 R]",
    )
    assert tags_of(data)[0] == {}


def test_a_tree_too_wide_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_tags, "MAX_WIDTH", 1)
    data = tagged(
        [marked("One", "Two")],
        "/S/Document/P root/K[101 0 R 102 0 R]",
        "/S/P/P 100 0 R/Pg page0/K 0",
        "/S/P/P 100 0 R/Pg page0/K 1",
        parents="0[101 0 R 102 0 R]",
    )
    document = pdfium.PdfDocument(data)
    tags = Tags(1)
    assert tags.of_page(document[0]) == {}
    assert tags.given_up


@pytest.fixture(scope="session")
def chromium_page(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    if CHROMIUM is None:
        pytest.skip("no Chromium to print with")
    body = "<h1>PART 7</h1><h4>§ 7.1 Lanterns.</h4><p>Text with <i>type</i>.</p><ul><li>Item</ul>"
    return printed(body + "<p>Again.</p>" * 200, tmp_path_factory.mktemp("tags"))


def test_chromium_s_headings_paragraphs_and_items_are_known_on_every_page(
    chromium_page: bytes,
) -> None:
    document = pdfium.PdfDocument(chromium_page)
    assert len(document) > 2
    tags = Tags(len(document))
    roles: dict[str, list[str]] = {}
    for number, page in enumerate(document, 1):
        found = tags.of_page(page)
        for line in read_page(page, number, tagged=True).lines:
            roles.setdefault(found[line.marked].role, []).append(line.text)
    assert roles["H1"] == ["PART 7"]
    assert roles["H4"] == ["§ 7.1 Lanterns."]
    assert " ".join(roles["LI"]).endswith("Item")
    assert roles["P"].count("Again.") == 200


def blocks_of(data: bytes) -> list[str]:
    with open_pdf(io.BytesIO(data), Reading()) as opened:
        return [block.text for block in blocks(opened)]


def one_element(*texts: tuple[str, str, int], size: int = 10) -> bytes:
    """A page of lines in one paragraph of the structure tree: font, text and height of each."""
    lines = b"\n".join(
        b"BT /%s %d Tf 72 %d Td (%s) Tj ET" % (font.encode(), size, y, text.encode("cp1252"))
        for font, text, y in texts
    )
    return tagged(
        [b"/P <</MCID 0>> BDC\n" + lines + b"\nEMC"],
        "/S/Document/P root/K[101 0 R]",
        "/S/P/P 100 0 R/Pg page0/K[0]",
        parents="0 [101 0 R]",
    )


FULL = "The keeper of the lamp shall write into the book of the house each lamp that was lit,"


def test_a_heading_and_its_text_in_one_paragraph_are_told_apart_by_their_type() -> None:
    data = one_element(("B", "IV. Keeping", 700), ("F", FULL, 688), ("F", "and when.", 676))
    assert blocks_of(data) == ["IV. Keeping", f"{FULL} and when."]


def test_items_in_one_paragraph_are_told_apart_by_their_numbers() -> None:
    data = one_element(
        ("F", f"1. {FULL}", 700),
        ("F", "see www.example.org", 688),
        ("F", "2. The second book", 676),
        ("F", "3. The third book", 664),
    )
    assert blocks_of(data) == [
        f"1. {FULL} see www.example.org",
        "2. The second book",
        "3. The third book",
    ]


def test_bullets_in_one_paragraph_are_items() -> None:
    data = one_element(("F", "• A lamp", 700), ("F", "• A rope", 688), ("F", "• A horn", 676))
    assert blocks_of(data) == ["• A lamp", "• A rope", "• A horn"]


def in_elements(*elements: tuple[str, str, int]) -> bytes:
    """A page of lines that are each an element of the structure tree: role, text and height."""
    lines = b"\n".join(
        b"/P <</MCID %d>> BDC\nBT /F 10 Tf 72 %d Td (%s) Tj ET\nEMC" % (at, y, text.encode())
        for at, (_, text, y) in enumerate(elements)
    )
    numbers = [101 + at for at in range(len(elements))]
    return tagged(
        [lines],
        f"/S/Document/P root/K[{' '.join(f'{each} 0 R' for each in numbers)}]",
        *(f"/S/{role}/P 100 0 R/Pg page0/K {at}" for at, (role, _, _) in enumerate(elements)),
        parents=f"0[{' '.join(f'{each} 0 R' for each in numbers)}]",
    )


def styled_of(data: bytes) -> list[tuple[str, int, str]]:
    with open_pdf(io.BytesIO(data), Reading()) as opened:
        return [(block.kind, block.level, block.text) for block in blocks(opened)]


def test_lines_that_each_have_a_tag_are_one_paragraph_where_they_are_full() -> None:
    long = "which stands at the foot of the stairs, and shall show the book of the house, if it is"
    data = in_elements(
        ("P", FULL, 700), ("P", long, 688), ("P", "asked for.", 676),
        ("P", FULL, 652), ("P", long, 640), ("P", "Office of Lamps asks.", 628),
    )  # fmt: skip
    assert blocks_of(data) == [f"{FULL} {long} asked for.", f"{FULL} {long} Office of Lamps asks."]


def test_a_whole_paragraph_with_the_tag_of_a_heading_is_none() -> None:
    lines = [("F", FULL, 700), ("F", FULL, 688), ("F", "and when it was.", 676)]
    data = one_element(*lines).replace(b"/S/P/P", b"/S/H1/P")
    assert styled_of(data) == [("paragraph", 0, f"{FULL} {FULL} and when it was.")]
    data = one_element(("F", "Keeping", 700)).replace(b"/S/P/P", b"/S/H1/P")
    assert styled_of(data) == [("paragraph", 1, "Keeping")]


def test_the_words_in_a_drawing_are_a_figure_and_running_text_is_none() -> None:
    names = [("F", "Lamp", 700), ("B", "Oil store", 660), ("F", "Keeper", 620)]
    data = one_element(*names).replace(b"/S/P/P", b"/S/Figure/P")
    assert styled_of(data) == [("figure", 0, "Lamp\nOil store\nKeeper")]
    prose = [("F", FULL, 700), ("F", "and when it was.", 688)]
    data = one_element(*prose).replace(b"/S/P/P", b"/S/Figure/P")
    assert styled_of(data) == [("paragraph", 0, f"{FULL} and when it was.")]


def test_a_sentence_that_asks_for_a_number_goes_on_with_it_on_the_next_page() -> None:
    texts = [
        FULL,
        "and the keeper of the rope shall write as much into the other book, which is of parts",
    ]
    data = tagged(
        [
            b"/P <</MCID 0>> BDC\n"
            + b"\n".join(
                b"BT /F 10 Tf 72 %d Td (%s) Tj ET" % (y, text.encode())
                for y, text in zip((700, 688), texts, strict=True)
            )
            + b"\nEMC",
            marked("210 and 211. No more is asked of either."),
        ],
        "/S/Document/P root/K[101 0 R 102 0 R]",
        "/S/P/P 100 0 R/Pg page0/K 0",
        "/S/P/P 100 0 R/Pg page1/K 0",
        parents="0[101 0 R] 1[102 0 R]",
    )
    assert blocks_of(data) == [f"{' '.join(texts)} 210 and 211. No more is asked of either."]
