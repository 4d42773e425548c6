"""Answers on disk: whole ones only, found again by their address.

    web-1/answers/KEY.json    what is known of an answer
    web-1/bodies/SHA256       its body; answers with the same bytes share it
    web-1/partial/…           what is being written

Everything appears by a rename, so that processes at once, and one that is killed, do no harm.
Bodies are never changed and never removed: another process may be reading one.
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tribonian.errors import TribonianError
from tribonian.ingest.web.address import sealed
from tribonian.ingest.web.answer import Answer
from tribonian.ingest.web.partial import Partial, partial_file, put_in_place, sweep

FORMAT = "web-1"  # a cache of another format is another folder


def default_cache() -> Path:
    """The folder of this user in which programs keep what they can get again."""
    from platformdirs import user_cache_path

    return user_cache_path("tribonian", appauthor=False)


def key_of(url: str, accept: str) -> str:
    """The name under which the answer to an address is kept; it does not tell the address."""
    return hashlib.sha256(f"{accept}\n{url}".encode()).hexdigest()


class Cache:
    """Answers below a folder. Raises TribonianError if that cannot be written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._home = folder / FORMAT
        self._is_ready = False

    def find(self, key: str) -> Answer | None:
        """The answer that is kept, read through and whole; None where there is none.

        Its addresses are `sealed`, where they have a query with what may be a key.
        """
        try:
            known = json.loads((self._home / "answers" / f"{key}.json").read_bytes())
            answer = _from_json(known, self._home / "bodies")
            if answer.path.stat().st_size != answer.bytes:
                return None
            with answer.path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        return replace(answer, changed=False) if found == answer.sha256 else None

    @contextmanager
    def writing(self) -> Iterator[Partial]:
        """A file into which a body can be written; gone at the end unless it is kept."""
        self.prepare()
        with self._told(), partial_file(self._home / "partial") as partial:
            yield partial

    def keep(self, key: str, answer: Answer, partial: Partial) -> Answer:
        """Keep an answer whose body is in a partial file; returns it with its lasting path."""
        body = self._home / "bodies" / answer.sha256
        with self._told():
            try:
                put_in_place(partial, body)
            except PermissionError:  # Windows, and another process reads the same body
                if not body.is_file():
                    raise
            kept = replace(answer, path=body)
            with partial_file(self._home / "partial") as about:
                about.file.write(_to_json(kept))
                put_in_place(about, self._home / "answers" / f"{key}.json")
        return kept

    def prepare(self) -> None:
        """Make sure, before anything is asked for, that it could be kept."""
        if self._is_ready:
            return
        with self._told():
            for name in ("answers", "bodies", "partial"):
                (self._home / name).mkdir(parents=True, exist_ok=True, mode=0o700)
            sweep(self._home / "partial")
            with partial_file(self._home / "partial"):
                self._is_ready = True

    def _told(self) -> AbstractContextManager[None]:
        return _told(self._folder)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            why = "there is no space left"
        else:
            why = (error.strerror or "it cannot be used").lower()
        raise TribonianError(
            f"The cache folder {folder} cannot be written ({why}); "
            "name another with --cache, or give --no-cache."
        ) from error


def _to_json(answer: Answer) -> bytes:
    known = asdict(answer) | {"url": sealed(answer.url), "found": sealed(answer.found)}
    del known["path"], known["changed"]
    return json.dumps(known, indent=1, ensure_ascii=False).encode(errors="replace")


_TYPES: dict[str, type | tuple[type, ...]] = {
    "url": str,
    "found": str,
    "sha256": str,
    "bytes": int,
    "media_type": str,
    "file_name": (str, type(None)),
    "etag": (str, type(None)),
    "last_modified": (str, type(None)),
}


def _from_json(known: Any, bodies: Path) -> Answer:
    if any(not isinstance(known[name], kind) for name, kind in _TYPES.items()):
        raise TypeError
    sha256 = known["sha256"]
    if len(sha256) != 64 or not sha256.isalnum():  # it becomes a path
        raise ValueError
    return Answer(path=bodies / sha256, **{name: known[name] for name in _TYPES})
