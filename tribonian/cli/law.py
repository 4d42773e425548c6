"""The commands that read law: build, read, fetch, profiles, check, designators."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tribonian.cli.options import (
    AllowPrivate,
    Cache,
    Date,
    Json,
    MemoryLimit,
    NoCache,
    Password,
    Quiet,
    TimeLimit,
)
from tribonian.cli.screen import (
    INTERRUPTED,
    NOT_FIT,
    SOME_FAILED,
    end_with,
    harmless,
    print_json,
    progress_shown,
    said_of,
    say,
    say_problem,
)
from tribonian.errors import DocumentError, NotFitError, TribonianError

if TYPE_CHECKING:
    from tribonian.consolidate.build import Build
    from tribonian.schemas.finding import Finding
    from tribonian.schemas.tree import Document, Node

SHOWN = 20  # reasons that the terminal shows; the manifest holds all


def build_command(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE", help="Files, folders, archives, URLs, CFR citations."),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder to write.")
    ] = Path("build"),
    date: Date = None,
    max_tokens: Annotated[int, typer.Option(help="No principle's content has more tokens.")] = 1024,
    min_tokens: Annotated[
        int, typer.Option(help="Smaller pieces of one section are joined with a neighbour.")
    ] = 32,
    max_depth: Annotated[int, typer.Option(help="Levels in the output, root included.")] = 6,
    max_file_size: Annotated[
        int, typer.Option(metavar="BYTES", help="A larger principles file becomes several.")
    ] = 100_000_000,
    tokenizer: Annotated[
        str,
        typer.Option(metavar="NAME", help="o200k_base, cl100k_base, any of tiktoken, file:PATH."),
    ] = "o200k_base",
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Keep what a citation or heading names; repeatable."),
    ] = None,
    skip: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Leave out what it names; repeatable."),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="KINDS", help="reserved, notes, history, …, otherwise left out."),
    ] = None,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="Label of the root.")] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Processes (default: all cores).")
    ] = None,
    time_limit: TimeLimit = 300.0,
    memory_limit: MemoryLimit = 4096,
    password: Password = None,
    cache: Cache = None,
    no_cache: NoCache = False,
    allow_private: AllowPrivate = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing if a document failed or an error.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Read, consolidate and write an upload-ready folder.

    A source is a file, a folder, an archive (.zip, .tar.gz), a web address, a bucket
    (s3://…), a citation ("21 CFR part 11") or profile:NAME.

    Example: tribonian build "45 CFR parts 160 and 164" --date 2024-06-01 -o build
    """
    from tribonian.consolidate.build import Settings, build
    from tribonian.ingest.isolation import Limits
    from tribonian.ingest.sources.obtain import Network

    settings = Settings(
        max_tokens=max_tokens,
        min_tokens=min_tokens,
        max_depth=max_depth,
        max_file_size=max_file_size,
        tokenizer=tokenizer,
        only=tuple(only or ()),
        skip=tuple(skip or ()),
        keep=tuple(keep or ()),
        title=title,
        date=date,
    )
    network = Network(allow_private=allow_private, cache=cache, keep=not no_cache)
    try:
        with progress_shown(quiet) as progress:
            result = build(
                sources, output, settings, jobs=jobs, limits=Limits(time_limit, memory_limit),
                password=password, network=network, strict=strict, progress=progress,
            )  # fmt: skip
    except KeyboardInterrupt:
        end_with("Interrupted; nothing half-written was left.", INTERRUPTED)
    _report(result, output, quiet)
    if result.output is None and strict and result.manifest:
        raise NotFitError("--strict: nothing was written because of what is listed above.")
    if result.output is None:
        chosen = result.count("ok")
        why = "--only and --skip leave nothing" if chosen else "no document could be read"
        raise TribonianError(f"Nothing was written: {why}.")
    if result.count("failed"):
        raise typer.Exit(SOME_FAILED)


def read_command(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="One document.")],
    json: Json = False,
    date: Date = None,
    time_limit: TimeLimit = 300.0,
    memory_limit: MemoryLimit = 4096,
    password: Password = None,
    cache: Cache = None,
    no_cache: NoCache = False,
    allow_private: AllowPrivate = False,
) -> None:
    """Show the section tree of one document.

    Example: tribonian read "21 CFR part 11" --json
    """
    from tribonian.ingest.apart import read_apart
    from tribonian.ingest.isolation import Limits
    from tribonian.ingest.show import as_json
    from tribonian.ingest.sources.asked import as_shown
    from tribonian.ingest.sources.find import only_source
    from tribonian.ingest.sources.obtain import Network

    limits = Limits(time_limit, memory_limit)
    limits.check()
    network = Network(date, allow_private, cache, not no_cache, time_limit)
    try:
        with only_source(source, network) as found:
            if json:
                sys.stdout.buffer.write(read_apart(found, limits, password, as_json))
                return
            shown, findings = read_apart(found, limits, password, _outlined)
    except DocumentError as error:
        raise TribonianError(said_of(as_shown(source), str(error))) from None
    except KeyboardInterrupt:
        end_with("Interrupted.", INTERRUPTED)
    sys.stdout.write(harmless(shown))
    for finding in findings:
        where = f" ({finding.locator})" if finding.locator else ""
        say_problem(f"{finding.severity}: {finding.message}{where}")


def _outlined(document: Document, root: Node, findings: list[Finding]) -> tuple[str, list[Finding]]:
    from tribonian.consolidate.outline import outline

    return outline(root), findings


