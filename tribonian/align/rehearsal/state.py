"""What the service keeps: objects, one JSON file each, and the contents of files.

Everything is written aside and renamed, so that a server that is killed goes on where it was.
Times are counted, one second a change: what is kept does not depend on when.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

Object = dict[str, Any]
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def stamp(number: int) -> str:
    """The time of the change of this number, as the service writes times."""
    return (_BEGIN + timedelta(seconds=number)).isoformat().replace("+00:00", "Z")


def named(prefix: str, number: int, content: str) -> str:
    """An id that only its place and content decide: ``dj-5f0c…-…``."""
    digest = hashlib.sha256(f"{prefix}\n{number}\n{content}".encode()).hexdigest()
    parts = (digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32])
    return f"{prefix}-{'-'.join(parts)}"


class State:
    """The objects and contents below one folder; hold ``lock`` while several belong together.

    An object is a dict that can be JSON. Keys that begin with ``_`` are the rehearsal's own and
    are never shown: ``_kind``, ``_team``, ``_number``, ``_deleted``, …
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.RLock()
        self._objects: dict[str, Object] = {}
        self._number: int = 0  # of the last change
        self._parts = 0
        for place in (self._kept, self.contents, self.incoming):
            place.mkdir(parents=True, exist_ok=True)
        self._clear_away()
        for path in self._kept.glob("*.json"):
            kept = orjson.loads(path.read_bytes())
            self._objects[path.stem] = kept
            self._number = max(self._number, int(kept["_changed"]))

    @property
    def _kept(self) -> Path:
        return self.folder / "objects"

    @property
    def contents(self) -> Path:
        """The contents of files, by id."""
        return self.folder / "contents"

    @property
    def incoming(self) -> Path:
        """Bodies while they come in; what stands here at the start was cut off."""
        return self.folder / "incoming"

    def _clear_away(self) -> None:
        for path in self.incoming.iterdir():
            path.unlink()
        for path in self._kept.glob("*.part"):
            path.unlink()

    def aside(self) -> Path:
        """A new name in ``incoming``."""
        with self.lock:
            self._parts += 1
            return self.incoming / f"{self._parts}.part"

    def tick(self) -> int:
        """The number of the next change."""
        with self.lock:
            self._number += 1
            return self._number

    def add(
        self,
        kind: str,
        prefix: str,
        content: str,
        team: str,
        values: Object,
        body: Path | None = None,
    ) -> Object:
        """A new object of a team, written: its id comes from the place and ``content``.

        ``body`` is a whole file in ``incoming``, which becomes the object's content.
        """
        with self.lock:
            number = self.tick()
            name = str(self._next(kind)) if prefix == "" else named(prefix, number, content)
            made = {"id": int(name) if prefix == "" else name, **values}
            made |= {"_kind": kind, "_team": team, "_number": number, "_deleted": False}
            made["_name"] = f"{kind}-{name}" if prefix == "" else name
            made.setdefault("created_at", stamp(number))
            if body is not None:  # first the content: an object never lacks it
                body.replace(self.content(name))
            self.put(made, number)
            return made

    def _next(self, kind: str) -> int:
        return 1 + len([each for each in self._objects.values() if each["_kind"] == kind])

    def put(self, changed: Object, number: int | None = None) -> None:
        """Write an object that was changed."""
        with self.lock:
            changed["_changed"] = self.tick() if number is None else number
            path = self._kept / f"{changed['_name']}.json"
            aside = path.with_suffix(".part")
            aside.write_bytes(orjson.dumps(changed))
            aside.replace(path)
            self._objects[changed["_name"]] = changed

    def get(self, kind: str, name: str, team: str) -> Object | None:
        """An object of a team; None for one that is not there, was deleted or is another's."""
        found = self._objects.get(f"{kind}-{name}" if kind == "project" else name)
        if found is None or found["_kind"] != kind or found["_team"] != team or found["_deleted"]:
            return None
        return found

    def all(self, kind: str, team: str | None = None) -> list[Object]:
        """The objects of a kind, oldest first; with ``team`` those there are for it."""
        with self.lock:
            found = [each for each in self._objects.values() if each["_kind"] == kind]
        if team is not None:
            found = [each for each in found if each["_team"] == team and not each["_deleted"]]
        return sorted(found, key=lambda each: int(each["_number"]))

    def content(self, name: str) -> Path:
        """Where the content of a file stands."""
        return self.contents / name


def shown(kept: Object) -> Object:
    """An object without what is the rehearsal's own."""
    return {key: value for key, value in kept.items() if not key.startswith("_")}


def remove(folder: Path) -> None:
    """Forget everything that a service kept."""
    shutil.rmtree(folder, ignore_errors=True)


def pieces(path: Path, size: int = 1 << 16) -> Iterator[bytes]:
    """A file's bytes, piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(size):
            yield piece
