"""The whole course of a build: read, consolidate, write; a folder or nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tribonian.consolidate.digest import Digest
from tribonian.consolidate.documents import Progress, read_all, uncollected
from tribonian.consolidate.folder import Written, check_output, write_folder
from tribonian.consolidate.merging import place_in_the_law
from tribonian.consolidate.parts import split_tree
from tribonian.consolidate.principles import Consolidated, Principle, consolidate
from tribonian.consolidate.settings import Settings
from tribonian.consolidate.size import size_card
from tribonian.consolidate.tokens import Tokenizer
from tribonian.errors import UsageError
from tribonian.ingest.isolation import Limits
from tribonian.ingest.sources.find import sources_of
from tribonian.ingest.sources.obtain import Network
from tribonian.schemas.finding import Finding
from tribonian.schemas.words import count_words


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


def build(
    sources: Sequence[str | os.PathLike[str]],
    output: str | os.PathLike[str] = "build",
    settings: Settings | None = None,
    *,
    jobs: int | None = None,
    limits: Limits | None = None,
    password: str | None = None,
    network: Network | None = None,
    strict: bool = False,
    progress: Progress | None = None,
) -> Build:
    """Read the sources, consolidate them and write the build folder, whole or not at all.

    ``jobs`` is the number of processes (default: all cores); it does not change a byte.
    ``limits`` are what one document may take, and ``password`` opens those that are
    encrypted; it is written nowhere. ``network`` says how what is elsewhere may be fetched;
    its date is that of the settings, its seconds those of the limits.
    ``progress`` is called with documents done, documents in all and a name. Raises
    UsageError for settings or an output that cannot be; a document that fails is a row
    with its reason. Nothing is written when no document could be read, or with ``strict``
    when one failed or a finding is an error.
    """
    with uncollected():
        return _build(
            sources, Path(output), settings or Settings(), limits or Limits(),
            network or Network(), jobs=jobs, password=password, strict=strict,
            progress=progress,
        )  # fmt: skip


def _build(
    sources: Sequence[str | os.PathLike[str]],
    output: Path,
    settings: Settings,
    limits: Limits,
    network: Network,
    *,
    jobs: int | None,
    password: str | None,
    strict: bool,
    progress: Progress | None,
) -> Build:
    settings.check()
    limits.check()
    check_output(output)
    tokenizer = Tokenizer(settings.tokenizer, threads=0)
    network = replace(network, date=settings.date, seconds=limits.seconds)
    given = [os.fspath(source) for source in sources]
    with sources_of(given, output, network, progress) as found:
        if not found:
            raise UsageError("Name at least one source: a file, a folder, a citation, an address.")
        jobs = jobs or os.cpu_count() or 1
        digests = read_all(found, settings, tokenizer, jobs, limits, password, progress)
    digests.sort(key=place_in_the_law)
    good = [digest for digest in digests if digest.status == "ok"]
    findings = [finding for digest in digests for finding in digest.findings]
    findings += _unmatched(settings, good)
    result = (
        consolidate(
            good, settings.budget, tokenizer, settings.max_depth, settings.title, settings.date
        )
        if good
        else None
    )
    if result is None:
        return Build(None, {}, findings, digests)
    findings += result.findings
    parts = split_tree(result.root, settings.max_file_size)
    principles = [principle for part in parts for principle in part.walk()]
    _count_tokens(principles, tokenizer)
    accounts, added = _account(result, principles, digests)
    findings += _lost_words(accounts)
    manifest = _manifest(settings, accounts, added, result, principles)
    refused = strict and (
        any(digest.status == "failed" for digest in digests)
        or any(finding.severity == "error" for finding in findings)
    )
    if refused:
        return Build(None, manifest, findings, digests)
    written = write_folder(output, Written(result, parts, findings, manifest, digests))
    return Build(output, written, findings, digests)


# -- counting ------------------------------------------------------------------------------


def _unmatched(settings: Settings, digests: list[Digest]) -> list[Finding]:
    """Patterns of --only and --skip that named nothing: mostly slips of the pen."""
    matched = {pattern for digest in digests for pattern in digest.matched}
    return [
        Finding("nothing-selected", f"--{option} {pattern!r} names nothing in these documents.")
        for option, patterns in (("only", settings.only), ("skip", settings.skip))
        for pattern in sorted(set(patterns) - matched)
    ]


def _count_tokens(principles: Sequence[Principle], tokenizer: Tokenizer) -> None:
    unknown = [principle for principle in principles if not principle.tokens]
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


def _account(
    result: Consolidated, principles: Sequence[Principle], digests: list[Digest]
) -> tuple[list[Account], int]:
    """Where every word of each document is, and how many words were added to all."""
    accounts = {id(digest): Account(digest, digest.document.words) for digest in digests}
    added = 0
    for principle in principles:
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
    settings: Settings,
    accounts: list[Account],
    added: int,
    result: Consolidated,
    principles: Sequence[Principle],
) -> dict[str, object]:
    from tribonian import __version__

    size = size_card(
        result.root, principles, result.sections, result.split_sections, settings.max_tokens
    )
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


__all__ = ["Build", "Settings", "build"]
