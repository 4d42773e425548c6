"""Messages of the service: tolerant in what they hold, strict in what the work needs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tribonian.schemas.service import AlignmentJob, DataJob, FineTune, Model, Output, ServiceFile

KINDS = (ServiceFile, Output, AlignmentJob, DataJob, Model, FineTune)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@pytest.mark.parametrize("kind", KINDS)
def test_an_id_is_enough(kind: Any) -> None:
    assert kind.model_validate({"id": "x-1"}).id == "x-1"
    assert kind.model_validate({"id": 17}).id == "17"


@pytest.mark.parametrize("kind", [ServiceFile, Output, DataJob, Model, FineTune])
@pytest.mark.parametrize("found", [{}, {"id": None}, {"id": ""}, {"id": ["x"]}])
def test_without_an_id_it_is_no_message(kind: Any, found: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate(found)


def test_a_status_is_any_word() -> None:
    for kind in (AlignmentJob, DataJob, FineTune):
        assert kind.model_validate({"id": "x", "status": "hibernating"}).status == "hibernating"
        assert kind.model_validate({"id": "x", "status": None}).status == "unknown"
        assert kind.model_validate({"id": "x"}).status == "unknown"


@pytest.mark.parametrize(("told", "kept"), [
    (42, 42.0), ("42", 42.0), (" 42.5 % ", 42.5), ("half", "half"), (None, None), ([1], None),
    ("", ""), (True, 1.0), ("nan", "nan"), ("1e9", "1e9"),
])  # fmt: skip
def test_progress_is_a_number_or_text(told: Any, kept: Any) -> None:
    assert AlignmentJob.model_validate({"id": "x", "progress": told}).progress == kept


@pytest.mark.parametrize(("told", "kept"), [
    (12, 12), ("12", 12), (12.0, 12), ("a few", None), (None, None), ({}, None), (1.5, None),
])  # fmt: skip
def test_bytes_are_a_whole_number_or_not_told(told: Any, kept: int | None) -> None:
    assert ServiceFile.model_validate({"id": "x", "bytes": told}).bytes == kept


def test_unknown_fields_are_kept_at_every_depth() -> None:
    job = DataJob.model_validate({
        "id": "x", "vibe": 1, "files": [{"file_id": "f", "hue": 2}],
        "alignment_job": {"id": None, "output_files": [{"id": "o", "rows": 3}], "tempo": 4},
        "ingestion_jobs": [{"id": 5, "records": [{"suggested_fix": "Use Markdown.", "try": 6}]}],
        "timeline": [{"message": "made", "metadata": {"n": 7}}],
    })  # fmt: skip
    assert job.model_extra == {"vibe": 1}
    assert job.files[0].model_extra == {"hue": 2}
    assert job.alignment_job is not None
    assert job.alignment_job.id == ""
    assert job.alignment_job.output_files[0].model_extra == {"rows": 3}
    assert job.ingestion_jobs[0].records[0].suggested_fix == "Use Markdown."
    assert job.timeline[0].model_extra == {"metadata": {"n": 7}}


@given(st.dictionaries(st.sampled_from(sorted(DataJob.model_fields)), anything))
def test_no_value_of_an_optional_field_makes_a_job_unreadable(found: dict[str, Any]) -> None:
    assert DataJob.model_validate({**found, "id": "x"}).id == "x"


def test_a_row_that_cannot_be_read_does_not_hide_the_others() -> None:
    files = [{"id": "o-1"}, {"filename": "nameless"}, None, {"id": "o-2"}]
    job = AlignmentJob.model_validate({"id": "x", "output_files": files})
    assert [output.id for output in job.output_files] == ["o-1", "o-2"]
