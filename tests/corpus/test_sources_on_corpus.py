"""Units of real titles by the API, against the same units cut out of the whole title by hand.

The loopback server gives the titles of ``../shared/corpus`` as the eCFR gives them; without
them the tests are skipped. The cut is made here, with lxml, and not by the program.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

import pytest
from lxml import etree

from tests.servers.by_hand import titles_in
from tests.servers.ecfr import EcfrServer
from tests.servers.misbehaviour import Fault, gateway_timeout, importing
from tests.servers.titles import heading
from tribonian.errors import TribonianError
from tribonian.ingest.ecfr.addresses import Bases
from tribonian.ingest.ecfr.documents import Ecfr
from tribonian.ingest.ecfr.making import EcfrDocument
from tribonian.ingest.reading import read_tree
from tribonian.ingest.sources.asked import OfCfr, what_is_named
from tribonian.ingest.web.client import Web
from tribonian.ingest.web.pace import Pace
from tribonian.schemas.tree import Node

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
TITLES = titles_in(CORPUS / "ecfr_titles")
DATE = "2026-01-29"
pytestmark = pytest.mark.skipif(not TITLES, reason=f"{CORPUS.name} is not beside the repository")

KIND = {
    "DIV1": "title", "DIV2": "subtitle", "DIV3": "chapter", "DIV4": "subchapter",
    "DIV5": "part", "DIV6": "subpart", "DIV7": "subject-group", "DIV8": "section",
    "DIV9": "appendix",
}  # fmt: skip
UNITS = frozenset(KIND.values())
# How many units of each kind are drawn.
DRAWN = {
    "chapter": 3, "subchapter": 6, "part": 25, "subpart": 25, "subject-group": 15,
    "section": 50, "appendix": 15,
}  # fmt: skip


# --- the cut by hand ---


@dataclass(frozen=True)
class Unit:
    """A unit of a title: its element in the whole title, and what the whole reads it as."""

    title: int
    element: etree._Element
    node: Node

    @property
    def kind(self) -> str:
        return KIND[str(self.element.tag)]

    @property
    def number(self) -> str:
        return str(self.element.get("N"))

    @property
    def path(self) -> list[tuple[str, str]]:
        """Kind and number of the unit and all around it but the title, the largest first."""
        around = [one for one in self.element.iterancestors() if one.tag in KIND]
        return [(KIND[str(one.tag)], str(one.get("N")))
                for one in (*reversed(around), self.element) if one.tag != "DIV1"]  # fmt: skip

    @property
    def is_reserved(self) -> bool:
        """Is nothing in it but a reserved number? "[Reserved]"; "—Reserved" in 21 CFR 121 B."""
        around = [one for one in self.element.iterancestors() if one.tag in KIND]
        heads = [heading(one).strip() for one in (self.element, *around)]
        return any(re.search(r"\[reserved\]|—reserved$", head, re.IGNORECASE) for head in heads)

    def said(self, kind: str) -> str:
        return dict(self.path).get(kind, "")


@cache
def units_of(title: int) -> tuple[Unit, ...]:
    path = TITLES[title][DATE]
    root = read_tree(path, path.name)[1]
    nodes = [node for node in root.walk() if node.kind in UNITS]
    parser = etree.XMLParser(huge_tree=True)
    elements = [one for one in etree.parse(path, parser).getroot().iter() if one.tag in KIND]
    assert [node.kind for node in nodes] == [KIND[str(one.tag)] for one in elements]
    return tuple(Unit(title, one, node) for one, node in zip(elements, nodes, strict=True))


def cut_by_hand(unit: Unit) -> bytes:
    """The unit's element and all that is in it; of what is around only what it is called."""
    text = etree.tostring(unit.element, encoding="unicode", with_tail=False)
    steps = "/".join(f"{kind}-{number}" for kind, number in unit.path)
    said = json.dumps({"path": f"/on/{DATE}/title-{unit.title}/{steps}",
                       "citation": f"{unit.title} CFR"})  # fmt: skip
    first, sign, rest = text.partition(">")
    root = f"{first} hierarchy_metadata={quoteattr(said)}{sign}{rest}"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'.encode()


# --- how a unit is asked for ---


