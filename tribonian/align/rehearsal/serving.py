"""What all of the service's calls share: what is kept, who asks, and how lists are given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tribonian.align.rehearsal.answers import Answer, RefusedError, json_answer
from tribonian.align.rehearsal.courses import Clockwork
from tribonian.align.rehearsal.misbehaviour import Misbehaviour
from tribonian.align.rehearsal.state import Object, State, shown
from tribonian.align.rehearsal.wire import Call

PERSONAL = "personal"  # the team of a key, where x-team-id names none
USER = "1"

# What a reply of each kind cannot lack; all else is optional (OpenAPI of the service, 5.108.1).
REQUIRED: dict[str, frozenset[str]] = {
    "file": frozenset(("id", "object")),
    "job": frozenset((
        "id", "user_id", "name", "job_type", "alignment_job_id", "created_at", "updated_at",
        "status",
    )),
    "alignment": frozenset(("id", "created_at", "status")),
    "output": frozenset(("id", "filename")),
    "fine-tune": frozenset(("id", "status", "accel_type", "n_accel")),
    "project": frozenset(
        ("id", "name", "description", "user_id", "created_at", "updated_at")
    ),
}  # fmt: skip
_WHAT = {
    "file": "File", "job": "Data job", "alignment": "Alignment job",
    "fine-tune": "Fine-tune job", "project": "Project",
}  # fmt: skip


@dataclass
class Serving:
    """One service: what it keeps, what it does wrong, how its jobs go on."""

    state: State
    misbehaviour: Misbehaviour
    clockwork: Clockwork

    def found(self, kind: str, name: str, call: Call) -> Object:
        """An object of the team that asks; 404 for one that is not there or is another's."""
        found = self.state.get(kind, name, team_of(call))
        if found is None:
            raise RefusedError(404, f"{_WHAT[kind]} {name} not found")
        return found

    def told(self, kind: str, values: Object) -> Object:
        """An object as it is shown: with fields that nobody documented, or without optional ones.

        What keys it has beside the required is told by the switches of the misbehaviour.
        """
        out = shown(values)
        if self.misbehaviour.shows("missing-fields"):
            out = {key: value for key, value in out.items() if key in REQUIRED[kind]}
        if self.misbehaviour.shows("extra-fields"):
            out |= {"x_region": "us-east", "billing": {"credits": None}, "labels": ["a", "b"]}
        return out

    def listed(
        self,
        kind: str,
        rows: Sequence[Object],
        limit: int,
        offset: int,
        row: Callable[[Object], Object] = dict,
    ) -> Answer:
        """A page of a list; ``row`` makes of what is kept what is shown."""
        rows = [each for each in rows if not self._late(each)]
        if self.misbehaviour.shows("short-pages"):
            limit = min(limit, 2)
        end = offset + limit
        if offset and self.misbehaviour.shows("overlap"):
            offset = max(0, offset - 3)
        page = [self.told(kind, row(each)) for each in rows[offset:end]]
        return json_answer({"object": "list", "data": page})

    def _late(self, row: Object) -> bool:
        """Is it too new for a list? Counts the look."""
        left = int(row.get("_unlisted", 0))
        if left:
            row["_unlisted"] = left - 1
        return bool(left)

    def made_known(self, values: Object) -> Object:
        """The values of a new object, with how many lists it is missing from."""
        late = self.misbehaviour.shows("listed-late")
        if late is not None:
            values["_unlisted"] = 2 if late.looks is None else late.looks
        return values


def team_of(call: Call) -> str:
    """The team whose objects a request sees."""
    return call.headers.get("x-team-id", "") or PERSONAL


def sorted_by(rows: list[Object], key: str, order: str) -> list[Object]:
    """Rows in the order that was asked for; those that are alike stay in the order they came."""
    place = "_number" if key == "created_at" else key
    ordered = sorted(rows, key=lambda row: (row[place] is not None, row[place] or 0))
    return ordered[::-1] if order == "desc" else ordered
