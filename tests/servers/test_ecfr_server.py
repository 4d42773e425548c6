"""The loopback server answers as the real one is known to, and misbehaves when it is told to."""

from __future__ import annotations

import gzip
import html
import http.client
import json
import re
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from lxml import etree

from tests.servers.by_hand import titles_in
from tests.servers.ecfr import EcfrServer
from tests.servers.misbehaviour import (
    STRUCTURE,
    Fault,
    gateway_timeout,
    importing,
    parse_fault,
    too_many_requests,
)
from tests.servers.small_titles import FIRST_DATE, SECOND_DATE, TITLE_41_SECOND, TITLES

FULL = f"/api/versioner/v1/full/{SECOND_DATE}/title-41.xml"
GROUPED = f"/api/versioner/v1/full/{SECOND_DATE}/title-26.xml"
TREE = f"/api/versioner/v1/structure/{SECOND_DATE}/title-41.json"


@pytest.fixture
def server() -> Iterator[EcfrServer]:
    with EcfrServer(TITLES, rate=None) as one:
        yield one


def get(server: EcfrServer, path: str, **headers: str) -> httpx.Response:
    return httpx.get(server.base_url + path, headers=headers, trust_env=False)


def root_of(answer: httpx.Response) -> etree._Element:
    assert answer.status_code == 200, answer.text
    return etree.fromstring(answer.content)


# --- what there is ---


def test_titles_have_their_dates_and_title_35_has_none(server: EcfrServer) -> None:
    data = get(server, "/api/versioner/v1/titles.json").json()
    assert len(data["titles"]) == 50
    by_number = {row["number"]: row for row in data["titles"]}
    assert by_number[41]["up_to_date_as_of"] == SECOND_DATE
    assert by_number[41]["latest_issue_date"] == SECOND_DATE
    assert by_number[26]["latest_amended_on"] == FIRST_DATE
    assert by_number[35] == {
        "number": 35,
        "name": "Panama Canal",
        "latest_amended_on": None,
        "latest_issue_date": None,
        "up_to_date_as_of": None,
        "reserved": True,
    }
    assert data["meta"] == {"date": "2025-06-17", "import_in_progress": False}


def test_titles_in_progress_are_said_to_be() -> None:
    with EcfrServer(TITLES, processing=[41], importing=True) as server:
        data = get(server, "/api/versioner/v1/titles.json").json()
    assert data["titles"][40]["processing_in_progress"] is True
    assert "processing_in_progress" not in data["titles"][25]
    assert data["meta"]["import_in_progress"] is True


@pytest.mark.parametrize(
    "query",
    ["", "?subtitle=B", "?chapter=50", "?chapter=50&subchapter=A", "?subtitle=A&subchapter=A"],
)
def test_containers_of_parts_are_checked_and_not_sliced(server: EcfrServer, query: str) -> None:
    answer = get(server, FULL + query)
    assert answer.content == TITLE_41_SECOND.encode()
    assert answer.headers["content-type"] == "application/xml"


@pytest.mark.parametrize(
    ("query", "tag", "number"),
    [
        ("part=50-201", "DIV5", "50-201"),
        ("subtitle=B&chapter=50&subchapter=A&part=50-202", "DIV5", "50-202"),
        ("part=2-49", "DIV5", "2-49"),
        ("part=50-202&subpart=A", "DIV6", "A"),
        ("part=50-202&subpart=B-C", "DIV6", "B-C"),
        ("part=50-201&section=50-201.1", "DIV8", "50-201.1"),
        ("part=50-202&subpart=A&section=50-202.3", "DIV8", "50-202.3"),
        ("part=1&section=1.2-1.9", "DIV8", "1.2-1.9"),
        ("part=50-202&appendix=Appendix+A+to+Part+50-202", "DIV9", "Appendix A to Part 50-202"),
        (
            "chapter=50&appendix=Appendix%20A%20to%20Chapter%2050",
            "DIV9",
            "Appendix A to Chapter 50",
        ),
    ],
)
def test_a_part_and_what_is_below_is_the_root_itself(
    server: EcfrServer, query: str, tag: str, number: str
) -> None:
    root = root_of(get(server, f"{FULL}?{query}"))
    assert (root.tag, root.get("N")) == (tag, number)


