"""Question-and-answer pairs made from principles, of which it is known where they come from.

The makers use nothing of the tracer: the words they put in place of others are a list of
their own (`IN_OTHER_WORDS`), written as people reword law, and most of it is not in the
tracer's table. All choices are drawn from a seed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tribonian.align.built import BuiltPrinciple
from tribonian.consolidate.sentences import split_sentences

KINDS = (
    "verbatim", "shortened", "reworded", "retold", "wrong number", "modal changed",
    "sentence added", "from nowhere",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A pair, its kind, the id of its principle (None: from nowhere), and the text it is of."""

    kind: str
    question: str
    answer: str
    principle: str | None
    passage: str


# What a language model writes in place of the words of a regulation.
IN_OTHER_WORDS: dict[str, tuple[str, ...]] = {
    "in accordance with": ("in line with", "following", "according to"),
    "pursuant to": ("under", "on the basis of"),
    "prior to": ("before", "ahead of"),
    "subsequent to": ("after",),
    "in the event that": ("if", "should it happen that"),
    "for the purpose of": ("in order to achieve", "to allow"),
    "for purposes of": ("when dealing with", "in the context of"),
    "with respect to": ("about", "as regards", "when it comes to"),
    "in addition to": ("besides", "on top of"),
    "at least": ("a minimum of", "no fewer than"),
    "not later than": ("no later than", "at the latest"),
    "set forth in": ("laid down in", "found in"),
    "as well as": ("and also", "along with"),
    "in lieu of": ("instead of", "rather than"),
    "is not limited to": ("does not stop at", "goes beyond"),
    "shall": ("must", "has to", "is to"),
    "such": ("this kind of", "these"),
    "upon": ("on", "once there is"),
    "any": ("whatever", "every"),
    "individual": ("person", "human being"),
    "individuals": ("persons", "people"),
    "person": ("party", "somebody"),
    "persons": ("parties", "people"),
    "agency": ("authority", "body"),
    "commissioner": ("head of the agency",),
    "information": ("details", "data", "facts"),
    "documents": ("papers", "paperwork"),
    "document": ("paper",),
    "records": ("documentation", "files"),
    "record": ("entry", "file"),
    "application": ("request", "filing"),
    "procedures": ("steps", "methods"),
    "procedure": ("process", "method"),
    "requirements": ("conditions", "demands"),
    "requirement": ("condition", "demand"),
    "required": ("needed", "obligatory", "called for"),
    "requires": ("calls for", "demands"),
    "provide": ("hand over", "present", "offer"),
    "provided": ("presented", "offered", "handed over"),
    "provides": ("offers", "presents"),
    "submit": ("turn in", "present"),
    "submitted": ("turned in", "presented"),
    "maintain": ("hold on to", "look after"),
    "maintained": ("held on to", "looked after"),
    "ensure": ("make sure", "see to it"),
    "assure": ("make sure",),
    "obtain": ("get hold of", "secure"),
    "obtained": ("secured", "gained"),
    "establish": ("set up", "put in place"),
    "established": ("set up", "put in place"),
    "conduct": ("carry out", "perform"),
    "conducted": ("carried out", "performed"),
    "determine": ("work out", "find out"),
    "determined": ("found", "worked out"),
    "determines": ("finds", "concludes"),
    "identify": ("pinpoint", "single out"),
    "include": ("cover", "have"),
    "includes": ("covers", "has"),
    "including": ("among them", "such as"),
    "contains": ("has", "holds"),
    "contain": ("have", "hold"),
    "containing": ("with", "that has"),
    "consists": ("is made up",),
    "prevent": ("avoid", "guard against"),
    "appropriate": ("fitting", "proper"),
    "adequate": ("good enough", "satisfactory"),
    "sufficient": ("ample", "plenty of"),
    "necessary": ("essential", "vital"),
    "specific": ("particular", "definite"),
    "specified": ("stated", "indicated"),
    "prescribed": ("laid down", "set"),
    "described": ("set out", "outlined"),
    "applicable": ("relevant", "pertinent"),
    "request": ("ask for", "call for"),
    "requests": ("asks for",),
    "purchase": ("buying",),
    "commence": ("get under way", "open"),
    "employees": ("members of staff", "workforce"),
    "employee": ("staff member",),
    "personnel": ("people working there", "workforce"),
    "manufacturer": ("producer",),
    "manufacturers": ("producers",),
    "manufacture": ("making",),
    "manufacturing": ("making",),
    "device": ("instrument", "product"),
    "equipment": ("gear", "installations"),
    "facility": ("plant", "site"),
    "facilities": ("plants", "sites"),
    "use": ("application", "employment"),
    "used": ("employed", "applied"),
    "intended": ("meant", "designed"),
    "effective": ("working", "in force"),
    "safe": ("harmless", "secure"),
    "safety": ("protection",),
    "method": ("way", "technique"),
    "methods": ("ways", "techniques"),
    "substance": ("material", "compound"),
    "substances": ("materials", "compounds"),
    "ingredient": ("component",),
    "ingredients": ("components",),
    "food": ("foodstuff",),
    "foods": ("foodstuffs",),
    "drug": ("medicinal product",),
    "drugs": ("medicinal products",),
    "treatment": ("therapy", "care"),
    "disease": ("ailment", "medical condition"),
    "written": ("in writing",),
    "notice": ("announcement", "communication"),
    "notify": ("let know", "alert"),
    "statement": ("declaration", "wording"),
    "statements": ("declarations",),
    "hearing": ("oral proceeding",),
    "decision": ("ruling", "outcome"),
    "final": ("definitive",),
    "initial": ("first",),
    "additional": ("further", "extra"),
    "annual": ("yearly",),
    "portion": ("share",),
    "entire": ("whole",),
    "approximately": ("about", "roughly"),
    "however": ("but", "even so"),
    "therefore": ("so", "for that reason"),
    "because": ("since", "as"),
    "if": ("where", "in case"),
    "when": ("whenever", "at the time"),
    "unless": ("except if", "save where"),
    "under": ("according to",),
    "within": ("inside",),
    "during": ("in the course of", "throughout"),
    "each": ("every", "every single"),
    "all": ("every one of the", "the whole of the"),
    "other": ("further", "different"),
    "make": ("create",),
    "made": ("created", "drawn up"),
    "receive": ("be given",),
    "received": ("taken in", "got"),
    "disclosure": ("making known", "passing on"),
    "disclose": ("make known", "pass on"),
    "public": ("general public",),
    "located": ("situated",),
    "reasonable": ("fair", "sensible"),
    "promptly": ("without delay", "quickly"),
    "immediately": ("at once", "right away"),
    "time": ("moment", "point in time"),
    "purpose": ("aim", "objective"),
    "purposes": ("aims", "ends"),
    "basis": ("foundation",),
    "review": ("look over", "go through"),
    "evaluation": ("appraisal",),
    "assistance": ("support", "help"),
    "office": ("bureau",),
    "effect": ("impact",),
    "affect": ("influence", "touch"),
    "costs": ("outlays",),
    "fees": ("charges",),
    "fee": ("charge",),
    "prohibited": ("banned", "not allowed"),
    "exceed": ("go beyond", "be above"),
    "responsible": ("in charge", "answerable"),
    "authority": ("power",),
    "officer": ("official",),
    "consumer": ("customer", "buyer"),
    "consumers": ("customers", "shoppers"),
    "show": ("display", "make plain"),
    "considered": ("regarded as", "seen as"),
    "means": ("refers to", "stands for"),
    "significant": ("important", "notable"),
    "indicate": ("point to", "signal"),
    "related": ("linked", "tied"),
    "based": ("built", "resting"),
    "performed": ("done", "undertaken"),
    "perform": ("do", "undertake"),
    "consistent": ("compatible", "in keeping"),
    "subject": ("exposed", "bound"),
    "exempt": ("free", "released"),
    "available": ("accessible", "at hand"),
}
OPENINGS = (
    "According to the regulation, ", "Under these rules, ", "In short, ", "Briefly put, ",
    "The provision says that ", "Here the rule is that ", "As the text explains, ", "",
    "", "", "",
)  # fmt: skip
ABOUT = (
    "What does the regulation say about {}?", "What are the rules on {}?",
    "Could you explain what applies to {}?", "What should I know about {}?",
    "Which requirements concern {}?", "How is {} dealt with?",
    "What is provided for with regard to {}?", "Please summarise the provisions on {}.",
)  # fmt: skip
VAGUE = (
    "What does this regulation require?", "What is the rule here?",
    "Can you explain this provision?", "What must be done?",
)  # fmt: skip

