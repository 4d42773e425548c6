"""Nesting flat numbers: (a)(1)(i)(A)(*1*)(*i*), 1 CFR 21.11, and what the law makes of it.

A section is written here as one string, its paragraphs parted by spaces: ``a`` or ``a+1`` for
a run-in, ``*1`` in italic type, ``a^`` with a heading of its own, ``a:`` introducing a list,
``g-h`` a range, ``-`` a paragraph without number (``-:`` introducing a list), ``DEF`` an
unnumbered definition (``DEF+a`` one that is numbered itself), ``HD`` a heading.
"""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.ingest.designators import RULES, SCHEME, Line, Marker, Placement, nest

STEADY = settings(derandomize=True, deadline=None, max_examples=200)

_TOKEN = re.compile(r"(\*?)([a-zA-Z0-9]+(?:-\d)?\.?)(?:~([a-zA-Z0-9]+))?(\^?)")


def lines(section: str, italics: bool = True) -> list[Line]:
    read = []
    for paragraph in section.split():
        leads_in = paragraph.endswith(":")
        tokens = paragraph.rstrip(":").split("+")
        defines = tokens[0] == "DEF"
        fresh = tokens.pop(0) == "HD" if tokens[0] in ("DEF", "HD", "-") else False
        markers, headed = [], []
        for token in tokens:
            match = _TOKEN.fullmatch(token)
            assert match is not None, token
            italic = bool(match[1]) if italics else None
            markers.append(Marker(match[2], italic, match[3] or ""))
            headed.append(bool(match[4]))
        read.append(Line(tuple(markers), tuple(headed), leads_in, defines, fresh))
    return read


def own(section: str, italics: bool = True) -> str:
    """The path of each paragraph, that of its last number, ``-`` for one without."""
    placed = nest(lines(section, italics))
    return " ".join("".join(places[-1].path) if places else "-" for places in placed)


def only(section: str) -> list[Placement]:
    return [places[-1] for places in nest(lines(section)) if places]


