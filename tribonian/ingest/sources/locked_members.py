"""The lock file in an archive of a fetched folder: its dates hold for the members beside it.

A folder that was fetched and then packed to be sent on gives the same dates as the folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from tribonian.errors import DocumentError
from tribonian.ingest.sources.lock import CHANGED, LOCK, NOT_THERE, LockRow, lock_rows
from tribonian.ingest.sources.member_file import PIECE
from tribonian.ingest.sources.source import Source
from tribonian.ingest.sources.tars import TarMembers
from tribonian.ingest.sources.zips import ZipMembers
from tribonian.schemas.finding import Finding


def is_lock(name: str) -> bool:
    """Whether a member is the lock file of the archive, or of a folder that was packed."""
    above, _, last = name.rpartition("/")
    return last == LOCK and "/" not in above


def dated(
    rows: list[Source],
    archive: Source,
    members: ZipMembers | TarMembers,
    locks: Mapping[str, bytes],
) -> list[Source]:
    """The rows of an archive with their dates by the lock files in it, as in a folder.

    ``locks`` are those files by their names; ``members`` is the archive opened anew, since
    each document must be read to know whether it is still what was fetched.
    """
    locked: dict[str, LockRow] = {}
    out: list[Source] = []
    for name, data in sorted(locks.items()):
        try:
            above = name.removesuffix(LOCK)
            locked |= {above + row.file: row for row in lock_rows(data)}
        except DocumentError as error:
            out.append(_missing(archive, name, str(error)))
    there = {row.members[0]: row.place[0] for row in rows if row.place}
    sums = _sums(members, {there[name] for name in locked.keys() & there.keys()})
    out += [_missing(archive, name, NOT_THERE) for name in sorted(locked.keys() - there.keys())]
    for row in rows:
        known = locked.get(row.members[0]) if row.place else None
        if row.status != "ok" or known is None or row.place[0] not in sums:
            out.append(row)
        elif sums[row.place[0]] == known.sha256:
            out.append(replace(row, as_of=known.as_of))
        else:
            out.append(replace(row, findings=(Finding("changed-since-fetch", CHANGED),)))
    return out


def _missing(archive: Source, name: str, reason: str) -> Source:
    file = f"{archive.file}/{name}" if archive.file else ""
    return replace(
        archive, name=f"{archive.name}/{name}", status="failed", reason=reason, file=file,
        findings=(),
    )  # fmt: skip


def _sums(members: ZipMembers | TarMembers, numbers: Iterable[int]) -> dict[int, str]:
    """The SHA-256 of some members; none of one that cannot be read, which its reader will say."""
    sums: dict[int, str] = {}
    for number in sorted(numbers):
        sha256 = hashlib.sha256()
        try:
            file = members.open(number)
            while piece := file.read(PIECE):
                sha256.update(piece)
        except DocumentError:
            continue
        sums[number] = sha256.hexdigest()
    return sums
