"""Objects in stores that fsspec knows: one, or everything below a prefix, whole on disk.

What is kept from an earlier run is not fetched again while the store's mark of it (ETag,
generation, time of the last change) and its size are the same.
"""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, BinaryIO

from tribonian.errors import DocumentError, TribonianError
from tribonian.ingest.formats import HEAD, has_suffix
from tribonian.ingest.sources.archive_kinds import archive_kind, head_size
from tribonian.ingest.sources.listing import (
    StoredObject,
    is_asynchronous,
    mark_of,
    objects_below,
    stored_object,
)
from tribonian.ingest.sources.obtained import Missed, Obtained, PassedOver
from tribonian.ingest.sources.store_errors import sentence_for
from tribonian.ingest.sources.stores import is_anonymous, scheme_of, store_at, without_user
from tribonian.ingest.sources.wanted import why_no_document
from tribonian.ingest.web.address import user_of
from tribonian.ingest.web.answer import Answer
from tribonian.ingest.web.waiting import TimeLimit, aside

if TYPE_CHECKING:
    from tribonian.ingest.web.client import Web

MOST_BYTES = 1 << 30
AT_ONCE = 4
_BLOCK = 8 * 1024 * 1024  # of one request to a store that is read in pieces
_CHUNK = 1024 * 1024

Result = Obtained | Missed | PassedOver


def objects(web: Web, url: str, asked: str) -> list[Result]:
    """The object at an address, or all documents below it, in the order of their names.

    What fails alone is Missed, what is hidden or read by nobody is PassedOver. DocumentError
    where the store cannot be opened or listed, or holds nothing there. The packages of the
    stores cannot be interrupted: after `Web.stop` what they are waiting for is left to them.
    """
    web.open_cache().prepare()
    limit = web.until_stopped(without_user(url))
    return aside(lambda: _objects(web, url, asked), limit)


def _objects(web: Web, url: str, asked: str) -> list[Result]:
    with store_at(url, allow_private=web.allow_private, resolve=web.resolve) as (store, path):
        return _Bucket(web, store, asked, without_user(url), user_of(url)).below(path)


