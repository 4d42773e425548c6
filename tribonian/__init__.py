"""Law as it comes, consolidated into principles for SeekrFlow's principle alignment.

The verbs of the command are functions here, with the same words for the same things:
`read`, `build`, `fetch`, `check`, `designators`, `profiles` and `review`; those of ``align``
and ``dataset`` are in `tribonian.align` and `tribonian.dataset`. Each imports what it needs when
it is called.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tribonian import align
from tribonian.align import dataset

if TYPE_CHECKING:
    from tribonian.consolidate.build import Build
    from tribonian.consolidate.check import Verdict
    from tribonian.ingest.sources.fetch import Fetched
    from tribonian.ingest.sources.profiles import Profile
    from tribonian.schemas.finding import Finding
    from tribonian.schemas.tree import Document, Node

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "align",
    "build",
    "check",
    "dataset",
    "designators",
    "fetch",
    "profiles",
    "read",
    "review",
]


def read(
    source: str | os.PathLike[str],
    *,
    date: str | None = None,
    time_limit: float = 300.0,
    memory_limit: int = 4096,
    password: str | None = None,
    cache: str | os.PathLike[str] | None = None,
    no_cache: bool = False,
    allow_private: bool = False,
) -> tuple[Document, Node, list[Finding]]:
    """Read one document into its section tree, in a process apart.

    Returns what is known of the document, the root of the tree, and the findings. Raises
    DocumentError, one sentence, if it cannot be read within ``time_limit`` seconds and
    ``memory_limit`` megabytes.
    """
    from tribonian.ingest.apart import read_apart
    from tribonian.ingest.isolation import Limits
    from tribonian.ingest.sources.find import only_source
    from tribonian.ingest.sources.obtain import Network

    limits = Limits(time_limit, memory_limit)
    limits.check()
    kept = Path(cache) if cache else None
    network = Network(date, allow_private, kept, not no_cache, time_limit)
    with only_source(source, network) as found:
        return read_apart(found, limits, password, _all_of_it)


def _all_of_it(
    document: Document, root: Node, findings: list[Finding]
) -> tuple[Document, Node, list[Finding]]:
    return document, root, findings


def build(
    sources: Sequence[str | os.PathLike[str]],
    output: str | os.PathLike[str] = "build",
    *,
    max_tokens: int = 1024,
    min_tokens: int = 32,
    max_depth: int = 6,
    max_file_size: int = 100_000_000,
    tokenizer: str = "o200k_base",
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    keep: Sequence[str] = (),
    title: str | None = None,
    date: str | None = None,
    jobs: int | None = None,
    time_limit: float = 300.0,
    memory_limit: int = 4096,
    password: str | None = None,
    cache: str | os.PathLike[str] | None = None,
    no_cache: bool = False,
    allow_private: bool = False,
    strict: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> Build:
    """Read, consolidate and write an upload-ready folder; the options are the command's.

    A source is a path, an archive, a web address, a bucket, a CFR citation or profile:NAME.
    Returns what was done, with one entry a document. Raises UsageError for options or an
    output that cannot be, TribonianError if the folder cannot be written.
    """
    from tribonian.consolidate.build import Settings
    from tribonian.consolidate.build import build as run
    from tribonian.ingest.isolation import Limits
    from tribonian.ingest.sources.obtain import Network

    settings = Settings(
        max_tokens=max_tokens,
        min_tokens=min_tokens,
        max_depth=max_depth,
        max_file_size=max_file_size,
        tokenizer=tokenizer,
        only=tuple(only),
        skip=tuple(skip),
        keep=tuple(keep),
        title=title,
        date=date,
    )
    return run(
        sources,
        output,
        settings,
        jobs=jobs,
        limits=Limits(time_limit, memory_limit),
        password=password,
        network=Network(
            allow_private=allow_private, cache=Path(cache) if cache else None, keep=not no_cache
        ),
        strict=strict,
        progress=progress,
    )


def fetch(
    sources: Sequence[str | os.PathLike[str]],
    output: str | os.PathLike[str] = "sources",
    *,
    date: str | None = None,
    time_limit: float = 300.0,
    cache: str | os.PathLike[str] | None = None,
    no_cache: bool = False,
    allow_private: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> Fetched:
    """Download sources once, with a lock file, for work offline; again, what changed.

    Without sources the folder's own are renewed. Returns the rows of the lock file, what
    changed and what could not be had. Raises UsageError for a folder that holds something
    else.
    """
    from tribonian.ingest.sources.fetch import fetch as run
    from tribonian.ingest.sources.obtain import Network

    network = Network(
        date, allow_private, Path(cache) if cache else None, not no_cache, time_limit, renew=True
    )
    return run([os.fspath(source) for source in sources], Path(output), network, progress)


def profiles() -> tuple[Profile, ...]:
    """Industries and the regulations that govern them, each with citations that build takes."""
    from tribonian.ingest.sources.profiles import profiles as known

    return known()


def check(
    path: str | os.PathLike[str], *, max_tokens: int | None = None, tokenizer: str | None = None
) -> Verdict:
    """Say whether the service would take a file, or the files of a build.

    Raises UsageError if there is nothing to check.
    """
    from tribonian.consolidate.check import check as run

    return run(Path(path), max_tokens, tokenizer)


def designators(lines: Iterable[str]) -> list[tuple[str, str]]:
    """(path, paragraph) of each non-empty line; an empty line starts a new section."""
    from tribonian.ingest.probe import paths

    return list(paths(lines))


def review(
    build: str | os.PathLike[str],
    *,
    reviewer: str | None = None,
    port: int = 8017,
    open_browser: bool = False,
    say: Callable[[str], None] = print,
) -> None:
    """Serve a local page to accept, edit or reject pairs, until Ctrl-C; port 0 takes any.

    ``say`` is told the address. Raises UsageError where there is nothing to review.
    """
    from tribonian.align.review.serving import serve

    serve(Path(build), reviewer=reviewer, port=port, open_browser=open_browser, say=say)
