"""A file as steps: containers opened and closed, units whole, and everything between."""

from __future__ import annotations

import io

from tribonian.ingest.readers.xml_stream import stream


def steps(xml: str) -> list[tuple[str, str, str]]:
    out: list[tuple[str, str, str]] = []
    for step in stream(
        io.BytesIO(xml.encode()), frozenset(("book", "part")), frozenset(("unit",)),
        frozenset(("book",)),
    ):  # fmt: skip
        said = step.text or "".join(map(str, step.element.itertext()))
        out.append((step.event, step.path, said if step.event not in ("open", "close") else ""))
    return out


def test_everything_comes_once_and_in_order() -> None:
    assert steps(
        "<book>a<x>b</x>c<part><unit>d</unit>e<unit>f</unit></part>g<x>h<unit>i</unit></x>j</book>"
    ) == [
        ("open", "/book", ""),
        ("text", "/book", "a"),
        ("block", "/book/x[1]", "b"),
        ("text", "/book", "c"),
        ("open", "/book/part[1]", ""),
        ("unit", "/book/part[1]/unit[1]", "d"),
        ("text", "/book/part[1]", "e"),
        ("unit", "/book/part[1]/unit[2]", "f"),
        ("close", "/book/part[1]", ""),
        ("text", "/book", "g"),
        ("block", "/book/x[2]", "hi"),  # a unit in a block is part of the block
        ("text", "/book", "j"),
        ("close", "/book", ""),
    ]


def test_names_are_local_names() -> None:
    assert [step[:2] for step in steps('<n:book xmlns:n="x"><n:unit>a</n:unit></n:book>')] == [
        ("open", "/book"),
        ("unit", "/book/unit[1]"),
        ("close", "/book"),
    ]


def test_what_has_been_read_is_freed() -> None:
    xml = "<book>" + "<unit><p>word</p></unit><x>y</x>" * 200 + "</book>"
    largest = 0
    for step in stream(
        io.BytesIO(xml.encode()), frozenset(("book",)), frozenset(("unit",)), frozenset(("book",))
    ):
        parent = step.element.getparent()
        if step.event == "unit" and parent is not None:
            largest = max(largest, parent.index(step.element))

    assert largest <= 1
