"""The end of an act: formula, signatures, and the notes printed below."""

from __future__ import annotations

import pytest

from tribonian.ingest.outline.closing import after_filed, closing_at, notes_at_end
from tribonian.ingest.styled import Styled


def run(*lines: str) -> list[Styled]:
    return [Styled(line) for line in lines]


DONE = "Done at Brussels, 1 April 2030."
BINDS = "This Regulation shall be binding in its entirety and directly applicable."


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("It applies.", BINDS, DONE, "A. LAMP"), 1),  # the formula begins a line earlier
        (("It applies.", DONE), 1),
        (("It applies.", "Done in Paris, this 5th day of May 2030."), 1),
        (("It applies.", "Done at night, lamps burn."), -1),
        (("It applies.", "Done at Brussels."), -1),  # without a date
        (("The work was Done at Brussels, 1 April 2030.",), -1),
        (("This Directive is addressed to the Member States.",), -1),
        ((), -1),
    ],
)
def test_an_act_ends_where_it_says_where_and_when_it_was_done(
    lines: tuple[str, ...], expected: int
) -> None:
    assert closing_at(run(*lines)) == expected


def test_numbered_lines_below_the_signatures_are_footnotes_of_their_marks() -> None:
    found = notes_at_end(run("The Committee (1) said so (2).", DONE, "A. LAMP", "(1) OJ C 1.",
                             "(2) OJ C 2."))  # fmt: skip
    assert [block.kind for block in found] == ["paragraph"] * 3 + ["footnote"] * 2
    assert found[0].marks == ("(1)", "(2)")


def test_a_reference_to_a_paragraph_is_no_mark_of_a_note() -> None:
    lines = run("Under Article 5 (1) and paragraph (2) lamps burn.", DONE, "(1) One.", "(2) Two.")
    assert notes_at_end(lines) == lines


def test_numbered_lines_of_an_annex_are_no_footnotes() -> None:
    lines = run("Lamps burn.", DONE, "ANNEX", "(1) Oil;", "(2) gas.")
    assert notes_at_end(lines) == lines


def test_another_document_begins_behind_the_end_of_one_in_the_federal_register() -> None:
    # 1 CFR 18.10 ff.
    lines = run("§ 39.13 [Amended]", "[FR Doc. 2020–17221 Filed 8–5–20; 8:45 am]",
                "BILLING CODE 4910–13–P", "DEPARTMENT OF LAMPS")  # fmt: skip
    assert after_filed(lines) == {3}
    assert after_filed(run("The billing code 4910 is old.", "Lamps")) == frozenset()