def addresses(unit: Unit) -> list[str]:
    """The unit as the browser, the API and the renderer address it."""
    steps = [f"{kind}-{quote(number)}" for kind, number in unit.path]
    short = [f"{kind}-{quote(number)}" for kind, number in unit.path
             if kind in ("part", "subpart", "subject-group") or number == unit.number]  # fmt: skip
    out = [f"https://www.ecfr.gov/{when}/title-{unit.title}/{'/'.join(way)}"
           for when in ("current", f"on/{DATE}") for way in (steps, short)]  # fmt: skip
    if unit.kind in ("section",):
        out.append(f"https://www.ecfr.gov/current/title-{unit.title}/section-{unit.number}")
    if unit.kind == "subject-group":
        return out
    query = "&".join(f"{kind}={quote(number)}" for kind, number in unit.path
                     if kind != "subject-group")  # fmt: skip
    out += [
        f"https://www.ecfr.gov/api/versioner/v1/full/{DATE}/title-{unit.title}.xml?{query}",
        f"https://www.ecfr.gov/api/renderer/v1/content/enhanced/{DATE}/title-{unit.title}?{query}",
    ]
    return out


def citations(unit: Unit) -> list[str]:
    """The unit as people cite it."""
    t, n = unit.title, unit.number
    chapter, part = unit.said("chapter"), unit.said("part")
    match unit.kind:
        case "chapter":
            return [f"{t} CFR chapter {n}", f"{t} C.F.R. ch. {n}", f"Title {t} CFR, Chapter {n}"]
        case "subchapter":
            return [f"{t} CFR chapter {chapter} subchapter {n}",
                    f"{t} CFR chapter {chapter}, subchapter {n}",
                    f"{t} CFR Ch. {chapter}, Subch. {n}"]  # fmt: skip
        case "part":
            return [f"{t} CFR part {n}", f"{t} CFR Part {n}", f"{t} C.F.R. pt. {n}",
                    f"{t} CFR {n}"]  # fmt: skip
        case "subpart":
            return [f"{t} CFR part {part} subpart {n}", f"{t} CFR part {part}, subpart {n}",
                    f"subpart {n} of {t} CFR part {part}",
                    f"{t} C.F.R. pt. {part}, subpt. {n}"]  # fmt: skip
        case "section":
            return [f"{t} CFR {n}", f"{t} CFR § {n}", f"{t} C.F.R. §{n}", f"{t} CFR section {n}"]
        case "appendix":
            return [f"{t} CFR {n}", f"{n} of title {t} CFR"] if "Subpart" in n else [
                f"{t} CFR {n}", f"{n.partition(' to ')[0]} to {t} CFR part {part}"]  # fmt: skip
    return []


# --- asking ---


@dataclass
class Asking:
    """One run of the program against the server, without what earlier runs kept."""

    server: EcfrServer
    folder: Path
    seconds: float = 60.0
    keep: bool = False
    runs: int = 0

    def documents(self, text: str) -> list[EcfrDocument]:
        bases = Bases(self.server.base_url, "https://www.govinfo.gov")
        [named] = what_is_named([text], bases)
        assert isinstance(named, OfCfr), named
        self.runs += not self.keep
        with Web(
            self.folder / f"cache-{self.runs}",
            exempt=[bases.ecfr],
            seconds=self.seconds,
            pace=Pace(0),
            first_wait=0.01,
        ) as web:
            ecfr = Ecfr(web, bases.ecfr)
            return [ecfr.document(found) for found in ecfr.find(named.asked, named.asked.date)]

    def trees(self, text: str) -> list[Node]:
        return [read_tree(one.path, "document.xml")[1] for one in self.documents(text)]

    def tree(self, text: str) -> Node:
        [tree] = self.trees(text)
        return tree


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    with EcfrServer(TITLES, rate=None, picky=True) as server:
        yield Asking(server, tmp_path)


def shape(node: Node) -> tuple[object, ...]:
    """All of a tree but the places in its file."""
    return (node.kind, node.designator, node.heading, node.text, node.citation,
            tuple(shape(child) for child in node.children))  # fmt: skip


