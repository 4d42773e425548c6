"""How many tokens a row of training has, with what a chat template puts around its messages."""

from __future__ import annotations

from collections.abc import Sequence

from tribonian.consolidate.tokens import Tokenizer
from tribonian.schemas.training import Conversation

MAX_LENGTH = 2500  # tokens of a row: the service's own default for fine-tuning
# What a chat template adds, by Llama 3's: header, role, end of header, line feeds and end of
# turn for each message, and the mark at the beginning. Other templates add less.
PER_MESSAGE = 5
PER_ROW = 1


def row_tokens(rows: Sequence[Conversation], counter: Tokenizer) -> list[int]:
    """The tokens of conversations: all contents, and what a chat template puts around them."""
    counts = iter(counter.count_all([each.content for messages in rows for each in messages]))
    return [PER_ROW + sum(next(counts) + PER_MESSAGE for _ in messages) for messages in rows]
