"""What lies below an address of a store: its objects, and what nobody means by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tribonian.ingest.sources.obtained import Missed, PassedOver
from tribonian.ingest.sources.passed_over import HIDDEN, is_passed_over

_DEEPEST = 64  # folders in folders, where a store may lead in a circle

# What a store says to tell one content of an object from another, the surest first.
_MARKS = ("ETag", "etag", "generation", "md5Hash", "content_md5", "mtime", "modify",
          "LastModified", "last_modified", "updated", "created")  # fmt: skip
# Objects of no size by which programs remember folders: of Hadoop, and of others.
_FOLDER_MARK = re.compile(r"/$|_\$folder\$$")


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object of a store.

    ``path`` is where it is in the store, ``name`` what the manifest calls it, ``file`` its
    path below a fetched folder; ``mark`` is by what the store tells its content from another.
    """

    path: str
    name: str
    file: str
    size: int
    mark: str | None


def stored_object(path: str, name: str, file: str, info: dict[str, Any]) -> StoredObject:
    """An object by what its store knows of it."""
    return StoredObject(path, name, file, int(info.get("size") or 0), mark_of(info))


def mark_of(info: dict[str, Any]) -> str | None:
    """By what the store tells one content of an object from another; None where by nothing."""
    for name in _MARKS:
        value = info.get(name)
        if value:
            return f"{name.lower()} {value}"
    return None


def objects_below(
    store: Any, path: str, shown: str, asked: str
) -> Iterator[StoredObject | Missed | PassedOver]:
    """Every object below a path, and every folder that cannot be listed, in no order.

    ``shown`` is the address of the path: the names in the manifest begin with it.
    """
    base = shown.rstrip("/")
    top = base.rpartition("/")[2]
    for inner, info in _walk(store, path):
        if info is None:
            sentence = f"The folder {base}/{inner} cannot be listed; ask for it by itself."
            yield Missed(asked, f"{base}/{inner}/", sentence)
        elif hidden := _hidden_part(inner):
            yield PassedOver(asked, f"{base}/{hidden}", HIDDEN)
        elif inner and not _FOLDER_MARK.search(inner):
            if info.get("islink") or info["type"] != "file":
                yield PassedOver(asked, f"{base}/{inner}", "It is a link or no regular file.")
            else:
                yield stored_object(info["name"], f"{base}/{inner}", f"{top}/{inner}", info)


def is_asynchronous(store: Any) -> bool:
    """Whether a store takes several requests at once, as those over HTTP do."""
    from fsspec.asyn import AsyncFileSystem

    return isinstance(store, AsyncFileSystem)


def _lists_flat(store: Any) -> bool:
    """Whether a store lists all below a prefix at once, as object stores do.

    A walk through folders would lose keys with an empty name in them: ``sops//a.txt``.
    """
    from fsspec.asyn import AsyncFileSystem

    return is_asynchronous(store) and type(store)._find is not AsyncFileSystem._find


def _walk(store: Any, path: str) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Name below the path and what is known of it; None for a folder that is not listed."""
    if _lists_flat(store):
        for name, info in store.find(path, detail=True).items():
            yield _inner(path, name), info
    else:
        yield from _walk_folders(store, path, path, 0)


def _walk_folders(
    store: Any, top: str, path: str, depth: int
) -> Iterator[tuple[str, dict[str, Any] | None]]:
    if depth > _DEEPEST:
        yield _inner(top, path), None
        return
    try:
        infos = store.ls(path, detail=True)
    except Exception:  # any, of any store
        if depth == 0:
            raise
        yield _inner(top, path), None
        return
    for info in infos:
        inner = _inner(top, info["name"])
        if info["type"] != "directory" or info.get("islink") or _hidden_part(inner):
            yield inner, info
        elif info["name"].rstrip("/") != path.rstrip("/"):
            yield from _walk_folders(store, top, info["name"], depth + 1)


def _inner(path: str, name: str) -> str:
    """What is below a path in the name of an object."""
    top = path.rstrip("/")
    return name[len(top) + 1 :] if name.startswith(top + "/") else name


def _hidden_part(inner: str) -> str | None:
    """The path down to the first name that is passed over; None where there is none."""
    parts = inner.split("/")
    for count, part in enumerate(parts, 1):
        if part not in ("", ".", "..") and is_passed_over(part):
            return "/".join(parts[:count])
    return None
