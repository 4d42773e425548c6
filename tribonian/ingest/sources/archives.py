"""Documents in archives, read where they are: nothing is unpacked to disk.

An archive is read twice, each time from its beginning to its end: once for the list of its
members, here, and once for the documents among them, in the order in which they stand
(`loading`). Both happen in a process apart, within the limits for a document, because a
hostile archive can hang or fill the process that opens it: a header of a tar may claim a
gigabyte of comments, the directory of a zip have millions of lines, the dictionary of xz be
as large as the memory.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import BinaryIO

from tribonian.errors import DocumentError
from tribonian.ingest.formats import has_suffix
from tribonian.ingest.isolation import Limits, Lost, in_workers
from tribonian.ingest.sources.archive_kinds import (
    FIRST,
    archive_kind,
    head_size,
    is_document,
    packed_otherwise,
)
from tribonian.ingest.sources.expansion import NESTING_LIMIT, Expansion, SpentError
from tribonian.ingest.sources.locked_members import dated, is_lock
from tribonian.ingest.sources.member_file import FAULTS, Entry, MemberFile, why
from tribonian.ingest.sources.member_names import Names, inner_name
from tribonian.ingest.sources.passed_over import HIDDEN, is_passed_over
from tribonian.ingest.sources.source import Source
from tribonian.ingest.sources.tars import TarMembers
from tribonian.ingest.sources.wanted import open_file, why_no_document
from tribonian.ingest.sources.zips import ZipMembers

NOTHING = "The archive holds no document to read."
NOT_READ = "It is {}; unpack it and name the file or folder that was in it."
TOO_DEEP = (
    f"Archives are nested deeper than {NESTING_LIMIT}; unpack the outer ones and name a folder."
)
HEAD = 65 * 65_536  # bytes; what stands before the first element of XML may be long

Members = ZipMembers | TarMembers


def expanded(found: Sequence[Source], limits: Limits, password: str | None = None) -> list[Source]:
    """The sources with each archive replaced by its members, in the order of their names.

    What a member is called begins with the name of its archive. An archive that cannot be
    opened has failed, and so has one without a document.
    """
    archives = [at for at, source in enumerate(found) if is_archive(source)]
    if not archives:
        return list(found)
    members: dict[int, list[Source]] = {}
    work = partial(list_members, password=password)
    for number, result in in_workers(work, [found[at] for at in archives], 1, limits):
        source = found[archives[number]]
        if isinstance(result, Lost):
            result = [replace(source, status="failed", reason=result.reason)]
        members[archives[number]] = result
    return [each for at, source in enumerate(found) for each in members.get(at, [source])]


def is_archive(source: Source) -> bool:
    """Whether a source is an archive by its first bytes, or may be one, read or not."""
    if source.status != "ok" or source.place:
        return False
    try:
        with open_file(source.path) as file:  # of which nothing goes further from here
            if looks_like_archive(file, source.file_name):
                return True
            return packed_otherwise(file.read(FIRST)) is not None
    except (DocumentError, OSError):  # which its reader will say
        return False


def looks_like_archive(file: BinaryIO, name: str) -> bool:
    """Whether an open file is an archive by its first bytes; it is left at its start."""
    kind = _kind_of(file, name)
    file.seek(0)
    return kind is not None


def _kind_of(file: BinaryIO, name: str) -> str | None:
    head = file.read(FIRST)
    kind = archive_kind(head + file.read(head_size(head) - FIRST), name)
    if kind is None and name.lower().endswith(".zip") and _ends_as_zip(file, name):
        return "zip"
    return kind


def _ends_as_zip(file: BinaryIO, name: str) -> bool:
    """Whether a file that no reader knows is a zip with something before it."""
    file.seek(0)
    return why_no_document(file, name) is not None and zipfile.is_zipfile(file)


# -- the list of the members ---------------------------------------------------------------


def list_members(source: Source, password: str | None = None) -> list[Source]:
    """The members of an archive that are read, and those that are not with their reason."""
    try:
        with open_file(source.path, source.folder) as file:
            kind = _kind_of(file, source.file_name)
            file.seek(0)
            if kind is None and (told := packed_otherwise(file.read(FIRST))):
                raise DocumentError(NOT_READ.format(told))
            file.seek(0)
            members = opened_archive(file, kind or "zip", Expansion(), password)
            if _is_document(members):
                return [_by_itself(source, file)]
            lister = _Lister(password)
            lister.list(members, source)
            if lister.locks:
                file.seek(0)
                again = opened_archive(file, kind or "zip", Expansion(), password)
                lister.rows = dated(lister.rows, source, again, lister.locks)
    except DocumentError as error:
        return [replace(source, status="failed", reason=str(error))]
    except OSError:
        return [replace(source, status="failed", reason="It cannot be read.")]
    rows = sorted(lister.rows, key=lambda row: (row.name, row.place))
    names = Names()
    rows = [replace(row, name=names.once(row.name)) for row in rows]
    if source.findings:  # of the archive, so once
        first = next((at for at, row in enumerate(rows) if row.status == "ok"), None)
        if first is not None:
            findings = (*source.findings, *rows[first].findings)
            rows[first] = replace(rows[first], findings=findings)
    return rows


def opened_archive(
    file: BinaryIO | MemberFile, kind: str, expansion: Expansion, password: str | None
) -> Members:
    """An archive open at its first member; a zip in another archive is held in memory."""
    if kind != "zip":
        return TarMembers(file, kind, expansion)
    if isinstance(file, MemberFile):
        file = io.BytesIO(file.read())
    return ZipMembers(file, expansion, password)


def _is_document(members: Members) -> bool:
    return isinstance(members, ZipMembers) and is_document(members.names())


def _by_itself(source: Source, file: BinaryIO) -> Source:
    """A zip that is a document, as one of Word whose name has no suffix."""
    if source.folder is None:
        return source
    file.seek(0)
    reason = why_no_document(file, source.file_name)
    return replace(source, status="skipped", reason=reason) if reason else source


class _Lister:
    """The rows of an archive, those of the archives in it among them."""

    def __init__(self, password: str | None) -> None:
        self.rows: list[Source] = []
        self.locks: dict[str, bytes] = {}  # lock files of the outermost archive, by their names
        self._password = password

    def list(self, members: Members, archive: Source) -> None:
        """Add the rows of an archive's members; ``archive`` has its name and its place."""
        before = len(self.rows)
        names, hidden = Names(), set[str]()
        try:
            for entry in members:
                self._add(entry, members, archive, names, hidden)
        except SpentError as error:
            if archive.place:
                raise
            self._fail(archive, str(error))
            return
        except DocumentError as error:
            self._fail(archive, str(error))
            return
        except FAULTS as error:
            self._fail(archive, why(error))
            return
        if all(row.status == "skipped" for row in self.rows[before:]):
            self._fail(archive, NOTHING)

    def _fail(self, archive: Source, reason: str) -> None:
        self.rows.append(replace(archive, status="failed", reason=reason, findings=()))

    def _add(
        self, entry: Entry, members: Members, archive: Source, names: Names, hidden: set[str]
    ) -> None:
        """The row of one member, or the rows of what is in it."""
        name, leaves = inner_name(entry.name)
        if leaves is None and (top := _hidden_part(name)) is not None:
            if top not in hidden:  # once for a folder, as in a folder on disk
                hidden.add(top)
                self.rows.append(_member(archive, top, entry, "skipped", HIDDEN))
            return
        if entry.status == "folder" or (not name and entry.status == "skipped"):
            return
        name = names.once(name or "?")
        if leaves is not None or entry.status != "ok":
            status = "skipped" if leaves is not None else entry.status
            self.rows.append(_member(archive, name, entry, status, leaves or entry.reason))
            return
        member = _member(archive, name, entry)
        try:
            if not archive.place and is_lock(name):
                self.locks[name] = members.open(entry.number).read()
            else:
                self._look_into(members, member)
        except SpentError:
            self._fail(member, "It could not be read whole, because its archive is too large.")
            raise
        except DocumentError as error:
            self._fail(member, str(error))

    def _look_into(self, members: Members, member: Source) -> None:
        file = members.open(member.place[-1])
        name = member.members[-1]
        head = file.peek(head_size(file.peek(FIRST)))
        kind = archive_kind(head, name)
        if kind is None:
            self._document(member, file)
        elif len(member.place) >= NESTING_LIMIT:
            self._fail(member, TOO_DEEP)
        else:
            inner = opened_archive(file, kind, members.expansion, self._password)
            if isinstance(inner, ZipMembers) and _is_document(inner):
                self._document(member, inner.file)
            else:
                self.list(inner, member)

    def _document(self, member: Source, file: BinaryIO | MemberFile) -> None:
        """The row of a member that is no archive."""
        name = member.members[-1]
        if not has_suffix(name):
            seen = io.BytesIO(file.peek(HEAD)) if isinstance(file, MemberFile) else file
            seen.seek(0)
            reason = why_no_document(seen, name)
            if reason is not None:
                member = replace(member, status="skipped", reason=reason)
        self.rows.append(member)


def _hidden_part(name: str) -> str | None:
    """The path down to the first folder or file that is passed over."""
    parts = name.split("/")
    at = next((at for at, part in enumerate(parts) if is_passed_over(part)), None)
    return None if at is None else "/".join(parts[: at + 1])


def _member(
    archive: Source, name: str, entry: Entry, status: str = "ok", reason: str | None = None
) -> Source:
    """A member as a source: its name goes on where that of the archive ends."""
    return Source(
        f"{archive.name}/{name}",
        archive.path,
        status,
        reason,
        members=(*archive.members, name),
        file=f"{archive.file}/{name}" if archive.file else "",
        as_of=archive.as_of,
        folder=archive.folder,
        place=(*archive.place, entry.number),
        size=entry.size,
    )
