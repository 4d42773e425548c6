"""The journal of a build folder: every step of every run, before and after it happens.

JSON lines ``{"run", "step", "state": "begin" | "done" | "failed", "time", …}``, appended in one
write that is flushed to the disk before the step goes on. After a kill the last line may be torn:
it is passed over in reading and cut off by the next process that works. The key never stands
there: not in the service's own words, nor, where it is no word that other texts may hold by
chance, in any other value.
"""

from __future__ import annotations

import calendar
import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock, Timeout

from tribonian.align.places import Places
from tribonian.errors import TribonianError, UsageError

STATES = ("begin", "done", "failed")
_OURS = frozenset(("run", "step", "state", "time"))
_FREE = frozenset(("reason", "reasons", "message"))  # what the service says in its own words
Line = dict[str, Any]


class BusyError(TribonianError):
    """Another process works on the same folder."""


def read_journal(places: Places) -> list[Line]:
    """All lines in their order; [] where there is no journal, UsageError for a damaged one.

    What a kill left of a last line is passed over.
    """
    try:
        data = places.journal.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UsageError(f"{places.journal} cannot be read ({error.strerror}).") from None
    return [line for line, _ in _lines(data, places.journal)]


def _lines(data: bytes, path: Path) -> Iterator[tuple[Line, int]]:
    """Each line with the offset behind it; a last one that was torn is left out."""
    start = 0
    for number, raw in enumerate(data.splitlines(keepends=True), 1):
        end = start + len(raw)
        line = _line(raw) if raw.endswith(b"\n") else None
        if line is not None:
            yield line, end
        elif data[end:].strip(b"\0\r\n "):  # a disk that lost power may leave zeros behind
            raise UsageError(
                f"{path} is damaged in line {number}; remove that line, and what it recorded is "
                "looked up at the service again."
            )
        start = end


def _line(raw: bytes) -> Line | None:
    try:
        line = orjson.loads(raw)
    except ValueError:
        return None
    if not isinstance(line, dict):
        return None
    named = isinstance(line.get("run"), str) and isinstance(line.get("step"), str)
    return line if named and line.get("state") in STATES else None


