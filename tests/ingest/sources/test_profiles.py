"""The profiles: every citation is understood, every sentence is one, every name leads somewhere."""

from __future__ import annotations

import json
import re
from itertools import groupby

import pytest

from tribonian.errors import UsageError
from tribonian.ingest.ecfr.citations import parse_citation
from tribonian.ingest.ecfr.units import Span
from tribonian.ingest.sources import show_profiles
from tribonian.ingest.sources.profiles import Profile, citations, profile, profiles

EACH = pytest.mark.parametrize("each", profiles(), ids=lambda each: each.name)
PARTS = ("Context", "Objective", "Audience", "Tone")
# One sentence: a capital, one full stop, at the end. Full stops inside are those of § 1.2, U.S.
SENTENCE = re.compile(r"[A-Z“\"](?:[^.!?]|\.(?=[\w)]))*\.")
MONTH_OR_US = re.compile(r"\bU\.S\.")


def is_a_sentence(text: str) -> bool:
    return bool(SENTENCE.fullmatch(MONTH_OR_US.sub("US", text)))


def test_there_are_profiles_for_the_fields_that_the_guide_and_the_readme_name() -> None:
    names = [each.name for each in profiles()]
    assert {"hipaa", "fda-cosmetics", "part-11", "bsa-aml", "procurement-far"} <= set(names)
    assert len(names) == len(set(names))
    assert profiles() is profiles()


def test_industries_are_not_scattered_over_the_file() -> None:
    runs = [industry for industry, _ in groupby(profiles(), key=lambda each: each.industry)]
    assert len(runs) == len(set(runs))


@EACH
def test_a_name_can_be_typed_as_a_source(each: Profile) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each.name)
    assert each.source == f"profile:{each.name}"
    assert profile(each.name) is each
    assert profile(each.source) is each


@EACH
def test_every_citation_is_one_unit_that_the_command_line_understands(each: Profile) -> None:
    assert each.regulations
    for citation in citations(each):
        asked = parse_citation(citation)
        assert asked is not None, citation
        assert len(asked.wanted) == 1, citation
        assert not isinstance(asked.wanted[0], Span), citation
        assert asked.wanted[0].citation.casefold() == citation.casefold()
        assert asked.date is None
    assert len(set(citations(each))) == len(each.regulations)


@EACH
def test_regulations_stand_in_the_order_of_the_law(each: Profile) -> None:
    def place(citation: str) -> list[str]:
        steps = re.findall(r"\d+|[a-z]+", citation.replace(" CFR ", " ").replace("part ", ""))
        return [step.zfill(5) for step in steps]

    order = [place(citation) for citation in citations(each)]
    assert order == sorted(order)


@EACH
def test_what_is_said_of_a_profile_is_said_in_sentences(each: Profile) -> None:
    assert is_a_sentence(each.purpose), each.purpose
    assert is_a_sentence(each.binds), each.binds
    assert not each.title.endswith(".")
    for part in each.regulations:
        assert is_a_sentence(part.about), part.about
        assert part.heading == part.heading.strip()
        assert not part.heading.endswith(".")
        assert not part.heading.isupper()


@EACH
def test_related_profiles_exist_and_are_others(each: Profile) -> None:
    for name in each.related:
        assert profile(name).name != each.name


@EACH
def test_instructions_have_the_four_parts_and_say_what_is_not_covered(each: Profile) -> None:
    paragraphs = each.instructions.strip().split("\n\n")
    assert [text.partition(":")[0] for text in paragraphs] == list(PARTS)
    assert all(len(text.split()) > 10 for text in paragraphs[:2])
    assert re.search(r"\b(not|neither|none|elsewhere)\b", paragraphs[0]), paragraphs[0]
    assert all("\n" not in text for text in paragraphs)
    assert each.instructions.endswith(".\n")
    assert len(each.instructions.split()) < 400


@EACH
def test_the_context_names_every_part_that_is_cited_and_nothing_was_forgotten(
    each: Profile,
) -> None:
    context = each.instructions.partition("\n\n")[0]
    ranges = [
        range(int(first), int(last) + 1) for first, last in re.findall(r"(\d+) to (\d+)", context)
    ]
    for citation in citations(each):
        part = re.search(r"part (\d+)([a-z]?)", citation)
        if part is None:  # a section or a subchapter; its name is in the text in many ways
            continue
        named = re.search(rf"(?<!\d){part[1]}{part[2]}(?!\d)", context)
        assert named or any(int(part[1]) in span for span in ranges), citation