def test_numbers_with_brackets_and_subparts_by_hash_are_found(server: EcfrServer) -> None:
    section = root_of(get(server, f"{GROUPED}?part=1&section=1.263(a)-3"))
    assert section.get("N") == "1.263(a)-3"
    subpart = root_of(get(server, f"{GROUPED}?part=301&subpart=ECFRd43e1e5bf6e7000"))
    assert subpart.findtext("HEAD") == "Information and Returns"


def test_parts_come_in_their_own_dialect(server: EcfrServer) -> None:
    text = get(server, f"{FULL}?part=50-202").text
    assert text.startswith('<?xml version="1.0"?>\n<DIV5 N="50-202" TYPE="PART" VOLUME="2" ')
    assert text.isascii()
    assert "<HEAD>&#xA7; 50-202.1 Cleaning.</HEAD>" in text
    assert "<P>A spade is cleaned after each day of work.</P>" in text
    assert text.count("VOLUME=") == 1
    twice = etree.fromstring(text.encode()).get("hierarchy_metadata")
    assert twice is not None and twice.startswith("{&quot;path&quot;")
    with pytest.raises(ValueError):
        json.loads(twice)
    assert json.loads(html.unescape(twice)) == {
        "path": "/on/_SUBSTITUTE_DATE_/title-41/part-50-202",
        "citation": "41 CFR Part 50-202",
    }
    once = root_of(get(server, f"{FULL}?part=50-202&section=50-202.3")).get("hierarchy_metadata")
    assert json.loads(str(once))["citation"] == "41 CFR 50-202.3"


def test_a_part_holds_the_words_of_its_part_of_the_title(server: EcfrServer) -> None:
    whole = etree.fromstring(TITLE_41_SECOND.encode())
    for number in ("1", "50-201", "50-202", "50-204"):
        ours = whole.find(f".//DIV5[@N='{number}']")
        assert ours is not None
        theirs = root_of(get(server, f"{FULL}?part={number}"))
        assert "".join(theirs.itertext()).split() == "".join(ours.itertext()).split()


def test_a_section_may_come_inside_its_part() -> None:
    with EcfrServer(TITLES, sections_in_part=True, rate=None) as server:
        root = root_of(get(server, f"{FULL}?part=50-202&section=50-202.3"))
    assert root.tag == "DIV5"
    assert [one.get("N") for one in root.iter("DIV8")] == ["50-202.3"]
    assert root.find("AUTH") is not None and root.find("DIV6/SOURCE") is not None
    assert root.find(".//DIV9") is None


# --- what is refused ---


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (FULL.replace(SECOND_DATE, "2025-16-01"), 400),
        (FULL.replace(SECOND_DATE, "current"), 400),
        (FULL.replace(SECOND_DATE, "2025-06-17"), 404),  # tomorrow
        (FULL.replace(SECOND_DATE, "2016-12-31"), 404),
        (TREE.replace(SECOND_DATE, "2016-12-31"), 404),
        (FULL.replace("title-41", "title-35"), 404),
        (FULL.replace("title-41", "title-51"), 404),
        (f"{FULL}?part=999", 404),
        (f"{FULL}?subtitle=A&part=50-201", 404),
        (f"{FULL}?part=50-201&section=50-202.1", 404),
        (f"{FULL}?chapter=LX", 404),
        (f"{FULL}?subchapter=A", 400),
        (f"{FULL}?subpart=A", 400),
        (f"{FULL}?section=50-201.1", 400),
        (f"{FULL}?appendix=Appendix+A+to+Part+1", 400),
        (f"{FULL}?subject_group=ECFR0a1b2c3d4e5f607", 400),
        ("/api/versioner/v1/versions/title-41.json", 400),
        ("/nothing", 404),
    ],
)
def test_what_is_not_there_or_not_asked_rightly_is_refused(
    server: EcfrServer, path: str, status: int
) -> None:
    assert get(server, path).status_code == status


