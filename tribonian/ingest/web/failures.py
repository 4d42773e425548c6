"""Failures of a connection as what they mean for the one who asked."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import h11
import httpcore

from tribonian.ingest.web.address import origin, shown
from tribonian.ingest.web.answer import WebError
from tribonian.ingest.web.retry import PassingError

# A name service that does not know is asked a few times only: most often one is offline.
NAME_TRIES = 5


@contextmanager
def explained(url: str, *, begun: bool = False) -> Iterator[None]:
    """Raise PassingError or WebError, a sentence, for what `httpcore` raises.

    ``begun``: the answer has begun, and what fails is its body.
    """
    what = shown(url)
    try:
        yield
    except httpcore.TimeoutException as error:
        happened = "stops in the middle" if begun else "is not answered"
        raise PassingError(f"{what} {happened}") from error
    except httpcore.ProxyError as error:
        if str(error).startswith(("502", "503", "504")):
            raise PassingError(f"{what} cannot be reached by the proxy ({error})") from error
        raise WebError(
            f"{what} is refused by the proxy that the environment names ({error}); mend "
            "HTTPS_PROXY, or except the host with NO_PROXY."
        ) from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        if begun:
            raise PassingError(f"{what} is cut short on the way") from error
        # httpcore takes away the cause of what it raises, and leaves the context
        raise _unconnected(origin(url)[1], what, error, error.__context__) from error


def _unconnected(host: str, what: str, error: Exception, cause: BaseException | None) -> Exception:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return WebError(
            f"{what} is not fetched, because the certificate of {host} is not valid "
            f"({cause.verify_message}); check the address."
        )
    if _speaks_otherwise(cause):
        return WebError(f"{what} is not answered as a web server does; check the address.")
    if is_unknown_name(cause):
        return WebError(f"There is no host {host}, for {what}; check the address.")
    if isinstance(cause, socket.gaierror):
        return PassingError(
            f"The name service cannot say where {host} is, for {what}",
            tries=NAME_TRIES,
            advice="check that this machine is online, and try again",
        )
    if isinstance(error, (httpcore.ProtocolError, httpcore.ReadError)):
        return PassingError(f"{what} is not answered, because the server hangs up")
    why = f" ({cause.strerror.lower()})" if isinstance(cause, OSError) and cause.strerror else ""
    return PassingError(f"{what} cannot be reached{why}")


def _speaks_otherwise(cause: BaseException | None) -> bool:
    """Is there something at that port that speaks no HTTP, or no TLS?"""
    if isinstance(cause, h11.RemoteProtocolError):
        return True
    return isinstance(cause, ssl.SSLError) and not isinstance(
        cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)
    )


def is_unknown_name(cause: BaseException | None) -> bool:
    """Did the name service say that there is no such name, and not that it could not say?"""
    if isinstance(cause, UnicodeError):
        return True
    unknown = {getattr(socket, name, None) for name in ("EAI_NONAME", "EAI_NODATA")}
    return isinstance(cause, socket.gaierror) and cause.errno in unknown
