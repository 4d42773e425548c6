"""Citations of law that is not the CFR."""

from __future__ import annotations

import pytest

from tribonian.ingest.readers.law_citations import act_named, bare


@pytest.mark.parametrize(
    ("title", "citation"),
    [
        ("REGULATION (EU) 2016/679 OF THE EUROPEAN PARLIAMENT", "Regulation (EU) 2016/679"),
        ("Regulation (EC) No 45/2001 of the European Parliament", "Regulation (EC) No 45/2001"),
        ("COMMISSION DELEGATED REGULATION (EU) No 1/2014", "Delegated Regulation (EU) No 1/2014"),
        ("Council Directive 93/42/EEC of 14 June 1993", "Directive 93/42/EEC"),
        ("DIRECTIVE (EU) 2016/680 OF THE", "Directive (EU) 2016/680"),
        ("Council Regulation (EU, Euratom) 2018/1046", "Regulation (EU, Euratom) 2018/1046"),
        ("Council Framework Decision 2008/977/JHA", "Framework Decision 2008/977/JHA"),
        ("An Act about lanterns", None),
    ],
)
def test_an_act_of_the_union_is_known_by_its_title(title: str, citation: str | None) -> None:
    assert act_named(title) == citation


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("Article 6a", "6a"), ("(iv)", "iv"), ("§ 12", "12"), ("3.1.", "3.1"), ("ANNEX IV", "IV"),
        ("SCHEDULE", "SCHEDULE"), ("—", ""), ("‘3.", "3"), ("4A", "4A"),
    ],
)  # fmt: skip
def test_a_number_is_bare_of_its_word_and_its_brackets(printed: str, number: str) -> None:
    assert bare(printed) == number
