"""Web addresses of the CFR: the eCFR's pages and API, its old site, govinfo, and others."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.errors import DocumentError, UsageError
from tribonian.ingest.ecfr.addresses import Bases, Other, parse_address, without_credentials
from tribonian.ingest.ecfr.units import Asked, CfrUnit

OFFICIAL = Bases()
SITE = "https://www.ecfr.gov"


def unit_of(url: str, bases: Bases = OFFICIAL) -> CfrUnit:
    found = parse_address(url, bases)
    assert isinstance(found, Asked)
    [unit] = found.wanted
    assert isinstance(unit, CfrUnit)
    return unit


# Addresses as they stand in people's documents, and the units that they show.
PAGES = [
    ("/current/title-21", CfrUnit(21)),
    ("/current/title-21/", CfrUnit(21)),
    ("/current/title-41/subtitle-F", CfrUnit(41, subtitle="F")),
    (
        "/current/title-21/chapter-I/subchapter-G",
        CfrUnit(21, chapter="I", subchapter="G"),
    ),
    ("/current/title-21/chapter-i/subchapter-g", CfrUnit(21, chapter="I", subchapter="G")),
    ("/current/title-21/part-11", CfrUnit(21, part="11")),  # any subset of the steps
    ("/current/title-21/section-11.10", CfrUnit(21, section="11.10")),
    (
        "/current/title-21/chapter-I/subchapter-A/part-11?toc=1",
        CfrUnit(21, chapter="I", subchapter="A", part="11"),
    ),
    # in 26 CFR 301 the subpart too has no number but a hash
    (
        ("/current/title-26/chapter-I/subchapter-F/part-301/subpart-ECFRd43e1e5bf6e7513/"
        "subject-group-ECFRa28caacb356462e"),
        CfrUnit(26, chapter="I", subchapter="F", part="301", subpart="ECFRd43e1e5bf6e7513",
                subject_group="ECFRa28caacb356462e"),
    ),
    (
        ("/current/title-14/chapter-I/subchapter-C/part-25/subpart-D/"
        "subject-group-ECFRff93ea3edba9270/section-25.625"),
        CfrUnit(14, chapter="I", subchapter="C", part="25", subpart="D",
                subject_group="ECFRff93ea3edba9270", section="25.625"),
    ),
    ("/current/title-40/part-60/subpart-OOOOa", CfrUnit(40, part="60", subpart="OOOOa")),
    # numbers with brackets and dashes in them
    ("/current/title-26/section-1.401(a)(9)-6", CfrUnit(26, section="1.401(a)(9)-6")),
    ("/current/title-26/section-1.401%28k%29-1", CfrUnit(26, section="1.401(k)-1")),
    ("/current/title-41/section-201-1.304", CfrUnit(41, section="201-1.304")),
    (
        "/current/title-41/subtitle-B/chapter-60/part-60-3",
        CfrUnit(41, subtitle="B", chapter="60", part="60-3"),
    ),
    (
        "/current/title-48/chapter-2/subchapter-H/part-252/subpart-252.2/section-252.204-7012",
        CfrUnit(48, chapter="2", subchapter="H", part="252", subpart="252.2",
                section="252.204-7012"),
    ),
    # a reserved run is one part by its identifier
    (
        "/current/title-21/chapter-I/subchapter-G/part-741-799",
        CfrUnit(21, chapter="I", subchapter="G", part="741-799"),
    ),
    # appendices by their whole identifier
    (
        "/current/title-12/chapter-X/part-1005/appendix-Appendix%20A%20to%20Part%201005",
        CfrUnit(12, chapter="X", part="1005", appendix="Appendix A to Part 1005"),
    ),
    (
        "/current/title-14/appendix-Appendix%20A%20to%20Part%2036",
        CfrUnit(14, appendix="Appendix A to Part 36"),
    ),
    (  # copied with its spaces
        "/current/title-15/part-744/appendix-Supplement No. 4 to Part 744",
        CfrUnit(15, part="744", appendix="Supplement No. 4 to Part 744"),
    ),
    (
        "/current/title-10/part-50/appendix-Appendix-A-1-to-Part-50",
        CfrUnit(10, part="50", appendix="Appendix A-1 to Part 50"),
    ),
    (
        "/current/title-14/part-291/appendix-Appendix-A-to-Subpart-E-of-Part-291",
        CfrUnit(14, part="291", appendix="Appendix A to Subpart E of Part 291"),
    ),
    # what the page is scrolled to
    (
        "/current/title-21/section-700.3#p-700.3(a)(1)",
        CfrUnit(21, section="700.3", paragraph="(a)(1)"),
    ),
    (
        "/current/title-12/chapter-X/part-1026#p-1026.43%28c%29%281%29",
        CfrUnit(12, chapter="X", part="1026", section="1026.43", paragraph="(c)(1)"),
    ),
    (
        "/current/title-2/part-200/subpart-F#p-200.512(b)(2)",
        CfrUnit(2, part="200", subpart="F", section="200.512", paragraph="(b)(2)"),
    ),
    ("/current/title-21/part-700#700.3", CfrUnit(21, part="700", section="700.3")),
    ("/current/title-21/part-700#p-700.3", CfrUnit(21, part="700", section="700.3")),
    ("/current/title-21/section-700.3#p-700.3(a-1)",
     CfrUnit(21, section="700.3", paragraph="(a-1)")),
    (
        "/current/title-26/section-1.401(a)(9)-6#p-1.401(a)(9)-6(g)(1)(iv)",
        CfrUnit(26, section="1.401(a)(9)-6", paragraph="(g)(1)(iv)"),
    ),
    ("/current/title-21/part-701#subpart-B", CfrUnit(21, part="701", subpart="B")),
    (
        "/current/title-14/part-43#Appendix-A-to-Part-43",
        CfrUnit(14, part="43", appendix="Appendix A to Part 43"),
    ),
    (  # a browser's own mark of a passage
        ("/current/title-15/part-774/appendix-Supplement%20No.%201%20to%20Part%20774"
        "#:~:text=Technical%20Note%202"),
        CfrUnit(15, part="774", appendix="Supplement No. 1 to Part 774"),
    ),
    ("/current/title-21/part-11#toc", CfrUnit(21, part="11")),
    # the API
    (
        "/api/versioner/v1/full/current/title-21.xml?part=11",
        CfrUnit(21, part="11"),
    ),
    (
        "/api/renderer/v1/content/enhanced/current/title-12?chapter=X&part=1026&section=1026.36",
        CfrUnit(12, chapter="X", part="1026", section="1026.36"),
    ),
    ("/cfr-reference?cfr%5Breference%5D=21+CFR+11.10", CfrUnit(21, section="11.10")),
    # the old site: the number after the title is that of the volume
    ("/cgi-bin/text-idx?SID=7ce5&mc=true&node=pt47.1.15&rgn=div5", CfrUnit(47, part="15")),
    ("/cgi-bin/text-idx?SID=1c02&node=se40.6.58_110&rgn=div8", CfrUnit(40, section="58.10")),
    (
        "/cgi-bin/text-idx?mc=true&node=pt17.4.240&rgn=div5#se17.4.240_117a_64",
        CfrUnit(17, section="240.17a-4"),
    ),
    (
        "/cgi-bin/text-idx?node=pt41.4.302_610&rgn=div5#se41.4.302_610_11",
        CfrUnit(41, section="302-10.1"),
    ),
    ("/cgi-bin/text-idx?node=pt41.4.302_610&rgn=div5", CfrUnit(41, part="302-10")),
    ("/cgi-bin/text-idx?node=sp10.3.431.b&rgn=div6", CfrUnit(10, part="431", subpart="B")),
    (
        "/cgi-bin/retrieveECFR?gp=&n=sp40.21.86.b&r=SUBPART&ty=HTML#se40.21.86_1144_694",
        CfrUnit(40, section="86.144-94"),
    ),
    ("/cgi-bin/retrieveECFR?gp=&SID=70e3&mc=true&r=PART&n=pt22.1.121", CfrUnit(22, part="121")),
    (
        "/cgi-bin/text-idx?tpl=/ecfrbrowse/Title22/22CIsubchapM.tpl",
        CfrUnit(22, chapter="I", subchapter="M"),
    ),
    ("/cgi-bin/text-idx?c=ecfr&tpl=/ecfrbrowse/Title14/14tab_02.tpl", CfrUnit(14)),
    ("/cgi-bin/text-idx?tpl=/ecfrbrowse/Title45/45cfr171_main_02.tpl", CfrUnit(45, part="171")),
    (  # federalregister.gov's links
        "/cgi-bin/searchECFR?idno=21&q1=11&rgn1=PARTNBR&op2=and&q2=&rgn2=Part",
        CfrUnit(21, part="11"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("path", "expected"), PAGES)
def test_an_address_of_the_ecfr_is_the_unit_that_it_shows(path: str, expected: CfrUnit) -> None:
    found = parse_address(SITE + path, OFFICIAL)
    assert found == Asked(SITE + path, (expected,), None)


@pytest.mark.parametrize(
    "site",
    [
        "http://www.ecfr.gov",
        "https://ecfr.gov",
        "HTTPS://WWW.ECFR.GOV",
        "https://www.ecfr.gov:443",
        "https://www.ecfr.gov.",
        "https://ecfr.federalregister.gov",
        "http://ecfr.gpoaccess.gov",
    ],
)
def test_the_site_has_several_names(site: str) -> None:
    assert unit_of(f"{site}/current/title-21/part-11") == CfrUnit(21, part="11")


@pytest.mark.parametrize(
    ("path", "date"),
    [
        ("/on/2024-01-01/title-21/part-11", "2024-01-01"),
        ("/on/current/title-21/part-11", None),
        ("/api/versioner/v1/full/2024-02-21/title-21.xml?part=11", "2024-02-21"),
        ("/api/renderer/v1/content/enhanced/2021-12-31/title-21?part=11", "2021-12-31"),
        ("/cfr-reference?cfr%5Bdate%5D=2024-01-01&cfr%5Breference%5D=21+CFR+11", "2024-01-01"),
        ("/cgi-bin/text-idx?pitd=20190315&node=pt21.1.11", "2019-03-15"),
    ],
)
def test_the_date_of_an_address_is_kept(path: str, date: str | None) -> None:
    found = parse_address(SITE + path, OFFICIAL)
    assert found == Asked(SITE + path, (CfrUnit(21, part="11"),), date)


@pytest.mark.parametrize(
    "path",
    [
        "/on/2024-1-1/title-21",
        "/on/2024-02-30/title-21",
        "/on/yesterday/title-21",
        "/api/versioner/v1/full/2024-13-01/title-21.xml",
        "/cgi-bin/text-idx?pitd=2019&node=pt21.1.11",
    ],
)
def test_a_date_that_is_none_is_wrong_usage(path: str) -> None:
    with pytest.raises(UsageError, match="is no date; write it as YYYY"):
        parse_address(SITE + path, OFFICIAL)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (
            "/compare/2022-05-04/to/2022-05-03/title-1/part-12",
            (
                'shows two dates side by side; build each by its own address, "https://www.ecfr.gov/'
                'on/DATE/…", and compare their principles.md.'
            ),
        ),
        (
            "/recent-changes?search%5Bhierarchy%5D%5Btitle%5D=12",
            (
                "shows what has changed; build the title or part at two dates with --date and "
                "compare their principles.md."
            ),
        ),
        (
            "/search?search%5Bquery%5D=cosmetics",
            (
                "shows what a search finds; give the address of one of its results, or a citation "
                'such as "21 CFR part 11".'
            ),
        ),
        (
            "/cfr-reference",
            'shows no unit of law by itself; give a citation such as "21 CFR part 11".',
        ),
        (
            "/reader-aids/using-ecfr",
            'shows a page of help; give a citation such as "21 CFR part 11".',
        ),
        (
            "/",
            (
                "shows no unit of law; give the address of a title, part or section, such as "
                '"https://www.ecfr.gov/current/title-21/part-11".'
            ),
        ),
        (
            "/current/part-11",
            'names no title; write it like "https://www.ecfr.gov/current/title-21/part-11".',
        ),
        ("/current/title-51", 'names the title "51", and the CFR has titles 1 to 50.'),
        (
            "/current/title-21/part-11/part-12",
            "names two units of one kind; name one of them.",
        ),
        (
            "/current/title-21/section-11.10#p-11.30(a)",
            "is the page of section 11.10 and scrolls to 11.30; name one of them.",
        ),
        (
            "/current/title-14/part-43#p-Appendix-A-to-Part-43(c)",
            (
                "names a paragraph of an appendix, which cannot be cut out; ask for the whole "
                "appendix, without what follows its name."
            ),
        ),
        (
            "/api/versioner/v1/structure/current/title-36.json",
            'is a list about the law and not its text; ask for the text as "36 CFR".',
        ),
        (
            "/api/versioner/v1/versions/title-21.json?part=11",
            'is a list about the law and not its text; ask for the text as "21 CFR Part 11".',
        ),
        (
            "/api/search/v1/results?query=lipstick",
            (
                'shows what a search finds; give a citation such as "21 CFR part 11", or the '
                "address of a title, part or section."
            ),
        ),
        (
            "/cgi-bin/text-idx?node=16%3A1.0.1.3.36&rgn=div5",
            (
                "is an address of the old ecfr.gov that does not say which unit it showed; give "
                'its citation, like "16 CFR part …", or its address on today\'s site.'
            ),
        ),
        (
            "/cgi-bin/text-idx?node=ap40.21.98_19.1&rgn=div9",
            (
                'is an address of the old ecfr.gov that does not say which appendix of "40 CFR '
                "part 98\" it showed; give its citation, or its address on today's site."
            ),
        ),
        (  # Da or DA
            "/cgi-bin/text-idx?node=sp40.7.60.da&rgn=div6",
            (
                'is an address of the old ecfr.gov that does not say which subpart of "40 CFR '
                "part 60\" it showed; give its citation, or its address on today's site."
            ),
        ),
    ],
)
def test_a_page_that_shows_no_unit_gets_one_sentence(path: str, why: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_address(SITE + path, OFFICIAL)
    assert str(caught.value) == f'"{SITE}{path}" {why}'


# -- other places for the API and for govinfo

LOOPBACK = Bases("http://127.0.0.1:8080", "http://127.0.0.1:9090/govinfo")


def test_the_base_itself_has_pages_by_scheme_host_and_port() -> None:
    assert unit_of("http://127.0.0.1:8080/current/title-21", LOOPBACK) == CfrUnit(21)
    assert unit_of(f"{SITE}/current/title-21", LOOPBACK) == CfrUnit(21)
    for other in ("http://127.0.0.1:8081", "https://127.0.0.1:8080", "http://localhost:8080"):
        url = f"{other}/current/title-21"
        assert parse_address(url, LOOPBACK) == Other(url, url)


def test_a_base_may_have_a_path() -> None:
    bases = Bases(ecfr="https://mirror.example/ecfr")
    assert unit_of("https://mirror.example/ecfr/current/title-21", bases) == CfrUnit(21)
    other = "https://mirror.example/current/title-21"
    assert parse_address(other, bases) == Other(other, other)


def test_bases_come_from_the_environment() -> None:
    assert Bases.from_environment({}) == OFFICIAL
    assert Bases.from_environment(
        {"ECFR_BASE_URL": "http://127.0.0.1:8080/", "GOVINFO_BASE_URL": ""}
    ) == Bases(ecfr="http://127.0.0.1:8080")


@pytest.mark.parametrize("base", ["localhost:8080", "ftp://x", "https://", "https://x/?a=1"])
def test_a_base_that_is_no_address_is_wrong_usage(base: str) -> None:
    with pytest.raises(UsageError, match=r"ECFR_BASE_URL is .* no address of a server"):
        Bases.from_environment({"ECFR_BASE_URL": base})


@pytest.mark.parametrize(
    "path",
    [
        "/bulkdata/ECFR/title-1/ECFR-title1.xml",
        "/bulkdata/CFR/2023/title-21/CFR-2023-title21-vol1.xml",
        "/bulkdata/CFR/2023/title-21/CFR-2023-title-21.zip",
        "/content/pkg/CFR-2023-title21-vol1/xml/CFR-2023-title21-vol1-part11.xml",
        "/content/pkg/CFR-2024-title10-vol1/pdf/CFR-2024-title10-vol1-sec50-46.pdf",
        "/link/cfr/45/164?sectionnum=512&link-type=xml",
    ],
)
def test_a_document_of_govinfo_is_asked_of_its_base(path: str) -> None:
    url = f"https://www.govinfo.gov{path}"
    assert parse_address(url, OFFICIAL) == Other(url, url, govinfo=True)
    there = Other(f"http://127.0.0.1:9090/govinfo{path}", url, govinfo=True)
    assert parse_address(url, LOOPBACK) == there
    again = parse_address(there.url, LOOPBACK)
    assert again == Other(there.url, there.url, govinfo=True)


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/bulkdata/ECFR/title-1/", "/bulkdata/ECFR/title-1/ECFR-title1.xml"),
        (
            "/bulkdata/CFR/2025/title-16",
            "/bulkdata/CFR/2025/title-16/CFR-2025-title16-vol1.xml",
        ),
        (
            "/app/details/CFR-2011-title47-vol1/CFR-2011-title47-vol1-sec15-119/summary",
            "/content/pkg/CFR-2011-title47-vol1/xml/CFR-2011-title47-vol1-sec15-119.xml",
        ),
        (
            "/app/details/CFR-2025-title1-vol1",
            "/content/pkg/CFR-2025-title1-vol1/xml/CFR-2025-title1-vol1.xml",
        ),
        (
            "/content/pkg/CFR-2025-title1-vol1",
            "/content/pkg/CFR-2025-title1-vol1/xml/CFR-2025-title1-vol1.xml",
        ),
    ],
)
def test_a_page_of_govinfo_names_the_document_that_it_is_about(path: str, file: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_address(f"https://www.govinfo.gov{path}", OFFICIAL)
    assert f'"https://www.govinfo.gov{file}".' in str(caught.value)


@pytest.mark.parametrize(
    "path", ["/", "/bulkdata", "/bulkdata/CFR/2025", "/app/collection/cfr",
             "/app/details/USCODE-2023-title21"]
)  # fmt: skip
def test_any_other_page_of_govinfo_gets_a_sentence(path: str) -> None:
    with pytest.raises(DocumentError, match="give the address of"):
        parse_address(f"https://www.govinfo.gov{path}", OFFICIAL)


# -- anything else


def test_any_other_address_is_itself_without_what_is_never_sent() -> None:
    assert parse_address(" https://example.org/a.pdf#page=3 ", OFFICIAL) == Other(
        "https://example.org/a.pdf", "https://example.org/a.pdf#page=3"
    )


def test_a_host_that_only_begins_like_the_ecfr_is_another() -> None:
    for host in ("www.ecfr.gov.example.org", "www.ecfr.gov@example.org", "www.ecfr.gov:8443"):
        found = parse_address(f"https://{host}/current/title-21", OFFICIAL)
        assert isinstance(found, Other)


@pytest.mark.parametrize(
    "url", ["https://", "https://[::1", "https://a:b/", "https://a\\b", "https://a/\x00", "ftp://x",
            "https://" + "a" * 9000]
)  # fmt: skip
def test_what_is_no_address_gets_a_sentence(url: str) -> None:
    with pytest.raises(DocumentError, match="is no web address"):
        parse_address(url, OFFICIAL)


@pytest.mark.parametrize(
    "url",
    [
        "https://me:secret@example.org/a.pdf",
        "https://secret@example.org/a.pdf",
        "https://me:secret@www.ecfr.gov/current/title-21",
        "https://me:secret@www.ecfr.gov/compare/x",
        "https://me:secret@www.govinfo.gov/app/details/CFR-2025-title1-vol1",
        "https://me:secr#et@example.org/",  # signs that a password must have encoded
        "https://me:secr/et@example.org/",
        "https://me:s@secret@example.org/",
        "https:/\\me:secret@example.org/",
    ],
)
def test_a_password_in_an_address_is_never_shown(url: str) -> None:
    assert not any(piece in without_credentials(url) for piece in ("secret", "secr", "me:"))
    try:
        found = parse_address(url, OFFICIAL)
    except DocumentError as error:
        shown = str(error)
    else:
        shown = found.text
    assert not any(piece in shown for piece in ("secret", "secr", "me:"))


def test_the_password_is_kept_for_asking() -> None:
    url = "https://me:secret@example.org/a.pdf"
    assert parse_address(url, OFFICIAL) == Other(url, "https://example.org/a.pdf")


# -- properties

STEPS = st.sampled_from(
    ("current", "on", "2024-01-01", "2024-99-01", "title-21", "title-0", "part-11", "part-",
     "subpart-B", "section-11.10", "section-1.263(a)-3", "appendix-Appendix%20A%20to%20Part%2011",
     "appendix-%00", "subject-group-ECFR03e54b15325e2a9", "api", "versioner", "renderer", "v1",
     "full", "title-21.xml", "cgi-bin", "text-idx", "compare", "cfr-reference", "%FF", "..", "")
)  # fmt: skip
QUERIES = st.sampled_from(
    ("", "?part=11", "?part=11&part=12", "?node=pt21.1.11", "?node=se21.1.11_110", "?n=sp40.1.60.z",
     "?pitd=x", "?cfr[reference]=21+CFR+11", "?tpl=/ecfrbrowse/Title99/99tab_02.tpl", "?a=%FF&&=")
)  # fmt: skip
FRAGMENTS = st.sampled_from(("", "#p-11.10(a)", "#11.10", "#subpart-B", "#%", "#p-", "#section-"))
URLS = st.builds(
    "{}/{}{}{}".format,
    st.sampled_from((SITE, "https://www.govinfo.gov", "http://127.0.0.1:8080")),
    st.lists(STEPS, max_size=7).map("/".join), QUERIES, FRAGMENTS,
)  # fmt: skip


@given(
    URLS
    | st.text(alphabet=string.printable, max_size=60).map("https://www.ecfr.gov/".__add__)
    | st.text(max_size=60)
)
def test_no_address_raises_anything_but_a_sentence(url: str) -> None:
    try:
        found = parse_address(url, LOOPBACK)
    except (DocumentError, UsageError) as error:
        assert "\n" not in str(error) and str(error).endswith(".")
    else:
        assert isinstance(found, Other) or found.wanted
