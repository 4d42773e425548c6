"""What the service answers, before it is sent; and its refusals in the shapes there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

JSON = "application/json"
HTML = "text/html; charset=utf-8"

BAD_GATEWAY = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n"
    b"</body>\r\n</html>\r\n"
)
SIGN_IN = (
    b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n"
    b"<body><h1>Sign in to continue</h1></body></html>\n"
)


@dataclass
class Answer:
    """A status with a body: bytes, or a file that is sent piece by piece."""

    status: int
    body: bytes | Path = b""
    media_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many bytes the body has."""
        return len(self.body) if isinstance(self.body, bytes) else self.body.stat().st_size


class RefusedError(Exception):
    """The service does not do it: a status and FastAPI's ``detail``, a text or a list."""

    def __init__(self, status: int, detail: str | list[dict[str, Any]]) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail


def json_answer(data: object, status: int = 200) -> Answer:
    """JSON."""
    return Answer(status, orjson.dumps(data))


def refusal(status: int, detail: object, path: str = "", shape: str = "detail") -> Answer:
    """An error: ``{"detail": …}``, the flat shape of the prose pages, or plain text."""
    if shape == "text":
        text = detail if isinstance(detail, str) else "Validation failed"
        return Answer(status, text.encode(), "text/plain; charset=utf-8")
    if shape == "flat":
        text = detail if isinstance(detail, str) else "Validation failed"
        return json_answer(
            {
                "error": PHRASES.get(status, "Error"),
                "message": text,
                "status": status,
                "requestUrl": path,
                "feedVersion": "1.0",
            },
            status,
        )
    return json_answer({"detail": detail}, status)


PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Payload Too Large",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