def test_no_two_profiles_share_a_paragraph_of_instructions() -> None:
    seen: dict[str, str] = {}
    for each in profiles():
        for text in each.instructions.strip().split("\n\n"):
            assert text not in seen, (each.name, seen.get(text))
            seen[text] = each.name


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("hippa", "the nearest is hipaa"),
        ("part11", "the nearest is part-11"),
        ("cosmetics", "the nearest is fda-cosmetics"),
        ("Cosmetic Labeling?", "profile:hipaa profile:part-11"),
        ("hipaa,part-11", "give several profiles as several sources"),
        ("1910", "osha-general-industry"),
        ("zzzz", "all are listed by tribonian profiles"),
        ("", "without a name"),
        ("x" * 5000, "all are listed by tribonian profiles"),
    ],
)
def test_a_name_that_is_none_gets_one_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        profile(typed)
    said = str(caught.value)
    assert sentence in said
    assert len(said) < 300
    assert said.startswith("There is no profile ")
    assert said.endswith(".")


def test_case_and_space_do_not_matter() -> None:
    assert profile(" Profile:HIPAA ").name == "hipaa"


def test_the_table_has_a_line_for_each_profile_and_fits_a_terminal() -> None:
    lines = show_profiles.as_table().splitlines()
    for each in profiles():
        assert [line for line in lines if line.split()[:1] == [each.name]], each.name
    assert max(map(len, lines)) <= 100
    assert "  part-11 " in show_profiles.as_table()


@EACH
def test_the_page_of_a_profile_has_everything_and_how_to_use_it(each: Profile) -> None:
    page = show_profiles.as_page(each)
    for citation in citations(each):
        assert f"{citation}  " in page or f"{citation}\n" in page
    assert f"tribonian build profile:{each.name} -o build" in page
    flat = " ".join(page.split())
    assert " ".join(each.instructions.split()) in flat
    assert each.binds in flat


def test_rows_are_plain_values() -> None:
    rows = json.loads(json.dumps(show_profiles.as_rows()))
    assert [row["name"] for row in rows] == [each.name for each in profiles()]
    row = next(row for row in rows if row["name"] == "part-11")
    assert row["source"] == "profile:part-11"
    assert row["regulations"] == [
        {
            "citation": "21 CFR part 11",
            "heading": "Electronic Records; Electronic Signatures",
            "about": row["regulations"][0]["about"],
        }
    ]
    assert set(row) == {
        "name", "source", "title", "industry", "for", "binds", "regulations", "related",
        "tokens", "advice", "instructions",
    }  # fmt: skip


def test_the_command_shows_the_table_a_page_json_or_the_instructions_alone() -> None:
    assert show_profiles.shown() == show_profiles.as_table().rstrip()
    assert show_profiles.shown("coppa").startswith("coppa: COPPA")
    assert show_profiles.shown("coppa", instructions=True) + "\n" == profile("coppa").instructions
    assert json.loads(show_profiles.shown(json=True))[0]["name"] == "hipaa"
    assert json.loads(show_profiles.shown("part-11", json=True))["source"] == "profile:part-11"


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        (None, {"instructions": True}, "Name the profile whose instructions are wanted"),
        ("hipaa", {"instructions": True, "json": True}, "Give --json or --instructions, not both"),
        ("hippa", {"instructions": True}, "the nearest is hipaa"),
        ("hippa", {"json": True}, "the nearest is hipaa"),
    ],
)
def test_what_cannot_be_shown_gets_a_sentence(
    name: str | None, options: dict[str, bool], sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        show_profiles.shown(name, **options)


def test_the_documentation_table_names_every_profile_once() -> None:
    table = show_profiles.as_markdown()
    for each in profiles():
        assert table.count(f"| `{each.name}` |") == 1
    assert "45 CFR parts 160, 162, 164" in table
    assert all(line.count("|") == 5 for line in table.splitlines())
