"""The shapes in which a row can hold a conversation, and how each is read.

Nobody has documented the columns of what the service makes: conversations are expected in
``messages``, as structs or as JSON text. The other shapes are those of the well-known sets of
training data (ShareGPT, Alpaca, prompt and completion).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tribonian.align.pairs.turns import CONVERSATION, BadRowError, folded, messages_in, unpacked
from tribonian.align.places import REHEARSAL_MARK
from tribonian.schemas.pair import Message

# Columns that hold a question and its answer; the first row that a file has is taken.
QUESTION_AND_ANSWER = (
    ("question", "answer"),
    ("prompt", "completion"),
    ("instruction", "output"),  # Alpaca; what stands in `input` belongs to the instruction
    ("prompt", "response"),
    ("question", "response"),
    ("instruction", "response"),
    ("query", "response"),
    ("query", "answer"),
    ("prompt", "answer"),
    ("input", "output"),
    ("user", "assistant"),
    ("human", "assistant"),
    ("q", "a"),
)
ADDED_TO_INSTRUCTION = "input"
SYSTEM = ("system", "system_prompt", "system_message")
REHEARSAL = "rehearsal"
BETWEEN = "\n\n"  # the turns of one role, where they stand as one text
# Columns in which a whole row may be packed as an object or as its JSON text.
PACKED = ("row", "example", "record", "data", "json", "text", "qa_pair", "pair", "content")


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns of a row hold what; None for what there is not.

    ``packed`` is the column that holds the row itself.
    """

    conversation: str | None = None
    question: str | None = None
    answer: str | None = None
    added: str | None = None
    system: str | None = None
    rehearsal: str | None = None
    packed: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns to be read of the row as it stands in the file."""
        if self.packed is not None:
            return (self.packed,)
        named = (self.conversation, self.question, self.answer, self.added, self.system,
                 self.rehearsal)  # fmt: skip
        return tuple(dict.fromkeys(name for name in named if name is not None))


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a row says: its turns as received, and whether it is marked as a rehearsal."""

    messages: tuple[Message, ...]
    rehearsal: bool

    @property
    def question(self) -> str:
        """The user's turns, joined by a blank line, without white space around them."""
        return said(self.messages, "user")

    @property
    def answer(self) -> str:
        """The assistant's turns, likewise."""
        return said(self.messages, "assistant")


def said(messages: Iterable[Message], role: str) -> str:
    """What the turns of a role say together, without white space around each."""
    return BETWEEN.join(each.content.strip() for each in messages if each.role == role)


def is_marked(value: object) -> bool:
    """Whether a cell says yes, as a truth value or as what programs write for one."""
    return str(value).strip().casefold() in ("true", "1", "1.0", "yes")


def shape_of(columns: Iterable[str]) -> Shape | None:
    """The shape of rows with these columns, in any case and order; None where none is known."""
    named: dict[str, str] = {}
    for column in columns:
        named.setdefault(folded(column), column)
    conversation = next((named[name] for name in CONVERSATION if name in named), None)
    asked = next((each for each in QUESTION_AND_ANSWER if named.keys() >= set(each)), None)
    if conversation is None and asked is None:
        return None
    shape = Shape(
        conversation,
        system=next((named[name] for name in SYSTEM if name in named), None),
        rehearsal=named.get(REHEARSAL),
    )
    if asked is None:
        return shape
    added = named.get(ADDED_TO_INSTRUCTION) if asked[0] == "instruction" else None
    return replace(shape, question=named[asked[0]], answer=named[asked[1]], added=added)


def shape_of_row(row: Mapping[str, Any]) -> Shape | None:
    """The shape of a row by its names, or by those of the row that is packed in one of them."""
    shape = shape_of(row)
    if shape is not None:
        return shape
    for column, value in row.items():
        if len(row) == 1 or folded(column) in PACKED:
            inner = unpacked(value)
            if isinstance(inner, Mapping) and shape_of(inner) is not None:
                return Shape(packed=column)
    return None


def conversation_of(row: Mapping[str, Any], shape: Shape) -> Conversation:
    """The conversation of one row; BadRowError where it is none that one can be taught."""
    if shape.packed is not None:
        inner = unpacked(row.get(shape.packed))
        within = shape_of(inner) if isinstance(inner, Mapping) else None
        if within is None:
            raise BadRowError(f"{shape.packed} holds no conversation", of_shape=True)
        return conversation_of(inner, within)
    turns = _turns(row, shape)
    kept = []
    for number, turn in enumerate(turns, 1):
        if not turn.content.strip():
            if turn.role == "system":  # an empty one says nothing and would be refused later
                continue
            raise BadRowError(f"message {number} ({turn.role}) is empty")
        try:
            turn.content.encode()
        except UnicodeEncodeError:
            raise BadRowError(f"message {number} ({turn.role}) is no Unicode text") from None
        kept.append(turn)
    roles = [turn.role for turn in kept]
    if "user" not in roles:
        raise BadRowError("there is no question")
    if "assistant" not in roles:
        raise BadRowError("there is no answer")
    if roles[-1] != "assistant":
        raise BadRowError(f"the last message is of the {roles[-1]}, and no answer follows")
    marked = shape.rehearsal is not None and is_marked(row.get(shape.rehearsal))
    marked = marked or any(
        turn.role == "system" and turn.content.lstrip().startswith(REHEARSAL_MARK) for turn in kept
    )
    return Conversation(tuple(kept), marked)


def _turns(row: Mapping[str, Any], shape: Shape) -> list[Message]:
    given = row.get(shape.conversation) if shape.conversation is not None else None
    if given is not None:
        turns = messages_in(given, shape.conversation or "", None)
    elif shape.question is not None and shape.answer is not None:
        turns = messages_in(row.get(shape.question), shape.question, "user")
        added = row.get(shape.added) if shape.added is not None else None
        if isinstance(added, str) and added.strip() and turns:
            turns[-1] = Message(turns[-1].role, f"{turns[-1].content}\n\n{added}")
        turns += messages_in(row.get(shape.answer), shape.answer, "assistant")
    else:
        raise BadRowError(f"{shape.conversation} is empty")
    system = row.get(shape.system) if shape.system is not None else None
    if isinstance(system, str) and system.strip() and all(t.role != "system" for t in turns):
        turns.insert(0, Message("system", system))
    return turns
