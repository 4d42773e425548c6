"""Stores of objects that fsspec knows: which are opened, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tribonian.errors import DocumentError, TribonianError
from tribonian.ingest.sources.store_errors import NO_HOST, sentence_for
from tribonian.ingest.web.private import Resolve, first_private, refusal, resolve

# The extra of this package that reads a scheme.
EXTRAS = {
    "s3": "s3", "s3a": "s3", "gs": "gcs", "gcs": "gcs",
    "az": "azure", "abfs": "azure", "abfss": "azure", "sftp": "sftp", "ssh": "sftp",
}  # fmt: skip
# Packages that read others, which work once they are there.
PACKAGES = {
    "smb": "smbprotocol", "webhdfs": "requests", "hdfs": "pyarrow", "oci": "ocifs",
    "oss": "ossfs", "hf": "huggingface_hub", "github": "requests", "git": "pygit2",
}  # fmt: skip
# Schemes with a host in their address, and the port where none is given.
HOSTED = {"ftp": 21, "sftp": 22, "ssh": 22, "smb": 445, "webhdfs": 50070, "hdfs": 8020}
# File systems over others: what they lead to would go round the check of addresses.
_WRAPPING = frozenset((
    "arrow_hdfs", "async_wrapper", "asyncwrapper", "blockcache", "cached", "dask", "data", "dir",
    "filecache", "generic", "jlab", "jupyter", "libarchive", "reference", "simplecache", "tar",
    "zip",
))  # fmt: skip
_WEB = frozenset(("http", "https"))
_LOCAL = frozenset(("file", "local", "asynclocal"))
_SOME = "s3, gs, az, abfs, ftp, sftp and smb"
# user:password, in any scheme; and one with a slash, which no address may have, but is typed.
_PASSWORD = re.compile(
    r"(?<=://)(?:[^/?#@:]*:[^/?#]*|[^/?#@:\[]*:(?!\d*(?:[/?#]|$)).*)@", re.DOTALL
)
_OF_COLONS = frozenset(("github", "git"))  # github://organisation:repository@branch/path
_SECONDS = 30.0  # for one answer of a server that says nothing


def scheme_of(url: str) -> str:
    """``s3`` of ``s3://bucket/``, in lower case."""
    return url.partition("://")[0].lower()


def without_user(url: str) -> str:
    """An address without user and password.

    A user alone has only a scheme with a host; the container of ``abfs://container@account``
    stays.
    """
    if scheme_of(url) not in _OF_COLONS:
        url = _PASSWORD.sub("", url)
    scheme, mark, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    if scheme.lower() in HOSTED or scheme.lower() in _WEB:
        host = host.rpartition("@")[2]
    return f"{scheme}{mark}{host}{slash}{path}"


@contextmanager
def store_at(
    url: str, *, allow_private: bool = False, resolve: Resolve = resolve
) -> Iterator[tuple[Any, str]]:
    """The file system of an address and the path in it; its connections are closed at the end.

    DocumentError, in one sentence, for a scheme that is not read or whose package is missing,
    for a private address, and for whatever the store says while the context is open. No
    sentence has anything in it that a store says itself, which may hold a key.
    """
    shown = without_user(url)
    _check_scheme(url, shown)
    if not allow_private and scheme_of(url) in HOSTED:
        _check_host(url, shown, resolve)
    store: Any = None
    try:
        store, path = _open(url)
        yield store, path
    except TribonianError:
        raise
    except Exception as error:  # every store has errors of its own, and others from below
        raise DocumentError(sentence_for(error, shown, is_anonymous(store))) from error
    finally:
        _close(store)


def _check_scheme(url: str, shown: str) -> None:
    scheme = scheme_of(url)
    if "::" in url.partition("?")[0] or scheme in _WRAPPING:
        raise DocumentError(
            f"{shown} leads through one store to another, which is not followed; name the "
            "archive or the object itself."
        )
    if scheme in _LOCAL:
        raise DocumentError(f"{shown} is on this machine; name the file or folder itself.")
    if scheme in _WEB:
        raise DocumentError(f"{shown} is an address of the web and no bucket.")
    from fsspec.registry import get_filesystem_class

    try:
        get_filesystem_class(scheme)
    except ImportError:
        extra = f'"tribonian[{EXTRAS[scheme]}]"' if scheme in EXTRAS else PACKAGES.get(scheme)
        how = f"pip install {extra}" if extra else "install the fsspec package for it"
        raise DocumentError(
            f"{scheme}:// needs a package that is not installed: {how}, and try again."
        ) from None
    except ValueError:
        if scheme in EXTRAS:
            raise DocumentError(
                f'{scheme}:// needs a newer package: pip install -U "tribonian[{EXTRAS[scheme]}]".'
            ) from None
        raise DocumentError(
            f"{scheme}:// is no kind of address that is known; among those that are, {_SOME}."
        ) from None