_LEAD = re.compile(r"^\[.*?\]\n\n", re.DOTALL)
_DESIGNATOR = re.compile(r"^(?:\(\w{1,5}\)\s*)+")
_HEADING = re.compile(r"\s*(?:\[[^\]]*\]|\(\d+ of \d+\))$")
_NUMBERED = re.compile(r"^(?:§§?\s*\S+|PART \S+?—|Subpart \S+?—|[\dA-Z]+\.)\s*")
_WORDS = re.compile(r"\w+(?:[-'’]\w+)*")


def passages(principle: BuiltPrinciple) -> list[str]:
    """The sentences of a principle that could be an answer, without their designators."""
    found = []
    for block in _LEAD.sub("", principle.content).split("\n\n"):
        if "|" in block:
            continue
        sentences = [_DESIGNATOR.sub("", each.strip()) for each in split_sentences(block)]
        for first, second in zip(sentences, [*sentences[1:], ""], strict=True):
            for plain in (first, f"{first} {second}" if second else ""):
                if 8 <= len(_WORDS.findall(plain)) <= 80 and plain[-1:] in ".;:":
                    found.append(plain.rstrip(";:"))
    return found


def heading(principle: BuiltPrinciple) -> str:
    """The heading of a principle without number and brackets, in small letters."""
    text = _NUMBERED.sub("", _HEADING.sub("", _HEADING.sub("", principle.label)))
    text = text.strip(" .") or principle.label
    return text[:1].lower() + text[1:]


