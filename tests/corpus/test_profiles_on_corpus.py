"""What the profiles cite, against real files: the units exist and their headings are those.

The files are ``../shared/corpus`` beside the repository; without them the tests are skipped.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from tribonian.ingest.sources.profiles import Regulation, profiles

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
TITLES = sorted((CORPUS / "ecfr_titles").glob("title-*.xml"))
PARTS = sorted((CORPUS / "ecfr_parts").glob("title-*_part-*.xml"))
pytestmark = pytest.mark.skipif(not TITLES, reason=f"{CORPUS.name} is not beside the repository")

CITED = {part.citation: part for each in profiles() for part in each.regulations}
WHOLE = {path.name.split("_")[0].removeprefix("title-") for path in TITLES}
KIND = {"DIV3": "chapter", "DIV4": "subchapter", "DIV5": "part", "DIV6": "subpart"}


@cache
def heads() -> dict[str, str]:
    """Citation in small letters -> HEAD, for all units of the files."""
    found: dict[str, str] = {}
    for path in (*TITLES, *PARTS):
        title = path.name.split("_")[0].removeprefix("title-")
        for _, unit in etree.iterparse(path, tag=("DIV3", "DIV4", "DIV5", "DIV6", "DIV8")):
            steps = [unit, *unit.iterancestors("DIV3", "DIV4", "DIV5")]
            head = " ".join("".join(unit.find("HEAD").itertext()).split())
            found.setdefault(f"{title} CFR {named(steps)}".casefold(), head)
    return found


def named(steps: list[etree._Element]) -> str:
    """``701.3``, ``part 64 subpart U``, ``chapter I subchapter G``."""
    if steps[0].tag == "DIV8":
        return str(steps[0].get("N"))
    said = [f"{KIND[step.tag]} {step.get('N')}" for step in steps]
    last = 1 if steps[0].tag in ("DIV3", "DIV5") else 2
    return " ".join(reversed(said[:last]))


def plain(text: str) -> str:
    """A heading without number, case, full stop, dashes and quotes of one kind or another."""
    text = re.sub(r"^(PART|Subpart|SUBCHAPTER|CHAPTER) [\w.-]+\s*—|^§ \S+\s+", "", text)
    text = unicodedata.normalize("NFKC", text).replace("’", "'")
    return re.sub(r"[\s—–-]+", " ", text).casefold().rstrip(".")


@cache
def at_hand() -> tuple[str, ...]:
    """The citations whose title, or whose part, is in the corpus."""
    whole = [each for each in CITED if each.partition(" CFR ")[0] in WHOLE]
    single = [each for each in CITED if each not in whole and each.casefold() in heads()]
    return (*whole, *single)


def test_enough_of_the_profiles_can_be_checked() -> None:
    assert len(at_hand()) > 60


@pytest.mark.parametrize("cited", CITED.values(), ids=lambda cited: cited.citation)
def test_a_cited_unit_exists_and_has_its_heading(cited: Regulation) -> None:
    if cited.citation not in at_hand():
        pytest.skip("not in the corpus")
    head = heads().get(cited.citation.casefold())
    assert head is not None, f"{cited.citation} does not exist"
    assert "[reserved]" not in head.casefold()
    assert cited.heading, f"{cited.citation} is {head}"
    assert plain(head) in (plain(cited.heading), plain(cited.formerly or cited.heading))


def test_parts_that_stand_alone_in_the_corpus_are_cited_with_the_number_they_have() -> None:
    """10 CFR 20 and 50, 14 CFR 91, 16 CFR 312 and 314, 17 CFR 240, 18 CFR 101, 2 CFR 200 …"""
    alone = {
        "2 CFR part 200", "10 CFR part 20", "10 CFR part 50", "14 CFR part 91",
        "16 CFR part 312", "16 CFR part 314", "17 CFR part 240", "18 CFR part 101",
        "31 CFR part 1010",
    }  # fmt: skip
    assert alone <= set(at_hand())
