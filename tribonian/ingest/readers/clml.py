"""United Kingdom legislation as legislation.gov.uk publishes it: Crown Legislation Markup.

Acts (``Primary``), instruments (``Secondary``) and retained law of the Union (``EURetained``),
as enacted or revised. Text that an amendment put in stays, its commentary is an editorial
note of the unit that refers to it; law that an Act puts into another one is an extract.
Vocabulary: the schema of ``http://www.legislation.gov.uk/namespaces/legislation``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from tribonian.ingest.readers.clml_blocks import DIALECT, NOTES, roman
from tribonian.ingest.readers.law_citations import (
    EU,
    UK_ACT,
    UK_ORDER,
    UK_REGULATIONS,
    UK_RULES,
    Form,
    act_named,
    cite,
)
from tribonian.ingest.readers.xml_check import check_numbers
from tribonian.ingest.readers.xml_file import attribute, first, parse, plain
from tribonian.ingest.readers.xml_stream import local
from tribonian.ingest.readers.xml_text import Markup, take_title
from tribonian.ingest.readers.xml_units import inside
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Enter, Event, Leave, Node

_SERIES = {
    "UnitedKingdomPublicGeneralAct": "{year} c. {number}",
    "UnitedKingdomLocalAct": "{year} c. {roman}",
    "UnitedKingdomChurchMeasure": "{year} No. {number}",
    "ScottishAct": "{year} asp {number}",
    "ScottishOldAct": "{year} c. {number}",
    "WelshParliamentAct": "{year} asc {number}",
    "WelshNationalAssemblyAct": "{year} anaw {number}",
    "WelshAssemblyMeasure": "{year} nawm {number}",
    "NorthernIrelandAct": "{year} c. {number} (N.I.)",
    "NorthernIrelandAssemblyMeasure": "{year} c. {number} (N.I.)",
    "NorthernIrelandParliamentAct": "{year} c. {number} (N.I.)",
    "GreatBritainAct": "{year} c. {number}",
    "EnglandAct": "{year} c. {number}",
    "IrelandAct": "{year} c. {number} [Ire]",
    "UnitedKingdomStatutoryInstrument": "S.I. {year}/{number}",
    "UnitedKingdomStatutoryRuleOrOrder": "S.R. & O. {year}/{number}",
    "UnitedKingdomChurchInstrument": "Church Instrument {year}/{number}",
    "UnitedKingdomMinisterialOrder": "Ministerial Order {year}/{number}",
    "WelshStatutoryInstrument": "S.I. {year}/{number}",
    "ScottishStatutoryInstrument": "S.S.I. {year}/{number}",
    "NorthernIrelandOrderInCouncil": "S.I. {year}/{number}",
    "NorthernIrelandStatutoryRule": "S.R. {year}/{number}",
}


def read_clml(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """The nodes of one Act or instrument; ``reading`` is filled as it goes."""
    root = parse(file, frozenset(("Legislation",)), "legislation of the United Kingdom")
    reading.cites_cfr = False
    reading.as_of = _as_of(root)
    markup = Markup(reading, DIALECT)
    for note in root.iterdescendants():
        if local(note) in NOTES and note.get("id"):
            markup.notes.setdefault(str(note.get("id")), note)
    prelims = first(root, "PrimaryPrelims", "SecondaryPrelims", "EUPrelims")
    # the subject of an instrument has a Title as well, before that of the instrument
    titles = (
        (e for e in prelims if local(e) in ("Title", "MultilineTitle"))
        if prelims is not None
        else ()
    )
    title = next(iter(titles), None)
    work, form = _work(root, plain(title))
    reading.heading = plain(title)
    name = take_title(markup, title)
    top = inside(markup, root, "/Legislation")
    check_numbers(top, reading)
    cite(top, work, form)
    reading.count()
    yield Enter(Node("document", "", name, "", work, "/Legislation"))
    yield from top
    yield Leave()


def _as_of(root: etree._Element) -> str | None:
    """The date from which this version holds; none for the text as it was enacted."""
    dated = attribute(root, "RestrictStartDate") or plain(first(root, "valid"))
    return dated if re.fullmatch(r"\d{4}-\d{2}-\d{2}", dated) else None


def _work(root: etree._Element, title: str) -> tuple[str | None, Form]:
    metadata = first(root, "Metadata")
    named = act_named(title)
    if metadata is None:
        return named, EU if named else UK_ACT
    series = first(metadata, "DocumentMainType")
    kind = attribute(series, "Value") if series is not None else ""
    year, number = first(metadata, "Year"), first(metadata, "Number")
    pattern = _SERIES.get(kind, "")
    if kind.startswith("EuropeanUnion"):
        return named, EU
    form = UK_ACT
    if pattern.startswith("S."):
        form = (
            UK_ORDER if re.search(r"\bOrder\b", title) else UK_RULES
            if re.search(r"\bRules\b", title) and "Regulations" not in title else UK_REGULATIONS
        )  # fmt: skip
    if not pattern or year is None or number is None:
        return None, form
    value = attribute(number, "Value")
    return pattern.format(
        year=attribute(year, "Value"), number=value, roman=roman(value).lower()
    ), form