SIX_LEVELS = (
    "(a) (a)(1) (a)(1)(i) (a)(1)(i)(A) (a)(1)(i)(A)(1) (a)(1)(i)(A)(1)(i)"
    " (a)(1)(i)(A)(1)(ii) (a)(1)(i)(A)(2) (a)(1)(i)(B) (a)(1)(ii) (a)(2) (b)"
)
SECTIONS: list[tuple[str, str]] = [
    # 1 CFR 21.11 names the six levels
    ("a 1 i A *1 *i *ii *2 B ii 2 b", SIX_LEVELS),
    # 21 CFR 101.100: (h)(1)-(3), then the letter (i), which has (1)-(3) of its own
    ("h 1 2 3 i 1 2 3 j", "(h) (h)(1) (h)(2) (h)(3) (i) (i)(1) (i)(2) (i)(3) (j)"),
    # 1 CFR 304.7: the letter (i) between (h) and (j)
    ("g h i j", "(g) (h) (i) (j)"),
    # (i) and (ii) under (h), then the letter
    ("h: i ii i j", "(h) (h)(i) (h)(ii) (i) (j)"),
    ("h: 1 2: i ii i 1 2 j", "(h) (h)(1) (h)(2) (h)(2)(i) (h)(2)(ii) (i) (i)(1) (i)(2) (j)"),
    # the numeral (v) under the letter (v)
    ("u v: i ii iii iv v vi w", "(u) (v) (v)(i) (v)(ii) (v)(iii) (v)(iv) (v)(v) (v)(vi) (w)"),
    # (c), (d), (l), (m), (x) are letters too before they are a hundred, five hundred, fifty …
    ("b c d", "(b) (c) (d)"),
    ("k l m n", "(k) (l) (m) (n)"),
    ("w x y z", "(w) (x) (y) (z)"),
    # and numerals where numerals are counted
    (
        "b: i ii iii iv v vi vii viii ix x xi c",
        (
            "(b) (b)(i) (b)(ii) (b)(iii) (b)(iv) (b)(v) (b)(vi) (b)(vii) (b)(viii) (b)(ix) (b)(x)"
            " (b)(xi) (c)"
        ),
    ),
    # 21 CFR 803.3: after (z) come (aa), (bb); 31 CFR 1010.100: after (hh) the letter (ii)
    ("y z aa bb", "(y) (z) (aa) (bb)"),
    ("z aa 1 2 bb", "(z) (aa) (aa)(1) (aa)(2) (bb)"),
    ("gg hh ii jj", "(gg) (hh) (ii) (jj)"),
    ("hh: i ii iii ii jj", "(hh) (hh)(i) (hh)(ii) (hh)(iii) (ii) (jj)"),
    ("hh: 1 2: i ii ii jj", "(hh) (hh)(1) (hh)(2) (hh)(2)(i) (hh)(2)(ii) (ii) (jj)"),
    ("zz aaa", "(zz) (aaa)"),
    # 21 CFR 201.57(c)(3)(i): the capital (I) is a letter after (H)
    (
        "a 1 i A B C D E F G H I J",
        "(a) (a)(1) (a)(1)(i) " + " ".join(f"(a)(1)(i)({letter})" for letter in "ABCDEFGHIJ"),
    ),
    # 21 CFR 176.170: italic letters at the fourth level, before 1 CFR 21.11
    (
        "a i *a *1 *2 *b ii",
        "(a) (a)(i) (a)(i)(a) (a)(i)(a)(1) (a)(i)(a)(2) (a)(i)(b) (a)(ii)",
    ),
    ("a 1 i *a *b ii", "(a) (a)(1) (a)(1)(i) (a)(1)(i)(a) (a)(1)(i)(b) (a)(1)(ii)"),
    # capitals under a figure, 4 CFR 28.2(c)(2); numerals under a letter, 21 CFR 1271.21(c)
    ("a 1 A B 2", "(a) (a)(1) (a)(1)(A) (a)(1)(B) (a)(2)"),
    ("c d: i ii e", "(c) (d) (d)(i) (d)(ii) (e)"),
    # run-ins: (a)(1) in one paragraph, (b) Title—(1) Sub. (i) in one
    ("a+1 2 b+1+i ii 2 c", "(a)(1) (a)(2) (b)(1)(i) (b)(1)(ii) (b)(2) (c)"),
    ("e^+1^ 2^+i ii 3", "(e)(1) (e)(2)(i) (e)(2)(ii) (e)(3)"),
    # ranges that are reserved: 10 CFR 50.55(g)-(h), 21 CFR 2.125(e)(4)(i)-(ii), 310.201(a)(5)-(7)
    ("f g~h i j", "(f) (g)-(h) (i) (j)"),
    ("a: 1: i~iii iv 2", "(a) (a)(1) (a)(1)(i)-(iii) (a)(1)(iv) (a)(2)"),
    ("a: 1~3 4 b", "(a) (a)(1)-(3) (a)(4) (b)"),
    # 21 CFR 82.3
    ("a~f g h~k l", "(a)-(f) (g) (h)-(k) (l)"),
    # 10 CFR 50.54: (i-1) was inserted between (i) and (j)
    ("h i i-1 j", "(h) (i) (i-1) (j)"),
    ("a a-1 a-2 b", "(a) (a-1) (a-2) (b)"),
    ("a: 1 1a 2 b", "(a) (a)(1) (a)(1a) (a)(2) (b)"),
    # appendices: 10 CFR part 50, appendix J; 12 CFR part 1005, supplement I
    ("I. A. 1. a. b. 2. B. II.", "I. I.A. I.A.1. I.A.1.a. I.A.1.b. I.A.2. I.B. II."),
    ("1. i. A. B. ii. 2.", "1. 1.i. 1.i.A. 1.i.B. 1.ii. 2."),
    ("A. 1. 2. B.", "A. A.1. A.2. B."),
    ("1. a b 2. a", "1. 1.(a) 1.(b) 2. 2.(a)"),
    # continuation paragraphs have no path and close nothing
    ("a - b", "(a) - (b)"),
    ("a: 1 - 2 - b", "(a) (a)(1) - (a)(2) - (b)"),
    ("- a b", "- (a) (b)"),
    # unnumbered definitions, each with a (1) and (2) of its own: 2 CFR 200.1
    ("-: DEF: 1 2 DEF: 1 2 DEF", "- - (1) (2) - (1) (2) -"),
    ("-: DEF: 1: i ii 2 DEF: 1 2", "- - (1) (1)(i) (1)(ii) (2) - (1) (2)"),
    # … and after them the section goes on
    ("a b: DEF: 1 2 DEF: 1 2 c d", "(a) (b) - (1) (2) - (1) (2) (c) (d)"),
    # 27 CFR 478.11: "Handgun. (a) Any firearm", the definition itself is numbered
    ("DEF+a b DEF+a b", "(a) (b) (a) (b)"),
    ("DEF+a: 1 2 b DEF", "(a) (a)(1) (a)(2) (b) -"),
    # a heading starts the numbers anew
    ("HD a b HD a b c", "- (a) (b) - (a) (b) (c)"),
    ("HD A. B. HD A. B.", "- A. B. - A. B."),
    # … also when words stand between it and the first number: 10 CFR part 50, appendix J, III
    ("HD a b HD - a b c", "- (a) (b) - - (a) (b) (c)"),
    ("HD a b HD -: a b c", "- (a) (b) - - (a) (b) (c)"),
    ("HD A. B. HD - A. B.", "- A. B. - - A. B."),
    # … but does not if the numbers go on under it: 17 CFR 240.15c3-1b
    ("a: 1 2 HD 3 4 b", "(a) (a)(1) (a)(2) - (a)(3) (a)(4) (b)"),
    ("HD a b HD c d", "- (a) (b) - (c) (d)"),
    # … nor if it stands between (a) and its (1): 17 CFR 240.15c3-1
    ("a HD 1 2 b HD 1 2 c", "(a) - (a)(1) (a)(2) (b) - (b)(1) (b)(2) (c)"),
    (
        "a HD " + " ".join(map(str, range(1, 31))) + " b",
        "(a) - " + " ".join(f"(a)({n})" for n in range(1, 31)) + " (b)",
    ),
    # 17 CFR 240.15c3-1(c): definitions under headings, eleven pages before (d) comes
    (
        "a: 1 2 b: 1 2 c: HD 1: HD i ii iii iv HD " + " ".join(map(str, range(2, 31))) + " d",
        "(a) (a)(1) (a)(2) (b) (b)(1) (b)(2) (c) - (c)(1) - (c)(1)(i) (c)(1)(ii) (c)(1)(iii)"
        " (c)(1)(iv) - " + " ".join(f"(c)({n})" for n in range(2, 31)) + " (d)",
    ),
    # a second (a) after an unnumbered lead-in; (a) never stands under (b), 1 CFR 21.11
    ("-: a b -: a b", "- (a) (b) - (a) (b)"),
    # nothing but one number, nothing at all
    ("a", "(a)"),
    ("i", "(i)"),
    ("-", "-"),
    ("", ""),
]


