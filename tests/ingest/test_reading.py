"""Opening one document: what is known of it, and one sentence where it cannot be read."""

from __future__ import annotations

import hashlib
import io
import os
import re
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.reading import open_document, read_tree
from tribonian.schemas.tree import Node

SECTION = (
    '<DIV8 N="701.3" TYPE="SECTION"><HEAD>§ 701.3   Ingredients.</HEAD>'
    "<P>(a) The label shall bear:</P><P>(1) A fragrance.</P></DIV8>"
)
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(data: str | bytes, name: str = "title-21_part-701.xml") -> Path:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return written


def refusal(path: Path, name: str | None = None) -> str:
    """The sentence with which a document is refused, checked for what every one must be."""
    with pytest.raises(DocumentError) as raised:
        read_tree(path, name or path.name)
    sentence = str(raised.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert not re.search(r"[.?!] [A-Z]", sentence)  # one sentence
    assert "Traceback" not in sentence
    assert str(path.parent) not in sentence
    assert len(sentence) < 250
    return sentence


def test_a_document_is_known_by_its_bytes_its_words_and_its_name(write: Write) -> None:
    path = write(SECTION, "title-21_part-701_2026-01-29.xml")

    document, root, findings = read_tree(path, "regs/title-21_part-701_2026-01-29.xml")

    assert document.source == "regs/title-21_part-701_2026-01-29.xml"
    assert document.sha256 == hashlib.sha256(SECTION.encode()).hexdigest()
    assert document.bytes == len(SECTION.encode())
    assert document.format == "ecfr-xml"
    assert document.as_of == "2026-01-29"
    assert document.sections == 1
    # 701, 3, Ingredients; a, The, label, shall, bear; 1, A, fragrance
    assert document.words == 11 == root.total_words()
    assert document.title == "§ 701.3 Ingredients."
    assert root.citation == "21 CFR 701.3"
    assert findings == []


def test_a_document_that_does_not_say_its_title_gives_a_finding_and_no_citation(
    write: Write,
) -> None:
    document, root, findings = read_tree(write(SECTION, "part.xml"), "part.xml")

    assert [node.citation for node in root.walk()] == [None] * 3
    assert [(f.code, f.document) for f in findings] == [("title-unknown", "part.xml")]
    assert document.sections == 1


def test_findings_name_their_document(write: Write) -> None:
    path = write(SECTION.replace("(1)", "(2)"))

    _, _, findings = read_tree(path, "regs/part.xml")

    assert findings
    assert {finding.document for finding in findings} == {"regs/part.xml"}


def test_a_date_within_the_document_goes_before_the_date_in_its_name(write: Write) -> None:
    # interface.md: as_of comes from the content, else the name
    dated = SECTION.replace(
        'TYPE="SECTION"',
        'TYPE="SECTION" hierarchy_metadata="{&quot;path&quot;:&quot;/on/2023-04-19/title-21&quot;,'
        '&quot;citation&quot;:&quot;21 CFR 701.3&quot;}"',
    )
    path = write(dated, "title-21_2026-01-29.xml")

    document, _, _ = read_tree(path, path.name)

    assert document.as_of == "2023-04-19"


def test_a_document_is_streamed_and_complete_when_its_events_have_ended(write: Write) -> None:
    opened = open_document(write(SECTION), "part.xml")

    assert opened.document.words == 0
    assert [type(event) for event in opened.events] == [Node]
    document, _ = opened.finish()
    assert document.words == 11


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_a_document_in_another_encoding_is_the_same_document(write: Write, encoding: str) -> None:
    declared = {"iso-8859-1": '<?xml version="1.0" encoding="ISO-8859-1"?>'}.get(encoding, "")
    path = write((declared + SECTION).encode(encoding))

    document, root, findings = read_tree(path, path.name)

    assert document.words == 11
    assert root.designator == "§ 701.3"
    assert findings == []


def archive(member: str) -> bytes:
    """A zip archive with one document in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(member, SECTION)
    return out.getvalue()


# (what, its content, what the sentence says of it)
BAD: list[tuple[str, str | bytes, str]] = [
    ("nothing at all", b"", "empty"),
    ("spaces", b"  \n", "empty"),
    ("the beginning of a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "beyond repair"),
    ("bytes of nothing", bytes(range(256)) * 8, "no XML"),
    ("a byte that is no text", SECTION.replace("label", "l\x01bel"), "damaged at line 1"),
    ("a zip archive", archive("part.xml"), "is a zip and no document of the kind"),
    ("a zip archive that is cut off", archive("part.xml")[:-9], "damaged zip archive"),
    ("an XML of nobody without words", "<book> — </book>", "no text"),
    ("cut off in a tag", SECTION[:60], "download it again"),
    ("cut off in a paragraph", SECTION[:-20], "breaks off"),
    ("cut off behind a section", f"<ECFR>{SECTION}", "breaks off"),
    ("an annual edition without text", "<CFRGRANULE><PART/></CFRGRANULE>", "no text"),
    ("a web page without text", "<!DOCTYPE html><html><body><br></body></html>", "no text"),
    ("a site's error page", "<html><title>404</title><h1>Not Found</h1></html>", "error page"),
    (
        "a CAPTCHA page",
        "<!DOCTYPE html><html><title>Request Access</title><p>complete the CAPTCHA<br></html>",
        "human",
    ),
    (
        "a Git LFS pointer",
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 21344096\n",
        "git lfs pull",
    ),
    ("an ampersand by itself", SECTION.replace("label", "food & drugs"), "damaged"),
    ("an end tag too few", SECTION.replace("</P>", "", 1), "line 1"),
    ("bytes of another encoding", SECTION.replace("label", "étiquette").encode("cp1252"), "line 1"),
    ("an encoding that there is not", f'<?xml version="1.0" encoding="klingon"?>{SECTION}', "1"),
    ("an entity of HTML", SECTION.replace("The label", "The&nbsp;label"), "line 1"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "said"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_cannot_be_read_is_refused_with_one_sentence(
    write: Write, data: str | bytes, said: str
) -> None:
    assert said in refusal(write(data))


# (what, its content, the format it is read as)
MISNAMED: list[tuple[str, str, str]] = [
    ("words", "Each lantern must have a handle.", "text"),
    ("a web page", "<!DOCTYPE html><html><body>One<br>two</body></html>", "html"),
]


@pytest.mark.parametrize(
    ("data", "name"), [row[1:] for row in MISNAMED], ids=[row[0] for row in MISNAMED]
)
def test_what_is_not_what_its_name_says_is_read_as_what_it_is_with_a_finding(
    write: Write, data: str, name: str
) -> None:
    document, root, findings = read_tree(write(data), "title-21_part-701.xml")

    assert document.format == name
    assert document.words == root.total_words() > 1
    assert [finding.code for finding in findings] == ["format-mismatch"]
    assert ".xml" in findings[0].message


def test_other_xml_is_read_by_its_titles_and_numbers_and_said_to_be_unknown(write: Write) -> None:
    path = write("<code><title>Lanterns</title><p>(a) One.</p><p>(b) Two.</p></code>", "code.xml")

    document, root, findings = read_tree(path, path.name)

    assert document.format == "xml"
    assert [finding.code for finding in findings] == ["vocabulary-unknown"]
    assert [node.designator for node in root.walk() if node.kind == "paragraph"] == ["(a)", "(b)"]


def test_a_root_of_the_ecfr_in_a_foreign_namespace_is_not_called_none_of_the_ecfrs(
    write: Write,
) -> None:
    sentence = refusal(write('<ECFR xmlns="urn:other"><DIV1 N="1" TYPE="TITLE"/></ECFR>'))

    assert "<ECFR>, which is none of the eCFR's" not in sentence


@pytest.mark.parametrize("more", ["words", SECTION, "<P/>"])
def test_what_stands_behind_the_end_is_not_called_a_document_that_breaks_off(
    write: Write, more: str
) -> None:
    sentence = refusal(write(SECTION + more))

    assert "breaks off" not in sentence


ENTITIES = [
    # XML External Entity: a file of the machine
    (
        "an external entity",
        (f'<!DOCTYPE ECFR [<!ENTITY x SYSTEM "file:///etc/hostname">]><ECFR>{SECTION}&x;</ECFR>'),
    ),
    (
        "an external entity in a section",
        '<!DOCTYPE DIV8 [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>'
        + SECTION.replace("The label", "&x;"),
    ),
    # the billion laughs
    (
        "a billion laughs",
        '<!DOCTYPE DIV8 [<!ENTITY a0 "ha">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
        + "]>"
        + SECTION.replace("The label", "&a9;"),
    ),
    (
        "quadratic expansion",
        f'<!DOCTYPE DIV8 [<!ENTITY a "{"ha" * 20_000}">]>'
        + SECTION.replace("The label", "&a;" * 20_000),
    ),
    (
        "a parameter entity",
        '<!DOCTYPE DIV8 [<!ENTITY % x SYSTEM "file:///etc/hostname"> %x;]>' + SECTION,
    ),
    ("an entity in an attribute", '<!DOCTYPE DIV8 [<!ENTITY a "1.1">]><DIV8 N="&a;"/>'),
]


@pytest.mark.parametrize("data", [row[1] for row in ENTITIES], ids=[row[0] for row in ENTITIES])
def test_entities_of_a_document_are_never_expanded(
    write: Write, monkeypatch: pytest.MonkeyPatch, data: str
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)

    assert "entities" in refusal(write(data))


def test_an_external_document_type_is_not_loaded(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.dtd").write_text('<!ENTITY x "leak">')
    monkeypatch.chdir(tmp_path)
    path = write(f'<!DOCTYPE DIV8 SYSTEM "x.dtd">{SECTION}')

    document, _, findings = read_tree(path, path.name)

    assert document.words == 11
    assert findings == []


def test_a_file_that_asks_to_include_another_gets_nothing_of_it(
    write: Write, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("hush")
    include = (
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="secret.txt" parse="text"/>'
    )
    path = write(SECTION.replace("</DIV8>", f"{include}</DIV8>"))

    _, root, findings = read_tree(path, path.name)

    assert all("hush" not in node.text for node in root.walk())
    assert [finding.code for finding in findings] == ["unknown-element"]


@pytest.mark.parametrize("depth", [300, 100_000])
def test_nesting_without_end_is_refused_and_no_crash(write: Write, depth: int) -> None:
    body = "<P>" * depth + "deep" + "</P>" * depth

    assert "deep" in refusal(write(SECTION.replace("</DIV8>", f"{body}</DIV8>")))


def test_a_folder_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "part.xml").mkdir()

    assert "directory" in refusal(tmp_path / "part.xml").lower()


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "part.xml")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file"
)
def test_a_file_without_permission_is_one_sentence(write: Write) -> None:
    path = write(SECTION)
    path.chmod(0)

    assert "permission" in refusal(path)


def test_a_document_with_nothing_in_it_is_read_as_nothing(write: Write) -> None:
    document, root, _ = read_tree(write("<ECFR/>"), "title-1.xml")

    assert document.words == document.sections == 0
    assert root == Node("document")


def test_a_file_is_closed_when_it_has_been_read_and_when_it_cannot_be(write: Write) -> None:
    # filterwarnings is error: an open file would be a ResourceWarning
    good, bad = write(SECTION), write(SECTION[:-10], "title-1.xml")
    events = open_document(good, "x.xml").events
    assert len(list(events)) == 1
    refusal(bad)

    good.unlink()
    bad.unlink()


def test_the_same_bytes_are_read_to_the_same_tree(write: Write) -> None:
    path = write(SECTION)

    assert read_tree(path, "a.xml") == read_tree(path, "a.xml")
