"""Nest flat, numbered paragraphs: (a)(1)(i)(A)(*1*)(*i*).

The CFR prints its paragraphs one after another and leaves their nesting to the numbers
alone: 1 CFR 21.11 names six levels, (a), (1), (i), (A), italic (*1*) and italic (*i*);
regulations older than that rule use others, italic letters at the fourth level above all
(21 CFR 176.170). The reading here is one forward pass over a stack of open levels. Every
place where a marker could stand has a *rule* with a name and a *cost* that says how
irregular it would be (`RULES`); the cheapest place wins, the second cheapest is kept as
the runner-up. Where two places are nearly equal (is ``(i)`` after ``(h)`` a letter or a
numeral?) the next markers are read under both, to see which makes less of a mess.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from tribonian.ingest.numbers import ITALIC, LETTER, Value, is_next, readings

# Parent kind -> child kind -> how unusual that child is. The first child of each row is
# the one that 1 CFR 21.11 prescribes. ``None`` is the section itself.
SCHEME: dict[str | None, dict[str, float]] = {
    None: {
        "R": 0.0,
        "U": 0.0,
        "N": 0.0,
        "l": 0.5,
        "r": 0.5,
        "a": 0.0,
        "1": 0.25,
        "A": 0.5,
        "i": 0.5,
        "I": 0.5,
        "1*": 0.75,
        "a*": 0.75,
    },
    "a": {"1": 0.0, "i": 0.5, "A": 0.75, "1*": 0.75, "a*": 0.75, "a": 2.5},
    "1": {"i": 0.0, "a": 0.5, "A": 0.5, "a*": 0.5, "i*": 0.75, "1": 2.5, "I": 1.0},
    "i": {"A": 0.0, "a*": 0.0, "a": 0.5, "1": 0.5, "1*": 0.5, "I": 1.0},
    "A": {"1*": 0.0, "1": 0.1, "i": 0.5, "a": 0.5, "a*": 0.5, "i*": 0.5},
    "I": {"A": 0.0, "a": 0.25, "1": 0.25, "i": 0.5, "a*": 0.5},
    "a*": {"1*": 0.0, "1": 0.1, "i": 0.5, "i*": 0.25, "A": 0.75},
    "1*": {"i*": 0.0, "i": 0.1, "a*": 0.5, "A": 0.75, "a": 0.75},
    "i*": {"A": 0.5, "a*": 0.5, "a": 0.5, "1*": 0.75, "A*": 0.25},
    # Appendices: I. A. 1. a. (1) (a) (i), and 1. i. A. in 12 CFR part 1005, supplement I.
    "R": {"U": 0.0, "N": 0.1, "l": 0.25, "a": 0.25, "1": 0.25, "A": 0.25},
    "U": {"N": 0.0, "1": 0.1, "a": 0.1, "l": 0.25, "r": 0.25, "i": 0.5, "R": 1.0},
    "N": {"l": 0.0, "r": 0.0, "a": 0.0, "1": 0.1, "i": 0.25, "A": 0.25, "U": 0.5},
    "l": {"1": 0.0, "r": 0.1, "i": 0.1, "a": 0.25, "N": 0.5, "A": 0.25},
    "r": {"U": 0.0, "A": 0.1, "1": 0.25, "a": 0.25, "l": 0.5},
    "A*": {"1*": 0.25, "1": 0.5, "i*": 0.5, "i": 0.5},
}
UNUSUAL_CHILD = 1.5

# What each way of placing a marker costs, and a place in the law that shows it.
RULES: dict[str, tuple[float, str]] = {
    "continues": (0.0, "(b) after (a); (aa) after (z)"),
    "inserted": (0.0, "(a-1) between (a) and (b): 17 CFR 240.15c3-1"),
    "opens": (0.0, "(1) under (a): the first of a new list"),
    "skips": (2.0, "(e) after (c): a paragraph that was removed and not reserved"),
    "returns": (0.5, "(c) after a definition that stood inside (b)"),
    "restarts": (1.75, "a second (a) after an unnumbered lead-in"),
    "repeats": (3.0, "two paragraphs (2): 21 CFR 1308.11 had such a time"),
    "opens late": (4.0, "(2) under (a) where no (1) is printed"),
    "goes back": (5.0, "(b) after (d)"),
}
CLOSE_LIST_OF_ONE = 0.3  # a list has two members or more (Document Drafting Handbook)
HEADING_UNLIKE_SIBLINGS = 0.6  # (i) among headed letters has a heading: 26 CFR 1.263(a)-3
ITALIC_UNLIKE_LIST = 1.2  # (2) in roman type in a list of italic numbers
NO_LEAD_IN = 0.2  # a list opens after text that does not introduce one
UNDER_OLD_HEADING = 0.5  # a list opens under a number that a heading has ended
UNLIKE_FIRST_LIST = 0.5  # numbering starts anew with (1) where the unit began with (a)
DEEPEST = 8  # lists within lists; the CFR prints six (1 CFR 21.11)
SHORT = 12  # paragraphs of a section whose nesting is remembered
LOOK_AHEAD = 20  # paragraphs read under both hypotheses
FADING = 0.9  # how much less each further one counts
CLOSE_CALL = 1.0  # a runner-up nearer than this is reported
LOOK_AHEAD_MARGIN = 3.0  # rivals within this cost are read ahead


# Named tuples and not dataclasses: a large title makes a million of them.


class Marker(NamedTuple):
    """One printed number: ``text`` without parentheses, ``last`` the end of a range.

    ``italic`` is None where the source has no type styles (plain text).
    """

    text: str
    italic: bool | None = None
    last: str = ""

    @property
    def printed(self) -> str:
        """The number as a citation prints it: ``(a)``, ``(g)-(h)``."""
        if self.text[-1] == ".":
            return self.text
        return f"({self.text})-({self.last})" if self.last else f"({self.text})"


class Line(NamedTuple):
    """What the nesting needs to know of one paragraph.

    ``markers`` are all numbers the paragraph opens, outermost first; ``headed[k]`` says
    whether the k-th has a heading of its own; ``leads_in`` whether the text ends by
    introducing a list; ``defines`` marks an unnumbered definition; ``fresh`` a heading
    that starts numbering anew.
    """

    markers: tuple[Marker, ...] = ()
    headed: tuple[bool, ...] = ()
    leads_in: bool = False
    defines: bool = False
    fresh: bool = False


class Placement(NamedTuple):
    """Where one marker stands: its path from the section (or definition) down.

    ``runner_up`` is the path that came second,
    empty where nothing was near. ``in_definition`` says that the path starts at an
    unnumbered definition and not at the section.
    """

    path: tuple[str, ...]
    rule: str
    runner_up: tuple[str, ...] = ()
    in_definition: bool = False


class _Level(NamedTuple):
    kind: str
    value: Value
    name: str
    members: int
    headed: int


class _State(NamedTuple):
    """Open levels; ``outer`` those of the section while a definition is being read."""

    levels: tuple[_Level, ...] = ()
    outer: tuple[_Level, ...] | None = None
    leads_in: bool = True
    after_text: bool = False
    fresh: bool = False


class _Place(NamedTuple):
    """One candidate for a marker: after ``keep`` open levels, at what cost, by which rule."""

    cost: float
    order: int
    rule: str
    keep: int
    kind: str
    last: Value
    members: int
    headed: int
    inside: bool  # in the definition that is open, where there is one

    def state(self, before: _State, marker: Marker, leads_in: bool) -> _State:
        """The state once the marker stands here."""
        levels, outer = before.levels, before.outer
        if not self.inside and outer is not None:
            levels, outer = outer, None
        name = marker.printed
        level = _Level(self.kind, self.last, name, self.members, self.headed)
        return _State((*levels[: self.keep], level), outer, leads_in)


def nest(lines: Sequence[Line]) -> list[list[Placement]]:
    """Place every marker of a section's paragraphs, in order; one list a paragraph.

    The paths of a paragraph's markers grow: the last is the paragraph's own.
    """
    if len(lines) <= SHORT:  # "(a) (b) (c)" again: a title has few patterns of short sections
        return _nest_again(tuple(lines))
    return _nest(lines)


@lru_cache(maxsize=4096)
def _nest_again(lines: tuple[Line, ...]) -> list[list[Placement]]:
    return _nest(lines)


def _nest(lines: Sequence[Line]) -> list[list[Placement]]:
    flat = [(line, k) for line in lines for k in range(len(line.markers) or 1)]
    placed: list[list[Placement]] = []
    here: list[Placement] = []
    state = _State()
    path: tuple[str, ...] = ()
    for position, (line, k) in enumerate(flat):
        if k == 0:
            here = []
            placed.append(here)
        if not line.markers:
            state = _after_text(state, line)
            continue
        if line.defines and k == 0:
            state = _after_text(state, line)
            path = ()
        best = _plain(state, line, k)
        runner_up: tuple[str, ...] = ()
        if best is None:
            best, rival = _weigh(state, flat, position)
            if rival is not None:
                other = _settle(state, rival, line, k)
                runner_up = tuple([level.name for level in other.levels])
            state = _settle(state, best, line, k)
            path = tuple([level.name for level in state.levels])
            if runner_up == path:  # (l) alone: a letter or fifty, in the same place
                runner_up = ()
        else:
            state = _settle(state, best, line, k)
            path = (*path[: best.keep], state.levels[-1].name)
        here.append(Placement(path, best.rule, runner_up, state.outer is not None))
    return placed


def _weigh(
    state: _State, flat: Sequence[tuple[Line, int]], position: int
) -> tuple[_Place, _Place | None]:
    """The best place, and the next best where it is a close call, reading ahead for both."""
    line, k = flat[position]
    choices = _places(state, line, k)
    best = choices[0]
    rivals = [place for place in choices[1:4] if place.cost - best.cost <= LOOK_AHEAD_MARGIN]
    if not rivals:
        return best, None
    weighed = sorted(
        (place.cost + _ahead(_settle(state, place, line, k), flat, position + 1), n)
        for n, place in enumerate((best, *rivals))
    )
    ranked = [(best, *rivals)[n] for _, n in weighed]
    close = weighed[1][0] - weighed[0][0] < CLOSE_CALL
    return ranked[0], ranked[1] if close else None


def _ahead(state: _State, flat: Sequence[tuple[Line, int]], start: int) -> float:
    """What the next markers cost from here, the nearer ones counting more.

    Each takes its cheapest place; of two that are nearly equal, the one after which the
    next marker is cheaper.
    """
    total = 0.0
    weight = 1.0
    for position in range(start, min(start + LOOK_AHEAD, len(flat))):
        line, k = flat[position]
        if not line.markers:
            state = _after_text(state, line)
            continue
        state = _before_marker(state, line, k)
        best = _plain(state, line, k)
        if best is None:
            choices = _places(state, line, k)
            best = choices[0]
            if len(choices) > 1 and choices[1].cost - best.cost < CLOSE_CALL:
                costs = [
                    place.cost + _next_cost(_settle(state, place, line, k), flat, position + 1)
                    for place in choices[:2]
                ]
                best = choices[costs.index(min(costs))]
        total += weight * best.cost
        weight *= FADING
        state = _settle(state, best, line, k)
    return total


def _next_cost(state: _State, flat: Sequence[tuple[Line, int]], start: int) -> float:
    """The cost of the next marker from here, in its cheapest place."""
    for line, k in flat[start : start + 4]:
        if line.markers:
            state = _before_marker(state, line, k)
            place = _plain(state, line, k)
            return 0.0 if place is not None else _places(state, line, k)[0].cost
        state = _after_text(state, line)
    return 0.0


def _settle(state: _State, place: _Place, line: Line, k: int) -> _State:
    # What follows in the same paragraph is introduced by the heading before it.
    leads_in = line.leads_in if k == len(line.markers) - 1 else True
    return place.state(state, line.markers[k], leads_in)


def _plain(state: _State, line: Line, k: int) -> _Place | None:
    """The place of a marker that has only one: most do, and need no weighing.

    The next number of one open list, or the first of a new list of the kind that
    1 CFR 21.11 prescribes there; None where anything else could be meant.
    """
    if state.outer is not None:
        return None
    marker = line.markers[k]
    levels = state.levels
    found: _Place | None = None
    headed = k < len(line.headed) and line.headed[k]
    for kind, value in readings(marker.text):
        styled = kind + ITALIC if marker.italic else kind
        base_open = False
        for depth, level in enumerate(levels):
            if level.kind[0] != kind:
                continue
            base_open = True
            if is_next(level.value, value):
                if found is not None or level.kind != styled:
                    return None
                found = _Place(0.0, 0, "inserted" if value[1] else "continues", depth,
                               level.kind, _last_value(marker, kind, value),
                               level.members + 1, level.headed + headed, True)  # fmt: skip
        if value == (1, 0):
            if found is not None or base_open or state.after_text or state.fresh:
                return None
            if SCHEME.get(levels[-1].kind if levels else None, {}).get(styled) != 0.0:
                return None
            found = _Place(0.0, 0, "opens", len(levels), styled,
                           _last_value(marker, kind, value), 1, int(headed), True)  # fmt: skip
    return found


def _before_marker(state: _State, line: Line, k: int) -> _State:
    """``Term. (a) First meaning``: the number belongs to the definition it stands in."""
    return _after_text(state, line) if line.defines and k == 0 else state


def _after_text(state: _State, line: Line) -> _State:
    if line.fresh:  # "(c) In this section:", a heading, and (1): the list was introduced
        introduced = state.leads_in and not state.after_text and bool(state.levels)
        return _State(state.levels, None, True, not introduced, not introduced)
    if line.defines:
        outer = state.levels if state.outer is None else state.outer
        return _State((), outer, True, False)
    return _State(state.levels, state.outer, line.leads_in, True, state.fresh)


def _places(state: _State, line: Line, k: int) -> list[_Place]:
    """Every place for the k-th marker of a line, cheapest first; never empty."""
    marker = line.markers[k]
    headed = k < len(line.headed) and line.headed[k]
    places: list[_Place] = []
    for kind, value in readings(marker.text) or ((LETTER, (999, 0)),):
        styled = kind + ITALIC if marker.italic else kind
        last = _last_value(marker, kind, value)
        places += _in_lists(state.levels, marker, styled, value, last, headed, True)
        places += _new_lists(state, styled, value, last, headed)
        if state.outer is not None:
            back = _in_lists(state.outer, marker, styled, value, last, headed, False)
            extra = RULES["returns"][0]
            places += [
                place._replace(cost=place.cost + extra, rule="returns")
                for place in back
                if place.rule in _GOES_ON
            ]
    places.sort(key=_cheapest)
    return places


_GOES_ON = frozenset(("continues", "inserted", "skips"))


def _cheapest(place: _Place) -> tuple[float, int]:
    return place.cost, place.order


def _in_lists(
    levels: tuple[_Level, ...],
    marker: Marker,
    kind: str,
    value: Value,
    last: Value,
    headed: bool,
    inside: bool,
) -> list[_Place]:
    """The places in the lists that are open, the deepest first."""
    places: list[_Place] = []
    closing = 0.0
    for depth in range(len(levels) - 1, -1, -1):
        level = levels[depth]
        if level.kind[0] == kind[0]:
            rule, cost = _in_list(level.value, value)
            if marker.italic is not None and level.kind != kind:
                cost += ITALIC_UNLIKE_LIST
            cost += closing + _unlike_siblings(level, headed)
            places.append(
                _Place(
                    cost,
                    len(levels) - depth,
                    rule,
                    depth,
                    level.kind,
                    last,
                    level.members + 1,
                    level.headed + headed,
                    inside,
                )
            )
        if level.members == 1:
            closing += CLOSE_LIST_OF_ONE
    return places


def _new_lists(state: _State, kind: str, value: Value, last: Value, headed: bool) -> list[_Place]:
    """The places as the first of a list: under the last number, or from the top anew."""
    levels = state.levels
    places: list[_Place] = []
    depth = len(levels)
    cost = SCHEME.get(levels[-1].kind if levels else None, {}).get(kind, UNUSUAL_CHILD)
    if depth >= DEEPEST:
        cost += RULES["goes back"][0]
    if value != (1, 0):
        cost += RULES["opens late"][0] + min(value[0], 20) * 0.05
        places.append(
            _Place(cost, depth + 10, "opens late", depth, kind, last, 1, int(headed), True)
        )
        return places
    if levels and state.after_text:
        anew = SCHEME[None].get(kind, UNUSUAL_CHILD)
        anew += 0.0 if state.fresh else RULES["restarts"][0]
        anew += 0.0 if levels[0].kind[0] == kind[0] else UNLIKE_FIRST_LIST
        anew += CLOSE_LIST_OF_ONE * sum([level.members == 1 for level in levels])
        places.append(_Place(anew, depth + 11, "restarts", 0, kind, last, 1, int(headed), True))
    if levels and not state.leads_in:
        cost += NO_LEAD_IN
    if levels and state.fresh:
        cost += UNDER_OLD_HEADING
    places.append(_Place(cost, depth + 10, "opens", depth, kind, last, 1, int(headed), True))
    return places


def _last_value(marker: Marker, kind: str, value: Value) -> Value:
    for other, end in readings(marker.last) if marker.last else ():
        if other == kind[0]:
            return end
    return value


def _in_list(previous: Value, value: Value) -> tuple[str, float]:
    """The rule under which ``value`` stands in the list that ``previous`` is in."""
    if is_next(previous, value):
        rule = "inserted" if value[1] else "continues"
        return rule, RULES[rule][0]
    if value == previous:
        return "repeats", RULES["repeats"][0]
    if value > previous:
        gap = value[0] - previous[0] - 1
        return "skips", RULES["skips"][0] + 0.1 * min(gap, 20)
    return "goes back", RULES["goes back"][0]


def _unlike_siblings(level: _Level, headed: bool) -> float:
    if level.members >= 2 and level.headed == level.members and not headed:
        return HEADING_UNLIKE_SIBLINGS
    if level.members >= 3 and not level.headed and headed:
        return HEADING_UNLIKE_SIBLINGS / 2
    return 0.0