@pytest.mark.parametrize(("section", "expected"), SECTIONS)
def test_numbers_stand_where_the_law_puts_them(section: str, expected: str) -> None:
    assert own(section) == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("a 1 i A 1 i ii 2 B ii 2 b", SIX_LEVELS),
        ("h 1 2 i 1 2 j", "(h) (h)(1) (h)(2) (i) (i)(1) (i)(2) (j)"),
        ("hh ii jj", "(hh) (ii) (jj)"),
    ],
)
def test_plain_text_without_type_styles_is_nested_by_the_order_alone(
    section: str, expected: str
) -> None:
    assert own(section, italics=False) == expected


def test_a_roman_i_after_h_is_a_letter_when_j_follows() -> None:
    assert own("h i j") == "(h) (i) (j)"


def test_a_roman_i_after_h_is_a_numeral_when_ii_follows() -> None:
    assert own("h: i ii") == "(h) (h)(i) (h)(ii)"


def test_a_heading_makes_i_a_letter_among_headed_letters() -> None:
    # 26 CFR 1.263(a)-3: the letter has an italic heading, the numeral has none
    assert own("g^ h^ i^ 1 2 j^") == "(g) (h) (i) (i)(1) (i)(2) (j)"
    assert own("g^ h^ i ii i^ j^") == "(g) (h) (h)(i) (h)(ii) (i) (j)"


def test_an_i_that_could_be_either_keeps_the_runner_up() -> None:
    # (h) … (i) and nothing after it: the ninth letter or the first numeral
    placed = only("g h: i")[-1]

    assert {placed.path, placed.runner_up} == {("(i)",), ("(h)", "(i)")}


def test_a_number_that_can_stand_in_one_place_only_has_no_runner_up() -> None:
    assert [placed.runner_up for placed in only("a 1 2 b 1 2 c")] == [()] * 7


@pytest.mark.parametrize("section", ["l", "1. 2. 3. 4. - 6."])
def test_the_runner_up_is_another_place_than_the_one_that_was_taken(section: str) -> None:
    # (l) alone may be a letter or a numeral, but it stands at one place all the same
    for placed in only(section):
        assert placed.runner_up != placed.path


RULE_ROWS = [
    ("a b", ["opens", "continues"]),
    ("a 1", ["opens", "opens"]),
    ("a a-1 b", ["opens", "inserted", "continues"]),
    # a paragraph that was removed and not reserved: 31 CFR 1010.380(d)(1)(i)(C)
    ("a c d", ["opens", "skips", "continues"]),
    # 21 CFR 17.3(a)(2): (ii) is printed twice
    ("a: 1 2 2 b", ["opens", "opens", "continues", "repeats", "continues"]),
    # 10 CFR 50.75(c): (2) where no (1) is printed
    ("c 2 d", ["opens late", "opens late", "continues"]),
    ("b: DEF 1 2 c", ["opens late", "opens", "continues", "returns"]),
    ("HD a b HD a b", ["opens", "continues", "restarts", "continues"]),
    ("a b c d b", ["opens", "continues", "continues", "continues", "goes back"]),
]


@pytest.mark.parametrize(("section", "rules"), RULE_ROWS)
def test_each_place_is_taken_by_a_rule_that_has_a_name(section: str, rules: list[str]) -> None:
    assert [placed.rule for placed in only(section)] == rules


