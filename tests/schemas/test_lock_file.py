"""The published shape of ``sources.lock.json``: what tribonian writes fits it, and little else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.servers.ecfr import EcfrServer
from tests.servers.small_titles import TITLES
from tribonian.ingest.sources.fetch import fetch
from tribonian.ingest.sources.lock import LOCK, LockRow
from tribonian.ingest.sources.obtain import Network
from tribonian.schemas.upload import LockedSource, LockFile

ROOT = Path(__file__).parents[2]
GOOD: dict[str, Any] = {
    "asked": "41 CFR part 60-1",
    "url": "https://www.ecfr.gov/api/versioner/v1/full/2024-01-02/title-41.xml?part=60-1",
    "as_of": "2024-01-02",
    "file": "title-41_part-60-1_2024-01-02.xml",
    "sha256": "0" * 64,
    "bytes": 7,
    "etag": None,
}


def test_the_model_has_the_fields_of_a_row_in_their_order() -> None:
    assert tuple(LockedSource.model_fields) == tuple(LockRow.__dataclass_fields__)


def test_what_fetch_writes_fits_the_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = tmp_path / "policy.md"
    policy.write_text("# Policy\n\n1. Lanterns are lit at dusk.\n")
    with EcfrServer(TITLES) as server:
        monkeypatch.setenv("ECFR_BASE_URL", server.base_url)
        done = fetch(["41 CFR", str(policy)], tmp_path / "law", Network(keep=False))
    assert not done.missed
    lock = LockFile.model_validate_json((tmp_path / "law" / LOCK).read_bytes())
    assert {row.asked for row in lock.sources} == {"41 CFR", str(policy)}
    assert [row.as_of is None for row in lock.sources] == [True, False]


def test_the_example_on_the_page_fits_the_schema() -> None:
    page = (ROOT / "docs/sources.md").read_text(encoding="utf-8")
    [example] = re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert LockFile.model_validate_json(example).sources


@pytest.mark.parametrize(
    ("field", "value"),
    [("sha256", "x"), ("bytes", -1), ("as_of", "today"), ("as_of", "2024-01"), ("file", ""),
     ("url", None), ("fetched", "2024-01-02T00:00:00")],
)  # fmt: skip
def test_what_tribonian_never_writes_does_not_fit(field: str, value: object) -> None:
    LockFile.model_validate_json(json.dumps({"sources": [GOOD]}))
    with pytest.raises(ValidationError, match=field):
        LockFile.model_validate_json(json.dumps({"sources": [{**GOOD, field: value}]}))
