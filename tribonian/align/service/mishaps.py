"""Failures of a connection, as what they mean for the request that was under way."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx

from tribonian.align.service.call import Call
from tribonian.align.service.failures import ServiceError
from tribonian.align.service.refusals import uncertain
from tribonian.ingest.web.body import BodyError, BrokenError, EncodingError, TooLargeError
from tribonian.ingest.web.failures import NAME_TRIES, is_unknown_name
from tribonian.ingest.web.retry import LATER, PassingError

_ONLINE = "check that this machine is online and that SEEKR_BASE_URL is right, and try again"

_MANGLED = 3  # tries of what seldom gets better

# What is raised before anything of the request is on its way: it can have had no effect.
_BEFORE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def mishap(error: httpx.TransportError, call: Call, host: str, *, begun: bool) -> Exception:
    """The error that a failure is: to be asked again (PassingError), final, or uncertain.

    ``begun``: the answer has begun, and what fails is its body.

    `httpx` keeps the request, and so the key, in what it raises: the caller raises this one after
    it has let go of that.
    """
    if isinstance(error, _BEFORE):
        return _not_connected(error, call, host)
    why = _happened(error, begun)
    if call.once:
        return uncertain(why, call)
    return PassingError(f"The service was asked to {call.doing}, but it {why}", advice=LATER)


def mangled(error: BodyError, call: Call) -> Exception:
    """The error for a body that cannot be unpacked."""
    why = "broke off in the middle of its answer"
    if isinstance(error, TooLargeError):
        why = "answered with more than can be meant"
    elif isinstance(error, BrokenError):
        why = "answered with what is not compressed as it says"
    elif isinstance(error, EncodingError):
        why = "answered in a compression that it was not asked for"
    if call.once:
        return uncertain(why, call)
    return PassingError(f"The service was asked to {call.doing}, but it {why}", tries=_MANGLED)


def _not_connected(error: httpx.TransportError, call: Call, host: str) -> Exception:
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return ServiceError(
                f"The certificate of {host} is not valid ({cause.verify_message}), so that it is "
                f"not asked to {call.doing}; check SEEKR_BASE_URL, or name the certificates of "
                "your network in SSL_CERT_FILE."
            )
    what = f"The service at {host} cannot be reached to {call.doing}"
    if isinstance(error, httpx.ProxyError):
        return _proxy_refuses(error, what)
    if any(is_unknown_name(cause) for cause in causes):
        return PassingError(f"{what} (there is no such host)", tries=NAME_TRIES, advice=_ONLINE)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return PassingError(f"{what} (its name cannot be looked up now)", advice=_ONLINE)
    if isinstance(error, httpx.TimeoutException):
        return PassingError(f"{what} (it does not answer)", advice=_ONLINE)
    known = [
        each.strerror.lower() for each in causes if isinstance(each, OSError) and each.strerror
    ]
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        known = ["it speaks no TLS there"]
    why = f" ({known[-1]})" if known else ""
    return PassingError(f"{what}{why}", advice=_ONLINE)


def _proxy_refuses(error: httpx.TransportError, what: str) -> Exception:
    said = str(error)
    if said.startswith(("502", "503", "504")):
        return PassingError(f"{what} by the proxy ({said})", advice=LATER)
    return ServiceError(
        f"{what}, because the proxy that the environment names refuses ({said}); mend "
        "HTTPS_PROXY, or except the host with NO_PROXY."
    )


def _happened(error: httpx.TransportError, begun: bool) -> str:
    """What happened after the request was on its way; goes on from "but it"."""
    late = isinstance(error, httpx.TimeoutException)
    if begun:
        return f"{'stopped' if late else 'broke off'} in the middle of its answer"
    if isinstance(error, httpx.WriteTimeout):
        return "took no more of what was sent"
    return "did not answer in time" if late else "hung up before it answered"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those behind it; httpcore leaves some only as the context."""
    seen: BaseException | None = error
    for _ in range(10):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__