def test_a_section_without_its_part_can_be_let_through() -> None:
    with EcfrServer(TITLES, part_needed=False) as server:
        assert root_of(get(server, f"{FULL}?section=50-201.1")).get("N") == "50-201.1"


def test_between_two_dates_the_earlier_is_in_force(server: EcfrServer) -> None:
    for day, hours in (
        ("2017-01-01", "8"),
        (FIRST_DATE, "8"),
        ("2025-06-15", "8"),
        (SECOND_DATE, "7"),
    ):
        path = FULL.replace(SECOND_DATE, day)
        text = get(server, f"{path}?part=50-201&section=50-201.2").text
        assert f"more than {hours} hours" in text, day
    assert get(server, FULL.replace(SECOND_DATE, FIRST_DATE) + "?part=50-204").status_code == 404
    assert get(server, f"{FULL}?part=50-204").status_code == 200


def test_a_title_may_begin_later_than_the_ecfr() -> None:
    with EcfrServer(TITLES, since={41: FIRST_DATE}) as server:
        assert get(server, FULL.replace(SECOND_DATE, "2020-03-01")).status_code == 404
        assert get(server, FULL.replace(SECOND_DATE, FIRST_DATE)).status_code == 200


# --- structure, versions, pages ---


def test_the_structure_has_every_unit_in_order_with_the_labels_of_the_real_one(
    server: EcfrServer,
) -> None:
    def flat(node: dict[str, object], depth: int = 0) -> Iterator[tuple[int, str, str, str]]:
        yield depth, str(node["type"]), str(node["identifier"]), str(node["label"])
        for child in node.get("children", []):  # type: ignore[attr-defined]
            yield from flat(child, depth + 1)

    rows = list(flat(get(server, TREE).json()))
    assert rows[:12] == [
        (0, "title", "41", "Title 41 - Small Contracts and Large Gardens"),
        (1, "subtitle", "A", "Subtitle A - Gardens of the Government"),
        (2, "part", "1", "Part 1 - Names of Gardens"),
        (3, "section", "1.1", "§ 1.1 Purpose."),
        (3, "section", "1.2-1.9", "§§ 1.2-1.9 [Reserved]"),
        (3, "appendix", "Appendix A to Part 1", "Appendix A to Part 1 - List of Gardens"),
        (2, "part", "2-49", "Parts 2-49 [Reserved]"),
        (2, "subchapter", "A", "Subchapter A - Benches"),
        (3, "part", "49a", "Part 49a - Benches"),
        (4, "section", "49a.1", "§ 49a.1 How many benches."),
        (1, "subtitle", "B", "Subtitle B - Small Contracts"),
        (2, "chapter", "50", " Chapter 50 - Office of Small Contracts, Department of Gardens"),
    ]
    assert (6, "section", "50-202.3", "§ 50-202.3 Report of a loss.") not in rows
    assert (7, "section", "50-202.3", "§ 50-202.3 Report of a loss.") in rows
    assert (6, "subject_group", "ECFR0a1b2c3d4e5f607", "Care of Spades") in rows
    xml = etree.fromstring(TITLE_41_SECOND.encode())
    divs = [one.get("N") for one in xml.iter() if re.fullmatch(r"DIV\d", str(one.tag))]
    assert [row[2] for row in rows] == divs


def test_the_structure_has_ranges_and_what_is_reserved(server: EcfrServer) -> None:
    subtitle = get(server, TREE).json()["children"][0]
    assert subtitle["descendant_range"] == "1 – 49a"
    part, reserved = subtitle["children"][:2]
    assert (part["label_level"], part["label_description"]) == ("Part 1", "Names of Gardens")
    assert part["descendant_range"] == "1.1 – 1.9"
    assert part["volumes"] == ["1"]
    assert part["reserved"] is False and reserved["reserved"] is True
    assert "children" not in reserved