def differences(ours: Node, theirs: Node) -> list[str]:
    """The first nodes in which two trees differ, in words."""
    out = []
    for one, other in zip(ours.walk(), theirs.walk(), strict=False):
        if shape(one)[:-1] != shape(other)[:-1]:
            out.append(f"{shape(one)[:-1]!r:.300} | {shape(other)[:-1]!r:.300}")
    return out[:3] or ["one is longer"]


def drawn(kind: str, seed: int, count: int) -> list[Unit]:
    """Units of a kind, drawn over the titles: a small title as often as a large one."""
    source = random.Random(f"{kind} {seed}")
    by_title = {title: [unit for unit in units_of(title) if unit.kind == kind and _is_said(unit)]
                for title in sorted(TITLES)}  # fmt: skip
    out: list[Unit] = []
    while len(out) < count and any(by_title.values()):
        units = by_title[source.choice([title for title in by_title if by_title[title]])]
        out.append(units.pop(source.randrange(len(units))))
    return out


def _is_said(unit: Unit) -> bool:
    """Not chapter V of title 1, reserved, whose N is 0."""
    return unit.kind != "chapter" or unit.number in heading(unit.element)


def compare(asking: Asking, unit: Unit, text: str) -> str:
    """What is wrong with the answer to ``text``, "" for nothing."""
    try:
        tree = asking.tree(text)
    except TribonianError as error:
        return "" if unit.is_reserved and "reserved" in str(error) else f"{text}: {error}"
    if unit.is_reserved:
        return f"{text} is reserved, and comes all the same"
    return "" if shape(tree) == shape(unit.node) else f"{text}: {differences(tree, unit.node)}"


@pytest.mark.parametrize("kind", DRAWN)
def test_units_by_address_and_by_citation_equal_their_slice_of_the_title(
    asking: Asking, kind: str
) -> None:
    source = random.Random(kind)
    wrong = []
    for unit in drawn(kind, 1, DRAWN[kind]):
        for text in {source.choice(addresses(unit)), source.choice(citations(unit) or [""])} - {""}:
            asking.server.clear()
            wrong.append(compare(asking, unit, text))
            if len(asking.server.requests) > 4:
                wrong.append(f"{text}: {len(asking.server.requests)} calls")
    assert not list(filter(None, wrong))


@pytest.mark.parametrize(
    ("title", "number"),
    [(21, "11"), (6, "A"), (21, "11.10"), (4, "22.1"), (6, "Appendix A to Subpart C of Part 5"),
     (21, "G"), (1, "II")],
)  # fmt: skip
def test_every_form_of_address_and_citation_gives_the_same(
    asking: Asking, title: int, number: str
) -> None:
    unit = next(one for one in units_of(title) if one.number == number)
    forms = addresses(unit) + citations(unit)
    assert len(forms) >= 7
    assert not list(filter(None, (compare(asking, unit, text) for text in forms)))


@pytest.mark.parametrize("day", ["2017-01-01", "2024-06-01", DATE])
def test_a_date_between_two_versions_gives_the_one_in_force(asking: Asking, day: str) -> None:
    unit = next(one for one in units_of(21) if (one.kind, one.number) == ("part", "11"))
    text = f"https://www.ecfr.gov/on/{day}/title-21/part-11"
    [document] = asking.documents(text)
    assert document.as_of == day
    assert shape(read_tree(document.path, "document.xml")[1]) == shape(unit.node)


def test_spans_of_parts_and_of_sections_are_their_units_one_by_one(asking: Asking) -> None:
    parts = [unit for unit in units_of(21) if unit.kind == "part"
             and unit.number in ("700", "701", "710", "720", "740")]  # fmt: skip
    assert [shape(tree) for tree in asking.trees("21 CFR parts 700-740")] == [
        shape(unit.node) for unit in parts
    ]
    sections = [unit for unit in units_of(21) if unit.kind == "section"
                and unit.number in ("11.1", "11.2", "11.3", "11.10")]  # fmt: skip
    assert [shape(tree) for tree in asking.trees("21 CFR 11.1-11.10")] == [
        shape(unit.node) for unit in sections
    ]


# --- when it goes wrong ---


