"""The shapes of the user's own rows: which columns make a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tribonian.align.dataset.conversation import (
    UnfitRowError,
    check,
    conversation,
    kind,
    shown,
    text,
)
from tribonian.align.pairs.shapes import (
    ADDED_TO_INSTRUCTION,
    QUESTION_AND_ANSWER,
    REHEARSAL,
    SYSTEM,
    is_marked,
)
from tribonian.align.pairs.turns import CONVERSATION, folded
from tribonian.schemas.pair import Message
from tribonian.schemas.training import Conversation

# Columns that hold a whole conversation, and those that do where nothing else makes one: a chat
# or a message may be a number, too.
_WHOLE, _PERHAPS_WHOLE = CONVERSATION[:3], CONVERSATION[3:]
# What the instruction is to be carried out on: Alpaca's input, Dolly's context.
_MATERIAL = (ADDED_TO_INSTRUCTION, "context")
_TAKEN = "messages, or question and answer, or prompt and completion, or instruction and output"
_ALONE = frozenset(("input", "output", "response", "user", "q", "a"))  # names of many things
FLAGS = "flags"

KNOWN = frozenset(
    (*CONVERSATION, *SYSTEM, *_MATERIAL, *(name for pair in QUESTION_AND_ANSWER for name in pair))
)


def column(name: str) -> str:
    """The name of a column as it is compared: any case, spaces as underscores."""
    return folded(name.replace("\ufeff", ""))


def shape(columns: Iterable[str]) -> tuple[str, ...]:
    """The columns that make the conversation, of those that there are; () where none do."""
    there = set(columns)
    for name in _WHOLE:
        if name in there:
            return (name,)
    for asked, answered in QUESTION_AND_ANSWER:
        if asked in there and answered in there:
            return asked, answered
    return next(((name,) for name in _PERHAPS_WHOLE if name in there), ())


def used(columns: Iterable[str]) -> set[str]:
    """The columns that a row of these is made of."""
    there = set(columns)
    found = shape(there)
    out = {*found, *(there & set(SYSTEM))}
    return out | (there & set(_MATERIAL)) if found[:1] == ("instruction",) else out


def says_rehearsal(row: Mapping[str, object]) -> bool:
    """Whether a row has the mark of the rehearsal beside its conversation.

    That is its own column, or the flags of a pair; a spreadsheet makes texts of both.
    """
    for name, value in row.items():
        key = column(str(name))
        if key == REHEARSAL and is_marked(value):
            return True
        if key == FLAGS and value and REHEARSAL in str(value):
            return True
    return False


def user_conversation(row: Mapping[str, object]) -> Conversation:
    """The conversation of a row; UnfitRowError says why it has none."""
    values: dict[str, object] = {}
    for name, value in row.items():
        key = column(str(name))
        if value is None or (key in _MATERIAL + SYSTEM and value == ""):
            continue
        if key in KNOWN and key in values and values[key] != value:
            raise UnfitRowError(f"it has two columns called {key}, which differ")
        values[key] = value
    found = shape(values)
    if not found:
        raise UnfitRowError(_nothing(row, values))
    system = _system(values)
    whole = len(found) == 1
    messages = conversation(values[found[0]]) if whole else _asked(values, *found)
    if system and messages[0].role == "system" and messages[0].content != system[0].content:
        raise UnfitRowError("it has a system message and a column with another one")
    if system and messages[0].role != "system":
        messages = (*system, *messages)
    return messages


def _asked(values: Mapping[str, object], asked: str, answered: str) -> Conversation:
    if isinstance(values[asked], list) and isinstance(values[answered], list):
        # prompt and completion may each be messages
        return conversation([*values[asked], *values[answered]])  # type: ignore[misc]
    question = text(values[asked], f"its {asked}")
    if asked == "instruction":
        for name in _MATERIAL:
            if name in values:
                question = f"{question}\n\n{text(values[name], f'its {name}')}"
    messages = (
        Message("user", question),
        Message("assistant", text(values[answered], f"its {answered}")),
    )
    check(messages)
    return messages


def _system(values: Mapping[str, object]) -> Conversation:
    for name in SYSTEM:
        if name in values:
            return (Message("system", text(values[name], f"its {name}")),)
    return ()


def _nothing(row: Mapping[str, object], values: Mapping[str, object]) -> str:
    """Why a row has no conversation, in words."""
    if {"chosen", "rejected"} <= set(values):
        return "it is a row of preferences (chosen, rejected), which no fine-tuning file mixes in"
    missing = [name for name in row if column(str(name)) in KNOWN and row[name] is None]
    if missing:
        return f"its {shown(str(missing[0]))} is {kind(None)}"
    for asked, answered in QUESTION_AND_ANSWER:
        if (asked in values) != (answered in values):
            has, lacks = (asked, answered) if asked in values else (answered, asked)
            if has not in _ALONE:
                return f"it has a {has} and no {lacks}"
    if not row:
        return "it is empty"
    names = ", ".join(shown(str(name)) for name in list(row)[:8])
    return f"it has {names}, where {_TAKEN} must stand"
