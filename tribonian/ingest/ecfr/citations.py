"""Citations of the CFR as people write them, turned into the units that they ask for.

``21 CFR 701.3(a)``, ``45 CFR parts 160 and 164``, ``subpart B of 21 CFR part 701``, ``section
164.512 of title 45, Code of Federal Regulations``, ``DFARS 252.204-7012``. A citation goes from
the large to the small (``part 60, subpart A``) or, with *of* and *to*, from the small to the
large; what stands beside something of its own size is a list. Nothing is guessed: what can be
read in two ways is refused with the sentence that tells them apart.
"""

from __future__ import annotations

import re

from tribonian.ingest.ecfr.citation_reading import NotUnderstoodError
from tribonian.ingest.ecfr.citation_steps import Steps
from tribonian.ingest.ecfr.citation_units import (
    a_kind,
    is_of_an_appendix,
    kind_of,
    outermost,
    rank,
    whole,
    with_numbers,
)
from tribonian.ingest.ecfr.citation_words import (
    AND,
    EXAMPLES,
    LABELS,
    LONGEST,
    OF,
    RANKS,
    Named,
    plain,
    tokens_of,
)
from tribonian.ingest.ecfr.section_numbers import part_of
from tribonian.ingest.ecfr.units import Asked, CfrUnit, Span

