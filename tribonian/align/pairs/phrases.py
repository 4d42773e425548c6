"""How an answer says that it is none: the phrases of refusals, of talk about sources, of nothing.

Phrases are patterns over the text with plain apostrophes, in any case. What law may say itself
("the Board cannot", "as described above", "the document states" within a sentence) is in no
pattern: a phrase is one of a model that speaks of itself, or stands where a sentence begins.
"""

from __future__ import annotations

import re

from tribonian.align.pairs.differences import law_of
from tribonian.align.tracing.wording import tokens, wording

# Each row: the phrase, and an answer that it is known by. A model that declines says I.
REFUSALS: tuple[tuple[str, str], ...] = (
    (r"\bI (?:cannot|can't|can not|could not|couldn't)\b", "I cannot answer this question."),
    (r"\bI(?: am|'m) (?:unable|not able)\b", "I'm unable to help with that."),
    (r"\bI(?: am|'m) (?:\w+ )?(?:sorry|afraid)\b", "I'm very sorry, but no."),
    (r"\bI apologi[sz]e\b|\b(?:my|our) apologies\b", "My apologies for the confusion."),
    (r"^(?:sorry|unfortunately)\b", "Unfortunately, nothing is known of it."),
    (r"\bI (?:do not|don't|did not|didn't) (?:have|know|find|see)\b", "I don't have access to it."),
    (r"\bI (?:have|possess) no (?:information|access|knowledge)\b", "I have no information on it."),
    (
        (
            r"\b(?:as|I am|I'm) (?:just |only )?an? (?:AI|artificial intelligence|"
            r"(?:large )?language model)\b"
        ),
        "As an AI, I give no legal advice.",
    ),
    (
        (
            r"\b(?:not enough|insufficient|no) (?:information|context|details?) (?:is |are |was )?"
            r"(?:provided|given|available|to (?:answer|determine|say))\b"
        ),
        "There is not enough information to determine the date.",
    ),
    (
        r"\bcannot be (?:answered|determined) (?:from|based on|using|with)\b",
        "This cannot be determined from the text.",
    ),
    (
        (
            r"(?:^|[.!?]\s+)(?:please )?(?:consult|contact|seek) (?:a|an|your|the advice of an?) "
            r"(?:qualified |legal )*(?:attorney|lawyer|professional)\b"
        ),
        "Please consult a qualified attorney.",
    ),
    (r"\bnot (?:able|possible) to answer\b", "It is not possible to answer this."),
)

# A source as a generated answer calls it; "section" and "rule" are words of law, so that they
# stand only where a sentence says what its source does not.
_SOURCE = (
    r"(?:(?:provided|given|above|following|supplied|source|input) )?"
    r"(?:text|context|passage|excerpt|documents?|sources?|material|principles?|information|snippet)"
)
_SAYS = r"(?:states?|says?|mentions?|specif(?:y|ies)|indicates?|notes?|explains?|describes?)"
_SAYS_NOT = (
    r"(?:does|do|did)(?: not|n't) (?:explicitly |specifically |directly |clearly )*"
    r"(?:specify|state|say|mention|provide|address|contain|define|indicate|describe|include|give)"
)
# Behind its noun, and at the end of a clause: "the information provided in the application" is law.
_HANDED = r"(?:provided|given|supplied|above)(?: above| here)?(?=\s*(?:[,.;:!?]|$))"
_START = r"(?:^|[.!?:]\s+|\n)"
BOILERPLATE: tuple[tuple[str, str], ...] = (
    (
        rf"{_START}(?:the|this) {_SOURCE} (?:clearly |explicitly |also )?{_SAYS}\b",
        "The document states that lanterns burn.",
    ),
    (
        (
            r"\b(?:according to|based on|as per|from|in) the "
            r"(?:provided|given|above|supplied|input) "
            r"(?:text|context|passage|excerpt|documents?|sources?|material|principles?|"
            r"information|content|section|regulations?)\b"
        ),
        "Based on the provided context, it is the Board.",
    ),
    (
        (
            r"\b(?:according to|based on) (?:the|this) "
            r"(?:text|context|passage|excerpt|document)\b"
        ),
        "According to the text, it is the Board.",
    ),
    (
        (
            rf"\b(?:according to|based on|as per|from|in) the (?:text|context|passage|excerpt) "
            rf"{_HANDED}"
        ),
        "As described in the text given, it is the Board.",
    ),
    (
        (
            rf"{_START}(?:as (?:is |was )?)?(?:stated|mentioned|noted|described|explained|outlined"
            rf"|specified|indicated|given|found|according to|based on|as per) (?:in )?the "
            rf"(?:documents?|sources?|principles?|snippet) {_HANDED}"
        ),
        "As stated in the document provided, it is the Board.",
    ),
    (
        (
            rf"\b(?:can|may) be found in the (?:text|context|passage|excerpt|documents?|sources?|"
            rf"material|information|section|regulation) {_HANDED}"
        ),
        "The information can be found in the section above.",
    ),
    (
        (
            r"\bas (?:was |is |has been )?(?:mentioned|noted|discussed|stated) "
            r"(?:above|earlier|before|previously)\b"
        ),  # "as described above" is said by law too
        "As mentioned above, it is the Board.",
    ),
    (
        rf"{_START}(?:the|this) (?:{_SOURCE}|section|regulation|rule|part|paragraph) {_SAYS_NOT}\b",
        "This section does not specify the color.",
    ),
    (
        r"^(?:sure|certainly|of course|absolutely|great question|good question)\b\s*[!,.:]",
        "Sure! The label must be green.",
    ),
    (r"^here (?:is|are) (?:the|a|an|some|your)\b", "Here is a summary: lanterns burn."),
    (
        r"\bI hope (?:this|that) helps\b|\blet me know if\b|\bfeel free to ask\b",
        "It is the Board. Let me know if you need more.",
    ),
    (r"^(?:question|answer|q|a)\s*:\s", "Answer: it is the Board."),  # the prompt's own marks
    (
        r"</?(?:s|think|answer|im_start|im_end)>|<\|\w+\|>|\[/?INST\]",  # a model's own marks
        "The Board.<|im_end|>",
    ),
)