class Journal:
    """The journal while a process works on its folder; safe to write to from several threads."""

    def __init__(
        self, places: Places, mask: Callable[[str], str], *, thorough: bool = True
    ) -> None:
        self.places = places
        self.lines: list[Line] = []
        self._mask = mask
        self._thorough = thorough
        self._writing = threading.Lock()
        self._file = -1

    def open(self, *, alone: bool = True) -> None:
        """Read what is there and make ready to append.

        ``alone`` is whether this process holds the lock: only then may a torn line be cut off.
        """
        path = self.places.journal
        there = path.exists()
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        try:
            path.parent.mkdir(exist_ok=True)
            self._file = os.open(path, flags, 0o644)
            if not there:
                flush_folder(path.parent)
                flush_folder(path.parent.parent)
            data = path.read_bytes()
        except OSError as error:
            raise UsageError(f"{path} cannot be written ({error.strerror}).") from None
        end = 0
        for line, end in _lines(data, path):  # noqa: B007 - the offset behind the last one
            self.lines.append(line)
        if alone and end < len(data):
            os.ftruncate(self._file, end)

    def close(self) -> None:
        """Let go of the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def write(self, run: str, step: str, state: str, **facts: object) -> Line:
        """Append a line and return it once it is on the disk."""
        line = {"run": run, "step": step, "state": state, "time": _now(), **facts}
        data = orjson.dumps({name: self._hushed(name, each) for name, each in line.items()}) + b"\n"
        with self._writing:
            if self._file < 0:  # a thread that was left behind by an interrupt
                raise TribonianError("The journal is closed; run again, and it goes on from here.")
            size = os.fstat(self._file).st_size
            try:
                if os.write(self._file, data) < len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(self._file)
            except OSError as error:
                with suppress(OSError):
                    os.ftruncate(self._file, size)
                raise TribonianError(
                    f"{self.places.journal} cannot be written ({error.strerror}); mend that and "
                    "run again, and it goes on from here."
                ) from None
            self.lines.append(line)
        return line

    def _hushed(self, name: str, value: object) -> object:
        """A value without the key: texts alone, and never what they are called."""
        if isinstance(value, str):
            if name in _FREE:
                return self._mask(value)
            if name in _OURS or not self._thorough:
                return value
            # Free text may have been cut off in the middle of the key; a name was not.
            return self._mask(f"{value}\n").removesuffix("\n")
        if isinstance(value, (list, tuple)):
            return [self._hushed(name, each) for each in value]
        if isinstance(value, dict):
            return {inner: self._hushed(name, each) for inner, each in value.items()}
        return value


def _now() -> str:
    seconds = time.time()
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int(seconds * 1000) % 1000:03d}Z"


def age(line: Line) -> float:
    """Seconds since a line was written, never below 0; a clock that was set back is no matter."""
    try:
        head, _, rest = str(line["time"]).partition(".")
        there = time.strptime(head.rstrip("Z"), "%Y-%m-%dT%H:%M:%S")
        then = calendar.timegm(there) + float(f"0.{rest.rstrip('Z') or 0}")
    except (KeyError, ValueError):
        return 0.0
    return max(0.0, time.time() - then)


def flush_folder(folder: Path) -> None:
    """Make a file that was created or renamed in a folder outlast a loss of power."""
    if os.name == "nt":  # folders cannot be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def working(
    places: Places, mask: Callable[[str], str], *, thorough: bool = True
) -> Iterator[Journal]:
    """The journal, with this process alone at work on the folder.

    ``mask`` takes the key out of the service's own words, and, with ``thorough``, out of every
    other value. Raises BusyError, one sentence, where another one is.
    """
    if not places.build.is_dir():
        raise UsageError(f"{places.build} is no folder; name one that build wrote.")
    try:
        places.align.mkdir(exist_ok=True)
        lock = FileLock(places.align / ".lock", timeout=0, thread_local=False)
        lock.acquire()
    except Timeout:
        raise BusyError(
            f"Another process works on {places.build}; wait until it has ended, or look with: "
            f"tribonian align status {places.build}"
        ) from None
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or "this disk knows no locks"
        raise UsageError(f"{places.align} cannot be written ({reason}).") from None
    journal = Journal(places, mask, thorough=thorough)
    try:
        journal.open()
        _clear_away(places)
        yield journal
    finally:
        journal.close()
        lock.release()


# The files that are written aside by whoever holds the lock.
_ASIDE = ("received-", "sent-", "upload-", "pairs.", "rejects.", "coverage.", "report.")


def _clear_away(places: Places) -> None:
    """Remove what a killed process had half written beside its place."""
    for path in places.align.glob(".*.part"):
        if path.name[1:].startswith(_ASIDE):
            with suppress(OSError):
                path.unlink()


@dataclass(slots=True)
class Record:
    """What the journal says of one run, and where more is written of it.

    Keys of ``done`` and ``begun`` are ``step`` or ``step:part``, where a step happens once for
    each part (a form of upload, a file that is received).
    """

    journal: Journal
    run: str
    done_lines: dict[str, Line] = field(default_factory=dict)
    begun_lines: dict[str, Line] = field(default_factory=dict)
    failed_lines: dict[str, Line] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)  # sent at least once without a known end
    first: Line | None = None  # what was asked for

    def done(self, step: str, part: object = None) -> Line | None:
        """The line that says that a step is done."""
        return self.done_lines.get(_key(step, part))

    def begun(self, step: str, part: object = None) -> Line | None:
        """The line with which a step began of which nobody knows the end."""
        return self.begun_lines.get(_key(step, part))

    def failed(self, step: str, part: object = None) -> Line | None:
        """The line that says that a step failed and was neither begun nor done since."""
        return self.failed_lines.get(_key(step, part))

    def write(self, step: str, state: str, **facts: object) -> Line:
        """Append a line of this run."""
        line = self.journal.write(self.run, step, state, **facts)
        take(self, line)
        return line


def _key(step: str, part: object = None) -> str:
    return step if part is None else f"{step}:{part}"


def take(record: Record, line: Line) -> None:
    """Let a line tell what it tells of a run."""
    key = _key(line["step"], line.get("part"))
    if line["state"] == "failed":
        record.failed_lines[key] = line
        if line.get("uncertain"):
            record.unsure.add(key)
        elif key not in record.unsure:  # that this request failed says nothing of the one before
            record.begun_lines.pop(key, None)
        return
    record.failed_lines.pop(key, None)
    if line["state"] == "begin":
        if key in record.begun_lines:  # a process before was killed in it
            record.unsure.add(key)
        record.begun_lines[key] = line
        if line["step"] == "run" and record.first is None:
            record.first = line
    else:
        record.done_lines[key] = line
        record.begun_lines.pop(key, None)
        record.unsure.discard(key)
        if line["step"] == "detach":
            record.done_lines.pop(_key("attach", line.get("part")), None)


def records(journal: Journal, lines: list[Line] | None = None) -> dict[str, Record]:
    """All runs of a journal in the order in which they began."""
    found: dict[str, Record] = {}
    for line in journal.lines if lines is None else lines:
        record = found.setdefault(line["run"], Record(journal, line["run"]))
        take(record, line)
    return found
