"""Addresses of govinfo.gov: which are documents, and which are pages about them."""

from __future__ import annotations

import re
from urllib.parse import unquote

from tribonian.errors import DocumentError

_BULK = re.compile(r"/bulkdata(?:/(?:xml|json))?/(?P<rest>.*)", re.IGNORECASE)
_BULK_ECFR = re.compile(r"ECFR/title-(?P<title>\d{1,2})", re.IGNORECASE)
_BULK_CFR = re.compile(r"CFR/(?P<year>\d{4})/title-(?P<title>\d{1,2})", re.IGNORECASE)
_DETAILS = re.compile(r"/app/details/(?P<package>[^/]+)(?:/(?P<granule>[^/]+))?(?:/.*)?")
_PACKAGE = re.compile(r"/content/pkg/(?P<package>[^/]+)(?:/(?P<kind>xml|html|pdf|mods|premis))?")
_FILE = re.compile(r"\.[A-Za-z0-9]{2,5}$")
# These collections have XML; the others have pages and PDF.
_HAS_XML = re.compile(r"(?:CFR|FR)-\d{4}-[\w-]+")


def check_govinfo(path: str, shown: str) -> None:
    """DocumentError for a page that is no document, with the address of the document.

    ``/bulkdata/ECFR/title-1/ECFR-title1.xml``, ``/bulkdata/CFR/2023/title-21/
    CFR-2023-title21-vol1.xml`` and ``/content/pkg/CFR-2023-title21-vol1/xml/
    CFR-2023-title21-vol1-part11.xml`` are documents.
    """
    path = unquote(path).rstrip("/")
    if bulk := _BULK.fullmatch(f"{path}/" if path.lower() == "/bulkdata" else path):
        if not _FILE.search(bulk["rest"]):
            raise _listing(bulk["rest"].strip("/"), shown)
        return
    if found := _DETAILS.fullmatch(path):
        granule = found["granule"] or ""
        if granule.lower() in ("summary", "context", "related", ""):
            granule = found["package"]
        raise _page_about(found["package"], granule, shown)
    if found := _PACKAGE.fullmatch(path):
        raise _page_about(found["package"], found["package"], shown)
    if path in ("", "/app", "/content", "/help") or path.startswith(("/app/", "/help/")):
        raise DocumentError(
            f'"{shown}" is a page of govinfo.gov and no document; give the address of an XML '
            "file, which a document's page offers for download."
        )


def _listing(rest: str, shown: str) -> DocumentError:
    """The sentence for a folder of the bulk data."""
    if found := _BULK_ECFR.fullmatch(rest):
        title = int(found["title"])
        file = f"/bulkdata/ECFR/title-{title}/ECFR-title{title}.xml"
    elif found := _BULK_CFR.fullmatch(rest):
        year, title = found["year"], int(found["title"])
        file = f"/bulkdata/CFR/{year}/title-{title}/CFR-{year}-title{title}-vol1.xml"
    else:
        return DocumentError(
            f'"{shown}" is a list of files; give the address of one of them, such as '
            '"https://www.govinfo.gov/bulkdata/ECFR/title-21/ECFR-title21.xml".'
        )
    return DocumentError(
        f'"{shown}" is a list of files; give the address of one, such as '
        f'"https://www.govinfo.gov{file}".'
    )


def _page_about(package: str, granule: str, shown: str) -> DocumentError:
    """The sentence for a page about a document."""
    if _HAS_XML.fullmatch(package):
        file = f"https://www.govinfo.gov/content/pkg/{package}/xml/{granule}.xml"
        return DocumentError(
            f'"{shown}" is a page about a document; give the address of its XML, "{file}".'
        )
    return DocumentError(
        f'"{shown}" is a page about a document; give the address of one of its files below '
        f'"https://www.govinfo.gov/content/pkg/{package}/".'
    )