def test_ampersands_of_labels_stay_escaped(server: EcfrServer) -> None:
    data = TITLE_41_SECOND.replace("—BENCHES", "—BENCHES &amp; CHAIRS").encode()
    with EcfrServer({41: {SECOND_DATE: data}}) as other:
        assert '"Part 49a - Benches &amp; Chairs"' in get(other, TREE).text


def test_ancestry_leads_from_the_title_to_the_unit(server: EcfrServer) -> None:
    path = TREE.replace("structure", "ancestry")
    rows = get(server, f"{path}?part=50-202&subpart=A").json()
    assert [row["label_level"].strip() for row in rows] == [
        "Title 41", "Subtitle B", "Chapter 50", "Subchapter A", "Part 50-202", "Subpart A",
    ]  # fmt: skip
    assert get(server, f"{path}?part=999").status_code == 404


def test_versions_say_what_changed_and_when(server: EcfrServer) -> None:
    path = "/api/versioner/v1/versions/title-41.json?issue_date[gte]=2025-01-01"
    data = get(server, path).json()
    assert [row["identifier"] for row in data["content_versions"]] == ["50-201.2", "50-204.1"]
    assert {row["date"] for row in data["content_versions"]} == {SECOND_DATE}
    assert data["meta"]["result_count"] == "2"


def test_the_renderer_shows_a_page(server: EcfrServer) -> None:
    path = "/api/renderer/v1/content/enhanced/current/title-41?part=50-202&section=50-202.3"
    answer = get(server, path)
    assert answer.headers["content-type"].startswith("text/html")
    assert '<div class="section" id="50-202.3"><h4 data-hierarchy-metadata=' in answer.text
    assert f'"path":"/on/{SECOND_DATE}/title-41/section-50-202.3"' in answer.text


@pytest.mark.parametrize("path", ["/current/title-41/part-1", f"/on/{FIRST_DATE}/title-41"])
def test_the_website_turns_programs_away_with_a_captcha_and_200(
    server: EcfrServer, path: str
) -> None:
    first = get(server, path)
    assert first.status_code == 302 and first.headers["location"].endswith("/unblock")
    last = httpx.get(server.base_url + path, follow_redirects=True, trust_env=False)
    assert last.status_code == 200 and "CAPTCHA" in last.text


def test_govinfo_answers_what_is_missing_with_a_page_and_200() -> None:
    with EcfrServer(TITLES, bulk={1: b"<DLPSTEXTCLASS/>"}) as server:
        there = get(server, "/bulkdata/ECFR/title-1/ECFR-title1.xml")
        missing = get(server, "/bulkdata/ECFR/title-2/ECFR-title2.xml")
    assert there.content == b"<DLPSTEXTCLASS/>"
    assert missing.status_code == 200 and "Page Not Found" in missing.text


# --- manners ---


