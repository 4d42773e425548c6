"""One tree, or several where the file would be too large to upload."""

from __future__ import annotations

from dataclasses import replace

import orjson

from tribonian.consolidate.principles import Principle


def split_tree(root: Principle, max_file_size: int) -> list[Principle]:
    """The tree as one or more trees, each within the size of an upload and valid by itself.

    A later tree repeats the containers above its first principle, marked as continued; the
    words of these are added ones, their tokens not yet counted.
    """
    sizes: dict[int, int] = {}
    _measure(root, 0, sizes)
    if sizes[id(root)] <= max_file_size:
        return [root]
    parts: list[Principle] = []
    room = max_file_size - 2_000

    def again(principle: Principle, first: bool) -> Principle:
        if first:
            return replace(principle, children=[])
        number = len(parts) + (not chain or chain[0][0] is principle)
        return replace(
            principle,
            content=f"{principle.label} (continued).",
            id=f"{principle.id}~part{number}",
            words=[],
            tokens=0,
            printed=-1,
            children=[],
        )

    chain: list[tuple[Principle, Principle]] = []  # (original, its copy in the open part)
    size = 0

    def open_part() -> None:
        nonlocal size
        size = 0
        for n, (original, _) in enumerate(list(chain)):
            copy = again(original, False)
            size += _own_size(copy, n)
            if n:
                chain[n - 1][1].children.append(copy)
            else:
                parts.append(copy)
            chain[n] = (original, copy)

    def place(principle: Principle, level: int) -> None:
        nonlocal size
        whole = sizes[id(principle)]
        if size + whole <= room:
            chain[-1][1].children.append(principle)
            size += whole
            return
        if whole <= room // 2 or not principle.children:
            open_part()
            chain[-1][1].children.append(principle)
            size += whole
            return
        copy = again(principle, True)
        size += _own_size(copy, level)
        chain[-1][1].children.append(copy)
        chain.append((principle, copy))
        for child in principle.children:
            place(child, level + 1)
        chain.pop()

    first = again(root, True)
    parts.append(first)
    size = _own_size(first, 0)
    chain.append((root, first))
    for child in root.children:
        place(child, 1)
    return parts


def _own_size(principle: Principle, level: int) -> int:
    text = len(orjson.dumps([principle.label, principle.content]))
    return text + 80 + 8 * (4 * level + 4)


def _measure(principle: Principle, level: int, sizes: dict[int, int]) -> int:
    size = _own_size(principle, level)
    for child in principle.children:
        size += _measure(child, level + 1, sizes)
    sizes[id(principle)] = size
    return size