class _Bucket:
    def __init__(self, web: Web, store: Any, asked: str, shown: str, user: str) -> None:
        self.cache = web.open_cache()
        self.limit = web.time_limit
        self.store = store
        self.asked = asked
        self.shown = shown
        self.user = user

    def below(self, path: str) -> list[Result]:
        """Everything at a path of the store, sorted by its name."""
        info = self.store.info(path)
        if info["type"] != "directory" and not self.shown.endswith("/"):
            name = self.shown.rpartition("/")[2]
            return [self._obtained(stored_object(path, self.shown, name, info))]
        found: dict[str, Result] = {}
        wanted = []
        for each in objects_below(self.store, path, self.shown, self.asked):
            if isinstance(each, StoredObject):
                wanted.append(each)
            else:
                found.setdefault(each.name, each)
        if is_asynchronous(self.store):  # the others have one connection
            with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="bucket") as pool:
                results = list(pool.map(self._result, wanted))
        else:
            results = [self._result(each) for each in wanted]
        found.update((each.name, result) for each, result in zip(wanted, results, strict=True))
        if not any(isinstance(each, Obtained | Missed) for each in found.values()):
            found[self.shown] = Missed(
                self.asked, self.shown, f"{self.shown} holds no document to read."
            )
        return [found[name] for name in sorted(found)]

    def _result(self, each: StoredObject) -> Result:
        try:
            reason = self._why_not(each)
            return PassedOver(self.asked, each.name, reason) if reason else self._obtained(each)
        except DocumentError as error:
            return Missed(self.asked, each.name, str(error))
        except TribonianError:  # the cache cannot be written
            raise
        except Exception as error:  # any, of any store
            sentence = sentence_for(error, each.name, is_anonymous(self.store))
            return Missed(self.asked, each.name, sentence)

    def _why_not(self, each: StoredObject) -> str | None:
        """Why no reader takes an object, by its name, else by its first bytes."""
        name = each.name.rpartition("/")[2]
        if has_suffix(name):
            return None
        answer = self._kept(each)
        if answer is not None:
            with answer.path.open("rb") as file:
                return _why_neither(file, name)
        if scheme_of(self.shown) == "ftp":  # which cannot give the first bytes alone
            with self._fetched(each).path.open("rb") as file:
                return _why_neither(file, name)
        first = self._first_bytes(each, HEAD)
        if head_size(first) > HEAD:
            first = self._first_bytes(each, head_size(first))
        if first.startswith(b"PK") and "." not in name and len(first) < each.size:
            with self._fetched(each).path.open("rb") as file:  # what is in it stands at its end
                return _why_neither(file, name)
        return _why_neither(io.BytesIO(first), name)

    def _first_bytes(self, each: StoredObject, count: int) -> bytes:
        if not each.size:
            return b""
        first = self.store.cat_file(each.path, start=0, end=min(each.size, count))
        return bytes(first)

    def _obtained(self, each: StoredObject) -> Obtained:
        answer = self._kept(each) or self._fetched(each)
        return Obtained(
            asked=self.asked,
            name=each.name,
            url=each.name,
            path=answer.path,
            file=each.file,
            sha256=answer.sha256,
            bytes=answer.bytes,
            etag=_etag(answer.etag),
        )

    def _kept(self, each: StoredObject) -> Answer | None:
        if each.mark is None:
            return None
        answer = self.cache.find(_key(each, self.user))
        same = answer is not None and (answer.etag, answer.bytes) == (each.mark, each.size)
        return answer if same else None

    def _fetched(self, each: StoredObject) -> Answer:
        if each.size > MOST_BYTES:
            raise DocumentError(f"{each.name} is larger than {MOST_BYTES:,} bytes.")
        limit = self.limit(each.name)
        with self.cache.writing() as partial:
            sink = _Sink(partial.file, limit, each.name)
            try:
                mark, size = self._copy(each, sink)
            except TribonianError:
                raise
            except Exception as error:  # any, of any store; what the disk says is the cache's
                if error is sink.error:
                    raise
                sentence = sentence_for(error, each.name, is_anonymous(self.store))
                raise DocumentError(sentence) from error
            if sink.bytes != size:
                raise DocumentError(f"{each.name} changed while it was fetched; try again.")
            answer = Answer(
                url=each.name, found=each.name, path=partial.path, bytes=sink.bytes,
                sha256=sink.sha256.hexdigest(), etag=mark,
            )  # fmt: skip
            return self.cache.keep(_key(each, self.user), answer, partial)

    def _copy(self, each: StoredObject, sink: _Sink) -> tuple[str | None, int]:
        """Write an object into a sink; its mark and size as they were when it was opened."""
        if scheme_of(self.shown) == "ftp":  # whose files, once open, begin anew with each piece
            self.store.get_file(each.path, sink)
            return each.mark, each.size
        options = {"block_size": _BLOCK} if is_asynchronous(self.store) else {}
        with self.store.open(each.path, "rb", **options) as body:
            known = getattr(body, "details", None)
            known = known if isinstance(known, dict) else {}
            while chunk := body.read(_CHUNK):
                sink.write(chunk)
        return mark_of(known) or each.mark, int(known.get("size") or each.size)


class _Sink:
    """A file that is written to, counted and hashed on the way, no longer than is allowed."""

    def __init__(self, file: BinaryIO, limit: TimeLimit, name: str) -> None:
        self.file = file
        self.limit = limit
        self.name = name
        self.bytes = 0
        self.error: OSError | None = None
        self.sha256 = hashlib.sha256()

    def write(self, chunk: bytes) -> int:
        """Write a piece; DocumentError where it is one too many, or the time is over."""
        self.limit.left()
        self.bytes += len(chunk)
        if self.bytes > MOST_BYTES:
            raise DocumentError(f"{self.name} is larger than {MOST_BYTES:,} bytes.")
        self.sha256.update(chunk)
        try:
            return self.file.write(chunk)
        except OSError as error:
            self.error = error
            raise

    # fsspec takes for a file what has these as well

    def read(self) -> bytes:
        """Nothing: it is for writing."""
        raise io.UnsupportedOperation("read")

    def tell(self) -> int:
        """The bytes written."""
        return self.bytes

    def close(self) -> None:
        """Leave the file open for who opened it."""


def _why_neither(file: BinaryIO, name: str) -> str | None:
    """Why a file is no document and no archive; None if it is one."""
    first = file.read(head_size(b"BZh"))
    file.seek(0)
    return None if archive_kind(first, name) else why_no_document(file, name)


def _etag(mark: str | None) -> str | None:
    kind, _, value = (mark or "").partition(" ")
    return value if kind == "etag" else None


def _key(each: StoredObject, user: str) -> str:
    """The name under which an object is kept: one user of a server may see other files."""
    return hashlib.sha256(
        f"bucket {user}\n{each.name}".encode("utf-8", "surrogatepass")
    ).hexdigest()
