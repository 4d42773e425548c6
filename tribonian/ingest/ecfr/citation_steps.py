"""The steps of a citation: a label with its numbers.

``parts 160, 162, and 164``, ``§§ 701.1-701.9``, ``11.10(a), (b)``, ``Supplement No. 1``.
"""

from __future__ import annotations

import re

from tribonian.ingest.ecfr.citation_reading import NotUnderstoodError, Reading
from tribonian.ingest.ecfr.citation_words import (
    AND,
    ANNEXES,
    EXAMPLES,
    LABELS,
    NUMBERS_OF,
    THROUGH,
    Token,
)
from tribonian.ingest.ecfr.section_numbers import (
    ends_of_span,
    is_part_number,
    is_section_number,
    natural,
    part_of,
)
from tribonian.ingest.ecfr.units import CfrUnit, Span

_FAR_SYSTEM = 48

_AFTER_LABEL = frozenset((":", "-", ".", "no", "nos"))
_SMALL_ROMAN = re.compile(r"[ivx]+")


class Steps(Reading):
    """The labels of a citation with their numbers."""

    def is_subject_group(self, ahead: int = 0) -> bool:
        """Whether ``subject group`` comes next."""
        return self.low(ahead) == "subject" and self.low(ahead + 1) == "group"

    def is_step_ahead(self, ahead: int = 0) -> bool:
        """Whether a label or a bare number comes next."""
        return self.token(ahead).kind in ("label", "number") or self.is_subject_group(ahead)

    def step(self) -> list[CfrUnit | Span]:
        """A label with its numbers, or bare numbers: units without what is around them."""
        token, written = self.token(), self.low()
        label = ""
        if token.kind == "label":
            label = LABELS["§" if written[0] == "§" else "¶" if written[0] == "¶" else written]
            self.at += 1
        elif self.is_subject_group():
            label = "subject_group"
            self.at += 2
        elif token.kind != "number":
            self.check_et_seq()
            raise NotUnderstoodError(token)
        numbered = False
        while label and (self.low() in _AFTER_LABEL or self.low()[:1] == "§"):
            numbered = numbered or self.low() == "no"
            self.at += 1
        if self.is_over() and label:
            raise self.refuse(
                f'names no {label.replace("_", " ")} after "{token.text}"; write it like '
                f'"{EXAMPLES[label]}".'
            )
        if label == "paragraph":
            return [*self.paragraphs("")]
        if label in ("", "part", "section"):
            return self.numbers(label)
        annex = ANNEXES.get(written, "")
        return self.letters(label, f"{annex} No." if numbered and annex == "Supplement" else annex)

    def numbers(self, label: str) -> list[CfrUnit | Span]:
        """Parts and sections, one, several, or from one to another."""
        out: list[CfrUnit | Span] = []
        while True:
            token = self.token()
            if token.kind != "number":
                raise NotUnderstoodError(token)
            self.at += 1
            out.extend(self.number(token, label))
            self.check_et_seq()
            start = self.at
            self.take_joints()
            if self.at == start or self.token().kind != "number" or self.head():
                self.at = start
                return out

    def number(self, token: Token, label: str) -> list[CfrUnit | Span]:
        """What one number, with what hangs on it, names."""
        written = token.text
        ends = None if self.single(written, label) else ends_of_span(written, self.title)
        if ends:
            first, last = ends
            self.check_no_paragraph(self.token(), first, last)
            return [self.span(token, first, last, label)]
        unit = self.single(written, label)
        if unit is None:
            raise NotUnderstoodError(token)
        if self.token().kind == "group":
            if not unit.section:
                raise self.refuse(
                    f"names a paragraph of {unit.kind} {written}; paragraphs are in sections, as "
                    'in "21 CFR 701.3(a)".'
                )
            return [*self.paragraphs(unit.section)]
        if self.low() in THROUGH:
            return [self.run(token, label, unit)]
        return [unit]

    def run(self, token: Token, label: str, unit: CfrUnit) -> CfrUnit | Span:
        """From one number to another, where a word or a dash between them says so."""
        start = self.at
        word = self.token().text
        self.at += 1
        if self.token().kind == "label" and self.token(1).kind in ("number", "short"):
            if self.low() in ("to", "of") or LABELS.get(self.low(), "section") not in (
                label or unit.kind, unit.kind):  # fmt: skip
                self.at = start
                return unit
            self.at += 1
        elif (head := self.head()) and head[0] == self.title and word != "to":
            self.at = head[1]  # 21 CFR 700 through 21 CFR 740
            self.take(frozenset(("§", "part", "parts")))
        elif head:
            self.at = start
            return unit
        end = self.token()
        if end.kind == "short" and unit.section:
            self.at += 1
            return self.span(token, unit.section, part_of(unit.section) + end.text, label)
        if end.kind == "number":
            self.at += 1
            self.check_no_paragraph(self.token(), token.text, end.text)
            return self.span(token, token.text, end.text, label)
        if self.is_over() or self.low() in AND:
            raise self.refuse(
                f'has no end after "{token.text}{"" if word == "-" else " "}{word}"; name the '
                f'last one too, or write "{token.text}" alone.'
            )
        self.at = start
        return unit

    def span(self, token: Token, first: str, last: str, label: str) -> CfrUnit | Span:
        """From one part or section to another."""
        units = self.single(first, label), self.single(last, label)
        if units[0] is None or units[1] is None:
            raise NotUnderstoodError(token)
        kinds = {unit.kind for unit in units if unit}
        if kinds not in ({"part"}, {"section"}):
            raise self.refuse(
                f"goes from {units[0].kind} {first} to {units[1].kind} {last}; name two parts or "
                "two sections."
            )
        if first == last:
            return units[0]
        if natural(first) > natural(last):
            raise self.refuse(f"ends before it begins; write {last} before {first}.")
        return Span(units[0], units[1])

    def single(self, number: str, label: str) -> CfrUnit | None:
        """The unit that a number by itself names; None for what is no number of the CFR's."""
        if is_section_number(number):
            after = number[len(part_of(number)) + 1 :]
            # 48 CFR 1.105-2: in the FAR system 15.4 and 22.10 are subparts, 15.403 is a section
            if self.title == _FAR_SYSTEM and len(after) < 3 and label != "section":
                return CfrUnit(self.title, part=part_of(number), subpart=number)
            return CfrUnit(self.title, section=number)
        if label == "section" and re.fullmatch(r"\d+[A-Za-z]?(?:-\d+[A-Za-z]?)?", number):
            return CfrUnit(self.title, section=number)  # 14 CFR part 241 section 19-1
        if is_part_number(number, self.title):
            return CfrUnit(self.title, part=number)
        return None

    def paragraphs(self, section: str) -> list[CfrUnit]:
        """The paragraphs that follow: ``(a)(1)``, ``(a), (b)``, ``(a)(1) and (2)``."""
        paths: list[list[str]] = []
        while True:
            groups: list[str] = []
            while self.token().kind == "group":
                groups.append(self.token().text.strip("()"))
                self.at += 1
            if not groups:
                raise NotUnderstoodError(self.token())
            paths.append(self.beside_paragraph(paths[-1], groups) if paths else groups)
            self.check_no_run()
            start = self.at
            self.take_joints()
            if self.at == start or self.token().kind != "group":
                self.at = start
                return [
                    CfrUnit(self.title, section=section,
                            paragraph="".join(f"({step})" for step in path))
                    for path in paths
                ]  # fmt: skip

    def beside_paragraph(self, last: list[str], groups: list[str]) -> list[str]:
        """Where ``(2)`` stands after ``(a)(1) and``: beside what is numbered as it is."""
        first = groups[0]
        alike = [at for at, step in enumerate(last) if _numbering(step) == _numbering(first)]
        if not alike:
            raise self.refuse(
                f"does not say in which paragraph ({first}) is; write it with all its letters "
                'and numbers, as in "(a)(1) and (a)(2)".'
            )
        # (a)(1)(i) and (ii): small letters are at the first level and Roman at the third
        deep = _numbering(first) != "small" or _SMALL_ROMAN.fullmatch(first)
        return [*last[: alike[-1] if deep else alike[0]], *groups]

    def letters(self, label: str, annex: str) -> list[CfrUnit | Span]:
        """Subparts, subchapters, chapters, appendices."""
        out: list[CfrUnit | Span] = []
        kind = ""
        while True:
            token = self.token()
            if token.kind not in ("word", "number") or not NUMBERS_OF[label].fullmatch(token.text):
                raise NotUnderstoodError(token)
            kind = token.kind
            self.at += 1
            out.append(self.lettered(label, annex, token.text))
            self.check_et_seq()
            if label == "appendix" and self.token().kind == "group":
                raise self.refuse(
                    f"names a paragraph of an appendix; ask for the whole of {annex or label} "
                    f"{token.text}."
                )
            out.extend(self.chapters_to(token) if label == "chapter" else ())
            self.check_no_letters_run(label)
            start = self.at
            self.take_joints()
            after = self.token()
            if (self.at == start or after.kind != kind or self.head() or self.is_subject_group()
                    or not NUMBERS_OF[label].fullmatch(after.text)):  # fmt: skip
                self.at = start
                return out

    def chapters_to(self, first: Token) -> list[CfrUnit]:
        """The chapters after the first of a run of them: 41 CFR chapters 301 through 304."""
        last = self.token(1)
        if self.low() not in THROUGH or self.head(self.at + 1):
            return []
        if not (first.text.isdecimal() and last.text.isdecimal()):
            return []
        run = range(int(first.text) + 1, int(last.text) + 1)
        if not 1 <= len(run) <= 100:
            return []
        self.at += 2
        return [CfrUnit(self.title, chapter=str(number)) for number in run]

    def lettered(self, label: str, annex: str, number: str) -> CfrUnit:
        """One unit with the number that its label has."""
        if label in ("subtitle", "chapter", "subchapter") and (number.islower() or
                                                                label == "chapter"):  # fmt: skip
            number = number.upper()
        if label == "subpart" and number.islower() and len(number) == 1:
            number = number.upper()
        if label == "appendix":
            number = number.upper() if len(number) == 1 else number
            return CfrUnit(self.title, appendix=f"{annex} {number}".strip())
        unit = CfrUnit(self.title, **{label: number})
        if label == "subpart" and "." in number:  # 48 CFR subpart 15.4 is in part 15
            return CfrUnit(self.title, part=part_of(number), subpart=number)
        return unit

    # -- what cannot be asked for

    def check_et_seq(self) -> None:
        """Refuse ``et seq.``, which says no end."""
        if self.token().kind == "etseq":
            raise self.refuse(
                "does not say where it ends; name the last section too, as in "
                '"21 CFR 701.1-701.9", or ask for the part.'
            )

    def check_no_run(self) -> None:
        """Refuse a run of paragraphs: (a-1) may stand between (a) and (b)."""
        self.check_et_seq()
        after = self.token(1).kind in ("group", "number")
        if self.low() in THROUGH and after and not self.head(self.at + 1):
            raise self.refuse(
                "names a run of paragraphs, which cannot be cut out; name each of them, as in "
                '"21 CFR 11.10(a), (b)", or ask for the section.'
            )

    def check_no_paragraph(self, token: Token, first: str, last: str) -> None:
        """Refuse a run that begins or ends at a paragraph."""
        if token.kind == "group":
            raise self.refuse(
                f'ends at a paragraph; ask for whole sections, "{self.title} CFR {first} to '
                f'{last}".'
            )

    def check_no_letters_run(self, label: str) -> None:
        """Refuse ``subparts A through E``: Da may stand between D and E (40 CFR part 60)."""
        through, after = self.low(), self.token(1)
        if through not in THROUGH or after.kind not in ("word", "number"):
            return
        if self.head(self.at + 1) is None and NUMBERS_OF[label].fullmatch(after.text):
            raise self.refuse(
                f"names a run of {label.replace('_', ' ')}s, which has no certain members; name "
                "each of them."
            )


def _numbering(step: str) -> str:
    """How a designator is numbered."""
    if step[0].isdigit():
        return "number"
    return "small" if step.islower() else "capital"