def test_every_rule_tells_where_in_the_law_it_is_seen() -> None:
    assert set(RULES) == {
        "continues", "inserted", "opens", "skips", "returns", "restarts", "repeats",
        "opens late", "goes back",
    }  # fmt: skip
    assert all(cost >= 0 and example for cost, example in RULES.values())


def test_the_scheme_prescribes_the_six_levels_of_1_cfr_21_11() -> None:
    levels = ["a", "1", "i", "A", "1*", "i*"]

    for above, below in zip([None, *levels], levels, strict=False):
        assert SCHEME[above][below] == 0.0 == min(SCHEME[above].values())


def test_paths_of_one_paragraph_grow_outermost_first() -> None:
    [[first, second, third]] = nest(lines("b^+1^+i"))

    assert first.path == ("(b)",)
    assert second.path == ("(b)", "(1)")
    assert third.path == ("(b)", "(1)", "(i)")


@pytest.mark.parametrize("section", ["a+1 2+i ii b+1+i", "DEF+a+1 2 b+1"])
def test_each_path_of_a_paragraph_goes_on_from_the_one_before_it(section: str) -> None:
    for places in nest(lines(section)):
        for above, below in pairwise(places):
            assert below.path[:-1] == above.path


def test_paths_within_a_definition_say_that_they_start_there() -> None:
    placed = only("a b: DEF: 1 2 c")

    assert [each.in_definition for each in placed] == [False, False, True, True, False]


def test_a_number_is_printed_as_a_citation_prints_it() -> None:
    assert Marker("a").printed == "(a)"
    assert Marker("1", True).printed == "(1)"
    assert Marker("g", None, "h").printed == "(g)-(h)"
    assert Marker("a-1").printed == "(a-1)"
    assert Marker("IV.").printed == "IV."


# Sections as 1 CFR 21.11 wants them: lists of two members or more, six levels, and few enough
# members that no letter can be a numeral.
ALPHABETS = ["a b c d e f g", "1 2 3 4 5", "i ii iii iv", "A B C D", "*1 *2 *3", "*i *ii *iii"]


@st.composite
def well_formed(draw: st.DrawFn, level: int = 0) -> list[tuple[str, tuple[str, ...]]]:
    """(number, path) of each paragraph in order."""
    alphabet = ALPHABETS[level].split()
    members = draw(st.integers(2, len(alphabet)))
    out: list[tuple[str, tuple[str, ...]]] = []
    for number in alphabet[:members]:
        printed = f"({number.lstrip('*')})"
        out.append((number, (printed,)))
        if level + 1 < len(ALPHABETS) and draw(st.integers(0, 3)) == 0:
            out += [(n, (printed, *path)) for n, path in draw(well_formed(level + 1))]
    return out


@STEADY
@given(well_formed())
def test_a_section_drafted_by_the_rule_is_nested_as_it_was_drafted(
    section: list[tuple[str, tuple[str, ...]]],
) -> None:
    placed = only(" ".join(number for number, _ in section))

    assert [each.path for each in placed] == [path for _, path in section]


PRINTED = """
    a b c h i j k l m v x z aa bb hh ii iii iv vi jj 1 2 3 9 10 A B H I II V a-1 1a A. 1. I. a. i.
"""
numbers = st.sampled_from(PRINTED.split())
markers = st.builds(Marker, numbers, st.sampled_from([None, False, True]), st.just("") | numbers)
any_line = st.builds(
    lambda many, headed, leads_in, defines, fresh: Line(
        tuple(many), tuple(headed[: len(many)]), leads_in, defines, fresh and not many
    ),
    st.lists(markers, max_size=3),
    st.lists(st.booleans(), min_size=3, max_size=3),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@STEADY
@given(st.lists(any_line, max_size=14))
def test_any_run_of_numbers_is_placed_and_every_path_ends_with_its_number(
    run: list[Line],
) -> None:
    placed = nest(run)

    assert len(placed) == len(run)
    for line, places in zip(run, placed, strict=True):
        assert len(places) == len(line.markers)
        for marker, place in zip(line.markers, places, strict=True):
            assert place.path
            assert place.path[-1] == marker.printed
            assert place.rule in RULES


@STEADY
@given(st.lists(any_line, max_size=10))
def test_the_same_run_of_numbers_is_always_nested_the_same(run: list[Line]) -> None:
    assert nest(run) == nest(list(run))


def test_ten_thousand_paragraphs_are_nested_in_one_pass() -> None:
    # 8 CFR 214.2 has 682,000 characters; the look-ahead is bounded, so time grows with length
    section = " ".join(["h i ii iii i 1 2 3 i ii iii"] * 900)

    assert len(own(section).split()) == 9_900