@pytest.mark.parametrize("kind", ["subchapter", "chapter"])
def test_what_is_put_together_from_parts_equals_the_slice(asking: Asking, kind: str) -> None:
    asking.server.faults = [gateway_timeout()]
    wrong = []
    for unit in drawn(kind, 2, 6):
        if unit.title == 21 and kind == "chapter":
            continue  # 230 parts
        asking.server.clear()
        wrong.append(compare(asking, unit, citations(unit)[0]))
        parts = sum(1 for one in unit.node.walk() if one.kind == "part")
        if len(asking.server.requests) > parts + 7:
            wrong.append(f"{citations(unit)[0]}: {len(asking.server.requests)} calls")
    assert not list(filter(None, wrong))


def test_half_of_the_whole_titles_may_time_out(asking: Asking) -> None:
    asking.server.faults = [gateway_timeout(chance=0.5, seed=3)]
    wrong = [compare(asking, unit, citations(unit)[0]) for unit in drawn("subchapter", 3, 8)]
    assert not list(filter(None, wrong))


SLIPS = ("429", "502", "503", "504", "empty", "reset", "truncated", "chunked-cut", "broken-gzip",
         "half")  # fmt: skip


@pytest.mark.parametrize("kind", SLIPS)
@pytest.mark.parametrize("on", [r"/titles\.json", "/structure/", "/full/"])
def test_a_slip_is_asked_again_and_does_not_show(asking: Asking, kind: str, on: str) -> None:
    fault = Fault(kind, on=on, first=1)
    asking.server.faults = [fault]
    unit = next(one for one in units_of(6) if one.number == "5.41")
    assert compare(asking, unit, "6 CFR 5.41") == ""
    assert fault.struck == 1
    assert len(asking.server.requests) == 4


@pytest.mark.parametrize("kind", [*SLIPS, "captcha", "unblock", "html", "406"])
def test_what_stays_wrong_is_one_sentence_and_nothing_of_it_is_kept(
    asking: Asking, kind: str
) -> None:
    asking.server.faults = [Fault(kind, on="/full/")]
    asking.seconds = 2.0
    with pytest.raises(TribonianError) as caught:
        asking.documents("6 CFR 5.41")
    sentence = str(caught.value)
    assert "\n" not in sentence and sentence.endswith(".") and len(sentence) < 400
    assert any(what in sentence for what in ("127.0.0.1", "eCFR", "6 CFR 5.41"))
    asking.server.faults = []
    unit = next(one for one in units_of(6) if one.number == "5.41")
    asking.keep = True  # the cache of the run that failed
    assert compare(asking, unit, "6 CFR 5.41") == ""


def test_an_import_is_waited_for_as_long_as_the_server_says(asking: Asking) -> None:
    asking.server.faults = [importing(first=2, on="/structure/", retry_after=1)]
    unit = next(one for one in units_of(6) if one.number == "5.41")
    assert compare(asking, unit, "6 CFR 5.41") == ""
    times = [request.time for request in asking.server.requests if "structure" in request.path]
    assert [later - earlier >= 0.95 for earlier, later in pairwise(times)] == [True, True]


def test_a_title_that_is_being_processed_is_served_all_the_same(asking: Asking) -> None:
    asking.server.processing = {6}
    asking.server.importing = True
    unit = next(one for one in units_of(6) if one.number == "5.41")
    assert compare(asking, unit, "6 CFR 5.41") == ""


# --- the program itself ---