def question_of(principle: BuiltPrinciple, passage: str, draw: random.Random) -> str:
    """A question: about the heading, some words of the passage, the citation, or nothing."""
    way = draw.random()
    if way < 0.35:
        return draw.choice(ABOUT).format(heading(principle))
    if way < 0.80:
        words = passage.split()
        start = draw.randrange(max(1, len(words) - 5))
        topic = " ".join(words[start : start + draw.randint(3, 6)]).strip(" .,;:()")
        return draw.choice(ABOUT).format(reworded(topic, draw, share=0.4))
    if way < 0.92 and principle.citation:
        return f"What does {principle.citation} say?"
    return draw.choice(VAGUE)


# What can be left out without changing the law: adverbs, pairs of synonyms, articles.
_SPARED = re.compile(
    r"\b(?:\w{3,}ly|the|such|any|said|also|otherwise|applicable|appropriate|in writing)\s"
    r"|,? (?:including|such as|for example|e\.g\.,)[^.;,]*(?=[,.;])"
    r"|,? (?:of this (?:section|part|chapter|subpart)|under this (?:section|part))\b"
)


def shortened(passage: str, draw: random.Random) -> str:
    """A passage with a part of it left out: its last clause, brackets, or a share of words."""
    plain = re.sub(r"\s*\([^)]{8,}\)", "", passage)
    clauses = re.split(r"(?<=[,;])\s+", plain)
    if len(clauses) > 2 and draw.random() < 0.6:
        del clauses[draw.randrange(1, len(clauses))]
        return " ".join(clauses).rstrip(",;") + ("" if clauses[-1].endswith(".") else ".")
    return _SPARED.sub(lambda match: match[0] if draw.random() > 0.5 else "", plain) or plain


def reworded(passage: str, draw: random.Random, share: float = 0.8) -> str:
    """A passage in other words: synonyms for a share of the words that have some."""

    def other(match: re.Match[str]) -> str:
        found = match[0]
        inside_name = (
            found[0].isupper() and match.start() and passage[match.start() - 2] not in ".:"
        )
        if draw.random() > share or inside_name:
            return found
        if found.lower() == "shall" and passage[match.end() :].startswith(" not"):
            return "must"
        new = draw.choice(IN_OTHER_WORDS[found.lower()])
        return new[0].upper() + new[1:] if found[0].isupper() else new

    return _OTHER.sub(other, passage)


_OTHER = re.compile(
    r"(?<![\w-])(?:" + "|".join(sorted(IN_OTHER_WORDS, key=len, reverse=True)) + r")(?![\w-])",
    re.IGNORECASE,
)


