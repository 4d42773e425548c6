from __future__ import annotations

import io

from pdf_bytes import pages, stream, words

from tribonian.ingest.readers.pdf import read_pdf
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow

DOT = stream(
    b"\x80" * 64 * 64,
    b"/Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace/DeviceGray/BitsPerComponent 8",
)
ABOVE = "(6) In the chapter on lamps, add the information in figure 5."
BELOW = "(7) In the chapter on ropes, add the information in figure 6."


def page_with(*placed: tuple[int, int, int, int], text: bytes) -> bytes:
    """A page of text with pictures: left, bottom, width and height of each."""
    drawn = b"\n".join(b"q %d 0 0 %d %d %d cm /P Do Q" % (w, h, x, y) for x, y, w, h in placed)
    resources = b"/Resources<</Font<</F 3 0 R/B 4 0 R>>/XObject<</P 7 0 R>>>>"
    made = pages(drawn + b"\n" + text, more=[DOT])
    return made.replace(b"/Resources<</Font<</F 3 0 R/B 4 0 R>>>>", resources)


def read(data: bytes) -> tuple[list[Node], list[str]]:
    reading = Reading()
    root = grow(read_pdf(io.BytesIO(data), reading))
    assert reading.words == root.total_words()
    return list(root.walk()), [finding.code for finding in reading.findings]


def kinds(nodes: list[Node]) -> list[str]:
    return [node.kind for node in nodes if node.kind in ("paragraph", "figure")]


TEXT = words((72, 700, ABOVE), (72, 200, BELOW))


def test_a_picture_beside_the_text_is_a_figure_in_its_place_and_a_finding() -> None:
    nodes, codes = read(page_with((100, 300, 400, 300), text=TEXT))
    assert kinds(nodes) == ["paragraph", "figure", "paragraph"]
    assert codes.count("picture-unread") == 1
    (figure,) = [node for node in nodes if node.kind == "figure"]
    assert (figure.text, figure.added, figure.locator) == ("[image]", 1, "page 1")


def test_pictures_in_strips_are_one() -> None:
    strips = [(100, y, 400, 50) for y in range(300, 600, 50)]
    nodes, _ = read(page_with(*strips, text=TEXT))
    assert kinds(nodes).count("figure") == 0  # each strip is lower than any picture of text
    nodes, _ = read(page_with(*[(100, y, 400, 100) for y in range(300, 600, 100)], text=TEXT))
    assert kinds(nodes).count("figure") == 1


def test_a_seal_a_background_and_a_page_with_its_text_over_it_are_none() -> None:
    for place in ((72, 720, 50, 50), (0, 0, 612, 792), (50, 100, 500, 650)):
        nodes, codes = read(page_with(place, text=TEXT))
        assert "figure" not in kinds(nodes)
        assert "picture-unread" not in codes