def program(server: EcfrServer, *arguments: str) -> subprocess.Popen[str]:
    """The program as a user starts it, against the server."""
    environment = {**os.environ, "ECFR_BASE_URL": server.base_url}
    return subprocess.Popen(
        [sys.executable, "-m", "tribonian", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(server: EcfrServer, *arguments: str) -> str:
    with program(server, *arguments) as process:
        out, err = process.communicate(timeout=240)
    assert process.returncode == 0, out + err
    return out


@pytest.fixture
def polite(tmp_path: Path) -> Iterator[EcfrServer]:
    """The server with its limit on requests, and the limit of the program."""
    with EcfrServer(TITLES, picky=True) as server:
        yield server


def test_a_subchapter_of_five_parts_takes_at_most_twelve_calls_at_a_polite_rate(
    polite: EcfrServer, tmp_path: Path
) -> None:
    polite.faults = [gateway_timeout()]
    cache, output = str(tmp_path / "cache"), str(tmp_path / "out")
    run(polite, "fetch", "21 CFR chapter I subchapter G", "--cache", cache, "-o", output)
    assert len(polite.requests) <= 12
    assert polite.busiest(1.0) <= 5
    assert {request.status for request in polite.requests} == {200, 504}
    agents = {request.headers["user-agent"] for request in polite.requests}
    assert all(agent.startswith("tribonian/") for agent in agents)


def test_a_build_of_the_answers_is_that_of_the_cut_and_that_of_the_fetched_folder(
    polite: EcfrServer, tmp_path: Path
) -> None:
    asked = ["21 CFR chapter I subchapter G", "6 CFR part 5", "21 CFR part 11 subpart B"]
    numbers = [(21, "G"), (6, "5"), (21, "B")]
    cuts = tmp_path / "cuts"
    cuts.mkdir()
    for (title, number), text in zip(numbers, asked, strict=True):
        unit = next(
            one for one in units_of(title)
            if one.number == number and (one.kind != "subpart" or one.said("part") == "11")
        )  # fmt: skip
        (cuts / f"{text.replace(' ', '-')}_{DATE}.xml").write_bytes(cut_by_hand(unit))
    online, offline, moved = (str(tmp_path / name) for name in ("online", "offline", "fetched"))
    by_hand, cache = str(tmp_path / "by-hand"), str(tmp_path / "cache")
    run(polite, "build", *asked, "--cache", cache, "-o", online)
    run(polite, "fetch", *reversed(asked), "--cache", cache, "-o", moved)
    sent = len(polite.requests)
    (tmp_path / "fetched").rename(tmp_path / "elsewhere")
    run(polite, "build", str(tmp_path / "elsewhere"), "--no-cache", "-o", offline)
    run(polite, "build", str(cuts), "--no-cache", "-o", by_hand)
    assert len(polite.requests) == sent

    def principles(folder: str) -> bytes:
        return (Path(folder) / "principles.json").read_bytes()

    assert principles(offline) == principles(online)
    assert principles(by_hand) == principles(online)


def test_fetched_again_nothing_that_is_the_same_comes_a_second_time(
    polite: EcfrServer, tmp_path: Path
) -> None:
    asked = ["21 CFR part 11", "6 CFR 5.41"]
    rest = ["--cache", str(tmp_path / "cache"), "-o", str(tmp_path / "out")]
    run(polite, "fetch", *asked, *rest)
    files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    polite.clear()
    out = run(polite, "fetch", *asked, *rest)
    assert sum(request.bytes for request in polite.requests if request.status == 200) == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == files
    assert "changed" not in out


@pytest.mark.parametrize("after", [2, 5, 7])
def test_killed_in_the_middle_nothing_that_was_whole_is_asked_for_again(
    polite: EcfrServer, tmp_path: Path, after: int
) -> None:
    # The last part comes slowly, so that there is time.
    drip = Fault("drip", on="part=740", first=1, pieces=10, pause=1.0)
    polite.faults = [gateway_timeout(), drip]
    arguments = ["fetch", "21 CFR chapter I subchapter G", "6 CFR part 5", "4 CFR part 28",
                 "--cache", str(tmp_path / "cache"), "-o", str(tmp_path / "out")]  # fmt: skip

    def whole() -> list[str]:
        # What ended some time before is in the cache; what ended just now may be on its way.
        before = time.monotonic() - 1.0
        return [one.path for one in polite.requests if one.whole and 0 < one.ended < before]

    with program(polite, *arguments) as process:
        until = time.monotonic() + 60
        while len(whole()) < after and time.monotonic() < until and process.poll() is None:
            time.sleep(0.01)
        kept = {path for path in whole() if "titles.json" not in path}
        assert process.poll() is None, "it was faster than the test"
        process.kill()
        process.communicate()
    assert not (tmp_path / "out" / "sources.lock.json").exists()
    polite.clear()
    run(polite, *arguments)
    # Asked whether it changed it may be, and is answered 304.
    again = {one.path for one in polite.requests if one.bytes and one.status == 200}
    assert not kept & again
    unkilled = str(tmp_path / "unkilled")
    run(polite, *arguments[:-1], unkilled)
    ours, theirs = ({path.name: path.read_bytes() for path in Path(folder).iterdir()}
                    for folder in (tmp_path / "out", unkilled))  # fmt: skip
    assert ours == theirs
