"""From everything that the user names to the documents to be read, each once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tribonian.errors import DocumentError
from tribonian.ingest.sources.asked import OfDisk, what_is_named
from tribonian.ingest.sources.folders import find_sources
from tribonian.ingest.sources.obtain import Network, Progress, fetching
from tribonian.ingest.sources.obtained import Missed, Obtained, PassedOver
from tribonian.ingest.sources.source import Source

NOWHERE = Path(os.devnull)  # where the file of a source would be that could not be had


@contextmanager
def sources_of(
    given: Sequence[str],
    output: Path | None = None,
    network: Network | None = None,
    progress: Progress | None = None,
) -> Iterator[list[Source]]:
    """All documents that the arguments come to; their files stay while the context is open.

    ``output`` is where the build goes: it is no source of itself. Nothing is sent where
    every argument is a file or a folder. UsageError for a date that is none.
    """
    network = network or Network()
    network.check()
    if given and all(os.path.lexists(text) for text in given):
        yield find_sources(given, output)  # and nothing of the network is loaded
        return
    from tribonian.ingest.ecfr.addresses import Bases

    bases = Bases.from_environment()
    named = what_is_named(given, bases)
    local = find_sources([each.text for each in named if isinstance(each, OfDisk)], output)
    with fetching(named, network, bases, progress) as results:
        yield local + _fetched(results)


@contextmanager
def only_source(given: str | os.PathLike[str], network: Network) -> Iterator[Source]:
    """The one document that an argument comes to; DocumentError if it is none or several.

    An archive is one document here; a folder is none.
    """
    text = os.fspath(given)
    if text.strip() and Path(text).is_dir():
        raise DocumentError("It is a folder; name one document in it, or build it.")
    with sources_of([text], None, network) as found:
        good = [each for each in found if each.status == "ok"]
        for each in found:
            if each.status == "failed":
                raise DocumentError(each.reason or "")
        if len(good) > 1:
            raise DocumentError(
                f"It names {len(good):,} documents, {good[0].name} and others; name one of them, "
                "or build it."
            )
        if not good:
            raise DocumentError(found[0].reason or "" if found else "There is no such document.")
        yield good[0]


def _fetched(results: Sequence[Obtained | Missed | PassedOver]) -> list[Source]:
    from tribonian.ingest.sources.fetch import placed

    obtained = [each for each in results if isinstance(each, Obtained)]
    out: list[Source] = []
    for file, group in placed(obtained).items():
        first = min(group, key=lambda each: (each.name != each.asked, each.name))
        source = Source(
            first.name, first.path, file=file, as_of=first.as_of, findings=first.findings
        )
        out.append(source)
    for each in results:
        if isinstance(each, Missed):
            out.append(Source(each.name, NOWHERE, "failed", each.reason))
        elif isinstance(each, PassedOver):
            out.append(Source(each.name, NOWHERE, "skipped", each.reason))
    return out