def test_answers_are_zipped_for_who_accepts_it(server: EcfrServer) -> None:
    packed = get(server, FULL, **{"accept-encoding": "gzip"})
    plain = get(server, FULL, **{"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    sent = [request.bytes for request in server.requests]
    assert sent[0] < sent[1] / 2 and sent[1] == len(TITLE_41_SECOND.encode())
    assert all(request.whole for request in server.requests)


def test_what_has_not_changed_is_304_by_tag_and_by_date(server: EcfrServer) -> None:
    first = get(server, FULL)
    assert first.headers["etag"].startswith('W/"')
    by_tag = get(server, FULL, **{"if-none-match": first.headers["etag"]})
    by_date = get(server, FULL, **{"if-modified-since": first.headers["last-modified"]})
    other = get(server, FULL, **{"if-none-match": 'W/"other"'})
    assert [by_tag.status_code, by_date.status_code, other.status_code] == [304, 304, 200]
    assert by_tag.content == b""
    assert [request.bytes for request in server.requests[1:3]] == [0, 0]


def test_connections_are_kept_alive_and_heads_have_no_body(server: EcfrServer) -> None:
    with httpx.Client(base_url=server.base_url, trust_env=False) as client:
        for _ in range(3):
            assert client.get(TREE).status_code == 200
        head = client.head(FULL)
    assert head.content == b""
    assert int(head.headers["content-length"]) > 0
    assert server.requests[-1].method == "HEAD"


def test_requests_are_on_record(server: EcfrServer) -> None:
    get(server, f"{FULL}?part=1", **{"user-agent": "someone/1"})
    moment, method, path, headers, status, size = server.requests[0]
    assert (method, path, status) == ("GET", f"{FULL}?part=1", 200)
    assert headers["user-agent"] == "someone/1"
    assert size > 100 and moment <= time.monotonic()
    server.clear()
    assert server.paths == []


# --- misbehaviour ---


def test_the_ninth_request_of_a_second_is_429_from_a_bare_nginx() -> None:
    with (
        EcfrServer(TITLES) as server,
        httpx.Client(base_url=server.base_url, trust_env=False) as client,
    ):
        codes = [client.get("/api/versioner/v1/titles.json").status_code for _ in range(9)]
        last = client.get("/api/versioner/v1/titles.json")
        assert codes == [200] * 8 + [429]
        assert server.busiest() == 10
        assert last.status_code == 429 and len(last.content) == 162
        assert "retry-after" not in last.headers
        time.sleep(1.05)
        assert client.get("/api/versioner/v1/titles.json").status_code == 200


def test_whole_titles_time_out_half_of_the_time_and_the_same_way_each_time() -> None:
    def codes() -> list[int]:
        fault = gateway_timeout(chance=0.5, seed=7)
        with EcfrServer(TITLES, faults=[fault], rate=None) as server:
            out = [get(server, FULL).status_code for _ in range(12)]
            assert get(server, f"{FULL}?part=1").status_code == 200
            assert get(server, TREE).status_code == 200
            assert fault.seen == 12 and fault.struck == out.count(504)
        return out

    first = codes()
    assert set(first) == {200, 504}
    assert codes() == first


def test_a_504_is_246_bytes_of_html_after_a_delay() -> None:
    with EcfrServer(TITLES, faults=[gateway_timeout(first=1, delay=0.1)]) as server:
        start = time.monotonic()
        answer = get(server, f"{FULL}?chapter=50&subchapter=A")
        assert time.monotonic() - start >= 0.1
        assert answer.status_code == 504 and len(answer.content) == 246
        assert get(server, FULL).status_code == 200


def test_an_import_is_503_with_a_time_to_wait() -> None:
    with EcfrServer(TITLES, faults=[importing(first=1, retry_after=3)]) as server:
        answer = get(server, TREE)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "3"
        assert answer.json() == {"message": "Title 2 currently unavailable"}
        assert get(server, TREE).status_code == 200


def test_faults_stand_one_after_another() -> None:
    faults = [too_many_requests(first=2), Fault("502", first=1), Fault("captcha", first=1)]
    with EcfrServer(TITLES, faults=faults) as server:
        answers = [get(server, TREE) for _ in range(5)]
    assert [one.status_code for one in answers] == [429, 429, 502, 200, 200]
    assert "CAPTCHA" in answers[3].text
    assert answers[4].json()["identifier"] == "41"


@pytest.mark.parametrize("kind", ["captcha", "html", "empty"])
def test_what_is_no_answer_can_have_status_200(kind: str) -> None:
    with EcfrServer(TITLES, faults=[Fault(kind)]) as server:
        answer = get(server, FULL)
    assert answer.status_code == 200
    assert b"<DIV" not in answer.content.replace(b"<div", b"")
    assert not server.requests[0].whole


def test_an_api_path_can_lead_to_the_captcha_too() -> None:
    with EcfrServer(TITLES, faults=[Fault("unblock")]) as server:
        first = get(server, TREE)
        last = httpx.get(server.base_url + TREE, follow_redirects=True, trust_env=False)
    assert first.status_code == 302
    assert last.status_code == 200 and "CAPTCHA" in last.text


def raw(server: EcfrServer, path: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and what came of the body, by the plain library, not unpacked."""
    address = urlsplit(server.base_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=5)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        try:
            body = answer.read()
        except http.client.IncompleteRead as error:
            body = error.partial
        return answer.status, {name.lower(): text for name, text in answer.getheaders()}, body
    finally:
        connection.close()


def test_a_body_can_be_cut_with_the_right_length_said() -> None:
    with EcfrServer(TITLES, faults=[Fault("truncated", first=1)]) as server:
        _, headers, body = raw(server, FULL)
        assert 0 < len(body) == int(headers["content-length"]) // 2
        assert gzip.decompress(raw(server, FULL)[2]) == TITLE_41_SECOND.encode()
        assert [request.whole for request in server.requests] == [False, True]


def test_a_chunked_body_can_be_cut_short() -> None:
    with EcfrServer(TITLES, faults=[Fault("chunked-cut")]) as server:
        _, headers, body = raw(server, FULL)
        assert headers["transfer-encoding"] == "chunked" and "content-length" not in headers
        assert body
        with pytest.raises(httpx.RemoteProtocolError):
            get(server, FULL)


def test_gzip_can_be_broken() -> None:
    broken = EcfrServer(TITLES, faults=[Fault("broken-gzip")])
    with broken as server, pytest.raises(httpx.DecodingError):
        get(server, FULL)


@pytest.mark.parametrize("kind", ["reset", "half"])
def test_the_connection_can_be_reset(kind: str) -> None:
    with EcfrServer(TITLES, faults=[Fault(kind, first=1)]) as server:
        with pytest.raises(httpx.TransportError):
            get(server, FULL)
        assert get(server, FULL).content == TITLE_41_SECOND.encode()


def test_an_answer_can_drip() -> None:
    with EcfrServer(TITLES, faults=[Fault("drip", pause=0.02, pieces=10)]) as server:
        start = time.monotonic()
        assert get(server, FULL).content == TITLE_41_SECOND.encode()
        assert time.monotonic() - start >= 0.15


def test_a_server_that_drips_can_be_closed() -> None:
    with EcfrServer(TITLES, faults=[Fault("drip", pause=30)]) as server:
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(server.base_url + FULL, timeout=0.2, trust_env=False)
        start = time.monotonic()
    assert time.monotonic() - start < 5


def test_who_says_nothing_of_himself_can_be_refused() -> None:
    with EcfrServer(TITLES, picky=True) as server:
        assert get(server, TREE, accept="", **{"user-agent": "someone/1"}).status_code == 406
        assert get(server, TREE, **{"user-agent": "python-httpx/0.28"}).status_code == 406
        kind = {"user-agent": "someone/1", "accept": "application/json"}
        assert get(server, TREE, **kind).status_code == 200


def test_faults_can_be_written_on_a_command_line() -> None:
    fault = parse_fault("504:chance=0.5,seed=3,delay=1.5")
    assert (fault.kind, fault.chance, fault.delay) == ("504", 0.5, 1.5)
    assert fault.on != "/api/"
    fault = parse_fault(f"captcha:first=1,on={STRUCTURE}")
    assert (fault.first, fault.on) == (1, STRUCTURE)
    for wrong in ("418", "504:often=1"):
        with pytest.raises(ValueError):
            parse_fault(wrong)


def test_a_folder_of_titles_is_known_by_its_names(tmp_path) -> None:  # type: ignore[no-untyped-def]
    for name in ("title-21_2026-01-29.xml", "title-21_2020-01-01.xml", "other.xml"):
        (tmp_path / name).write_bytes(b"")
    assert titles_in(tmp_path) == {
        21: {
            "2020-01-01": tmp_path / "title-21_2020-01-01.xml",
            "2026-01-29": tmp_path / "title-21_2026-01-29.xml",
        }
    }
