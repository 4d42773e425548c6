"""What a sentence obliges, permits, recommends or forbids, and what it denies.

Two texts are compared sentence by sentence: the modals of a sentence of the answer with those
of the sentences of the source that fit it best, by the verb that each governs. A list takes
its modal from the line that opens it ("Each plant shall: (a) …").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from tribonian.align.tracing.first_words import matches_at
from tribonian.align.tracing.quantities import Quantity, quantities
from tribonian.align.tracing.wording import wording
from tribonian.consolidate.sentences import split_sentences

OBLIGES, FORBIDS, PERMITS, RECOMMENDS, SPARES, WILL = (
    "obliges", "forbids", "permits", "recommends", "spares", "will",
)  # fmt: skip

# Tried in this order; what one has taken the next ones do not see.
_BE = r"(?:is|are|be|been|being|was|were)"
_FORMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (SPARES, (
        "need not", "needn't", "(?:do|does|did) not (?:need|have|require)",
        f"{_BE} not (?:required|obliged|obligated|obligatory|necessary|needed|mandatory)",
        "not (?:required|obliged|obligated)", "without (?:the )?need",
        rf"no(?:thing)? (?:\w+ ){{0,2}}{_BE} required",
    )),
    (FORBIDS, (
        "(?:must|shall|may|can|could|should|will) (?:never|under no circumstances)",
        "(?:must|shall|may) not", "mustn't", "cannot", "can not", "can't",
        "(?:will|shall)? ?(?:not|never) be (?:permitted|allowed|authorized)",
        f"{_BE} (?:not|never) (?:permitted|allowed|authorized|authorised|permissible)",
        rf"{_BE} (?:\w+ly )?(?:prohibited|forbidden|banned|barred|precluded|unlawful|illegal)",
        "prohibit(?:s|ed|ing)?", "forbid(?:s|den|ding)?", "unlawful", "ban(?:s|ned)?",
        r"no (?:\w+ ){1,4}?(?:shall|may|must|can|will)",
        r"(?:neither|none|nobody|nor) (?:\w+ ){0,5}?(?:shall|may|must|can|will)",
    )),
    (RECOMMENDS, (
        "should(?: not)?", "shouldn't", "ought(?: not)? to", "encourage[sd]?", "advisable",
        "recommend(?:s|ed|ation|ations)?", "suggest(?:s|ed)?",
    )),
    (PERMITS, (
        "may be required", f"{_BE} (?:permitted|allowed|authorized|authorised|entitled|free)",
        r"(?:permits|allows|authorizes|authorises)(?! (?:are|were|shall|must|may|issued|for)\b)",
        "may", "can", "could", "optional(?:ly)?",
        r"at (?:\w+ ){1,3}discretion", "permissible",
    )),
    (OBLIGES, (
        "must", "shall", "(?:has|have|had) to", "needs? to", "requires?", "required",
        f"{_BE} (?:required|obliged|obligated)", f"{_BE} to", "mandatory", "requirement",
        "obligat(?:ed|ory|ion|ions)", "ha(?:s|ve) (?:an? )?(?:duty|obligation)",
    )),
    (WILL, ("will", "would", "agrees?")),
)  # fmt: skip
_MODAL = re.compile(
    "|".join(rf"(?P<f{n}>\b(?:{'|'.join(forms)})\b)" for n, (_, forms) in enumerate(_FORMS)),
    re.IGNORECASE,
)
_KINDS = [kind for kind, _ in _FORMS]
# The words that those forms begin with.
_FIRST_WORDS = """
    need needn is are be been being was were do does did not no nothing without must shall may
    can could should will mustn cannot prohibit prohibits prohibited prohibiting forbid
    forbids forbidden forbidding unlawful ban bans banned neither none nobody nor shouldn
    ought recommend recommends recommended recommendation recommendations encourage encouraged
    encourages advisable suggest suggests suggested permit permits allow allows authorize
    authorizes authorise authorises optional optionally at permissible has have had needs
    requires require required mandatory obligated obligatory obligation obligations
    requirement would agree agrees never