def _check_host(url: str, shown: str, resolve: Resolve) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or HOSTED[scheme_of(url)]
    except ValueError:
        host = None
    if not host:
        raise DocumentError(f"{shown} names no host; check the address.")
    try:
        addresses = resolve(host, port)
    except (OSError, UnicodeError):
        raise DocumentError(NO_HOST.format(shown=shown)) from None
    private = first_private(address.partition("%")[0] for address in addresses)
    if private is not None:
        raise refusal(shown, host, private)


def _open(url: str) -> tuple[Any, str]:
    """A file system of its own, without memory of listings, and the path of the address in it.

    Without credentials S3 is asked without a signature, which public buckets allow: "If no
    credentials are available, use anon=True" (s3fs, Credentials).
    """
    from fsspec.core import url_to_fs

    scheme, _, rest = url.partition("://")
    options: dict[str, Any] = {"skip_instance_cache": True, "use_listings_cache": False}
    scheme = scheme.lower()
    if scheme in ("s3", "s3a"):
        # s3fs asks five times, and botocore would each time: half an hour of silence
        options["config_kwargs"] = {
            "connect_timeout": _SECONDS / 2,
            "read_timeout": _SECONDS / 2,
            "retries": {"max_attempts": 1},
        }
        store, path = url_to_fs(f"{scheme}://{rest}", **options)
        if not store.anon and not _has_credentials(store):
            store, path = url_to_fs(f"{scheme}://{rest}", anon=True, **options)
        return store, path
    if scheme in ("sftp", "ssh"):
        options = {
            "skip_instance_cache": True,
            "timeout": _SECONDS,
            "banner_timeout": _SECONDS,
            "auth_timeout": _SECONDS,
            "host_key_policy": _known_hosts_only(),
        }
    return url_to_fs(f"{scheme}://{rest}", **options)  # type: ignore[no-any-return]


def _has_credentials(store: Any) -> bool:
    """Whether botocore finds credentials where it looks for them, in its own order."""
    if store.key or store.secret:
        return True
    from fsspec.asyn import sync

    store.connect()
    return sync(store.loop, store.session.get_credentials) is not None


def _known_hosts_only() -> Any:
    """What paramiko is to do with the key of a host: as ssh does, when nobody is there to ask.

    fsspec would take any key, and so the law of whoever stands in between.
    """
    paramiko = import_module("paramiko")
    if not hasattr(import_module("fsspec.implementations.sftp"), "HOST_KEY_POLICIES"):
        raise DocumentError("sftp:// needs a newer package: pip install -U fsspec.")

    def missing_host_key(self: Any, client: Any, hostname: str, key: Any) -> None:
        known = paramiko.HostKeys()
        for path in (Path.home() / ".ssh" / "known_hosts", Path("/etc/ssh/ssh_known_hosts")):
            with suppress(OSError):
                known.load(str(path))
        if not known.check(hostname, key):
            raise DocumentError(
                f"The key of the host {hostname} is not in ~/.ssh/known_hosts; connect to it "
                "once with ssh, compare the key, and try again."
            )

    policy = type(
        "KnownHosts", (paramiko.MissingHostKeyPolicy,), {"missing_host_key": missing_host_key}
    )
    return policy()


def is_anonymous(store: Any) -> bool:
    """Whether a store is asked without credentials."""
    return bool(getattr(store, "anon", False))


def _close(store: Any) -> None:
    """Close what a connection is kept open for; stores over HTTP close theirs themselves."""
    for name in ("ftp", "client"):
        close = getattr(getattr(store, name, None), "close", None)
        if callable(close):
            with suppress(Exception):
                close()
