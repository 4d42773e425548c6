"""report.html: one page for a person, that opens offline and trusts no document."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hand_written import built, part, section, title

# Elements without an end tag (HTML standard, "Void elements").
VOID = frozenset(("meta", "br", "hr", "img", "link", "input"))
LINKS = ("src", "href", "action", "data", "poster", "srcset", "background")


class Page(HTMLParser):
    """The elements, attributes and text of a page."""

    def __init__(self, data: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(data.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["style"], ["script"]):
            self.text += data


HOSTILE = [
    "<script>alert(1)</script>",
    "</pre></details><img src=x onerror=alert(1)>",
    "\"><svg onload='alert(1)'>",
    "</style><script>alert(1)</script>",
    "&lt;b&gt; &amp;amp; &#60;i&#62;",
    "javascript:alert(1) https://www.example.gov/a.js",
]


def law(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return title(
        21, escaped, part(701, escaped, section("701.1", f"{escaped}.", f"<P>{escaped}</P>"))
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_of_a_document_is_shown_and_not_obeyed(text: str) -> None:
    folder = built(law(text), title=f"Root {text}", only=("21 CFR", text))
    page = Page(folder.files["report.html"])
    harmless = Page(
        built(law("plain"), title="Root plain", only=("21 CFR", "unmatched")).files["report.html"]
    )
    assert set(page.tags) == set(harmless.tags)
    assert not {"script", "svg", "img", "iframe", "object"} & set(page.tags)
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert text in page.text


def test_a_hostile_name_of_a_file_is_shown_and_not_obeyed() -> None:
    name = "<img src=x onerror=alert(1)>title-21.xml"
    page = Page(built({name: law("plain")}).files["report.html"])
    assert "img" not in page.tags
    assert name in page.text


def test_the_page_opens_offline() -> None:
    folder = built(law("https://www.example.gov/style.css"))
    page = Page(folder.files["report.html"])
    for tag, name, value in page.attributes:
        if name in LINKS:
            assert value.startswith(("#", "data:")), (tag, name, value)
    assert not {"script", "link", "iframe", "object", "embed", "base"} & set(page.tags)
    style = folder.files["report.html"].decode().split("<style>")[1].split("</style>")[0]
    assert "url(" not in style and "@import" not in style and "http" not in style


def test_the_page_says_what_a_person_wants_to_know() -> None:
    text = "<P>(a) Law.</P><P>(b) [Reserved]</P><P>(d) Skips.</P><CITA>[39 FR 10056]</CITA>"
    folder = built(part(701, "LABELS", section("701.1", "Scope.", text)), only=("701.1", "9.9"))
    page = Page(folder.files["report.html"]).text
    manifest = folder.manifest
    assert manifest["size"]["verdict"] in page
    for label in folder.labels:
        assert label in page
    counts = manifest["totals"]["words"]
    assert f"{counts['read']:,} words were read" in page
    assert "title-21.xml" in page
    assert "reserved" in page and "history" in page
    for finding in folder.findings:
        assert finding["message"] in page
        assert finding["code"] in page


def test_a_failed_document_is_shown_with_its_reason() -> None:
    folder = built({"title-21.xml": law("plain"), "bad.xml": "<ECFR><DIV1"})
    (bad,) = (row for row in folder.manifest["documents"] if row["status"] == "failed")
    page = Page(folder.files["report.html"]).text
    assert "bad.xml" in page
    assert bad["reason"] in page


def test_a_list_that_is_too_long_for_a_page_says_how_much_more_there_is() -> None:
    folder = built(law("plain"), only=("21 CFR", *(f"{n}.{n}" for n in range(1000, 1300))))
    assert folder.codes.count("nothing-selected") == 300
    page = Page(folder.files["report.html"]).text
    assert "100 more are in findings.jsonl" in page


def test_a_large_tree_names_every_principle_and_leaves_the_texts_to_the_files() -> None:
    sections = "".join(section(f"701.{n}", "S.", f"<P>Law {n}.</P>") for n in range(1600))
    folder = built(part(701, "LABELS", sections))
    page = Page(folder.files["report.html"]).text
    assert all(label in page for label in folder.labels)
    assert "Law 1599." not in page
    assert "principles.json" in page


def test_elements_are_closed_in_order() -> None:
    page = Page(built(law("plain")).files["report.html"])
    assert set(page.open) <= {"html"}  # HTML lets the root be closed by the end of the page
