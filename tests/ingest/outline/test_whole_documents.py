"""Whole documents of our own writing, as text, as a web page and as Markdown: one tree."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tribonian.ingest.reading import read_tree
from tribonian.schemas.tree import Node

Outline = Callable[[Iterable[Node]], str]

ACT = """\
PART 1
DUTIES
CHAPTER 1
LAMPLIGHTERS
Duty to light lamps
1 (1) A lamplighter must light each lamp before dusk.
(2) Subsection (1) does not apply where the lamp is broken.
Power to make regulations
2 The Secretary of State may by regulations make provision about lamps.
CHAPTER 2
INSPECTORS
Appointment of inspectors
3 (1) The council must appoint inspectors.
PART 2
OFFENCES
Offence of breaking lamps
4 A person who breaks a lamp commits an offence.
SCHEDULES
SCHEDULE 1
Section 3
Part 1
Appointment
The council must publish a notice.
Part 2
Pay
An inspector is to be paid."""
ACT_TREE = """\
part PART 1 [DUTIES]
  chapter CHAPTER 1 [LAMPLIGHTERS]
    section 1 [Duty to light lamps]
      paragraph (1) A lamplighter must light each lamp before dusk.
      paragraph (2) Subsection (1) does not apply where the lamp is broken.
    section 2 [Power to make regulations]
      paragraph The Secretary of State may by regulations make provision about lamps.
  chapter CHAPTER 2 [INSPECTORS]
    section 3 [Appointment of inspectors]
      paragraph (1) The council must appoint inspectors.
part PART 2 [OFFENCES]
  section 4 [Offence of breaking lamps]
    paragraph A person who breaks a lamp commits an offence.
heading [SCHEDULES]
appendix SCHEDULE 1 [Section 3]
  heading Part 1 [Appointment]
    paragraph The council must publish a notice.
  heading Part 2 [Pay]
    paragraph An inspector is to be paid."""

PROCEDURE = """\
1.0 PURPOSE
This procedure describes how lamps are cleaned.
2.0 RESPONSIBILITIES
2.1 Quality Assurance
2.1.1 Approves this procedure.
2.1.2 Reviews the records each month.
3.0 PROCEDURE
3.1 Cleaning
3.1.1 Put out the lamp.
3.1.2 Clean the glass with 2.5 ml of alcohol.
Attachment A: Cleaning Log"""
PROCEDURE_TREE = """\
heading 1.0 [PURPOSE]
  paragraph This procedure describes how lamps are cleaned.
heading 2.0 [RESPONSIBILITIES]
  heading 2.1 [Quality Assurance]
    paragraph 2.1.1 Approves this procedure.
    paragraph 2.1.2 Reviews the records each month.
heading 3.0 [PROCEDURE]
  heading 3.1 [Cleaning]
    paragraph 3.1.1 Put out the lamp.
    paragraph 3.1.2 Clean the glass with 2.5 ml of alcohol.
appendix Attachment A [Cleaning Log]"""

STANDARD = """\
0.1 General
This document was written for makers of lamps of all kinds.
1 Scope
This document specifies requirements for lamps.
2 Requirements
2.1 General
The lamp shall give light in any weather.
2.5 kg of oil shall be used for each test.
Annex A (normative) Test of heat
A.1 General
The test shall be made in a dark room.
A.2 Apparatus
A.2.1 Thermometer
A thermometer of class 1 shall be used."""
STANDARD_TREE = """\
heading 0.1 [General]
  paragraph This document was written for makers of lamps of all kinds.
heading 1 [Scope]
  paragraph This document specifies requirements for lamps.
heading 2 [Requirements]
  heading 2.1 [General]
    paragraph The lamp shall give light in any weather.
    paragraph 2.5 kg of oil shall be used for each test.
appendix Annex A [(normative) Test of heat]
  heading A.1 [General]
    paragraph The test shall be made in a dark room.
  heading A.2 [Apparatus]
    heading A.2.1 [Thermometer]
      paragraph A thermometer of class 1 shall be used."""

CONTRACT = """\
ARTICLE I
DEFINITIONS
Section 1.01 Defined Terms. As used in this Agreement, lamps shall burn well.
ARTICLE II
SUPPLY
Section 2.01 Supply of Lamps.
(a) The Supplier shall supply Lamps.
(i) Each Lamp shall be new.
(b) The City shall pay.
Section 2.02 Governing Law. The law of Illinois governs.
EXHIBIT A
PRICES
The prices are those of Section 2.02."""
CONTRACT_TREE = """\
subpart ARTICLE I [DEFINITIONS]
  section Section 1.01 [Defined Terms.]
    paragraph As used in this Agreement, lamps shall burn well.
