"""Workers: a document that goes wrong costs itself, whatever way it goes wrong."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tribonian.errors import UsageError
from tribonian.ingest.isolation import Apart, Limits, Lost, in_workers

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the hazards are those of Unix")

MB = 1024 * 1024


def work(item: str) -> object:
    """Does what its item says."""
    name, _, argument = item.partition(" ")
    return HAZARDS[name](argument)


def _exhaust(_: str) -> int:
    return len(bytearray(600 * MB))


def _crash(_: str) -> None:
    ctypes.string_at(0)


def _abort(_: str) -> None:
    os.abort()


def _leave(argument: str) -> None:
    sys.exit(int(argument))


def _exit(argument: str) -> None:
    os._exit(int(argument))


def _kill(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _hang(_: str) -> None:
    while True:
        time.sleep(60)


def _hang_deaf(_: str) -> None:
    """Hang as a library in C does, which hears no signal that could be handled."""
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
    while True:
        pass


def _stop(_: str) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _deep(_: str) -> object:
    out: list[object] = []
    for _number in range(100_000):
        out = [out]
    return out


def _unsendable(_: str) -> object:
    return lambda: None


def _strange(_: str) -> None:
    raise ValueError("two\nlines")


def _interrupted(_: str) -> None:
    raise KeyboardInterrupt


def _noisy(_: str) -> str:
    os.write(1, b"noise")
    os.write(2, b"noise")
    return "quiet"


HAZARDS: dict[str, Callable[[str], object]] = {
    "say": str,
    "pid": lambda _: os.getpid(),
    "large": lambda argument: [argument] + [str(number) for number in range(300_000)],
    "exhaust": _exhaust,
    "crash": _crash,
    "abort": _abort,
    "leave": _leave,
    "exit": _exit,
    "kill": _kill,
    "hang": _hang,
    "deaf": _hang_deaf,
    "stop": _stop,
    "deep": _deep,
    "unsendable": _unsendable,
    "strange": _strange,
    "interrupted": _interrupted,
    "noisy": _noisy,
}

REASONS = {
    "hang": "It took longer than 2 seconds (--time-limit) and was given up.",
    "deaf": "It took longer than 2 seconds (--time-limit) and was given up.",
    "stop": "It took longer than 2 seconds (--time-limit) and was given up.",
    "exhaust": "It needed more than 256 MB of memory (--memory-limit) and was given up.",
    "crash": "A library crashed while reading it (Segmentation fault).",
    "abort": "A library crashed while reading it (Aborted), perhaps because it needed more than "
    "256 MB of memory (--memory-limit).",
    "kill": "The process that read it was killed, as a system does when memory runs out.",
    "leave 3": "A library ended the reading of it (exit status 3).",
    "exit 0": "The process that read it ended without an answer (exit status 0).",
    "exit 7": "The process that read it ended without an answer (exit status 7).",
    "deep": "Its units are nested too deep to be read.",
    "strange": "It could not be read (ValueError: two lines); please report this.",
    "interrupted": "It could not be read (KeyboardInterrupt:); please report this.",
}


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("hazard", REASONS)
def test_what_goes_wrong_with_one_document_is_one_sentence(hazard: str, workers: int) -> None:
    if hazard == "exhaust" and sys.platform != "linux":
        pytest.skip("no limit on memory here")
    items = ["say before", hazard, "say after", "say last"]
    limits = Limits(2.0, 256)
    found = dict(in_workers(work, items, workers, limits))
    assert found == {0: "before", 1: Lost(REASONS[hazard]), 2: "after", 3: "last"}


def test_what_cannot_be_sent_is_told() -> None:
    ((_, found),) = in_workers(work, ["unsendable"])
    assert isinstance(found, Lost)
    assert "please report this" in found.reason


def test_large_results_come_whole() -> None:
    found = dict(in_workers(work, ["large a", "large b", "large c"], 2))
    assert [result[0] for result in found.values() if isinstance(result, list)]
    assert {result[0]: len(result) for result in found.values() if isinstance(result, list)} == {
        "a": 300_001, "b": 300_001, "c": 300_001,
    }  # fmt: skip


def test_workers_are_renewed() -> None:
    pids = [pid for _, pid in in_workers(work, ["pid"] * 6, renewed_after=2)]
    assert len(set(pids)) == 3
    assert os.getpid() not in pids


def test_workers_have_no_voice(capfd: pytest.CaptureFixture[str]) -> None:
    assert list(in_workers(work, ["noisy"])) == [(0, "quiet")]
    assert capfd.readouterr() == ("", "")


def test_items_are_begun_in_order_and_told() -> None:
    begun: list[int] = []
    list(in_workers(work, ["say a", "say b", "say c"], begun=begun.append))
    assert begun == [0, 1, 2]


def test_no_items_need_no_worker() -> None:
    assert list(in_workers(work, [])) == []


class Made(Sequence[str]):
    """Items that are made when they are asked for."""

    def __init__(self, items: list[str]) -> None:
        self.items = items
        self.asked: list[int] = []

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, at: int) -> str:  # type: ignore[override]
        self.asked.append(at)
        return self.items[at]


def test_items_are_made_when_a_worker_is_ready_for_them() -> None:
    items = Made([f"say {n}" for n in range(6)])
    results = in_workers(work, items, 2)
    next(results)
    assert items.asked == [0, 1, 2]
    assert [result for _, result in results] and items.asked == list(range(6))


def test_large_items_come_whole() -> None:
    # a document out of an archive; a pipe holds 64 KB
    large = "say " + "x" * 30_000_000
    assert [len(str(result)) for _, result in in_workers(work, [large, large], 2)] == [
        30_000_000
    ] * 2


@pytest.mark.skipif(sys.platform != "linux", reason="no limit on memory here")
def test_an_item_that_is_larger_than_the_limit_is_told_and_the_rest_goes_on() -> None:
    large = b"x" * (100 * MB)
    found = dict(in_workers(len, [b"a", large, b"bc"], 1, Limits(20, 32)))
    assert found == {
        0: 1,
        1: Lost("It needed more than 32 MB of memory (--memory-limit) and was given up."),
        2: 2,
    }


def test_one_process_is_asked_one_thing_after_another() -> None:
    apart = Apart(work, Limits(2.0, 256))
    try:
        pids = {apart.ask("pid") for _ in range(300)}
        assert len(pids) == 1  # never renewed: what it has opened stays open
        assert apart.ask("hang") == Lost(REASONS["hang"])
        assert apart.ask("crash") == Lost(REASONS["crash"])
        assert apart.ask("say on") == "on"
        assert apart.ask("pid") not in pids
    finally:
        apart.close()


def children() -> set[str]:
    if not Path("/proc").is_dir():
        pytest.skip("needs /proc")
    out = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        state, parent = text.rpartition(")")[2].split()[:2]
        if parent == str(os.getpid()) and state != "Z":
            out.add(stat.parent.name)
    return out


def test_no_worker_lives_on_when_the_results_are_left() -> None:
    before = children()
    results = in_workers(work, ["say a", "hang", "hang"], 3)
    assert next(results) == (0, "a")
    assert children() - before
    results.close()
    assert children() <= before


def test_no_worker_lives_on_when_the_parent_is_killed(tmp_path: Path) -> None:
    """Not even one that hangs: it ends itself a little after its time."""
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, sys, time\n"
        "from tribonian.ingest import worker\n"
        "from tribonian.ingest.isolation import Limits, in_workers\n"
        "worker.GRACE = 0.5\n"
        "def work(item):\n"
        "    open(os.path.join(sys.argv[1], str(os.getpid())), 'w').close()\n"
        "    time.sleep(3600 if item else 0)\n"
        "if __name__ == '__main__':\n"
        "    list(in_workers(work, [0, 0, 1, 1], 3, Limits(1.5)))\n"
    )
    pids = tmp_path / "pids"
    pids.mkdir()
    parent = subprocess.Popen([sys.executable, script, pids])
    deadline = time.monotonic() + 20
    while len(list(pids.iterdir())) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 20
    alive = [path.name for path in pids.iterdir()]
    assert alive
    while alive and time.monotonic() < deadline:
        alive = [pid for pid in alive if _lives(int(pid))]
        time.sleep(0.05)
    assert not alive


def test_no_worker_lives_on_when_two_pools_are_left_alone(tmp_path: Path) -> None:
    """Each is forked with the other's pipes, and would wait for the other to end."""
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, sys, time\n"
        "from tribonian.ingest.isolation import Apart, Limits, in_workers\n"
        "def work(item):\n"
        "    open(os.path.join(sys.argv[1], str(os.getpid())), 'w').close()\n"
        "    return item\n"
        "if __name__ == '__main__':\n"
        "    one, other = Apart(work, Limits()), Apart(work, Limits())\n"
        "    one.ask(1), other.ask(2)\n"
        "    for _ in in_workers(work, [1, 2, 3], 2): one.ask(3)\n"
        "    time.sleep(3600)\n"
    )
    pids = tmp_path / "pids"
    pids.mkdir()
    parent = subprocess.Popen([sys.executable, script, pids])
    deadline = time.monotonic() + 20
    while len(list(pids.iterdir())) < 4 and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.2)
    parent.kill()
    parent.wait()
    alive = [path.name for path in pids.iterdir()]
    deadline = time.monotonic() + 10
    while alive and time.monotonic() < deadline:
        alive = [pid for pid in alive if _lives(int(pid))]
        time.sleep(0.05)
    assert not alive


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@pytest.mark.parametrize("limits", [Limits(0), Limits(-1), Limits(float("nan")), Limits(1, 1)])
def test_limits_that_make_no_sense_are_refused(limits: Limits) -> None:
    with pytest.raises(UsageError, match=r"^--(time|memory)-limit"):
        limits.check()
