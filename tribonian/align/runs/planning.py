"""The runs of a build: what is cut from it for each, and which of them it already had."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tribonian.align.built import BuiltPrinciple, built_principles, upload_files
from tribonian.align.decisions import read_decisions
from tribonian.align.pairs.coverage import coverage
from tribonian.align.pairs.law import law_of_build
from tribonian.align.pairs.rows import read_pairs
from tribonian.align.places import Places, keep
from tribonian.align.runs.asked import REHEARSED, Asked, Run, identity, job_name, named_parts
from tribonian.align.runs.choosing import Place, by_patterns, by_profile, chosen, with_containers
from tribonian.align.runs.trees import (
    Tree,
    as_markdown,
    check_tree,
    cut,
    read_tree,
    refuse_unfit,
    tree_bytes,
)
from tribonian.align.service.account import Account
from tribonian.consolidate.check import check
from tribonian.errors import UsageError
from tribonian.ingest.sources.profiles import profile


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run with what it needs until it is started: its principles and the forms of its upload.

    ``whole`` is whether a file of the build is sent as it is; ``sha256`` is that of the tree as
    JSON.
    """

    run: Run
    principles: list[BuiltPrinciple]
    tree: Tree
    whole: bool
    sha256: str

    def upload(self, places: Places, form: str) -> tuple[Path, str]:
        """The file to send in a form, json or md, written if it is none of the build's; its name.

        The name tells the content: what bears it at the service need not be sent again.
        """
        stem = self.run.file.removesuffix(".json")
        if form == "json" and self.whole:
            path = places.build / self.run.file
            digest = _sha256(read_tree(path)[0])
            if digest != self.sha256:
                raise UsageError(f"{path} has changed since this run began; run again.")
        else:
            data = as_markdown(self.tree) if form == "md" else tree_bytes(self.tree)
            digest = _sha256(data)
            path = places.upload(self.run.run, form)
            keep(path, data)
        if not self.whole:
            stem = "principles"
        return path, f"{stem}-{digest[:12]}.{form}"


def plan(build: Path, asked: Asked, account: Account, rehearsal: bool) -> list[Prepared]:
    """What is to be sent of a build, one run a file and profile, in their order.

    Raises UsageError where nothing is chosen, NotFitError where the build, or a part of it, is
    not fit to be sent.
    """
    asked.check()
    for text in (asked.instructions, asked.system_prompt or "", asked.name or ""):
        # A short key may be a word; and what the user wrote is not cut off in the middle of one.
        whole = f"{text}\n"
        if not account.key.is_short and account.key.masked(whole) != whole:
            raise UsageError(
                "The instructions, the system prompt or the name hold the API key, which would be "
                "sent and trained on; take it out."
            )
    _refuse_unfit(build)
    places = Places(build)
    principles = built_principles(build)
    wanted = _chosen(places, asked, principles, rehearsal)
    parts: list[tuple[str, str | None, set[Place] | None]] = []
    for file in [path.name for path in upload_files(build)]:
        for name, some in wanted:
            own = None if some is None else {place for place in some if place[0] == file}
            if own is None or own:
                parts.append((file, name, own))
    words = named_parts([(file, name) for file, name, _ in parts])
    found = [
        _prepare(places, asked, account, rehearsal, principles, part, word)
        for part, word in zip(parts, words, strict=True)
    ]
    return list({each.run.run: each for each in reversed(found)}.values())[::-1]


def _refuse_unfit(build: Path) -> None:
    if not build.is_dir():
        raise UsageError(f"{build} is no folder; name one that build wrote.")
    verdict = check(build)
    if not verdict.fit:
        refuse_unfit(str(build), verdict.findings)


def _chosen(
    places: Places, asked: Asked, principles: Sequence[BuiltPrinciple], rehearsal: bool
) -> list[tuple[str | None, set[Place] | None]]:
    """(profile, places) of each run; None for all there is."""
    everything = None
    if asked.only:
        everything = chosen(principles, by_patterns(asked.only))
        if not everything:
            raise UsageError(
                f"--only {', '.join(asked.only)} names nothing in {places.build}; write a citation "
                "or words of a heading as principles.json has them."
            )
    if asked.only_uncovered:
        bare = _uncovered(places, principles, rehearsal)
        everything = bare if everything is None else everything & bare
        if not everything:
            raise UsageError("Every principle has a pair; --only-uncovered leaves nothing to send.")
    if not asked.profiles:
        return [(None, None if everything is None else with_containers(everything))]
    found: list[tuple[str | None, set[Place] | None]] = []
    for name in dict.fromkeys(profile(each).name for each in asked.profiles):
        some = chosen(principles, by_profile(name))
        some = some if everything is None else some & everything
        if not some:
            raise UsageError(
                f"{places.build} holds nothing of profile:{name} that is to be sent; leave that "
                f"profile out, or build it: tribonian build profile:{name}"
            )
        found.append((name, with_containers(some)))
    return found


def _uncovered(places: Places, principles: Sequence[BuiltPrinciple], rehearsal: bool) -> set[Place]:
    """The leaf principles without a pair; a rehearsed pair covers nothing that is to be real."""
    if not places.pairs.exists():
        raise UsageError(
            f"{places.build} has no pairs yet, so nothing is known of coverage; run without "
            "--only-uncovered."
        )
    pairs = [
        pair for pair in read_pairs(places.pairs) if rehearsal or "rehearsal" not in pair.flags
    ]
    decisions = read_decisions(places.decisions) if places.decisions.exists() else None
    amended = law_of_build(places.build).is_amended
    covered = coverage(principles, pairs, decisions, amended)
    return {(each.file, each.path) for each in covered.uncovered}


def _prepare(
    places: Places,
    asked: Asked,
    account: Account,
    rehearsal: bool,
    principles: Sequence[BuiltPrinciple],
    part: tuple[str, str | None, set[Place] | None],
    word: str,
) -> Prepared:
    file, name, some = part
    data, tree = read_tree(places.build / file)
    own = [each for each in principles if each.file == file]
    whole = some is None or len(some) == len(own)
    if some is not None and not whole:
        own = [each for each in own if (each.file, each.path) in some]
        tree = cut(tree, {path for _, path in some})
        data = tree_bytes(tree)
        check_tree(data, f"the part of {file} that was chosen")
    sent = as_markdown(tree) if asked.upload == "md" else data
    instructions = asked.instructions.strip() and asked.instructions
    if not instructions and name is not None:
        instructions = profile(name).instructions
    sha256 = _sha256(sent)
    run = identity(
        asked,
        instructions=instructions,
        sha256=sha256,
        base_url=account.base_url,
        team=account.team,
        rehearsal=rehearsal,
    )
    return Prepared(
        Run(
            run=run,
            name=job_name(asked, tree["label"], run, word),
            title=tree["label"],
            file=file,
            sha256=sha256,
            principles=len(own),
            instructions=instructions,
            system_prompt=asked.system_prompt,
            upload=asked.upload,
            workflow=asked.workflow,
            base_url=REHEARSED if rehearsal else account.base_url,
            team=account.team,
            rehearsal=rehearsal,
            profile=name,
        ),
        own,
        tree,
        whole,
        _sha256(data),
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
