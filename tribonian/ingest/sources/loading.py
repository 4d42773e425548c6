"""What a worker is handed to read: a source, and its bytes where it stands in an archive.

The members of a tar come out one after another, and each of the whole stream before them only
once: so one process reads an archive from its beginning to its end, hands each document on as
a reader is ready for it, and waits. It holds one document and no more; so does the process
that hands them on. Unpacking takes a small part of the time of reading (380 MB/s for gzip, 45
for bzip2, against 10 to 20 for law in XML), so that one such process feeds many readers. It
is bounded as a reader is: when it hangs or dies, the member in its hands has failed, and the
rest is read by another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import NamedTuple, overload

from tribonian.errors import DocumentError
from tribonian.ingest.isolation import Apart, Limits, Lost
from tribonian.ingest.sources.archive_kinds import FIRST, archive_kind, head_size
from tribonian.ingest.sources.archives import Members, opened_archive
from tribonian.ingest.sources.expansion import Expansion
from tribonian.ingest.sources.source import Source
from tribonian.ingest.sources.tars import PassedError
from tribonian.ingest.sources.wanted import open_file

GIVEN_UP_AFTER = 3  # members of one archive that hang or kill the process that reads them
GIVEN_UP = "Too many members of its archive could not be read, and it was given up."


class Loaded(NamedTuple):
    """A source to be read: ``data`` is the member of an archive, ``reason`` why there is none."""

    source: Source
    data: bytes | None = None
    reason: str | None = None


class Sources(Sequence[Loaded]):
    """Sources in the order in which they are best read, each loaded when it is asked for.

    Members of archives come first, then the files, the largest first, so that no large one is
    left over for the end. The members of a zip, which can be read in any order, are put in
    that order too; those of a tar stay as they stand. A context manager.
    """

    def __init__(
        self,
        found: Iterable[Source],
        limits: Limits,
        password: str | None = None,
        size_of: Callable[[Source], int] = lambda source: source.size or 0,
    ) -> None:
        archives: dict[str, list[Source]] = {}
        files: list[Source] = []
        for each in found:
            (archives.setdefault(str(each.path), []) if each.place else files).append(each)
        self.sources = [each for _, group in sorted(archives.items()) for each in _ordered(group)]
        self.sources += sorted(files, key=size_of, reverse=True)
        self._apart = Apart(partial(read_member, password=password), limits)
        self._lost: Counter[Path] = Counter()

    def __enter__(self) -> Sources:
        return self

    def __exit__(self, *_: object) -> None:
        self._apart.close()

    def __len__(self) -> int:
        return len(self.sources)

    @overload
    def __getitem__(self, at: int) -> Loaded: ...
    @overload
    def __getitem__(self, at: slice) -> list[Loaded]: ...
    def __getitem__(self, at: int | slice) -> Loaded | list[Loaded]:
        """One source, loaded; its archive is read up to there."""
        if isinstance(at, slice):
            return [self._loaded(source) for source in self.sources[at]]
        return self._loaded(self.sources[at])

    def _loaded(self, source: Source) -> Loaded:
        if not source.place:
            return Loaded(source)
        if self._lost[source.path] >= GIVEN_UP_AFTER:
            return Loaded(source, reason=GIVEN_UP)
        found = self._apart.ask(source)
        if isinstance(found, Lost):
            self._lost[source.path] += 1
            return Loaded(source, reason=found.reason)
        if isinstance(found, DocumentError):
            return Loaded(source, reason=str(found))
        return Loaded(source, found)


def _ordered(members: list[Source]) -> list[Source]:
    """The members of one archive in the order in which they are read.

    What is in one inner archive stays together, so that this is opened once.
    """
    sizes: Counter[int] = Counter()
    if _is_zip(members[0]):
        for each in members:
            sizes[each.place[0]] += each.size or 0
    return sorted(members, key=lambda each: (-sizes[each.place[0]], each.place))


def _is_zip(member: Source) -> bool:
    try:
        with open_file(member.path) as file:
            return file.read(2) == b"PK"
    except (DocumentError, OSError):  # which its reader will say
        return False


# -- in the process apart ------------------------------------------------------------------


def read_member(source: Source, password: str | None = None) -> bytes | DocumentError:
    """The bytes of a member; the archive stays open for the next one."""
    global _reader
    if _reader is None or _reader.path != source.path:
        if _reader is not None:
            _reader.close()
        _reader = _Reader(source.path, source.folder, password)
    try:
        return _reader.read(source)
    except DocumentError as error:
        return error


_reader: _Reader | None = None


class _Reader:
    """An archive that is read, and the archives in it down to the member in hand."""

    def __init__(self, path: Path, folder: Path | None, password: str | None) -> None:
        self.path = path
        self._folder = folder
        self._password = password
        self._closing = ExitStack()
        self._open: dict[tuple[int, ...], Members] = {}

    def close(self) -> None:
        """Close all that is open, to begin again."""
        self._open.clear()
        self._closing.close()

    def read(self, source: Source) -> bytes:
        """One member, whole."""
        try:
            return self._read(source)
        except PassedError:  # it stands before the one that was read last
            self.close()
            return self._read(source)

    def _read(self, source: Source) -> bytes:
        within = source.place[:-1]
        # what stands beside it has been read; a zip that is held in memory is let go
        self._open = {at: each for at, each in self._open.items() if within[: len(at)] == at}
        file = self._archive(source, len(within)).open(source.place[-1])
        try:
            return file.read()
        finally:
            file.close()

    def _archive(self, source: Source, depth: int) -> Members:
        """The archive that holds the member, or one around it, open."""
        place = source.place[:depth]
        found = self._open.get(place)
        if found is not None:
            return found
        if not depth:
            file = self._closing.enter_context(open_file(self.path, self._folder))
            head = file.read(FIRST)
            head += file.read(head_size(head) - FIRST)
            file.seek(0)
            members = opened_archive(
                file, archive_kind(head, source.file_name) or "zip", Expansion(), self._password
            )
        else:
            outer = self._archive(source, depth - 1)
            inner = outer.open(place[-1])
            head = inner.peek(head_size(inner.peek(FIRST)))
            kind = archive_kind(head, source.members[depth - 1]) or "zip"
            members = opened_archive(inner, kind, outer.expansion, self._password)
        self._open[place] = members
        return members
