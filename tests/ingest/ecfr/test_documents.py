"""Units of the CFR as documents, by the fewest calls, against a server that misbehaves."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.servers.ecfr import EcfrServer
from tests.servers.misbehaviour import STRUCTURE, Fault, gateway_timeout
from tests.servers.small_titles import FIRST_DATE, SECOND_DATE, TITLE_41_SECOND, TITLES
from tribonian.errors import DocumentError, UsageError
from tribonian.ingest.ecfr.citations import parse_citation
from tribonian.ingest.ecfr.documents import Ecfr
from tribonian.ingest.ecfr.making import EcfrDocument
from tribonian.ingest.ecfr.slicing import cut
from tribonian.ingest.ecfr.units import Asked, CfrUnit, Span
from tribonian.ingest.readers.ecfr_xml import read_ecfr_xml
from tribonian.ingest.record import Reading
from tribonian.ingest.web.answer import UnavailableError, WebError
from tribonian.ingest.web.client import Web
from tribonian.ingest.web.pace import Pace
from tribonian.ingest.web.retry import Patience
from tribonian.schemas.tree import Node, grow

FULL = f"/full/{SECOND_DATE}/title-41.xml"
STRUCTURED = f"/structure/{SECOND_DATE}/title-41.json"
SOME = Patience(5.0, 3)
OTHERWISE = (
    "try again later or from another network, or give a file, such as those of "
    "govinfo.gov/bulkdata/ECFR"
)


class Place:
    """A server, a cache folder, and the eCFR on it, opened anew for each run."""

    def __init__(self, stack: ExitStack, cache: Path) -> None:
        self._stack = stack
        self._cache = cache
        self.server = self.serve()

    def serve(self, *faults: Fault, **options: Any) -> EcfrServer:
        given = {"rate": None} | options
        titles = given.pop("titles", TITLES)
        self.server = self._stack.enter_context(EcfrServer(titles, faults=faults, **given))
        return self.server

    def run(self, patience: Patience = SOME, *, cold: bool = False, **options: Any) -> Ecfr:
        """A new run of the program on the same cache, or on one of its own."""
        self.server.clear()
        ecfr = {name: options.pop(name) for name in ("workers", "progress") if name in options}
        cache = None if cold else self._cache
        web = Web(cache, exempt=[self.server.base_url], pace=Pace(0), first_wait=0.01, **options)
        self._stack.enter_context(web)
        return Ecfr(web, self.server.base_url, patience=patience, **ecfr)

    @property
    def calls(self) -> list[str]:
        return [path.removeprefix("/api/versioner/v1") for path in self.server.paths]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with ExitStack() as stack:
        yield Place(stack, tmp_path / "cache")


def all_of(ecfr: Ecfr, *wanted: CfrUnit | Span, date: str | None = None) -> list[EcfrDocument]:
    return [ecfr.document(found) for found in ecfr.find(Asked("", wanted, date))]


def one(ecfr: Ecfr, wanted: CfrUnit | Span, date: str | None = None) -> EcfrDocument:
    [document] = all_of(ecfr, wanted, date=date)
    return document


def tree(xml: bytes) -> Node:
    return grow(read_ecfr_xml(io.BytesIO(xml), Reading(title="41")))


def law(root: Node) -> list[tuple[str, str | None, str | None, str, str | None]]:
    return [(n.kind, n.designator, n.heading, n.text, n.citation) for n in root.walk()]


def by_hand(unit: CfrUnit, title: str = TITLE_41_SECOND) -> Node:
    out = io.BytesIO()
    cut(io.BytesIO(title.encode()), unit, out, SECOND_DATE)
    return tree(out.getvalue())


IN_50 = CfrUnit(41, subtitle="B", chapter="50", subchapter="A")


@pytest.mark.parametrize(
    ("wanted", "whole", "calls"),
    [
        (CfrUnit(41), CfrUnit(41), [FULL]),
        (CfrUnit(41, part="1"), CfrUnit(41, part="1"), [f"{FULL}?part=1"]),
        (CfrUnit(41, part="50-201"), CfrUnit(41, part="50-201"),
         [STRUCTURED, f"{FULL}?part=50-201"]),
        (CfrUnit(41, chapter="50", part="50-201"), CfrUnit(41, part="50-201"),
         [STRUCTURED, f"{FULL}?part=50-201"]),
        (CfrUnit(41, section="50-201.1"), CfrUnit(41, part="50-201", section="50-201.1"),
         [STRUCTURED, f"{FULL}?part=50-201&section=50-201.1"]),
        (CfrUnit(41, part="50-202", subpart="A"), CfrUnit(41, part="50-202", subpart="A"),
         [STRUCTURED, f"{FULL}?part=50-202&subpart=A"]),
        (CfrUnit(41, subject_group="ECFR0a1b2c3d4e5f607"),
         CfrUnit(41, part="50-202", subpart="A", subject_group="ECFR0a1b2c3d4e5f607"),
         [STRUCTURED, f"{FULL}?part=50-202&subpart=A"]),
        (CfrUnit(41, part="50-202", appendix="A"),
         CfrUnit(41, part="50-202", appendix="Appendix A to Part 50-202"),
         [STRUCTURED, f"{FULL}?part=50-202&appendix=Appendix%20A%20to%20Part%2050-202"]),
        (CfrUnit(41, chapter="50", appendix="A"),
         CfrUnit(41, chapter="50", appendix="Appendix A to Chapter 50"), [STRUCTURED, FULL]),
        (CfrUnit(41, subtitle="A"), CfrUnit(41, subtitle="A"), [STRUCTURED, FULL]),
        (CfrUnit(41, chapter="50"), CfrUnit(41, chapter="50"), [STRUCTURED, FULL]),
        (CfrUnit(41, chapter="50", subchapter="A"), IN_50, [STRUCTURED, FULL]),
    ],
)  # fmt: skip
def test_a_unit_is_the_same_as_cut_out_of_the_title_by_the_fewest_calls(
    place: Place, wanted: CfrUnit, whole: CfrUnit, calls: list[str]
) -> None:
    document = one(place.run(), wanted)

    assert place.calls == ["/titles.json", *calls]
    assert law(tree(document.path.read_bytes())) == law(by_hand(whole))
    assert document.as_of == SECOND_DATE
    assert document.bytes == document.path.stat().st_size
    assert document.url == place.server.base_url + place.server.paths[-1]
    assert document.etag
    assert not document.findings


def test_a_section_that_comes_inside_its_part_is_cut_out_of_it(place: Place) -> None:
    place.serve(sections_in_part=True)

    document = one(place.run(), CfrUnit(41, section="50-201.1"))

    assert law(tree(document.path.read_bytes())) == law(
        by_hand(CfrUnit(41, part="50-201", section="50-201.1"))
    )


def test_a_paragraph_comes_with_its_section_s_heading_and_lead_in(place: Place) -> None:
    document = one(place.run(), CfrUnit(41, section="50-201.1", paragraph="(b)(2)"))

    rows = law(tree(document.path.read_bytes()))
    assert rows[0][2] == "Definitions."
    text = " ".join(row[3] for row in rows)
    assert "In this part" in text
    assert "A weed" in text
    assert "tends plants" not in text


TITLE_29 = """<?xml version="1.0" encoding="UTF-8"?>
<ECFR>
<DIV1 N="29" TYPE="TITLE">
<HEAD>Title 29—Ladders</HEAD>
<DIV5 N="1910" TYPE="PART" VOLUME="5">
<HEAD>PART 1910—SAFE LADDERS</HEAD>
<DIV6 N="J" TYPE="SUBPART">
<HEAD>Subpart J—Rungs</HEAD>
<DIV8 N="1910.147" TYPE="SECTION" VOLUME="5">
<HEAD>§ 1910.147   The control of rungs.</HEAD>
<P>Count the rungs.
</P></DIV8>
<DIV9 N="Appendix A to § 1910.147" TYPE="APPENDIX" VOLUME="5">
<HEAD>Appendix A to § 1910.147—How To Count</HEAD>
<P>From below.
</P></DIV9>
<DIV8 N="1910.148" TYPE="SECTION" VOLUME="5">
<HEAD>§ 1910.148   Paint.</HEAD>
<P>None.
</P></DIV8>
</DIV6>
</DIV5>
</DIV1>
</ECFR>
"""


@pytest.mark.parametrize(
    ("title", "text", "identifier"),
    [
        (29, "29 CFR 1910.147 Appendix A", "Appendix A to § 1910.147"),
        (29, "Appendix A to § 1910.147, Title 29", "Appendix A to § 1910.147"),
        (17, "17 CFR Table 1b to Part 120, Subpart C", "Table 1b to Part 120, Subpart C"),
        (17, "17 CFR Appendix I to Subchapter A of Chapter I",
         "Appendix I to Subchapter A of Chapter I"),
    ],
)  # fmt: skip
def test_an_appendix_comes_though_it_stands_beside_its_unit(
    place: Place, title: int, text: str, identifier: str
) -> None:
    place.serve(titles={**TITLES, 29: {SECOND_DATE: TITLE_29.encode()}})
    asked = parse_citation(text)
    assert isinstance(asked, Asked)

    [found] = (ecfr := place.run()).find(asked)
    document = ecfr.document(found)

    assert document.unit.appendix == identifier
    root = tree(document.path.read_bytes())
    assert (root.kind, root.designator) == ("appendix", identifier)
    assert len(place.calls) == 3


@pytest.mark.parametrize(
    ("wanted", "paragraph"),
    [
        (CfrUnit(17, section="240.11a1-1", paragraph="(T)"), ""),
        (CfrUnit(17, section="240.11a1-1(T)"), ""),
        (CfrUnit(17, section="240.11a1-1(t)"), ""),
        (CfrUnit(17, part="120", section="240.11a1-1", paragraph="(T)(b)"), "(b)"),
        (CfrUnit(17, section="240.11a1-1(T)", paragraph="(b)"), "(b)"),
        (CfrUnit(17, section="240.11a1–1", paragraph="(T)(b)"), "(b)"),
    ],
)
def test_a_section_whose_own_number_ends_in_brackets_is_no_paragraph_of_another(
    place: Place, wanted: CfrUnit, paragraph: str
) -> None:
    document = one(place.run(), wanted)

    assert document.unit.section == "240.11a1-1(T)"
    assert document.unit.paragraph == paragraph
    text = " ".join(row[3] for row in law(tree(document.path.read_bytes())))
    assert ("A transaction." in text, "Another." in text) == (not paragraph, True)


def test_a_paragraph_that_is_not_there_is_one_sentence(place: Place) -> None:
    with pytest.raises(DocumentError, match=r"50-201\.1 has no paragraph \(z\)"):
        one(place.run(), CfrUnit(41, section="50-201.1", paragraph="(z)"))


def test_a_span_of_parts_is_a_document_for_each_reserved_ones_included(place: Place) -> None:
    span = Span(CfrUnit(41, part="50-201"), CfrUnit(41, part="50-203"))

    documents = all_of(place.run(), span)

    assert [each.unit.part for each in documents] == ["50-201", "50-202", "50-203"]
    assert law(tree(documents[2].path.read_bytes())) == law(by_hand(CfrUnit(41, part="50-203")))
    assert place.calls == [
        "/titles.json", STRUCTURED, f"{FULL}?part=50-201", f"{FULL}?part=50-202",
    ]  # fmt: skip


def test_a_section_is_asked_for_by_itself_whatever_else_is_wanted(place: Place) -> None:
    sections = [CfrUnit(41, section=f"50-202.{number}") for number in (1, 2, 3)]

    alone = [one(place.run(), unit) for unit in sections]
    place.serve()
    with_others = all_of(place.run(), CfrUnit(41, part="50-202"), *sections)

    assert [(each.sha256, each.bytes) for each in with_others[1:]] == [
        (each.sha256, each.bytes) for each in alone]  # fmt: skip


def test_a_part_is_the_same_among_many_as_alone(place: Place) -> None:
    alone = [one(place.run(), CfrUnit(41, part=number)) for number in ("1", "50-201")]
    among = all_of(place.run(), Span(CfrUnit(41, part="1"), CfrUnit(41, part="50-204")))

    by_part = {each.unit.part: each.sha256 for each in among}
    assert [by_part["1"], by_part["50-201"]] == [each.sha256 for each in alone]


@pytest.mark.parametrize("turned", [False, True])
def test_a_part_comes_once_whether_named_by_itself_or_in_a_run(place: Place, turned: bool) -> None:
    wanted: list[CfrUnit | Span] = [
        CfrUnit(41, part="1"),
        Span(CfrUnit(41, part="1"), CfrUnit(41, part="49a")),
    ]

    found = place.run().find(Asked("", tuple(reversed(wanted) if turned else wanted)))

    assert [each.unit.part for each in found] == ["1", "2-49", "49a"]


def test_units_of_one_title_share_what_is_known_of_it(place: Place) -> None:
    ecfr = place.run()

    for number in ("50-201.1", "50-202.1"):
        one(ecfr, CfrUnit(41, section=number))
    one(ecfr, CfrUnit(41, part="50-204"))

    assert place.calls.count("/titles.json") == 1
    assert place.calls.count(STRUCTURED) == 1
    assert len(place.calls) == 5


def test_each_unit_comes_once_however_often_it_is_named(place: Place) -> None:
    unit = CfrUnit(41, part="50-201")

    found = place.run().find(Asked("", (unit, unit, Span(unit, CfrUnit(41, part="50-202")))))

    assert [each.unit.part for each in found] == ["50-201", "50-202"]


# -- dates ---------------------------------------------------------------------------------------


def test_the_date_asked_for_gives_the_text_of_that_day(place: Place) -> None:
    ecfr = place.run()

    old = one(ecfr, CfrUnit(41, section="50-201.2"), "2021-01-01")
    new = one(ecfr, CfrUnit(41, section="50-201.2"))

    assert (old.as_of, new.as_of) == ("2021-01-01", SECOND_DATE)
    assert "more than 8 hours" in old.path.read_text()
    assert "more than 7 hours" in new.path.read_text()


def test_the_date_of_the_address_comes_before_the_option(place: Place) -> None:
    asked = Asked("", (CfrUnit(41, part="1"),), FIRST_DATE)

    [found] = place.run().find(asked, "2024-01-01")

    assert found.as_of == FIRST_DATE


def test_a_malformed_date_is_wrong_usage_and_sends_nothing(place: Place) -> None:
    with pytest.raises(UsageError, match="'2024-02-30' is no date"):
        place.run().find(Asked("", (CfrUnit(41),)), "2024-02-30")
    assert place.calls == []


@pytest.mark.parametrize("wanted", [CfrUnit(26, part="1"), CfrUnit(26), CfrUnit(26, chapter="I"),
                                    CfrUnit(26, section="1.264-1")])  # fmt: skip
def test_a_day_on_which_the_title_did_not_exist_names_the_nearest(
    place: Place, wanted: CfrUnit
) -> None:
    place.serve(since={26: FIRST_DATE})

    with pytest.raises(DocumentError) as error:
        one(place.run(), wanted, "2019-05-05")

    assert str(error.value) == (
        f"Title 26 of the CFR is not in the eCFR for 2019-05-05; the nearest date is {FIRST_DATE}."
    )


def test_a_title_that_is_listed_and_has_no_text_says_what_else_to_do(place: Place) -> None:
    answer = place.server.answer
    place.server.answer = lambda target, headers: answer(  # type: ignore[method-assign]
        target.replace("/structure/", "/nothing/"), headers
    )

    with pytest.raises(DocumentError) as error:
        one(place.run(), CfrUnit(41, chapter="50"))

    assert str(error.value) == (
        f"Title 41 of the CFR is not in the eCFR for {SECOND_DATE}; ask for another date, or give "
        "a file, such as those of govinfo.gov/bulkdata/ECFR."
    )


def test_an_import_in_progress_is_no_error_while_the_day_is_served(place: Place) -> None:
    place.serve(importing=True, processing=[41])

    assert one(place.run(), CfrUnit(41, part="1")).as_of == SECOND_DATE


# -- what is not there ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (CfrUnit(41, part="7"), ("41 CFR Part 7 is reserved on 2025-06-16: there is no text; the "
         "nearest is 41 CFR Part 1.")),
        (CfrUnit(41, part="2-49"), ("41 CFR Part 2-49 is reserved on 2025-06-16: there is no text; "
         "the nearest is 41 CFR Part 1.")),
        (CfrUnit(41, part="99"), ("41 CFR Part 99 does not exist on 2025-06-16; the nearest is 41 "
         "CFR Part 50-201.")),
        (CfrUnit(41, part="50-209"), ("41 CFR Part 50-209 does not exist on 2025-06-16; the "
         "nearest is 41 CFR Part 50-204.")),
        (CfrUnit(41, section="50-204.2"), ("41 CFR 50-204.2 does not exist on 2025-06-16; the "
         "nearest is 41 CFR 50-204.1.")),
        (CfrUnit(35), "Title 35 of the CFR is reserved: there is no text; ask for another title."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("cached", [False, True])
def test_what_does_not_exist_is_the_same_sentence_whether_the_title_is_there_or_not(
    place: Place, wanted: CfrUnit, sentence: str, cached: bool
) -> None:
    if cached:
        one(place.run(), CfrUnit(41))

    with pytest.raises(DocumentError) as error:
        one(place.run(), wanted)

    assert str(error.value) == sentence
    assert len(place.calls) <= 3


def test_of_several_units_the_one_that_does_not_exist_says_so_and_the_others_come(
    place: Place,
) -> None:
    ecfr = place.run()

    found = ecfr.find(Asked("", (CfrUnit(41, section="50-201.1"), CfrUnit(41, section="50-299.1"))))

    assert ecfr.document(found[0]).unit.section == "50-201.1"
    with pytest.raises(DocumentError, match=r"^41 CFR 50-299\.1 does not exist"):
        ecfr.document(found[1])


def test_a_unit_is_there_though_a_run_that_begins_with_it_is_not(place: Place) -> None:
    turned = Span(CfrUnit(41, part="50-204"), CfrUnit(41, part="50-201"))

    found = place.run().find(Asked("", (turned, CfrUnit(41, part="50-204")), SECOND_DATE))

    assert [bool(each.missing) for each in found] == [True, False]


def test_a_number_in_another_case_is_found(place: Place) -> None:
    document = one(place.run(), CfrUnit(41, part="49A"))

    assert document.unit.part == "49a"
    assert len(place.calls) == 4


# -- the cache -----------------------------------------------------------------------------------


KINDS_OF_UNIT: list[CfrUnit | Span] = [
    CfrUnit(41), IN_50, CfrUnit(41, part="1"), CfrUnit(41, part="50-201"),
    CfrUnit(41, section="50-201.1"), CfrUnit(41, part="50-202", subpart="A"),
    CfrUnit(41, subject_group="ECFR0a1b2c3d4e5f607"), CfrUnit(41, part="50-202", appendix="A"),
    CfrUnit(41, chapter="50", appendix="A"), CfrUnit(41, section="50-201.1", paragraph="(b)(2)"),
    CfrUnit(41, part="49A"), Span(CfrUnit(41, part="50-201"), CfrUnit(41, part="50-203")),
    Span(CfrUnit(41, section="50-202.1"), CfrUnit(41, section="50-202.3")),
]  # fmt: skip
ALREADY_THERE: dict[str, list[CfrUnit | Span]] = {
    "the whole title": [CfrUnit(41)],
    "the parts": [CfrUnit(41, part=number) for number in ("1", "50-201", "50-202")],
    "sections": [CfrUnit(41, section="50-201.1"), CfrUnit(41, section="50-202.1")],
    "all of it": [CfrUnit(41), *KINDS_OF_UNIT],
}


@pytest.mark.parametrize("there", ALREADY_THERE)
@pytest.mark.parametrize("sections_in_part", [False, True])
def test_a_unit_is_the_same_document_whatever_the_cache_holds(
    place: Place, there: str, sections_in_part: bool
) -> None:
    place.serve(sections_in_part=sections_in_part)

    def forms(cold: bool) -> list[tuple[CfrUnit, str, int, str, str | None]]:
        return [
            (each.unit, each.sha256, each.bytes, each.url, each.etag)
            for wanted in KINDS_OF_UNIT
            for each in all_of(place.run(cold=cold), wanted)
        ]

    alone = forms(cold=True)
    all_of(place.run(), *ALREADY_THERE[there])

    assert forms(cold=False) == alone


@pytest.mark.parametrize("there", ["the whole title", "the parts"])
def test_what_the_cache_has_whole_is_not_asked_for_again(place: Place, there: str) -> None:
    all_of(place.run(), *ALREADY_THERE[there])
    calls = []
    for wanted in ALREADY_THERE[there]:
        one(place.run(), wanted)
        calls += place.calls

    assert set(calls) == {"/titles.json"}


def test_a_second_run_asks_for_the_dates_alone_and_makes_the_same_document(place: Place) -> None:
    first = one(place.run(), IN_50)

    second = one(place.run(), IN_50)

    assert place.calls == ["/titles.json"]
    assert place.server.requests[-1].status == 304
    assert second == first


def test_renewing_asks_whether_anything_changed_and_fetches_nothing_twice(place: Place) -> None:
    first = one(place.run(), CfrUnit(41, section="50-201.1"))

    second = one(place.run(renew=True), CfrUnit(41, section="50-201.1"))

    assert [request.status for request in place.server.requests] == [304] * 3
    assert second == first


def test_what_was_fetched_before_an_interruption_is_not_fetched_again(place: Place) -> None:
    place.serve(gateway_timeout(on=r"title-41\.xml$"), Fault("504", on="part=50-202"))
    with pytest.raises(UnavailableError):
        one(place.run(Patience(1.0, 2), seconds=4.0), IN_50)
    whole = {request.path for request in place.server.requests if request.whole}
    place.server.faults = [gateway_timeout(on=r"title-41\.xml$")]

    one(place.run(Patience(1.0, 2)), IN_50)

    assert any("part=50-201" in path for path in whole)
    assert not whole & {
        request.path for request in place.server.requests
        if request.status == 200 and "titles.json" not in request.path
    }  # fmt: skip


# -- misbehaviour --------------------------------------------------------------------------------


def test_a_title_that_times_out_is_put_together_from_its_parts(place: Place) -> None:
    place.serve(gateway_timeout(on=r"title-41\.xml$"))
    told: list[tuple[str, int, int]] = []

    document = one(place.run(progress=lambda *all_of_it: told.append(all_of_it)), IN_50)

    assert place.calls[:5] == ["/titles.json", STRUCTURED, FULL, FULL, FULL]
    assert sorted(place.calls[5:]) == [f"{FULL}?part=50-20{n}" for n in (1, 2, 4)]
    without_note = re.sub("(?s)<EDNOTE>.*?</EDNOTE>", "", TITLE_41_SECOND)
    assert law(tree(document.path.read_bytes())) == law(by_hand(IN_50, without_note))
    assert [each.code for each in document.findings] == ["assembled-from-parts"]
    assert document.etag is None
    what = "41 CFR Subtitle B Chapter 50 Subchapter A"
    assert told == [("all of title 41", 0, 1), *((what, done, 3) for done in range(4))]


def test_of_a_whole_title_is_told_once_that_it_comes(place: Place) -> None:
    told: list[tuple[str, int, int]] = []
    ecfr = place.run(progress=lambda *all_of_it: told.append(all_of_it))

    all_of(ecfr, IN_50, CfrUnit(41, subtitle="A"), CfrUnit(41, part="1"))

    assert told == [("all of title 41", 0, 1), ("all of title 41", 1, 1)]


def test_what_was_put_together_before_says_so_again(place: Place) -> None:
    place.serve(gateway_timeout(on=r"title-41\.xml$"))
    first = one(place.run(), IN_50)

    assert one(place.run(), IN_50) == first


def test_a_title_that_comes_at_the_third_time_is_not_put_together(place: Place) -> None:
    place.serve(gateway_timeout(first=2))

    document = one(place.run(), IN_50)

    assert place.calls == ["/titles.json", STRUCTURED, FULL, FULL, FULL]
    assert not document.findings


def test_a_title_that_timed_out_is_not_tried_again_in_the_same_run(place: Place) -> None:
    place.serve(gateway_timeout(on=r"title-41\.xml$"))
    ecfr = place.run()

    one(ecfr, CfrUnit(41, subtitle="A"))
    one(ecfr, IN_50)

    assert place.calls.count(FULL) == 3


@pytest.mark.parametrize("kind", ["429", "502", "503", "504", "empty", "reset", "truncated",
                                  "chunked-cut", "broken-gzip", "half", "html"])  # fmt: skip
def test_what_passes_is_waited_for(place: Place, kind: str) -> None:
    place.serve(Fault(kind, on="/full/", first=2))

    document = one(place.run(), CfrUnit(41, part="1"))

    assert law(tree(document.path.read_bytes())) == law(by_hand(CfrUnit(41, part="1")))
    assert len(place.calls) == 4


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("captcha", ("The eCFR asks whether you are human instead of giving 41 CFR Part 1 of "
         f"{SECOND_DATE}; {OTHERWISE}.")),
        ("unblock", "The eCFR asks whether you are human instead of giving 41 CFR Part 1 of "),
        ("html", f"Instead of 41 CFR Part 1 of {SECOND_DATE} the server sent a web page"),
        ("empty", "nothing at all"),
        ("503", (f"The eCFR does not give out 41 CFR Part 1 of {SECOND_DATE} now, since it is "
         "importing that title; try again in some minutes.")),
        ("406", (f"The eCFR does not give 41 CFR Part 1 of {SECOND_DATE} in a form that can be "
         f"read here (406); {OTHERWISE}.")),
        ("504", (f"41 CFR Part 1 of {SECOND_DATE} is answered by the eCFR with 504 Gateway "
         "Timeout and asks to wait for 60 minutes; try again then, or give a file, such as those "
         "of govinfo.gov/bulkdata/ECFR.")),
    ],
)  # fmt: skip
def test_what_does_not_pass_is_one_sentence(place: Place, kind: str, said: str) -> None:
    place.serve(Fault(kind, on="/full/", retry_after=3600))  # which nobody waits

    with pytest.raises(WebError, match=re.escape(said)) as error:
        one(place.run(seconds=20.0), CfrUnit(41, part="1"))
    assert str(error.value).endswith(".")


@pytest.mark.parametrize("on", ["titles.json", STRUCTURE])
def test_a_gate_before_the_list_or_the_structure_is_said_of_the_unit(place: Place, on: str) -> None:
    place.serve(Fault("captcha", on=on))

    with pytest.raises(WebError) as error:
        one(place.run(), CfrUnit(41, section="50-201.1"), SECOND_DATE)
    assert str(error.value) == (
        "The eCFR asks whether you are human instead of giving 41 CFR 50-201.1 of "
        f"{SECOND_DATE}; {OTHERWISE}."
    )


def test_a_server_that_is_down_is_waited_for_only_once(place: Place) -> None:
    place.serve(Fault("504", on="titles.json", retry_after=3600))
    ecfr = place.run(seconds=20.0)

    said = []
    for number in ("1", "50-201"):
        with pytest.raises(UnavailableError) as error:
            one(ecfr, CfrUnit(41, part=number))
        said.append((str(error.value).replace(f"Part {number} ", ""), len(place.calls)))

    assert said[0] == said[1]


def test_after_one_part_was_waited_for_in_vain_the_next_are_not_waited_for_long(
    place: Place,
) -> None:
    place.serve(Fault("504", on="part=1$", retry_after=3600), Fault("504", on="part=49a"))
    ecfr = place.run(seconds=20.0)
    with pytest.raises(UnavailableError):
        one(ecfr, CfrUnit(41, part="1"))
    place.server.clear()

    with pytest.raises(UnavailableError):
        one(ecfr, CfrUnit(41, part="49a"))

    assert len(place.calls) == 2


def test_a_part_whose_text_is_that_of_another_is_refused(place: Place) -> None:
    answer = place.server.answer
    place.server.answer = lambda target, headers: answer(  # type: ignore[method-assign]
        target.replace("part=1", "part=49a"), headers
    )

    with pytest.raises(WebError, match="answer for 41 CFR Part 1 of 2025-06-16 is the text of"):
        one(place.run(), CfrUnit(41, part="1"))


@pytest.mark.parametrize("on", ["appendix=", "subpart="])
@pytest.mark.parametrize("kind", ["406"])
def test_what_is_refused_by_another_status_is_not_taken_for_absent(
    place: Place, on: str, kind: str
) -> None:
    place.serve(Fault(kind, on=on))
    wanted = CfrUnit(41, part="50-202", **{on.rstrip("="): "A"})

    with pytest.raises(WebError, match="406"):
        one(place.run(), wanted)


def test_a_subpart_that_the_server_does_not_slice_is_cut_out_of_the_part(place: Place) -> None:
    answer = place.server.answer
    place.server.answer = lambda target, headers: answer(  # type: ignore[method-assign]
        re.sub("subpart=A$", "subpart=none", target), headers
    )

    document = one(place.run(), CfrUnit(41, part="50-202", subpart="A"))

    assert law(tree(document.path.read_bytes())) == law(
        by_hand(CfrUnit(41, part="50-202", subpart="A"))
    )
    assert place.calls[2:] == [f"{FULL}?part=50-202&subpart=A", f"{FULL}?part=50-202"]


def test_a_structure_that_is_damaged_is_one_sentence(place: Place) -> None:
    place.serve(Fault("html", on=STRUCTURE))

    with pytest.raises(WebError, match="Instead of the structure of title 41 of 2025-06-16 the"):
        one(place.run(), CfrUnit(41, section="50-201.1"))


def test_a_mirror_may_have_a_path_before_its_addresses(place: Place) -> None:
    answer = place.server.answer
    place.server.answer = lambda target, headers: answer(  # type: ignore[method-assign]
        target.removeprefix("/mirror/of"), headers
    )
    place.server.base_url += "/mirror/of/"

    document = one(place.run(), CfrUnit(41, section="50-201.1"))

    assert document.unit.section == "50-201.1"
    assert all(path.startswith("/mirror/of/api/versioner/v1/") for path in place.server.paths)


def test_several_threads_may_ask_at_once(place: Place) -> None:
    ecfr = place.run()
    units = [CfrUnit(41, part=number) for number in ("1", "49a")] + [
        CfrUnit(41, section=f"50-202.{number}") for number in (1, 2, 3)]  # fmt: skip
    ask: Callable[[CfrUnit], EcfrDocument] = lambda unit: one(ecfr, unit)  # noqa: E731

    with ThreadPoolExecutor(5) as pool:
        documents = list(pool.map(ask, units))

    assert [each.unit.kind for each in documents] == ["part"] * 2 + ["section"] * 3
    assert len(place.calls) == len(set(place.calls))
