"""What is answered on a bad day: instead of the answer, after its effect, or in its place."""

from __future__ import annotations

import gzip

from tribonian.align.rehearsal.answers import BAD_GATEWAY, HTML, SIGN_IN, Answer, refusal
from tribonian.align.rehearsal.misbehaviour import Fault

MOVED = "/_moved"  # where the redirect of the same origin leads


def instead(faults: dict[str, Fault], key: str, shape: str, path: str) -> Answer | None:
    """What stands in for the answer, before anything was done."""
    for name, fault in faults.items():
        match name:
            case "expired":
                return refusal(401, "API key has expired", path, shape)
            case "forbidden":
                return refusal(403, "You do not have access to this resource", path, shape)
            case "429":
                answer = refusal(429, "Rate limit exceeded", path, shape)
                after = 1 if fault.retry_after is None else fault.retry_after
                if after >= 0:
                    answer.headers["Retry-After"] = str(after)
                return answer
            case "500":
                return refusal(500, "Internal Server Error", path, shape)
            case "502":
                return Answer(502, BAD_GATEWAY, HTML)
            case "503":
                answer = refusal(503, "Service temporarily unavailable", path, shape)
                if fault.retry_after is not None:
                    answer.headers["Retry-After"] = str(fault.retry_after)
                return answer
            case "error":
                return refusal(fault.status or 418, "Refused by the rehearsal", path, shape)
            case "echo-key":
                return refusal(
                    fault.status or 400, f"Request with Authorization: {key} refused", path, shape
                )
            case "html":
                return Answer(200, SIGN_IN, HTML)
            case "redirect":
                return Answer(307, headers={"Location": f"{MOVED}{path}"})
    return None


def afterwards(answer: Answer, faults: dict[str, Fault], shape: str, path: str) -> Answer:
    """What is said although it was done; a refusal stays what it is."""
    if answer.status >= 400:
        return answer
    if "500-after" in faults or "create-500" in faults:
        return refusal(500, "Internal Server Error", path, shape)
    if "502-after" in faults or "start-502" in faults:
        return Answer(502, BAD_GATEWAY, HTML)
    return answer


def zipped(answer: Answer, *, broken: bool) -> Answer:
    """The body compressed; or damaged in its middle."""
    body = answer.body if isinstance(answer.body, bytes) else answer.body.read_bytes()
    packed = gzip.compress(body, mtime=0)
    if broken:
        middle = len(packed) // 2
        spoilt = bytes(255 - byte for byte in packed[middle : middle + 64])
        packed = packed[:middle] + spoilt + packed[middle + len(spoilt) :]
    return Answer(
        answer.status, packed, answer.media_type, {**answer.headers, "Content-Encoding": "gzip"}
    )
