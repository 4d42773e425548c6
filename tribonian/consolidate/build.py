"""The whole course of a build: read, consolidate, write; a folder or nothing."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tribonian.consolidate.chunk import Budget
from tribonian.consolidate.digest import Digest, Digester
from tribonian.consolidate.folder import Written, check_output, write_folder
from tribonian.consolidate.principles import Consolidated, Principle, consolidate
from tribonian.consolidate.selection import Selection, parse_keep
from tribonian.consolidate.size import size_card
from tribonian.consolidate.tokens import DEFAULT, Tokenizer
from tribonian.errors import DocumentError, TribonianError, UsageError
from tribonian.ingest.reading import open_document
from tribonian.ingest.sources import Source, find_sources
from tribonian.schemas.finding import Finding
from tribonian.schemas.principle import MAX_DEPTH, MAX_FILE_SIZE
from tribonian.schemas.tree import Document
from tribonian.schemas.words import count_words

WORTH_A_WORKER = 1_000_000  # bytes; less is read sooner than a process starts


@dataclass(frozen=True, slots=True)
class Settings:
    """What shapes the output; the same settings and sources give the same bytes."""

    max_tokens: int = 1024
    min_tokens: int = 32
    max_depth: int = MAX_DEPTH
    max_file_size: int = MAX_FILE_SIZE
    tokenizer: str = DEFAULT
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    title: str | None = None

    def check(self) -> None:
        """Raise UsageError for a value that makes no sense."""
        if self.max_tokens < 64:
            raise UsageError("--max-tokens must be 64 or more.")
        if not 0 <= self.min_tokens <= self.max_tokens:
            raise UsageError("--min-tokens must be between 0 and --max-tokens.")
        if not 2 <= self.max_depth <= 50:
            raise UsageError("--max-depth must be between 2 and 50.")
        if self.max_file_size < 100_000:
            raise UsageError("--max-file-size must be 100000 bytes or more.")
        parse_keep(self.keep)

    @property
    def selection(self) -> Selection:
        """What goes in and what stays out."""
        return Selection(self.only, self.skip, parse_keep(self.keep))

    @property
    def budget(self) -> Budget:
        """How large a principle may be."""
        return Budget(self.max_tokens, self.min_tokens)

    def row(self) -> dict[str, object]:
        """The settings as the manifest names them: sorted, without what changes nothing."""
        row = asdict(self)
        row["keep"] = sorted(parse_keep(self.keep))
        row["only"], row["skip"] = sorted(set(self.only)), sorted(set(self.skip))
        return row


@dataclass(frozen=True, slots=True)
class Build:
    """What a build did: `ok`, `failed` and `skipped` documents, and the files it wrote."""

    output: Path | None
    manifest: dict[str, object]
    findings: list[Finding]
    documents: list[Digest]

    def count(self, status: str) -> int:
        """How many documents have a status."""
        return sum(digest.status == status for digest in self.documents)


Progress = Callable[[int, int, str], None]


def build(
    sources: Sequence[str | os.PathLike[str]],
    output: str | os.PathLike[str] = "build",
    settings: Settings | None = None,
    *,
    jobs: int | None = None,
    strict: bool = False,
    progress: Progress | None = None,
) -> Build:
    """Read the sources, consolidate them and write the build folder, whole or not at all.

    ``jobs`` is the number of processes (default: all cores); it does not change a byte.
    ``progress`` is called with documents done, documents in all and a name. Raises
    UsageError for settings or an output that cannot be; a document that fails is a row
    with its reason. Nothing is written when no document could be read, or with ``strict``
    when one failed or a finding is an error.
    """
    with _uncollected():
        return _build(
            sources, Path(output), settings or Settings(), jobs=jobs, strict=strict,
            progress=progress,
        )  # fmt: skip


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the cyclic collector: trees have no cycles, and it would walk them in vain."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _build(
    sources: Sequence[str | os.PathLike[str]],
    output: Path,
    settings: Settings,
    *,
    jobs: int | None,
    strict: bool,
    progress: Progress | None,
) -> Build:
    settings.check()
    check_output(output)
    tokenizer = Tokenizer(settings.tokenizer)
    found = find_sources([os.fspath(source) for source in sources])
    if not found:
        raise UsageError("Name at least one source: a file or a folder.")
    digests = _read_all(found, settings, tokenizer, jobs or os.cpu_count() or 1, progress)
    digests.sort(key=lambda digest: (digest.document.source, digest.document.sha256))
    good = [digest for digest in digests if digest.status == "ok"]
    findings = [finding for digest in digests for finding in digest.findings]
    findings += _unmatched(settings, good)
    result = (
        consolidate(good, settings.budget, tokenizer, settings.max_depth, settings.title)
        if good
        else None
    )
    if result is None:
        return Build(None, {}, findings, digests)
    findings += result.findings
    _count_tokens(result.root, tokenizer)
    accounts, added = _account(result, digests)
    findings += _lost_words(accounts)
    manifest = _manifest(settings, accounts, added, result)
    refused = strict and (
        any(digest.status == "failed" for digest in digests)
        or any(finding.severity == "error" for finding in findings)
    )
    if refused:
        return Build(None, manifest, findings, digests)
    written = write_folder(
        output, Written(result, findings, manifest, digests), settings.max_file_size
    )
    return Build(output, written, findings, digests)


# -- reading ------------------------------------------------------------------------------


def _read_all(
    found: list[Source],
    settings: Settings,
    tokenizer: Tokenizer,
    jobs: int,
    progress: Progress | None,
) -> list[Digest]:
    to_read = [source for source in found if source.status == "ok"]
    digests = [_not_read(source) for source in found if source.status != "ok"]
    done = 0

    def note(name: str) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, len(to_read), name)

    jobs = min(jobs, len(to_read))
    if jobs > 1 and sum(map(_size, to_read)) > WORTH_A_WORKER:
        for digest in _read_in_workers(to_read, settings, jobs):
            digests.append(digest)
            note(digest.document.source)
        return digests
    for source in to_read:
        if progress is not None:
            progress(done, len(to_read), source.name)
        digests.append(digest_source(source, settings, tokenizer))
        note(source.name)
    return digests


def _size(source: Source) -> int:
    try:
        return source.path.stat().st_size
    except OSError:
        return 0


def _read_in_workers(found: list[Source], settings: Settings, jobs: int) -> Iterator[Digest]:
    """Read in several processes; one that dies costs the document it had in hand."""
    largest_first = sorted(found, key=_size, reverse=True)
    died: list[Source] = []
    with ProcessPoolExecutor(jobs, initializer=_leave_interrupts_to_the_parent) as pool:
        waiting = _submit(pool, largest_first, settings)
        try:
            for future in as_completed(waiting):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    died.append(waiting[future])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise
    for source in died:  # which of them killed the pool shows when each is alone
        with ProcessPoolExecutor(1) as pool:
            try:
                yield pool.submit(_digest_in_worker, source, settings).result()
            except BrokenProcessPool:
                yield _failed(source, "The process that read it died.")


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _submit(
    pool: Executor, found: list[Source], settings: Settings
) -> dict[Future[Digest], Source]:
    return {pool.submit(_digest_in_worker, source, settings): source for source in found}


_tokenizers: dict[str, Tokenizer] = {}


def _digest_in_worker(source: Source, settings: Settings) -> Digest:
    tokenizer = _tokenizers.setdefault(settings.tokenizer, Tokenizer(settings.tokenizer))
    with _uncollected():
        return digest_source(source, settings, tokenizer)


def digest_source(source: Source, settings: Settings, tokenizer: Tokenizer) -> Digest:
    """Read and cut one document; whatever goes wrong becomes its reason."""
    try:
        return _digest(source, settings, tokenizer)
    except DocumentError as error:
        return _failed(source, str(error))
    except MemoryError:
        return _failed(source, "It needs more memory than there is.")
    except RecursionError:
        return _failed(source, "Its units are nested too deep to be read.")
    except OSError as error:
        return _failed(source, f"It cannot be read: {error.strerror or error}.")
    except Exception as error:
        return _failed(
            source,
            f"It could not be read ({type(error).__name__}: {error}); please report this.",
        )


def _digest(source: Source, settings: Settings, tokenizer: Tokenizer) -> Digest:
    opened = open_document(source.path, source.name)
    digester = Digester(settings.selection, settings.budget, tokenizer)
    top = digester.digest(opened.events)
    document, findings = opened.finish()
    findings += [replace(each, document=document.source) for each in digester.findings]
    return Digest(document, top, digester.left_out, findings, matched=digester.matched)


def _failed(source: Source, reason: str) -> Digest:
    size = _size(source)
    return Digest(Document(source.name, "", "", size), status="failed", reason=reason)


def _not_read(source: Source) -> Digest:
    return Digest(Document(source.name, "", "", 0), status=source.status, reason=source.reason)


# -- counting ------------------------------------------------------------------------------


def _unmatched(settings: Settings, digests: list[Digest]) -> list[Finding]:
    """Patterns of --only and --skip that named nothing: mostly slips of the pen."""
    matched = {pattern for digest in digests for pattern in digest.matched}
    return [
        Finding("nothing-selected", f"--{option} {pattern!r} names nothing in these documents.")
        for option, patterns in (("only", settings.only), ("skip", settings.skip))
        for pattern in sorted(set(patterns) - matched)
    ]


def _count_tokens(root: Principle, tokenizer: Tokenizer) -> None:
    unknown = [principle for principle in root.walk() if not principle.tokens]
    counts = tokenizer.count_all([principle.content for principle in unknown])
    for principle, tokens in zip(unknown, counts, strict=True):
        principle.tokens = tokens


@dataclass(slots=True)
class Account:
    """Words of one document: what was read, and where each of them is."""

    digest: Digest
    read: int = 0
    principles: int = 0
    excluded: int = 0
    duplicates: int = 0

    def row(self) -> dict[str, int]:
        """The figures as the manifest names them."""
        return {name: getattr(self, name) for name in _COUNTED}


_COUNTED = ("read", "principles", "excluded", "duplicates")


def _account(result: Consolidated, digests: list[Digest]) -> tuple[list[Account], int]:
    """Where every word of each document is, and how many words were added to all."""
    accounts = {id(digest): Account(digest, digest.document.words) for digest in digests}
    added = 0
    for principle in result.root.walk():
        if principle.printed < 0:
            principle.printed = count_words(principle.content)
        added += principle.printed + count_words(principle.label)
        for digest, number in principle.words:
            accounts[id(digest)].principles += number
            added -= number
    for row in result.rows:
        account = accounts[id(row.digest)]
        account.excluded += row.words
        if row.kept is not None and row.reason != "version":
            account.duplicates += row.words
    return list(accounts.values()), added


def _lost_words(accounts: list[Account]) -> list[Finding]:
    """The first promise, checked on every build."""
    return [
        Finding(
            "words-lost",
            f"{account.read:,} words were read, {account.principles:,} stand in principles and "
            f"{account.excluded:,} were left out: the sum is wrong; please report this.",
            account.digest.document.source,
        )
        for account in accounts
        if account.read != account.principles + account.excluded
    ]


def _manifest(
    settings: Settings, accounts: list[Account], added: int, result: Consolidated
) -> dict[str, object]:
    from tribonian import __version__

    size = size_card(result.root, result.sections, result.split_sections, settings.max_tokens)
    statuses = [account.digest.status for account in accounts]
    return {
        "tribonian": __version__,
        "settings": settings.row(),
        "documents": [_document_row(account) for account in accounts],
        "totals": {
            "documents": {each: statuses.count(each) for each in ("ok", "failed", "skipped")},
            "principles": size["principles"],
            "tokens": size["tokens"],
            "words": {
                **{name: sum(getattr(each, name) for each in accounts) for name in _COUNTED},
                "added": added,
            },
        },
        "size": size,
        "files": [],
    }


def _document_row(account: Account) -> dict[str, object]:
    digest = account.digest
    document = digest.document
    return {
        "source": document.source,
        "sha256": document.sha256 or None,
        "bytes": document.bytes,
        "format": document.format or None,
        "as_of": document.as_of,
        "status": digest.status,
        "reason": digest.reason,
        "sections": document.sections,
        "words": account.row(),
    }


__all__ = ["Build", "Settings", "TribonianError", "build", "digest_source"]
