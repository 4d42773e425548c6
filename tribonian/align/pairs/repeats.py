"""Pairs that stand there twice, nearly twice, or against each other.

Two pairs are duplicates where question and answer differ in print alone, near-duplicates where
they differ in a few words of which none is law, and contradictions where the question is one
and the answers are two. The work is linear in the number of pairs: only pairs with the same
numbers, duties and denials can be near, and of those only the ones that share bands of their
MinHash (Broder 1997) are compared.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from rapidfuzz.distance import Levenshtein
from rensa import RMinHash

from tribonian.align.pairs.differences import Law, law_of
from tribonian.align.pairs.stated import stated
from tribonian.align.tracing.wording import term, tokens, wording
from tribonian.consolidate.identity import bare_text
from tribonian.schemas.pair import Pair

PERMUTATIONS = 64
BAND = 4  # 16 bands of 4: two that share 7 words of 10 meet in one with 99 %
COMPARED = 24  # pairs in one band that a pair is compared with, at the most
FEW = 8  # pairs with the same law that are compared without MinHash

# Words that say how and not what: two texts may differ in them and still be near.
HOW = frozenset(
    wording(
        "explain describe state list specify name identify summarize outline detail mention "
        "clearly explicitly exactly specifically applicable relevant respective necessary certain "
        "need needed requirement required require mandatory regulation rule section provision "
        "law legal accord according set forth case order ensure also please"
    )
)
NEAR_QUESTION = 0.6  # of the words of a question, those that stand in both in one order
NEAR_ANSWER = 0.75
ADDED = 0.15  # of the telling words of the longer, those that the shorter has not
SAME_THING = 0.5  # of the telling words of the shorter of two answers
FEW_WORDS = 2  # of an answer that only the question gives a sense: 30 days after the sale
AFFIRMED = frozenset(("must", "may", "should"))  # what is left unsaid need not be denied
SAYS_MORE = 3  # telling words; an answer with more of its own says more, and nothing else


def repeats(pairs: Sequence[Pair], law: Sequence[str | None] = ()) -> list[list[str]]:
    """For each pair, which of duplicate, near-duplicate and contradiction it is.

    The first of its kind is neither duplicate nor near-duplicate; all sides of a
    contradiction are flagged. ``law`` is the text of the principle of each pair, where it is
    known: a section has many paragraphs that answer a wide question, and answers that both stand
    in it contradict nothing.
    """
    flags: list[list[str]] = [[] for _ in pairs]
    firsts, twins = _in_print(pairs)
    for n in twins:
        flags[n].append("duplicate")
    laws = {n: (law_of(pairs[n].question), law_of(pairs[n].answer)) for n in firsts}
    for n in _nearly(pairs, laws):
        flags[n].append("near-duplicate")
    contradicting: set[int] = set()
    for same in _of_same_letters([pairs[n].question for n in firsts]):
        by_question: dict[str, list[int]] = {}
        for at in same:
            by_question.setdefault(bare_text(pairs[firsts[at]].question), []).append(firsts[at])
        for members in by_question.values():
            contradicting |= _contradicting(pairs, members, laws, law)
    for n in range(len(pairs)):
        if twins.get(n, n) in contradicting:
            flags[n].append("contradiction")
    return flags


# -- the same in print -----------------------------------------------------------------------


def _in_print(pairs: Sequence[Pair]) -> tuple[list[int], dict[int, int]]:
    """The first pairs of their text, and the others with the first that each repeats."""
    twins: dict[int, int] = {}
    for same in _of_same_letters([f"{pair.question}\n{pair.answer}" for pair in pairs]):
        first: dict[tuple[str, str], int] = {}
        for n in same:
            key = (bare_text(pairs[n].question), bare_text(pairs[n].answer))
            if key in first:
                twins[n] = first[key]
            else:
                first[key] = n
    return [n for n in range(len(pairs)) if n not in twins], twins


def _of_same_letters(texts: Sequence[str]) -> list[list[int]]:
    """The places of texts that may be one but for print, two or more each, in their order.

    The letters alone are quick to compare, and texts that are one have the same.
    """
    by_letters: dict[str, list[int]] = {}
    for n, text in enumerate(texts):
        by_letters.setdefault(_letters(text), []).append(n)
    return [same for same in by_letters.values() if len(same) > 1]


def _letters(text: str) -> str:
    if text.isascii():
        return text.casefold().translate(_NO_SIGNS)
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


_NO_SIGNS = {code: None for code in range(128) if not chr(code).isalnum()}


# -- nearly the same -------------------------------------------------------------------------


class _Said:
    """What a pair says, for comparison."""

    __slots__ = ("answer", "question", "telling")

    def __init__(self, pair: Pair) -> None:
        self.question = [term(word) or word for word in tokens(pair.question)]
        self.answer = [term(word) or word for word in tokens(pair.answer)]
        self.telling = (wording(pair.question), wording(pair.answer))


def _nearly(pairs: Sequence[Pair], laws: Mapping[int, tuple[Law, Law]]) -> list[int]:
    """The pairs to which one that stands before them is nearly the same."""
    by_law: dict[tuple[Law, Law], list[int]] = {}
    for n, law in laws.items():
        by_law.setdefault(law, []).append(n)
    near: list[int] = []
    for same in by_law.values():
        if len(same) > 1:
            said = [_Said(pairs[n]) for n in same]
            near += [same[at] for at in _near_of(said)]
    return near


def _near_of(said: Sequence[_Said]) -> list[int]:
    """Which of some pairs with the same law are nearly the same as one before them."""
    if len(said) <= FEW:
        bands: list[list[tuple[int, ...]]] = [[(0,)] for _ in said]
    else:
        digests = RMinHash.digests_from_token_sets(
            [sorted({*each.telling[0], *each.telling[1]}) or [""] for each in said],
            num_perm=PERMUTATIONS,
            seed=1,
        )
        bands = [
            [(at, *digest[at : at + BAND]) for at in range(0, PERMUTATIONS, BAND)]
            for digest in digests
        ]
    buckets: dict[tuple[int, ...], list[int]] = {}
    near: list[int] = []
    for n, each in enumerate(said):
        met = dict.fromkeys(
            other for band in bands[n] for other in buckets.get(band, ())[:COMPARED]
        )
        if any(_is_near(said[other], each) for other in met):
            near.append(n)
            continue  # the one before it stands for both
        for band in bands[n]:
            buckets.setdefault(band, []).append(n)
    return near


def _is_near(one: _Said, other: _Said) -> bool:
    return (
        _alike(one.question, other.question) >= NEAR_QUESTION
        and _alike(one.answer, other.answer) >= NEAR_ANSWER
        and _same_terms(one.telling[0], other.telling[0])
        and _same_terms(one.telling[1], other.telling[1])
    )


def _alike(one: list[str], other: list[str]) -> float:
    """The share of words in one order, also where a phrase has been moved to the other end."""
    alike = float(Levenshtein.normalized_similarity(one, other))
    if alike < NEAR_ANSWER and _is_moved(one, other):
        return 1.0
    return alike


def _same_terms(one: list[str], other: list[str]) -> bool:
    """Whether two texts have the same terms, but for a few that one of them adds.

    A term in the place of another is another rule: flame lanterns are no battery lanterns.
    """
    one = [word for word in one if word not in HOW]
    other = [word for word in other if word not in HOW]
    missing, added = set(one) - set(other), set(other) - set(one)
    if missing and added:
        return False
    longest = max(len(set(one)), len(set(other)))
    if len(missing) + len(added) > ADDED * longest:
        return False
    # who notifies whom: where the terms are the same, no two may have changed places
    crossed = any(
        one[each.src_pos] in other and other[each.dest_pos] in one
        for each in Levenshtein.editops(one, other)
        if each.tag == "replace"
    )
    return not crossed or _is_moved(one, other)


def _is_moved(one: list[str], other: list[str]) -> bool:
    """Whether a phrase of two words or more stands elsewhere in a text that is the same."""
    if sorted(one) != sorted(other):
        return False
    while one and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return any(one[at:] + one[:at] == other for at in range(2, len(one) - 1))


# -- against each other ----------------------------------------------------------------------


def _contradicting(
    pairs: Sequence[Pair],
    same: Sequence[int],
    laws: Mapping[int, tuple[Law, Law]],
    texts: Sequence[str | None],
) -> set[int]:
    """Of the pairs with one question, those whose answer another answer contradicts.

    Answers with the same law are one, if they stand in the same principle or in none; of many,
    each is compared with the first few.
    """
    if len({laws[n][1] for n in same}) == 1:  # which most answers are
        texts = ()
    by_law: dict[tuple[Law, str], list[int]] = {}
    for n in same:
        by_law.setdefault((laws[n][1], _stands_in(pairs[n], texts[n : n + 1])), []).append(n)
    kinds = [
        (_Answer(pairs[members[0]].answer, law), stands_in, members)
        for (law, stands_in), members in by_law.items()
    ]
    found: set[int] = set()
    for n, (answer, stands_in, members) in enumerate(kinds):
        for other, stands_too, others in kinds[: min(n, COMPARED)]:
            if stands_in and stands_in == stands_too:
                continue
            if _say_different_law(answer, other):
                found.update(members)
                found.update(others)
    return found


def _stands_in(pair: Pair, law: Sequence[str | None]) -> str:
    """The principle in whose text an answer stands word for word; empty where it does not."""
    stands = pair.principle_id and law and law[0] and stated(law[0]).has(pair.answer)
    return f"{pair.principle_id}\n{law[0]}" if stands else ""


class _Answer:
    """What one of several answers says: its law, and its words without numbers."""

    __slots__ = ("law", "numbers", "words")

    def __init__(self, text: str, law: Law) -> None:
        self.numbers = law.numbers
        self.law = {*law.numbers, *law.duties, *_assent(text)}
        self.words = {word for word in wording(text) if not word[0].isdigit()} - HOW


def differ_in_law(one: str, other: str) -> bool:
    """Whether two answers to one question say different law, so that one must be wrong."""
    if bare_text(one) == bare_text(other):
        return False
    laws = law_of(one), law_of(other)
    return _say_different_law(_Answer(one, laws[0]), _Answer(other, laws[1]))


def _say_different_law(one: _Answer, other: _Answer) -> bool:
    """Whether two answers say different law: each has some of its own, or one denies the other.

    An answer that merely says more, with words of its own for it, contradicts nothing; nor do
    two that speak of different things, as they do where the question is a wide one.
    """
    fewest = min(len(one.words), len(other.words))
    if fewest > FEW_WORDS and len(one.words & other.words) < SAME_THING * fewest:
        return False
    if one.law == other.law:  # 15 days for this and 30 for that, or the other way round
        turned = sorted(one.numbers) == sorted(other.numbers) and one.numbers != other.numbers
        return turned and one.words == other.words
    if one.law - other.law and other.law - one.law:
        return True
    less, more = (one, other) if one.law < other.law else (other, one)
    if more.law - less.law <= AFFIRMED:
        return False
    added, missing = len(more.words - less.words), len(less.words - more.words)
    return added <= SAYS_MORE and missing <= 1


def _assent(text: str) -> list[str]:
    first = tokens(text)[:1]
    return [f"says {first[0]}"] if first and first[0] in ("yes", "no") else []
