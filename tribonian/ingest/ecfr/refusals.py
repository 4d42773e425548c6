"""What the client of the network says of an address, said of the unit that was asked for.

Nobody is helped by saving ``titles.json`` with a browser: what to do is to try again, from
another network too, since the site stops programs by their address, or to give a file.
"""

from __future__ import annotations

import re

from tribonian.ingest.web.answer import (
    HumanOnlyError,
    NotThereError,
    StoppedError,
    UnavailableError,
    WebError,
)

_FILE = "give a file, such as those of govinfo.gov/bulkdata/ECFR"
OTHERWISE = f"ask for another date, or {_FILE}"  # where the eCFR has no text of a title
_ADDRESS = re.compile(r"https?://\S+(?= )")
_LIST = "/titles.json"  # which is of no title
# Status -> what it means of a unit; the server says it to programs that it does not want.
_REFUSED = {
    401: "does not give {what} without a password (401)",
    403: "does not give {what} to programs (403)",
    406: "does not give {what} in a form that can be read here (406)",
    451: "does not give {what} for legal reasons (451)",
}


def said_of(error: WebError, what: str) -> WebError:
    """The error as one sentence of ``what`` (``21 CFR Part 11 of 2026-01-29``), of its own kind.

    What is said of no address stays as it is: a host that does not exist, an answer that is
    none of the eCFR's.
    """
    text = str(error)
    if isinstance(error, StoppedError | NotThereError):
        return error
    refused = _REFUSED.get(error.status or 0)
    if isinstance(error, HumanOnlyError):
        text = f"The eCFR asks whether you are human instead of giving {what}; {_advice('')}."
    elif refused:
        text = f"The eCFR {refused.replace('{what}', what)}; {_advice('')}."
    elif isinstance(error, UnavailableError) and error.status == 503 and _LIST not in text:
        text = (
            f"The eCFR does not give out {what} now, since it is importing that title; try again "
            "in some minutes."
        )
    elif _ADDRESS.match(text):
        text = _ADDRESS.sub(lambda _: what, text, count=1)
        text = text.replace(" is answered with ", " is answered by the eCFR with ", 1)
        if error.status is not None and error.status >= 400:
            sentence, _, advice = text.rstrip(".").rpartition("; ")
            text = f"{sentence}; {_advice(advice)}."
    return type(error)(text, error.status)


def _advice(given: str) -> str:
    """What to do: as the client says it, if the server has named a time."""
    again = given if given == "try again then" else "try again later or from another network"
    return f"{again}, or {_FILE}"