def reordered(passage: str, draw: random.Random) -> str:
    """A passage with its clauses in another order."""
    clauses = [clause.strip(" ,;.") for clause in re.split(r"[,;]\s+", passage)]
    if len(clauses) < 2:
        return passage
    if len(clauses) == 2 or draw.random() < 0.5:
        clauses = clauses[1:] + clauses[:1]
    else:
        at = draw.randrange(len(clauses) - 1)
        clauses[at], clauses[at + 1] = clauses[at + 1], clauses[at]
    text = ", ".join(clauses) + "."
    return text[0].upper() + text[1:]


FILLERS = (
    "which means that", "in that case", "so", "one has to", "it is important that", "as a rule",
    "basically", "people", "in practice", "make sure that", "this includes", "there", "first",
    "then", "when needed", "if that happens", "usually", "what counts is", "the idea is that",
)  # fmt: skip
_SMALL_WORDS = """
    the a an of such any that this and other each or to in for by with as is are be on at from
    it its which shall must may not if when has have been was were will than into under upon
    all
"""
_SMALL = frozenset(_SMALL_WORDS.split())


def retold(passage: str, draw: random.Random, share: float = 0.65) -> str:
    """Some of the telling words, in other words, in another order, with fillers between them.

    No sentence that anybody would write, but what is left of the words of a rule where
    somebody retells it freely: for tracing alone.
    """
    words = [w for w in _WORDS.findall(reworded(passage, draw)) if w.lower() not in _SMALL]
    kept = [w for w in words if draw.random() < share] or words
    chunks: list[list[str]] = []
    while kept:
        size = draw.randint(1, 3)
        chunks.append(kept[:size])
        kept = kept[size:]
    for n in range(len(chunks) - 1):
        if draw.random() < 0.4:
            chunks[n], chunks[n + 1] = chunks[n + 1], chunks[n]
    said: list[str] = []
    for chunk in chunks:
        said += chunk
        said.append(
            draw.choice(FILLERS) if draw.random() < 0.4 else draw.choice(("the", "of", "a"))
        )
    return " ".join(said[:-1]) + "."


def short_question(principle: BuiltPrinciple, passage: str, draw: random.Random) -> str:
    """A question by two to four telling words of the heading or, seldom, of the passage."""
    source = heading(principle) if draw.random() < 0.75 else passage
    words = [w for w in _WORDS.findall(source) if w.lower() not in _SMALL]
    chosen = sorted(draw.sample(range(len(words)), min(len(words), draw.randint(2, 4))))
    topic = " ".join(words[n] for n in chosen)
    return draw.choice(("How long does {} take?", "When does {} apply?", "Who has to do {}?",
                        "Is {} allowed?", "What happens with {}?", "How does {} work?",
                        "Does {} need anything?")).format(topic)  # fmt: skip


# -- what is planted -----------------------------------------------------------------------

_UNITS = (
    r"percent|per cent|%|days?|hours?|months?|years?|weeks?|minutes?|calendar days|working days|"
    r"business days|degrees?|mg|g|kg|ppm|ml|liters?|inch(?:es)?|feet|pounds?|milligrams?|grams?|"
    r"dollars|parts|employees|copies|copy|times|persons|members|patients|units|samples?|pages"
)
_PLANTABLE = re.compile(
    rf"(?<![\w.§$(/-])(?P<n>\d{{1,3}}(?:,\d{{3}})*(?:\.\d+)?|two|three|four|five|six|seven|eight|"
    rf"nine|ten|twelve|fifteen|twenty|thirty|sixty|ninety)"
    rf"(?=[ -](?:\w+ )?(?:{_UNITS})\b|%)|(?<=\$)(?P<money>\d[\d,]*)"
)
_SPELT = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve",
          "fifteen", "twenty", "thirty", "sixty", "ninety")  # fmt: skip


def wrong_number(passage: str, draw: random.Random) -> str | None:
    """A passage with one number changed to one that the passage does not have."""
    places = list(_PLANTABLE.finditer(passage))
    if not places:
        return None
    place = draw.choice(places)
    old = place[0]
    if old.lower() in _SPELT:
        new = draw.choice([each for each in _SPELT if each not in passage.lower()])
    else:
        value = float(old.replace(",", ""))
        changed = draw.choice([value + 1, value * 2, value + 5, value * 10, max(value - 1, 0)])
        if changed == value:
            changed = value + 3
        new = f"{changed:,.0f}" if "." not in old else f"{changed:.{len(old.split('.')[1])}f}"
    return passage[: place.start()] + new + passage[place.end() :]


