"""What `httpcore` notes in its log, where somebody turned it on: without the key.

It notes no header of a request, but all of an answer; a service may echo the key in one, and an
address that it redirects to may be signed.
"""

from __future__ import annotations

import logging
import re

from tribonian.align.service.account import Key

# httpcore's loggers, one a module; a filter of a logger does not hold for those below it.
_LOGGERS = ("httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpcore.socks")
_QUERY = re.compile(r"\?[^\s'\"\\]+")


class Hush(logging.Filter):
    """Takes a key and the queries of addresses out of that log, until its end."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self._key = key
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        """Put the record into words that may be kept."""
        record.msg = self._key.masked(_QUERY.sub("?…", record.getMessage()))
        record.args = ()
        return True

    def end(self) -> None:
        """Leave the log as it was."""
        for name in _LOGGERS:
            logging.getLogger(name).removeFilter(self)