def fetch_command(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="As for build; none: what the folder was made of."),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder to fill or to renew.")
    ] = Path("sources"),
    date: Date = None,
    time_limit: TimeLimit = 300.0,
    cache: Cache = None,
    no_cache: NoCache = False,
    allow_private: AllowPrivate = False,
    quiet: Quiet = False,
) -> None:
    """Download sources once, with a lock file, for work offline.

    Again, it brings the folder up to date and says what changed.

    Example: tribonian fetch profile:hipaa -o law && tribonian build law
    """
    from tribonian.ingest.sources.fetch import fetch
    from tribonian.ingest.sources.obtain import Network

    network = Network(date, allow_private, cache, not no_cache, time_limit, renew=True)
    try:
        with progress_shown(quiet, "Fetching") as progress:
            result = fetch(sources or (), output, network, progress)
    except KeyboardInterrupt:
        end_with("Interrupted; what was whole is kept, run it again to go on.", INTERRUPTED)
    for change in result.changes:
        if not quiet:
            say(f"{change.what}: {' '.join(filter(None, (change.file, change.detail)))}")
    for passed in result.passed_over:
        if not quiet:
            say_problem(f"skipped: {passed.name}: {passed.reason}")
    for missed in result.missed:
        say_problem(f"failed: {said_of(missed.name, missed.reason)}")
    if not quiet or result.missed:
        size = sum(row.bytes for row in {row.file: row for row in result.rows}.values())
        files = len({row.file for row in result.rows})
        counted = "1 file" if files == 1 else f"{files:,} files"
        print(f"{output}: {counted}, {size:,} bytes; {len(result.missed)} failed")
    if result.missed:
        raise typer.Exit(SOME_FAILED)


def profiles_command(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Show everything of one profile.")
    ] = None,
    json: Json = False,
    instructions: Annotated[
        bool, typer.Option("--instructions", help="Only the suggested text for alignment.")
    ] = False,
) -> None:
    """Show industries and the regulations that govern them.

    Example: tribonian profiles hipaa
    """
    from tribonian.ingest.sources.show_profiles import shown

    print(shown(name, json=json, instructions=instructions).rstrip("\n"))


def check_command(
    path: Annotated[Path, typer.Argument(metavar="FILE.json|DIR", help="What to check.")],
    json: Json = False,
    max_tokens: Annotated[
        int | None, typer.Option(help="Budget of a content (default: the build's, or none).")
    ] = None,
    tokenizer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Default: the build's, or o200k_base.")
    ] = None,
) -> None:
    """Say whether the service would take a file; exit 3 if not.

    Example: tribonian check build
    """
    import tribonian

    verdict = tribonian.check(path, max_tokens=max_tokens, tokenizer=tokenizer)
    rows = [finding.row() for finding in verdict.findings]
    if json:
        row = {"fit": verdict.fit, "principles": verdict.principles, "findings": rows}
        print_json(row)
    else:
        for finding in verdict.findings:
            say(f"{finding.severity}: {finding.locator}: {finding.message}")
        state = "fit" if verdict.fit else "not fit"
        print(f"{state}: {verdict.principles:,} principles, {len(rows):,} findings")
    if not verdict.fit:
        raise typer.Exit(NOT_FIT)


def designators_command() -> None:
    """Print the path of each paragraph on standard input, a tab, and the paragraph.

    One paragraph a line; an empty line starts a new section.
    Example: printf '(a) One\\n(1) Two\\n' | tribonian designators
    """
    import io

    from tribonian.ingest.probe import paths

    text = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace", newline="\n")
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n", write_through=True)
    for path, line in paths(text):
        out.write(f"{path}\t{line}\n")
    out.detach()


def _report(result: Build, output: Path, quiet: bool) -> None:
    """The closing lines: what failed, what it weighs, and the counts."""
    for status in ("failed", "skipped"):
        rows = [digest for digest in result.documents if digest.status == status]
        shown = rows[:SHOWN] if status == "failed" else rows[:0] if quiet else rows[:SHOWN]
        for digest in shown:
            said = said_of(digest.document.source, digest.reason or "")
            say_problem(f"{status}: {said}")
        if len(rows) > len(shown) and not quiet:
            print(f"{status}: {len(rows) - len(shown):,} more", file=sys.stderr)
    for finding in result.findings:
        if finding.severity == "error" or finding.code == "nothing-selected":
            say_problem(f"{finding.severity}: {finding.message}")
    if result.output is not None and not quiet:
        size = result.manifest["size"]
        words = result.manifest["totals"]["words"]  # type: ignore[index]
        print(
            f"{output}: {size['principles']:,} principles, "  # type: ignore[index]
            f"{size['tokens']:,} tokens, median {size['median']:,}, "  # type: ignore[index]
            f"largest {size['largest']:,}"  # type: ignore[index]
        )
        print(
            f"words: {words['read']:,} read = {words['principles']:,} in principles "
            f"+ {words['excluded']:,} left out"
        )
        warnings = sum(finding.severity == "warning" for finding in result.findings)
        infos = sum(finding.severity == "info" for finding in result.findings)
        print(
            f"findings: {warnings:,} {'warning' if warnings == 1 else 'warnings'}, "
            f"{infos:,} {'note' if infos == 1 else 'notes'} (findings.jsonl)"
        )
        print(size["verdict"])  # type: ignore[index]
    if not quiet or result.count("failed"):
        counts = ", ".join(
            f"{result.count(status)} {status}" for status in ("ok", "failed", "skipped")
        )
        print(counts)