subpart ARTICLE II [SUPPLY]
  section Section 2.01 [Supply of Lamps.]
    paragraph (a) The Supplier shall supply Lamps.
      paragraph (i) Each Lamp shall be new.
    paragraph (b) The City shall pay.
  section Section 2.02 [Governing Law.]
    paragraph The law of Illinois governs.
appendix EXHIBIT A [PRICES]
  paragraph The prices are those of Section 2.02."""

RULES = """\
SUBCHAPTER 13B – LICENSING OF HOSPITALS
10A NCAC 13B .3801 NURSE EXECUTIVE
(a) The nurse executive shall:
(1) provide care.
10A NCAC 13B .3802 NURSING STAFF
10A NCAC 13B .3801 shall be applied to each of the staff."""
RULES_TREE = """\
section 10A NCAC 13B .3801 [NURSE EXECUTIVE]
  paragraph (a) The nurse executive shall:
    paragraph (1) provide care.
section 10A NCAC 13B .3802 [NURSING STAFF]
  paragraph 10A NCAC 13B .3801 shall be applied to each of the staff."""

COVER = """\
CITY OF SPRINGFIELD
LAMP CODE
Contents
1. Introduction
2. Lamps
3. Fees
1. Introduction
This code governs all of the lamps that stand in the streets of the city.
2. Lamps
The city shall maintain its lamps, and shall light every one of them at dusk.
3. Fees
The fee for a lamp is set by the council in each year by a resolution."""
COVER_TREE = """\
paragraph CITY OF SPRINGFIELD
paragraph LAMP CODE
contents Contents
1. Introduction
2. Lamps
3. Fees
heading 1. [Introduction]
  paragraph This code governs all of the lamps that stand in the streets of the city.
heading 2. [Lamps]
  paragraph The city shall maintain its lamps, and shall light every one of them at dusk.
heading 3. [Fees]
  paragraph The fee for a lamp is set by the council in each year by a resolution."""


@pytest.mark.parametrize("form", ["txt", "html"])
@pytest.mark.parametrize(
    ("document", "expected"),
    [(ACT, ACT_TREE), (PROCEDURE, PROCEDURE_TREE), (STANDARD, STANDARD_TREE),
     (CONTRACT, CONTRACT_TREE), (RULES, RULES_TREE), (COVER, COVER_TREE)],
    ids=["act", "procedure", "standard", "contract", "rules of a state", "cover and contents"],
)  # fmt: skip
def test_a_document_in_plain_type_has_its_tree(
    document: str, expected: str, form: str, tmp_path: Path, outline: Outline
) -> None:
    lines = document.split("\n")
    path = tmp_path / f"lamps.{form}"
    if form == "txt":
        path.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    else:
        said = "".join(f"<p>{html.escape(line)}</p>\n" for line in lines)
        path.write_text(f"<html><body>{said}</body></html>", encoding="utf-8")
    read, root, *_ = read_tree(path, path.name)
    assert outline(root.children) == expected
    assert read.words == root.total_words()


POLICY = """\
# Third-Party Risk Policy

**Purpose.** This policy sets out how the Bank manages third parties.

## 1. Governance

**1.1 Board of Directors.** The Board approves this policy each year.

**1.2 Management.** Management carries out this policy.

## 2. Due Diligence

**2.1 Before a contract.** See Section 1.2 for the duties of management.
"""


def test_bold_beginnings_of_numbered_paragraphs_are_their_headings(
    tmp_path: Path, outline: Outline
) -> None:
    path = tmp_path / "policy.md"
    path.write_text(POLICY, encoding="utf-8")
    _, root, *_ = read_tree(path, path.name)
    numbered = [(node.designator, node.heading) for node in root.walk() if node.designator]
    assert numbered == [
        ("1.", "Governance"), ("1.1", "Board of Directors."), ("1.2", "Management."),
        ("2.", "Due Diligence"), ("2.1", "Before a contract."),
    ]  # fmt: skip