_MODALS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?:shall|must) not", ("must", "may")),
    (r"may not", ("may", "must")),
    (r"(?:is|are) not required to", ("must",)),
    (r"(?:is|are) required to", ("may",)),
    (r"shall", ("may", "should", "must not")),
    (r"must", ("may", "should", "must not")),
    (r"should", ("must",)),
    (r"may", ("must", "may not")),
)
_MODAL = re.compile(r"\b(?:" + "|".join(f"(?:{old})" for old, _ in _MODALS) + r")\b")


def modal_changed(passage: str, draw: random.Random) -> str | None:
    """A passage that obliges, permits or forbids otherwise than it did."""
    places = list(_MODAL.finditer(passage))
    if not places:
        return None
    place = draw.choice(places)
    new = next(new for old, new in _MODALS if re.fullmatch(old, place[0]))
    return passage[: place.start()] + draw.choice(new) + passage[place.end() :]


# -- the mix -------------------------------------------------------------------------------


def lower_first(text: str) -> str:
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def paraphrase(passage: str, draw: random.Random) -> str:
    """In other words, in another order, with an opening."""
    text = reworded(passage, draw)
    if draw.random() < 0.5:
        text = reordered(text, draw)
    opening = draw.choice(OPENINGS)
    return opening + (lower_first(text) if opening else text)


def _verbatim(passage: str, draw: random.Random) -> str | None:
    return passage


def _wrong_number(passage: str, draw: random.Random) -> str | None:
    planted = wrong_number(passage, draw)
    return planted and (paraphrase(planted, draw) if draw.random() < 0.5 else planted)


def _modal_changed(passage: str, draw: random.Random) -> str | None:
    planted = modal_changed(passage, draw)
    if planted is None or draw.random() < 0.5:
        return planted
    held = re.sub(r"\bshall\b", "must", planted)  # "is to" and "has to" stand for "shall" else
    return reworded(held, draw, share=0.5)


MAKERS: dict[str, Callable[[str, random.Random], str | None]] = {
    "verbatim": _verbatim,
    "shortened": shortened,
    "reworded": paraphrase,
    "retold": retold,
    "wrong number": _wrong_number,
    "modal changed": _modal_changed,
}


def made_pairs(principles: Sequence[BuiltPrinciple], seed: int) -> Iterator[Made]:
    """For each principle a pair of every kind that its text allows, of a passage each."""
    others = [*principles[1:], *principles[:1]]
    for principle, other in zip(principles, others, strict=True):
        draw = random.Random(f"{seed} {principle.id}")
        found = passages(principle)
        if not found:
            continue
        for kind, make in MAKERS.items():
            for passage in draw.sample(found, min(6, len(found))):
                answer = make(passage, draw)
                if answer:
                    ask = short_question if kind == "retold" else question_of
                    question = ask(principle, passage, draw)
                    yield Made(kind, question, answer, principle.id, passage)
                    break
        passage = draw.choice(found)
        answer = paraphrase(passage, draw)
        longest = len(answer.split()) * 2 // 3  # an addition: most of the answer is the rule's
        strange = [
            each
            for each in passages(other)
            if each not in principle.content and len(each.split()) <= longest
        ]
        if strange:
            question = question_of(principle, passage, draw)
            answer = f"{answer} {draw.choice(strange)}"
            yield Made("sentence added", question, answer, principle.id, passage)


def foreign_pairs(principles: Sequence[BuiltPrinciple], seed: int) -> Iterator[Made]:
    """Pairs of law that the tracer does not know: verbatim, reworded and retold."""
    for principle in principles:
        draw = random.Random(f"{seed} {principle.id}")
        found = passages(principle)
        if not found:
            continue
        passage = draw.choice(found)
        way = draw.choice((paraphrase, retold, _verbatim))
        answer = way(passage, draw) or passage
        ask = short_question if way is retold else question_of
        question = ask(principle, passage, draw)
        yield Made("from nowhere", question, answer, None, passage)