# How a question that is answered by yes or no begins.
_YES_NO = re.compile(
    r"^(?:is|are|was|were|do|does|did|has|have|had|may|can|could|must|shall|should|will|would|"
    r"might|need)\b",
    re.IGNORECASE,
)
# What the last sentence of a question asks for, where a sentence is needed to say it.
_EXPLAINS = re.compile(
    r"^(?:why|explain|describe|summari[sz]e|discuss|outline|compare)\b"
    r"|^how (?!many\b|much\b|long\b|often\b|old\b|far\b|large\b|high\b|low\b|soon\b|frequently\b"
    r"|late\b|early\b|wide\b|deep\b|heavy\b|tall\b|thick\b|big\b|small\b|hot\b|warm\b|fast\b)"
    r"|\bwhat are the (?:requirements|conditions|steps|rules|duties|procedures?)\b",
    re.IGNORECASE,
)
TOLD = 2  # telling words of an answer that explains, at the least
# Words that tell nothing when an answer has no others.
EMPTY = frozenset(
    wording(
        "see refer depend depends vary varies answer question information context text document "
        "section paragraph regulation rule law unknown unclear unspecified stated specified "
        "provided applicable okay ok correct true false various many several certain something "
        "thing things etc test todo tbd n a"
    )
)
_ASSENT = frozenset(("yes", "no", "true", "false", "correct", "incorrect", "never", "always"))

_PLAIN = str.maketrans("’‘ʼ\u00a0", "''' ")


def _any(rows: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    return re.compile("|".join(pattern for pattern, _ in rows), re.IGNORECASE)


_REFUSAL = _any(REFUSALS)
_BOILERPLATE = _any(BOILERPLATE)
_SENTENCE = re.compile(r"(?<=[.!?:])\s+")


def said_badly(question: str, answer: str) -> list[str]:
    """Which of refusal, boilerplate, too-short and echo an answer is."""
    plain = answer.translate(_PLAIN).strip()
    flags = []
    if _REFUSAL.search(plain):
        flags.append("refusal")
    if _BOILERPLATE.search(plain):
        flags.append("boilerplate")
    asked = _last_question(question)
    said = wording(plain)
    yes_or_no = _YES_NO.match(asked) is not None
    if _is_too_short(asked, yes_or_no, plain, said):
        flags.append("too-short")
    elif _is_echo(question, asked, yes_or_no, plain, said):
        flags.append("echo")
    return flags


def _last_question(question: str) -> str:
    """The sentence that asks: what stands before it is the case that it asks about."""
    sentences = [each for each in _SENTENCE.split(question.translate(_PLAIN).strip()) if each]
    asking = [each for each in sentences if each.rstrip().endswith("?")]
    last = asking[-1] if asking else (sentences[-1] if sentences else "")
    if "," in last:  # Under part 110, must a lantern …?
        before, _, rest = last.partition(",")
        if _OPENING.match(before):
            last = rest.strip()
    return last


_OPENING = re.compile(
    r"^(?:under|according|pursuant|if|when|where|for|in|within|after|before|as|unless|upon|with"
    r"|at|on|by|to|during|except)\b",
    re.IGNORECASE,
)


def _is_too_short(asked: str, yes_or_no: bool, answer: str, said: list[str]) -> bool:
    """Whether an answer tells nothing.

    "15 days." tells when, how long and how many, "The maker." tells who and what, "Yes." tells
    whether; to why and how one word or number tells nothing. "See § 100.1." never does.
    """
    telling = [word for word in said if word not in EMPTY]
    assents = bool(_ASSENT & set(tokens(answer)))
    if yes_or_no and " or " in asked:  # of two things, one: the name may be a letter
        return not tokens(answer)
    if yes_or_no:
        return not telling and not assents
    if not telling:
        return not _is_quantity(asked) or not {"none", "never", "no"} & set(tokens(answer))
    if said[0] in _SEE and all(word[0].isdigit() or len(word) < 2 for word in telling):
        return True
    return _EXPLAINS.search(asked) is not None and len(telling) < TOLD


_SEE = frozenset(wording("see refer"))


def _is_quantity(asked: str) -> bool:
    return re.match(r"^(?:how|when|which|who|what)\b", asked, re.IGNORECASE) is not None


def _is_echo(question: str, asked: str, yes_or_no: bool, answer: str, said: list[str]) -> bool:
    """Whether an answer has no telling word that its question has not.

    To a question of yes or no, to say it again is to say yes; of two things that are named,
    to name one is to choose.
    """
    known = set(wording(question))
    if not set(said) <= known or yes_or_no or " or " in f" {asked.casefold()} ":
        return False
    law = law_of(answer)
    return set(law.duties) <= set(law_of(question).duties) | {"must", "may", "should"}