_FILE_NAME = re.compile(
    r"\.(?:pdf|xml|x?html?|docx?|rtf|odt|txt|md|markdown|zip|gz|tgz|tar|json|jsonl|csv|xlsx?|akn"
    r"|parquet|epub|pptx?)$",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(r"(?P<name>[A-Z][^()\d\ue000]{0,60})\((?P<inner>.*)\)")
_NAME_AFTER = re.compile(r"\s\((?P<name>[A-Z][A-Za-z&'./ -]{2,60})\)$")
_LIMITS = frozenset(("except", "excepting", "excluding", "but", "not", "only", "without", "unless"))
_LOOKS = re.compile(
    r"\b\d{1,3}\s*-?\s*C\.?\s?[FR]\.?\s?[FRT]\b|\bCFR\b|§|\btitle\s+\d{1,2}\b"
    r"|\b(?:sub)?parts?\s+\d|\bregulation\s+[A-Z]{1,2}\b",
    re.IGNORECASE,
)


def looks_like_citation(text: str) -> bool:
    """Whether something that is no citation may have been meant as one: ``21 CRF 11``."""
    return len(text) <= LONGEST and _LOOKS.search(plain(text)) is not None


def parse_citation(text: str) -> Asked | None:
    """What a citation asks for, its units in the order of the text; None where it is none.

    A file's name, a sentence, a citation of other law are none. DocumentError for what is
    meant as a citation and cannot be carried out (no such title, no number, an open end, two
    meanings); UsageError for a date that is none. A year, ``(2024)``, is the annual edition
    of that year: the date as of which its volumes of that title were revised.
    """
    if not text or len(text) > LONGEST or _FILE_NAME.search(text.rstrip()):
        return None
    words = plain(text)
    if (named := _NAME_BEFORE.fullmatch(words)) and "CFR" in named["inner"] and (
            _is_name(named["name"])):  # fmt: skip
        words = named["inner"]  # Regulation E (12 CFR part 1005)
    elif (named := _NAME_AFTER.search(words)) and _is_name(named["name"]):
        words = words[: named.start()]  # 45 CFR part 164 (HIPAA)
    short = " ".join(text.split())
    reading = _Citation(tokens_of(words), short if len(short) <= 80 else f"{short[:79]}…")
    try:
        return Asked(text, *reading.everything())
    except NotUnderstoodError as error:
        if not reading.is_meant(error.token):
            return None
        rest = words[error.token.start :].replace("\ue000", "") if error.token.text else ""
        rest = rest if len(rest) <= 40 else f"{rest[:39]}…"
        where = f'cannot be read from "{rest}" on' if rest else "is not whole"
        raise reading.refuse(
            f'{where}; write it like "21 CFR 701.3", "21 CFR part 701 subpart B" or '
            '"21 CFR parts 700-740".'
        ) from None


def _is_name(text: str) -> bool:
    """Whether words beside a citation are its name and take nothing from it or add to it."""
    words = text.lower().split()
    return len(words) <= 6 and "CFR" not in text and (
        LABELS.keys() | _LIMITS).isdisjoint(words)  # fmt: skip


class _Citation(Steps):
    """How the steps of a citation hang together."""

    def everything(self) -> tuple[tuple[CfrUnit | Span, ...], str | None]:
        """All units asked for, each once, and the date that the text says."""
        wanted: list[CfrUnit | Span] = []
        dates: list[str | None] = []
        while True:
            wanted.extend(self.clause())
            self.take_noise()
            dates.append(self.date_here())
            self.take_noise()
            if self.is_over():
                break
            self.need_more()
        if len(set(dates)) > 1:
            raise self.refuse(
                "has several dates, or a date for a part of it; ask for each date by itself."
            )
        for unit in wanted:
            self.check_whole(unit)
        return tuple(dict.fromkeys(wanted)), dates[0]

    def check_whole(self, unit: CfrUnit | Span) -> None:
        """Refuse what cannot be found without what is around it."""
        if isinstance(unit, Span):
            return
        lone = "".join(unit.said.values()) in (unit.subpart, unit.appendix)
        if lone and (unit.subpart or unit.appendix) and " " not in unit.appendix:
            raise self.refuse(
                f"names {a_kind(unit.kind)} and not its part; write it like "
                f'"{EXAMPLES[unit.kind]}".'
            )
        if unit.paragraph and not unit.section:
            raise self.refuse(
                f'names a paragraph and not its section; write it like "{EXAMPLES["paragraph"]}".'
            )

    def need_more(self) -> None:
        """Pass over what joins one thing to the next."""
        if not self.take(AND):
            raise NotUnderstoodError(self.token())
        while self.take(AND):
            pass
        if self.is_over():
            raise self.refuse("ends in the middle; add what comes after it, or leave that out.")

    def clause(self) -> list[CfrUnit | Span]:
        """What hangs on one naming of a title."""
        head = self.head()
        if head is None:
            return self.from_small()
        self.title, self.at, named, name = head
        self.take(frozenset((",", ":", "-")))
        if self.is_end_of_clause():
            return [whole(self.title, named, name)]
        found = self.elements()
        if named:
            self.check_named(found, named, name)
        return found

    def from_small(self) -> list[CfrUnit | Span]:
        """``part 11 of title 21``, ``subpart B of 21 CFR part 701``."""
        if self.token().kind != "label" and not self.is_subject_group():
            raise NotUnderstoodError(self.token())
        later = (self.head(at) for at in range(self.at + 1, len(self.tokens)))
        head = next((head for head in later if head and not head[2]), None)
        if head is None:
            if not self.title:
                raise NotUnderstoodError(self.token())
            return self.elements()
        self.title = head[0]
        small = self.elements()
        self.take(frozenset((",",)))
        self.take(OF)
        self.take_noise()
        if (head := self.head()) is None:
            raise NotUnderstoodError(self.token())
        self.title, self.at = head[:2]
        start = self.at
        self.take(frozenset((",",)))
        if self.low() in AND or self.is_end_of_clause():
            return small
        outer = self.element()
        if not self.is_deeper(small, outer):  # "part 11 of title 21, part 164 of title 45"
            self.at = start
            return small
        if len(outer) > 1:
            raise self.refuse("names several units around a smaller one; name only one of them.")
        return [self.within(unit, outer[0]) for unit in small]

    def is_end_of_clause(self) -> bool:
        """Whether nothing more is said of this title."""
        self.take_noise()
        if self.is_over() or self.token().kind == "date":
            return True
        return self.low() in AND and self.after_joints() == "clause"

    def after_joints(self) -> str:
        """What follows the words that join: ``clause``, ``end``, or ``element``."""
        at = self.at
        while at < len(self.tokens) and self.tokens[at].text.lower() in AND:
            at += 1
        if at == len(self.tokens):
            return "end"
        if self.head(at):
            return "clause"
        return "element" if self.is_step_ahead(at - self.at) else "other"

    def elements(self) -> list[CfrUnit | Span]:
        """Units beside one another."""
        out = self.element()
        last = out
        while self.low() in AND and self.after_joints() == "element":
            start = self.at
            joined = self.take_joints()
            found = self.element()
            if self.is_before_head():  # "21 CFR 11 and part 164 of title 45"
                self.at = start
                return out
            if outermost(found[0]) > rank(last[-1]):
                if len(last) > 1 or isinstance(last[0], Span) or not joined:
                    raise self.refuse(
                        f"does not say which unit the {kind_of(found)} is in; name each one with "
                        'its own, as in "45 CFR part 160 and subparts A and C of part 164".'
                    )
                if kind_of(found) != "appendix":
                    raise self.refuse(
                        f"joins {a_kind(kind_of(found))} to {a_kind(kind_of(last))}; put a comma "
                        'between them if it is within it, or name what it is in with "of".'
                    )
                found = [self.within(unit, last[0]) for unit in found]
            else:
                found = [self.beside(unit, last[-1]) for unit in found]
            out = [*out, *found]
            last = found
        if self.low() in AND and self.after_joints() == "end":
            self.need_more()
        return out

    def element(self) -> list[CfrUnit | Span]:
        """A step with what is within it (``part 60, subpart A``) or around it (``of part 60``)."""
        found = self.step()
        is_to = False
        while True:
            start = self.at
            if self.low() in OF and not self.is_before_head():
                is_to = True
                self.at += 1
                self.take_noise()
                outer = self.step()
                if len(outer) > 1 or isinstance(outer[0], Span):
                    raise self.refuse(
                        "names several units around a smaller one; name only one of them."
                    )
                found = [self.within(unit, outer[0]) for unit in found]
                continue
            self.take(frozenset((",", "-")))
            if self.is_step_ahead() and not self.head():
                inner = self.step()
                if self.is_deeper(inner, found) and (self.low() not in OF or self.is_before_head()):
                    if len(found) > 1 or isinstance(found[0], Span):
                        raise self.refuse(
                            f"does not say which of them the {kind_of(inner)} is in; name each "
                            'one with its own, as in "part 160 and subparts A and C of part 164".'
                        )
                    found = [self.within(unit, found[0]) for unit in inner]
                    continue
                if is_to and is_of_an_appendix(inner, found) and (
                        self.low() not in OF or self.is_before_head()):  # fmt: skip
                    found = [self.within(unit, inner[0]) for unit in found]
                    continue
            self.at = start
            return found

    def is_before_head(self) -> bool:
        """Whether *of* and a title come next: ``of title 21``, ``to 10 CFR part 50``."""
        at = self.at + 1
        while at < len(self.tokens) and self.tokens[at].text.lower() == "the":
            at += 1
        return self.low() in OF and self.head(at) is not None

    def is_deeper(self, inner: list[CfrUnit | Span], outer: list[CfrUnit | Span]) -> bool:
        """Whether a unit is of a kind that stands within the other's."""
        return rank(inner[0]) > rank(outer[-1])

    def within(self, unit: CfrUnit | Span, outer: CfrUnit | Span) -> CfrUnit | Span:
        """A unit with what is around it."""
        if isinstance(outer, Span):
            raise self.refuse("names several units around a smaller one; name only one of them.")
        if isinstance(unit, Span):
            first, last = self.within(unit.first, outer), self.within(unit.last, outer)
            assert isinstance(first, CfrUnit) and isinstance(last, CfrUnit)
            return Span(first, last)
        if unit.paragraph and outer.paragraph:
            raise self.refuse("names a paragraph twice; name it once.")
        if outer.paragraph or (outer.section and unit.kind not in ("section", "appendix")
                               and not unit.paragraph):  # fmt: skip
            raise self.refuse(
                f"names {a_kind(kind_of([unit]))} within a section; name its part instead."
            )
        section = unit.section
        if section and outer.part and part_of(section) not in ("", outer.part):
            raise self.refuse(f"names section {section} in part {outer.part}; name one of them.")
        for name, number in outer.said.items():
            if getattr(unit, name) not in ("", number):
                raise self.refuse(
                    f"names the {name} {number} and {getattr(unit, name)}; name one of them."
                )
        return with_numbers(unit, **outer.said)

    def beside(self, unit: CfrUnit | Span, last: CfrUnit | Span) -> CfrUnit | Span:
        """A unit in the same containers as the one before it: chapter I, parts 11 and 12."""
        if isinstance(last, Span):
            last = last.last
        if isinstance(unit, Span):
            return unit
        above = {name: number for name, number in last.said.items()
                 if RANKS[name] < outermost(unit)}  # fmt: skip
        return with_numbers(unit, **above)

    def check_named(self, found: list[CfrUnit | Span], named: Named, name: str) -> None:
        """Refuse a part that a regulation cited by name cannot have."""
        for one in found:
            for unit in (one.first, one.last) if isinstance(one, Span) else (one,):
                number = unit.part or part_of(unit.section)
                head = re.match(r"\d+", number)
                if head is None or named.first <= int(head[0]) <= named.last:
                    continue
                other = (
                    f'for the Federal Aviation Regulations write "14 CFR part {head[0]}"'
                    if name == "FAR"
                    else f'write "{named.title} CFR part {head[0]}" if that is meant'
                )
                raise self.refuse(
                    f"names part {number}, and the {name} has parts {named.first} to "
                    f"{named.last} of title {named.title}; {other}."
                )