"""
_FIRST = frozenset(_FIRST_WORDS.split())
# "may" of the calendar, "can" of the canner, limits that are said by a negation.
_NO_MODAL = re.compile(
    r"\bMay(?=\s+\d)|(?<=\d )May\b|\b(?:an?|the|each|per|of|metal|tin|sealed)\s+cans?\b"
    r"|\bnot (?:less|more|fewer|greater|later|earlier|lower|higher|only|limited|necessarily)\b"
    r"|\bnot (?:to )?exceed(?:ing)?\b"
    r"|\bnot to (?:be|go) (?:above|over|beyond|more|below|under|less)\b"
    r"|\bno (?:less|more|fewer|greater|later|earlier|longer|lower|higher)\b"
    r"|\b(?:whether or|if|or) not\b|\bNos?\.(?=\s*\d)"
    r"|\bwhether (?:\w+ ){1,5}?(?:should|must|may|shall|can)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(?:not|never|no|nor|neither|without|cannot)\b|n['’]t\b", re.IGNORECASE)
# What turns a permission into a prohibition: "may only", "may not unless", "must avoid".
_CONDITION = re.compile(
    r"\b(?:(?P<only>only|solely|exclusively|limit(?:ed)?)|(?P<avoid>avoid|refrain)\w*"
    r"|(?P<except>unless|except|excepting|until|provided|without|other than|otherwise|exempt\w*"
    r"|free))\b",
    re.IGNORECASE,
)
_LIMITS = frozenset(("exceed", "go", "surpass", "larg", "big", "later", "long", "fall", "drop"))
_ADVERB = re.compile(r"\b\w{3,}ly\b")
_CLAUSE_END = re.compile(r"[,;:.]|\bbut\b")
_OPENS = re.compile(r"[:—–]\s*$")


@dataclass(frozen=True, slots=True)
class Modal:
    """What a modal does, and the word that it governs ("" where none follows)."""

    kind: str
    verb: str


class Said:
    """A sentence, read when it is asked for: most of a source is never compared closely.

    ``opening`` is the line that opens the list that the sentence is of.
    """

    def __init__(self, text: str, opening: Said | None = None) -> None:
        self.text = text
        self._opening = opening

    @cached_property
    def terms(self) -> frozenset[str]:
        """Its telling words."""
        return frozenset(wording(self.text))

    @cached_property
    def _plain(self) -> str:
        return _NO_MODAL.sub(" ", self.text)

    @cached_property
    def _matches(self) -> list[re.Match[str]]:
        return list(matches_at(_MODAL, _FIRST, self._plain))

    @cached_property
    def _own(self) -> tuple[Modal, ...]:
        plain = self._plain
        modals = []
        for match in self._matches:
            kind = _KINDS[int(str(match.lastgroup)[1:])]
            clause = _CLAUSE_END.split(plain[match.end() : match.end() + 60], maxsplit=1)[0]
            verb = next(iter(wording(_ADVERB.sub(" ", clause))), "")
            modals.append(Modal(kind, verb))
        return tuple(modals)

    @cached_property
    def modals(self) -> tuple[Modal, ...]:
        """Its modals, or else those of the line that opens its list."""
        if self._own or self._opening is None:
            return self._own
        return self._opening.modals

    @cached_property
    def denied(self) -> frozenset[str]:
        """The words that it denies otherwise than by a modal."""
        taken = {n for match in self._matches for n in range(*match.span())}
        rest = self._plain
        return frozenset(
            word
            for match in _DENIAL.finditer(rest)
            if match.start() not in taken
            for word in wording(rest[match.end() : match.end() + 40])[:1]
        )

    @cached_property
    def denies(self) -> bool:
        """Whether it denies or forbids anything."""
        if _DENIAL.search(self._plain) or any(each.kind == FORBIDS for each in self._own):
            return True
        return not self._own and self._opening is not None and self._opening.denies

    @cached_property
    def conditions(self) -> frozenset[str | None]:
        """What kinds of exceptions and conditions it has."""
        found = frozenset(match.lastgroup for match in _CONDITION.finditer(self.text))
        if not found and not self._own and self._opening is not None:
            return self._opening.conditions
        return found

    @cached_property
    def numbers(self) -> tuple[Quantity, ...]:
        """Its quantities."""
        return tuple(quantities(self.text))


def said(text: str) -> list[Said]:
    """The sentences of a text."""
    found: list[Said] = []
    opening: Said | None = None
    for block in text.split("\n"):
        for sentence in split_sentences(block.strip()):
            here = Said(sentence, opening)
            found.append(here)
            if _OPENS.search(sentence):
                opening = here
    return found


# What a sentence of an answer may do where the source does what is listed.
_GROUNDS: dict[str, frozenset[str]] = {
    OBLIGES: frozenset((OBLIGES, WILL)),
    FORBIDS: frozenset((FORBIDS,)),
    PERMITS: frozenset((PERMITS, SPARES)),
    RECOMMENDS: frozenset((RECOMMENDS,)),
    SPARES: frozenset((SPARES, PERMITS)),
    WILL: frozenset((OBLIGES, WILL, PERMITS, RECOMMENDS, FORBIDS, SPARES)),
}
FITTING = 0.3  # the least share of a sentence's words that the source's sentence has
CLOSE = 0.55  # the share above which another verb does not matter
NEXT_BEST = 0.85  # how well, of the best, a sentence fits that is looked at beside it


def differing(
    answer: Sequence[Said], source: Sequence[Said], weigh: Callable[[Iterable[str]], float]
) -> list[str]:
    """The sentences of an answer that oblige, permit, forbid or deny otherwise than the source."""
    return [each.text for each in answer if _differs(each, source, weigh)]


def _differs(here: Said, source: Sequence[Said], weigh: Callable[[Iterable[str]], float]) -> bool:
    if not here.modals and not here.denied and not source:
        return False
    whole = weigh(here.terms)
    if not whole:
        return False
    shares = [weigh(here.terms & each.terms) / whole for each in source]
    best = max(shares, default=0.0)
    if best < FITTING:
        return False
    fitting = [
        each for each, share in zip(source, shares, strict=True) if share >= best * NEXT_BEST
    ]
    return any(_unfounded(modal, here, fitting, best) for modal in here.modals) or _denies_other(
        here, fitting, best
    )


def _unfounded(modal: Modal, here: Said, fitting: Sequence[Said], share: float) -> bool:
    """Whether no fitting sentence does with the same verb what the modal does."""
    theirs = [each for sentence in fitting for each in sentence.modals]
    same = [each.kind for each in theirs if each.verb and each.verb == modal.verb]
    grounds = _GROUNDS[modal.kind]
    if same:
        if grounds.intersection(same):
            return False
        return not _turned(modal.kind, same, here, fitting)
    if share < CLOSE or modal.kind in (SPARES, WILL):
        return False
    kinds = {each.kind for each in theirs} - {WILL}
    if modal.kind == FORBIDS:  # of a source that denies nothing and knows no exceptions
        mild = any(each.denies or each.conditions for each in fitting)
        return bool(kinds) and not mild and modal.verb not in _LIMITS
    if not kinds or grounds & kinds:
        return False
    if modal.kind == OBLIGES and kinds == {FORBIDS}:
        return False  # "must be at most" says what "may not exceed" says
    return not _turned(modal.kind, list(kinds), here, fitting)


def _turned(kind: str, theirs: Sequence[str], here: Said, fitting: Sequence[Said]) -> bool:
    """ "May only if" says what "may not unless" says; "will" obliges nobody else."""
    if set(theirs) <= {WILL}:
        return kind != FORBIDS
    if {kind, *theirs} <= {PERMITS, FORBIDS} or {kind, *theirs} <= {OBLIGES, FORBIDS}:
        return any(here.conditions != each.conditions for each in fitting)
    return False


def _denies_other(here: Said, fitting: Sequence[Said], share: float) -> bool:
    """Whether a word is denied here that all fitting sentences affirm, or the other way round."""
    if share < CLOSE:
        return False
    affirmed = {
        word
        for word in here.denied
        if all(word in each.terms and word not in each.denied for each in fitting)
    }
    if affirmed and not any(each.denies or each.conditions for each in fitting):
        return True
    first = fitting[0]
    return (
        len(fitting) == 1
        and not here.denies
        and not here.conditions
        and bool(first.denied & here.terms)
        and share >= 0.75
    )
