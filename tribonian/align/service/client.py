"""The calls of the service, one method each; the contract is SeekrFlow's, version 1."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, TypeVar

from tribonian.align.service.account import Account
from tribonian.align.service.answer import Progress
from tribonian.align.service.call import Call, at
from tribonian.align.service.exchange import Exchange
from tribonian.align.service.failures import NotThereError
from tribonian.align.service.refusals import not_taken
from tribonian.align.service.times import Times
from tribonian.align.service.transfer import Upload, download
from tribonian.align.service.understanding import misunderstood, understood, understood_all
from tribonian.schemas.service import (
    AlignmentJob,
    DataJob,
    FineTune,
    Message,
    MetadataCheck,
    Model,
    Output,
    Project,
    ServiceFile,
    SystemPrompt,
)

M = TypeVar("M", bound=Message)
F = TypeVar("F", ServiceFile, DataJob, Project)


_SHORTEST = 25  # rows of a page, of all lists, that a service gives where it is not told


class _Page(NamedTuple):
    """How much a list gives at once, at most; how one asks for what is after."""

    longest: int
    after: str = "offset"
    order: tuple[tuple[str, str], ...] = ()


_NEWEST_FIRST = (("sort_by", "created_at"), ("sort_order", "desc"))
_FILES = _Page(1000, order=_NEWEST_FIRST)
_JOBS = _Page(100, order=_NEWEST_FIRST)
_PROJECTS = _Page(100, after="skip")  # as the official SDK asks for them


class Service:
    """The service for one account; safe to use from several threads, and closed by its context.

    Reads, and what may be said twice, are repeated for as long as `Times.patience`. What has an
    effect (upload, create_job, attach, detach, start, cancel, generate, create_project,
    fine_tune) is sent again only where it surely had none: there was no connection, or the
    service said 429, or 503 with the time to come back. Otherwise `UncertainError` is raised.

    Every method raises `ServiceError` (or one of its kinds), and `StoppedError` where ``stop``
    is set while it waits. ``notice`` is told, in a sentence, when a call has to be repeated, as
    that may take `Times.patience`; it is called once for each call, in its thread.
    """

    def __init__(
        self,
        account: Account,
        *,
        times: Times | None = None,
        stop: threading.Event | None = None,
        notice: Callable[[str], None] | None = None,
    ) -> None:
        self.account = account
        self.times = times or Times()
        self.stop = stop or threading.Event()
        self._exchange = Exchange(account, self.times, self.stop, notice)

    def __enter__(self) -> Service:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._exchange.close()

    def __repr__(self) -> str:
        return f"Service({self.account.base_url!r})"

    # -- files ---------------------------------------------------------------------------------

    def validate_metadata(self, purpose: str, suffix: str, size: int) -> None:
        """Call whether a file would be taken; ServiceError with the service's own reasons.

        ``suffix`` with or without its dot, ``size`` in bytes.
        """
        suffix = suffix.removeprefix(".")
        doing = f"take a .{suffix} file of {size} bytes for {purpose}"
        body = {"purpose": purpose, "suffix": suffix, "size": size}
        call = Call(doing, "POST", at("files", "validate_metadata"), body)
        check = self._message(MetadataCheck, call)
        if not check.is_valid:
            raise not_taken(check.errors, call, self.account.key)

    def upload(
        self,
        path: Path,
        *,
        purpose: str,
        name: str | None = None,
        progress: Progress | None = None,
    ) -> ServiceFile:
        """Send a file, straight from the disk; ``progress`` gets bytes sent and bytes in all."""
        form = Upload(path, purpose, name or path.name, self.stop, progress)
        doing = f"take the file {form.name}"
        call = Call(doing, "PUT", at("files"), form=form, once=True, slow=True)
        with form:
            return self._message(ServiceFile, call)

    def files(self, purpose: str | None = None) -> Iterator[ServiceFile]:
        """The files that are there, newest first."""
        return self._pages("files", ServiceFile, _FILES, purpose=purpose)

    def file(self, id: str) -> ServiceFile:
        """What is known of a file."""
        return self._message(ServiceFile, Call(f"show the file {id}", "GET", at("files", id)))

    def download(
        self,
        id: str,
        to: Path,
        *,
        expected: int | None = None,
        progress: Progress | None = None,
    ) -> int:
        """Write a file, straight to ``to``, and flush it to the disk; how many bytes it has.

        The caller names a side file: it is removed where the file does not come whole. With
        ``expected`` it must have so many bytes. Of none is possible, and not judged here.
        """
        call = Call(f"give the file {id}", "GET", at("files", id, "content"), file=True)
        return download(self._exchange, call, to, expected, progress)

    # -- data jobs -----------------------------------------------------------------------------

    def create_job(
        self,
        name: str,
        *,
        instructions: str | None,
        system_prompt: str | None = None,
        job_type: str = "principle_files",
    ) -> DataJob:
        """Create a data job, which has no files yet."""
        body = {
            "name": name,
            "job_type": job_type,
            "system_prompt": system_prompt,
            "instructions": instructions,
        }
        call = Call(f"create the data job {name}", "POST", at("data-jobs"), body, once=True)
        return self._message(DataJob, call)

    def jobs(self, job_type: str | None = None) -> Iterator[DataJob]:
        """The data jobs, newest first, without their files."""
        return self._pages("data-jobs", DataJob, _JOBS, job_type=job_type)

    def job(self, id: str) -> DataJob:
        """A data job, with everything that is known of it."""
        return self._message(DataJob, Call(f"show the data job {id}", "GET", at("data-jobs", id)))

    def edit_job(self, id: str, **fields: str | None) -> DataJob:
        """Set ``name``, ``system_prompt`` or ``instructions`` of a job that is not started."""
        call = Call(f"change the data job {id}", "PATCH", at("data-jobs", id), fields)
        return self._message(DataJob, call)

    def attach(
        self, id: str, file_ids: Sequence[str], method: str | None = "accuracy-optimized"
    ) -> DataJob:
        """Add files to a data job; what is not Markdown is ingested by that method."""
        body = {"file_ids": list(file_ids), "method": method}
        doing = f"add files to the data job {id}"
        return self._message(
            DataJob, Call(doing, "POST", at("data-jobs", id, "add-files"), body, once=True)
        )

    def detach(self, id: str, file_ids: Sequence[str]) -> DataJob:
        """Take files away from a data job."""
        body = {"file_ids": list(file_ids)}
        doing = f"take files away from the data job {id}"
        return self._message(
            DataJob, Call(doing, "POST", at("data-jobs", id, "remove-files"), body, once=True)
        )

    def start(self, id: str) -> DataJob:
        """Start a data job that is ready to start."""
        call = Call(f"start the data job {id}", "POST", at("data-jobs", id, "start"), once=True)
        return self._message(DataJob, call)

    def cancel(self, id: str) -> DataJob:
        """Cancel a data job that runs."""
        call = Call(f"cancel the data job {id}", "POST", at("data-jobs", id, "cancel"), once=True)
        return self._message(DataJob, call)

    def outputs(self, job: DataJob) -> list[Output]:
        """The files that a data job made.

        Newer servers put them into the job; the older call is deprecated, and the one that its
        notice names is in no specification, so that each is asked only where the one before it
        has nothing.
        """
        made = job.alignment_job
        if made and made.output_files:
            return list(made.output_files)
        told = made is not None and "output_files" in made.model_fields_set
        missing: NotThereError | None = None
        asked = [("data-jobs", job.id)]
        if alignment_id := job.alignment_job_id or (made.id if made else None):
            asked.insert(0, ("alignment", alignment_id))
        for kind, id in asked:
            try:
                if found := self._outputs(kind, id):
                    return found
                told = True
            except NotThereError as error:
                missing = missing or error
        if missing and not told:
            raise missing
        return []

    def draft_system_prompt(self, instructions: str, summary: str | None = None) -> str | None:
        """A system prompt in the service's words; None where it drafts none."""
        body = {"instructions": instructions, "document_summary": summary}
        call = Call(
            "draft a system prompt", "POST", at("data-jobs", "gen_system_prompt"), body, slow=True
        )
        try:
            draft = self._message(SystemPrompt, call).system_prompt
        except NotThereError:
            return None
        return (draft or "").strip() or None

    # -- the legacy workflow -------------------------------------------------------------------

    def generate(
        self,
        instructions: str,
        files: Sequence[str],
        *,
        system_prompt: str | None = None,
        type: str = "principle",
    ) -> AlignmentJob:
        """Make pairs out of files at once, without a data job; deprecated."""
        body = {
            "instructions": instructions,
            "files": list(files),
            "type": type,
            "system_prompt": system_prompt,
        }
        call = Call("make pairs", "POST", at("alignment", "generate"), body, once=True)
        return self._alignment(call)

    def alignment(self, id: str) -> AlignmentJob:
        """The state of what `generate` started."""
        return self._alignment(Call(f"show the alignment {id}", "GET", at("alignment", id)))

    def alignments(self) -> list[AlignmentJob]:
        """All that `generate` or data jobs started, as far as the service lists it.

        No pages are documented for this list; one that is as long as a page is asked for more.
        """
        found: dict[str, AlignmentJob] = {}
        while True:
            path = at("alignment", offset=len(found) or None)
            page = self._messages(AlignmentJob, Call("list the alignments", "GET", path))
            new = {each.id: each for each in page if each.id not in found}
            found |= new
            if not new or len(page) < _SHORTEST:
                return list(found.values())

    def cancel_alignment(self, id: str) -> AlignmentJob:
        """Cancel what `generate` started."""
        call = Call(f"cancel the alignment {id}", "POST", at("alignment", id, "cancel"), once=True)
        return self._alignment(call)

    def alignment_outputs(self, id: str) -> list[Output]:
        """The files that an alignment made."""
        return self._outputs("alignment", id)

    # -- fine-tuning ---------------------------------------------------------------------------

    def projects(self) -> Iterator[Project]:
        """The projects that fine-tuning jobs may belong to."""
        return self._pages("projects", Project, _PROJECTS)

    def create_project(self, name: str, description: str) -> Project:
        """Create a project; name 5 to 100, description 5 to 1000 characters."""
        body = {"name": name, "description": description}
        call = Call(f"create the project {name}", "POST", at("projects"), body, once=True)
        return self._message(Project, call)

    def models(self) -> list[Model]:
        """The models that may be tuned."""
        return self._messages(Model, Call("list the models", "GET", at("models")))

    def fine_tune(self, request: Mapping[str, Any]) -> FineTune:
        """Start a fine-tuning job; the request as the contract has it, nulls are left out."""
        call = Call("start the fine-tuning", "POST", at("fine-tune"), request, once=True)
        return self._message(FineTune, call)

    def fine_tunes(self) -> list[FineTune]:
        """The fine-tuning jobs."""
        return self._messages(FineTune, Call("list the fine-tuning jobs", "GET", at("fine-tunes")))

    def tuning(self, id: str) -> FineTune:
        """The state of a fine-tuning job."""
        call = Call(f"show the fine-tuning job {id}", "GET", at("fine-tunes", id))
        return self._message(FineTune, call)

    # -- all of them ---------------------------------------------------------------------------

    def _message(self, kind: type[M], call: Call) -> M:
        return understood(kind, self._exchange.message(call), call, self.account.key)

    def _messages(self, kind: type[M], call: Call) -> list[M]:
        return understood_all(kind, self._exchange.message(call), call, self.account.key)

    def _alignment(self, call: Call) -> AlignmentJob:
        body = self._exchange.message(call)
        found = understood(AlignmentJob, body, call, self.account.key)
        if not found.id:
            raise misunderstood(body, call, self.account.key, "there is no id in it")
        return found

    def _outputs(self, kind: str, id: str) -> list[Output]:
        return self._messages(Output, Call(f"list what {id} made", "GET", at(kind, id, "outputs")))

    def _pages(self, kind: str, of: type[F], page: _Page, **wanted: str | None) -> Iterator[F]:
        """All of a list, page by page; what is new meanwhile moves the rest, so none comes twice.

        A service may give less at once than it was asked for, and in another order: a page is
        the last where it is shorter than any that a service is known to give of itself, or brings
        nothing new. What is overlooked here would be made a second time.
        """
        seen: set[str | int] = set()
        doing = f"list the {kind.replace('-', ' ')}"
        while True:
            query = {"limit": page.longest, page.after: len(seen), **dict(page.order), **wanted}
            found = self._messages(of, Call(doing, "GET", at(kind, **query)))
            new = [each for each in found if each.id not in seen]
            seen |= {each.id for each in new}
            yield from (each for each in new if not each.deleted)
            if not new or len(found) < _SHORTEST:
                return
