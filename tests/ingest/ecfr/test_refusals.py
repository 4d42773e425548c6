"""What is said of an address, said of the unit that was asked for."""

from __future__ import annotations

import pytest

from tribonian.ingest.ecfr.refusals import said_of
from tribonian.ingest.web.answer import NotThereError, StoppedError, UnavailableError, WebError

URL = "https://www.ecfr.gov/api/versioner/v1/full/2026-01-29/title-21.xml?part=11"
WHAT = "21 CFR Part 11 of 2026-01-29"
OTHERWISE = (
    "try again later or from another network, or give a file, such as those of "
    "govinfo.gov/bulkdata/ECFR."
)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (WebError(f"{URL} is not given to programs (403); save it with a browser.", 403),
         f"The eCFR does not give {WHAT} to programs (403); {OTHERWISE}"),
        (WebError(f"{URL} is answered with 418 I'm a Teapot; check the address.", 418),
         f"{WHAT} is answered by the eCFR with 418 I'm a Teapot; {OTHERWISE}"),
        (UnavailableError(f"{URL} is answered with 504 Gateway Timeout, though asked 3 times; "
                          "try again later.", 504),
         (f"{WHAT} is answered by the eCFR with 504 Gateway Timeout, though asked 3 times; "
          f"{OTHERWISE}")),
        (UnavailableError(f"{URL} took longer than 3 seconds (--time-limit); try again later, or "
                          "allow more."),
         f"{WHAT} took longer than 3 seconds (--time-limit); try again later, or allow more."),
        (UnavailableError("https://www.ecfr.gov/api/versioner/v1/titles.json is answered with 503 "
                          "Service Unavailable; try again later.", 503),
         f"{WHAT} is answered by the eCFR with 503 Service Unavailable; {OTHERWISE}"),
        (UnavailableError(f"{URL} is answered with 503 Service Unavailable; try again.", 503),
         (f"The eCFR does not give out {WHAT} now, since it is importing that title; try again in "
          "some minutes.")),
    ],
)  # fmt: skip
def test_the_sentence_is_of_the_unit_and_says_what_to_do(error: WebError, said: str) -> None:
    told = said_of(error, WHAT)

    assert str(told) == said
    assert (type(told), told.status) == (type(error), error.status)


@pytest.mark.parametrize(
    "error",
    [
        NotThereError(f"There is nothing at {URL} (404); check the address.", 404),
        StoppedError(f"{URL} was not fetched, because it was stopped."),
        WebError("There is no host www.ecfr.gov, for its titles; check the address."),
    ],
)
def test_what_is_said_of_no_address_stays_as_it_is(error: WebError) -> None:
    assert str(said_of(error, WHAT)) == str(error)
