"""Documents that are cut out of others and kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.servers.small_titles import SECOND_DATE, TITLE_41_SECOND
from tribonian.ingest.ecfr.making import EcfrDocument, cut_out
from tribonian.ingest.ecfr.slicing import NoSuchUnitError
from tribonian.ingest.ecfr.units import CfrUnit
from tribonian.ingest.web.client import Web

WHERE = "https://www.ecfr.gov/api/title-41.xml"


def title(folder: Path, text: bytes = TITLE_41_SECOND.encode()) -> EcfrDocument:
    path = folder / "title.xml"
    path.write_bytes(text)
    digest = hashlib.sha256(text).hexdigest()
    return EcfrDocument(CfrUnit(41), path, WHERE, SECOND_DATE, '"e"', digest, len(text))


def test_a_title_in_another_encoding_is_cut_all_the_same(tmp_path: Path) -> None:
    text = TITLE_41_SECOND.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    whole = title(tmp_path, text)

    with Web(None) as web:
        document = cut_out(web, whole, CfrUnit(41, part="1"))

        assert "PART 1—NAMES OF GARDENS" in document.path.read_text("utf-8")


def test_a_part_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    with Web(None) as web, pytest.raises(NoSuchUnitError):
        cut_out(web, title(tmp_path), CfrUnit(41, part="50-209"))


def test_a_document_is_made_once(tmp_path: Path) -> None:
    whole = title(tmp_path)

    with Web(tmp_path / "cache") as web:
        first = cut_out(web, whole, CfrUnit(41, part="1"))
        whole.path.unlink()

        assert cut_out(web, whole, CfrUnit(41, part="1")) == first
