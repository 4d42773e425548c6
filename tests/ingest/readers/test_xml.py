"""XML that nobody knows: every word, in order, and one finding that says so."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tribonian.errors import DocumentError
from tribonian.ingest.readers.xml import read_xml
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow
from tribonian.schemas.words import words

STEADY = settings(derandomize=True, deadline=None, max_examples=100)


def read(data: str | bytes) -> tuple[Node, Reading]:
    reading = Reading()
    file = io.BytesIO(data.encode() if isinstance(data, str) else data)
    root = grow(read_xml(file, reading))
    assert reading.words == root.total_words()
    return root, reading


def texts(root: Node) -> list[str]:
    return [" ".join(filter(None, (n.designator, n.heading, n.text))) for n in root.walk()]


def test_elements_are_blocks_and_titles_headings() -> None:
    root, reading = read(
        "<handbook><title>Lanterns</title><chapter><title>Oil</title>"
        "<para>Use <b>clean</b> oil.</para></chapter>"
        "<sec>Loose <para>Trim.</para> tail</sec></handbook>"
    )

    said = " ".join(texts(root))
    assert said.split() == ["Lanterns", "Oil", "Use", "clean", "oil.", "Loose", "Trim.", "tail"]
    assert "Use clean oil." in texts(root)
    assert [finding.code for finding in reading.findings] == ["vocabulary-unknown"]
    assert "<handbook>" in reading.findings[0].message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8", "utf-32"])
def test_a_declaration_that_lies_is_not_believed(encoding: str) -> None:
    xml = '<?xml version="1.0" encoding="UTF-8"?>\n<facts><name>Ærø &amp; Åland</name></facts>'

    root, _ = read(xml.encode(encoding))

    assert "Ærø & Åland" in [node.text or node.heading for node in root.walk()]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("<a><b></a>", "damaged at line 1"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "entities"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "entities"),
        ("<a>" * 300 + "</a>" * 300, "256 deep"),
        ("", "no element"),
    ],
)
def test_what_cannot_be_read_is_refused_with_one_sentence(data: str, said: str) -> None:
    with pytest.raises(DocumentError, match=said):
        read(data)


TREES = st.recursive(
    st.sampled_from(("one", "two three", "")),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{' '.join(parts)}</{tag}>",
        st.sampled_from(("title", "p", "x", "sec", "b", "name")),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


@STEADY
@given(st.lists(TREES, max_size=4))
def test_no_word_is_lost_and_their_order_is_kept(parts: list[str]) -> None:
    xml = f"<root>{' '.join(parts)}</root>"

    root, _ = read(xml)

    if root.kind == "document" and root.added:  # its name is added
        root = replace(root, heading="")
    printed = words(" ".join(map(str, etree.fromstring(xml).itertext())))
    assert [word for text in texts(root) for word in words(text)] == printed
