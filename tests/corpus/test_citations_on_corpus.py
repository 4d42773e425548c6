"""Every unit of whole titles, asked for by its citation and by its address, is found again."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.servers.titles import Title
from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.addresses import Bases, parse_address
from tribonian.ingest.ecfr.citations import parse_citation
from tribonian.ingest.ecfr.places import Place, Places
from tribonian.ingest.ecfr.resolve import resolve
from tribonian.ingest.ecfr.structure import parse_structure
from tribonian.ingest.ecfr.units import Asked

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FILES = sorted(path.name for path in (CORPUS / "ecfr_titles").glob("*.xml"))
pytestmark = pytest.mark.skipif(not FILES, reason=f"{CORPUS.name} is not beside the repository")
KINDS = ("title", "subtitle", "chapter", "subchapter", "part", "subpart", "subject-group",
         "section", "appendix")  # fmt: skip


def address(place: Place) -> str:
    """The address of a unit's page, with all that it stands in."""
    steps = [f"{name.replace('_', '-')}-{quote(value)}" for name, value in place.unit.said.items()]
    return "/".join((f"https://www.ecfr.gov/current/title-{place.unit.title}", *steps))


@pytest.mark.parametrize("name", FILES or ["none"])
def test_every_unit_is_found_by_its_citation_and_by_its_address(name: str) -> None:
    text = (CORPUS / "ecfr_titles" / name).read_bytes()
    places = Places(parse_structure(Title(text).structure()))
    count = 0
    for place in (place for kind in KINDS for place in places.of_kind(kind)):
        url = address(place)
        for asked in (parse_citation(place.unit.citation), parse_address(url, Bases())):
            assert isinstance(asked, Asked), url
            try:
                found = [unit for one in asked.wanted for unit in resolve(one, places, "today")]
            except DocumentError as error:
                assert place.reserved and "reserved" in str(error), url
            else:
                assert [unit.order for unit in found] == [place.order], url
            count += 1
    assert count
