"""The review page in a real browser: keys, edits that are kept, widths, and a server that dies."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.align.review_build import a_pair, pairs_of_rows, review_build
from tests.align.review_server import review_process, reviewed
from tribonian.align.decisions import read_decisions
from tribonian.align.places import Places

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is a dev dependency")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
# A browser that may reach loopback alone, and asks its maker for nothing.
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
NUMBER, MODAL = (pairs_of_rows()[n].pair for n in (5, 6))


@pytest.fixture(scope="module")
def chromium() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: sync_api.Browser) -> Iterator[sync_api.Page]:
    with chromium.new_context(viewport={"width": 1280, "height": 860}) as context:
        page = context.new_page()
        page.set_default_timeout(15_000)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
        )
        yield page
        assert not complaints


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return review_build(tmp_path)


@pytest.fixture
def address(build: Path) -> Iterator[str]:
    with reviewed(build, "Ana") as address:
        yield address


def rows(build: Path) -> list[dict[str, str | None]]:
    path = Places(build).decisions
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def at(page: sync_api.Page, pair: str) -> None:
    page.wait_for_url(re.compile(f"/pair/{pair}"))  # which waits until it is loaded
    page.wait_for_selector(f'[data-pair="{pair}"]')


def gone(page: sync_api.Page, pair: str) -> None:
    page.wait_for_selector(f'[data-pair="{pair}"]', state="detached")


def opened(page: sync_api.Page, address: str, pair: str, query: str = "") -> None:
    page.goto(f"{address}/pair/{pair}{query}")
    at(page, pair)


def test_a_thousandth_of_the_work_is_one_key(
    page: sync_api.Page, address: str, build: Path
) -> None:
    page.goto(f"{address}/")
    page.keyboard.press("n")
    at(page, NUMBER)
    page.keyboard.press("a")
    at(page, MODAL)
    page.keyboard.press("k")  # back to the pair that was decided
    at(page, NUMBER)
    assert "Accepted by Ana" in page.inner_text(".stood")
    page.keyboard.press("u")
    page.wait_for_selector(".state .undecided")
    page.wait_for_load_state()
    page.keyboard.press("j")
    at(page, MODAL)
    assert [row["decision"] for row in rows(build)] == ["accept", "undo"]


def test_a_reject_has_a_reason_by_a_digit_or_in_words(
    page: sync_api.Page, address: str, build: Path
) -> None:
    opened(page, address, NUMBER)
    page.keyboard.press("r")
    page.keyboard.press("3")
    at(page, MODAL)
    page.keyboard.press("r")
    page.keyboard.type("a rare reason")  # its letters are no keys
    page.keyboard.press("Enter")
    gone(page, MODAL)
    assert [row["reason"] for row in rows(build)] == ["number or date is wrong", "a rare reason"]
    assert {row["decision"] for row in rows(build)} == {"reject"}


def test_an_edit_shows_its_changes_and_is_saved_with_ctrl_enter(
    page: sync_api.Page, address: str, build: Path
) -> None:
    opened(page, address, NUMBER)
    page.keyboard.press("e")
    page.fill("#new-answer", "A waiver expires 7 years after it is issued.")
    page.wait_for_selector(".live ins")
    assert page.inner_text(".live ins >> nth=0") == "7"
    assert "Not in the principle: 7 years" in page.inner_text("[data-doubts]")
    page.fill("#new-answer", "A waiver expires 2 years after it is issued.\n\nNot later.")
    page.wait_for_selector("[data-doubts]", state="hidden")
    page.keyboard.press("Control+Enter")
    at(page, MODAL)
    (row,) = rows(build)
    assert row["answer"] == "A waiver expires 2 years after it is issued.\n\nNot later."
    assert page.evaluate("localStorage.length") == 0


def test_an_edit_that_was_not_saved_is_there_again(page: sync_api.Page, address: str) -> None:
    opened(page, address, NUMBER)
    page.keyboard.press("e")
    page.fill("#new-answer", "Half an ans")
    page.goto(f"{address}/")
    opened(page, address, NUMBER, "?flag=any")
    assert page.is_visible(".kept")
    assert page.input_value("#new-answer") == "Half an ans"
    page.click(".actions button.accept")  # never past an edit that is open
    assert "not saved" in page.inner_text("#problem")
    page.click("[data-discard]")
    assert page.input_value("#new-answer").startswith("A waiver expires 3")
    page.reload()
    assert not page.is_visible("#edit")


def test_letters_that_are_typed_are_no_keys(page: sync_api.Page, address: str, build: Path) -> None:
    opened(page, address, NUMBER)
    page.keyboard.press("/")
    page.keyboard.type("aeru")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.focus("#edit button.edit")
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+a")
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    assert not rows(build)
    assert not page.is_visible("#edit")


def test_a_key_that_is_held_down_decides_once(
    page: sync_api.Page, address: str, build: Path
) -> None:
    opened(page, address, NUMBER)
    for _ in range(12):
        page.keyboard.down("a")  # the second and later ones are repeats
    at(page, MODAL)
    page.wait_for_timeout(300)
    page.keyboard.up("a")
    assert len(rows(build)) == 1


def test_the_help_opens_and_closes_with_keys(page: sync_api.Page, address: str) -> None:
    opened(page, address, NUMBER)
    page.keyboard.press("?")
    assert page.is_visible("#help")
    page.keyboard.press("Escape")
    assert not page.is_visible("#help")


def test_the_list_is_searched_filtered_and_walked_by_keys(
    page: sync_api.Page, address: str
) -> None:
    page.goto(f"{address}/")
    page.select_option("select[name=flag]", "untraced")
    page.wait_for_url("**flag=untraced*")
    assert page.locator(".lines li").count() == 2
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    page.keyboard.type("peru")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=peru*")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    at(page, pairs_of_rows()[7].pair)


def test_no_script_of_a_text_runs(page: sync_api.Page, address: str) -> None:
    page.on("dialog", lambda dialog: pytest.fail("a text ran as a script"))
    opened(page, address, pairs_of_rows()[8].pair)
    assert "<script>alert(1)</script>" in page.inner_text("#question")


def test_the_name_is_asked_once_and_kept(page: sync_api.Page, build: Path) -> None:
    with reviewed(build) as address:
        page.goto(f"{address}/start")
        page.wait_for_selector("#name")
        page.fill("#name", "Zoë")
        page.keyboard.press("Enter")
        at(page, NUMBER)
        page.keyboard.press("a")
        at(page, MODAL)
    with reviewed(build) as address:
        opened(page, address, MODAL)
        page.keyboard.press("a")
        gone(page, MODAL)
    assert [row["reviewer"] for row in rows(build)] == ["Zoë", "Zoë"]


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_a_server_that_dies_loses_neither_decision_nor_edit(
    page: sync_api.Page, build: Path
) -> None:
    with review_process(build, "Ana") as (process, address):
        opened(page, address, NUMBER)
        page.keyboard.press("a")
        at(page, MODAL)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=20)
    assert [row["pair"] for row in rows(build)] == [NUMBER]
    page.keyboard.press("e")
    page.fill("#new-answer", "Written while the server was away.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#problem:not([hidden])")
    assert "does not answer" in page.inner_text("#problem")
    port = int(address.rpartition(":")[2])
    with review_process(build, "Ana", port):  # the page is still open, with a token of before
        page.keyboard.press("Control+Enter")
        gone(page, MODAL)
    read = read_decisions(Places(build).decisions)
    assert read.of(MODAL).answer == "Written while the server was away."


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_a_kill_while_keys_are_pressed_loses_nothing_that_was_confirmed(
    page: sync_api.Page, tmp_path: Path
) -> None:
    pairs = [a_pair(f"Question {n:03}?", "Answer.") for n in range(40)]
    build = review_build(tmp_path, pairs)
    with review_process(build, "Ana") as (process, address):
        page.goto(f"{address}/start")
        for n in range(8):
            at(page, pairs[n].pair)
            page.keyboard.press("a")
            if n == 7:
                os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=20)
    read = read_decisions(Places(build).decisions)
    assert not read.bad
    assert {pair.pair for pair in pairs[:7]} <= set(read.pairs())


@pytest.mark.parametrize("width", [800, 1280, 420])
def test_nothing_is_wider_than_the_window(page: sync_api.Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/", f"/pair/{NUMBER}", "/accept-all", "/help", "/reviewer"):
        page.goto(address + path)
        inside = page.evaluate("document.documentElement.scrollWidth")
        assert inside <= width, path


_LUMINANCE = """
() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(at).backgroundColor);
      if (a > 0.5) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !element.checkVisibility()) continue;
    if (element.closest(":disabled, .off, kbd, .unseen, .skip")) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
  }
  return found;
}
"""  # WCAG 2.2, 1.4.3: text and its ground differ by 4.5 to 1 at least


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_against_its_ground(
    page: sync_api.Page, address: str, build: Path, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    opened(page, address, NUMBER)
    page.keyboard.press("r")
    page.keyboard.press("1")
    at(page, MODAL)
    for path in (f"/pair/{NUMBER}", f"/pair/{MODAL}", "/", "/accept-all", "/help"):
        page.goto(address + path)
        assert page.evaluate(_LUMINANCE) == [], path


def test_every_field_and_button_has_a_name(page: sync_api.Page, address: str) -> None:
    for path in ("/", f"/pair/{NUMBER}", "/reviewer"):
        page.goto(address + path)
        assert (
            page.evaluate("""() => [...document.querySelectorAll(
            "input:not([type=hidden]), select, textarea, button, a[href]")].filter((each) =>
            !(each.labels?.length || each.textContent.trim() || each.ariaLabel)).length""")
            == 0
        )
        assert page.locator("h1").count() == 1
        assert page.get_attribute("html", "lang") == "en"
