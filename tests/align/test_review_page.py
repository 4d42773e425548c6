"""The review page over a real socket: what it shows, what it saves, whom it refuses."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.align.review_build import FUEL, a_pair, as_rehearsal, pairs_of_rows, review_build
from tests.align.review_server import Browser, review_process, reviewed
from tribonian.align.built import built_principles, write_sent
from tribonian.align.decisions import Decision, append_decision, read_decisions
from tribonian.align.pairs.rows import write_pairs
from tribonian.align.places import Places
from tribonian.align.review.app import app_of
from tribonian.align.review.serving import listening
from tribonian.errors import UsageError

NUMBER, MODAL, SCRIPT = (pairs_of_rows()[n].pair for n in (5, 6, 8))
PLAIN = pairs_of_rows()[0].pair


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return review_build(tmp_path)


@pytest.fixture
def ana(build: Path) -> Iterator[Browser]:
    with reviewed(build, "Ana") as address, Browser(base_url=address) as browser:
        yield browser


def rows(build: Path) -> list[dict[str, str | None]]:
    path = Places(build).decisions
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def bare(page: str) -> str:
    """The words of a page without its elements."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


# -- what it shows ----------------------------------------------------------------------------


def test_the_list_begins_with_the_gravest_flag(ana: Browser) -> None:
    page = ana.look("/")
    asked = re.findall(r'<span class="q">([^<]+)', page)
    assert asked[0] == "When does a waiver expire?"
    assert asked[1] == "When must a request for a waiver be filed?"
    assert "9 pairs in all" in page


def test_a_pair_stands_beside_its_principle_with_what_is_flagged_marked(ana: Browser) -> None:
    page = ana.look(f"/pair/{NUMBER}")
    assert '<mark class="number" title="Not in the principle">3 years</mark>' in page
    assert "§ 100.4 Waivers" in page
    assert "PART 100—GENERAL; DEFINITIONS" in page
    assert "as of 2025-11-03" in page
    assert "lantern-safety.xml" in page
    assert "//DIV8[@N=&#39;100.4&#39;]" in page
    assert re.search(r'<mark class="shared">years after it is issued', page)
    assert "<b>0.84</b>" in page and ">most likely from this principle<" in page
    assert "the answer has a number, date or amount that its principle has not" in page


def test_another_answer_to_the_same_question_stands_beside_it(ana: Browser) -> None:
    page = ana.look(f"/pair/{NUMBER}")
    assert "The same question, another answer" in page
    assert "<del>3</del>" in page
    assert "<ins>2</ins>" in page


def test_modals_are_marked_in_the_answer_and_in_the_lines_it_came_from(ana: Browser) -> None:
    page = ana.look(f"/pair/{MODAL}")
    assert '<mark class="modal">should</mark>' in page
    assert '<mark class="modal">must</mark>' in page


def test_no_text_of_a_pair_is_markup(ana: Browser) -> None:
    for address in ("/", f"/pair/{SCRIPT}", "/?q=%3Cscript%3E", "/?flag=%3Cscript%3E"):
        page = ana.look(address)
        assert "<script>" not in page
        assert "<b>markup" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in ana.look(f"/pair/{SCRIPT}")


def test_a_rehearsal_is_shown_as_one(tmp_path: Path) -> None:
    pairs = [as_rehearsal(pair) for pair in pairs_of_rows()[:2]]
    build = review_build(tmp_path, pairs)
    with reviewed(build, "Ana") as address, Browser(base_url=address) as browser:
        page = browser.look(f"/pair/{pairs[0].pair}")
        assert "<b>Rehearsal.</b>" in page
        assert "never to be trained on" in page


def test_an_untraced_pair_says_so(ana: Browser) -> None:
    assert "No principle" in ana.look(f"/pair/{SCRIPT}")


def test_a_principle_that_changed_or_went_since_is_said(build: Path) -> None:
    sent = Places(build).sent("0123456789ab")
    principles = built_principles(build)
    changed = [
        replace(each, content=f"{each.content} Amended.") if each.id == FUEL else each
        for each in principles
    ]
    write_sent(sent, changed)
    with reviewed(build, "Ana") as address, Browser(base_url=address) as browser:
        assert "in other words now" in browser.look(f"/pair/{PLAIN}")
    sent.with_name("sent-ffffffffffff.jsonl").write_bytes(sent.read_bytes())
    write_sent(sent, principles)
    with reviewed(build, "Ana") as address, Browser(base_url=address) as browser:
        assert "sent in 2 wordings" in browser.look(f"/pair/{PLAIN}")


def test_a_pair_that_there_is_not_is_a_page_of_one_sentence(ana: Browser) -> None:
    answer = ana.get("/pair/0000000000000000")
    assert answer.status_code == 404
    assert "No pair 0000000000000000" in answer.text


def test_bad_lines_of_the_decisions_are_shown(build: Path) -> None:
    Places(build).decisions.write_text('nonsense\n{"pair":"aa","decision":"acc')
    with reviewed(build, "Ana") as address, Browser(base_url=address) as browser:
        page = bare(browser.look("/"))
    assert "1 line of decisions.jsonl cannot be read" in page
    assert "Line 1 is not JSON, or was cut off." in page
    assert "the last line of decisions.jsonl was cut off" in page


def test_the_pages_of_a_long_list_are_asked_for_one_by_one(tmp_path: Path) -> None:
    build = review_build(tmp_path, [a_pair(f"Question {n}?", "Answer.") for n in range(130)])
    with reviewed(build, "Ana") as address, Browser(base_url=address) as browser:
        assert browser.look("/").count('<span class="q">') == 50
        assert browser.look("/?page=3").count('<span class="q">') == 30
        assert browser.look("/?page=99").count('<span class="q">') == 30
        assert browser.look("/?page=x").count('<span class="q">') == 50


# -- what it saves ----------------------------------------------------------------------------


def test_accepting_saves_a_line_and_goes_on_to_the_next(ana: Browser, build: Path) -> None:
    ana.look(f"/pair/{NUMBER}")
    answer = ana.do(f"/pair/{NUMBER}/decide", decision="accept")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/pair/{MODAL}")
    (row,) = rows(build)
    assert (row["pair"], row["decision"], row["reviewer"]) == (NUMBER, "accept", "Ana")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row["time"] or "")
    page = ana.look(f"/pair/{MODAL}")
    assert "Accepted:" in page


def test_an_edit_saves_both_texts_and_shows_what_it_changed(ana: Browser, build: Path) -> None:
    ana.look("/")
    texts = {"question": "When does it expire?\r\n", "answer": "After 2 years.\r\n\r\nOr never."}
    ana.do(f"/pair/{NUMBER}/decide", decision="edit", **texts)
    (row,) = rows(build)
    assert (row["question"], row["answer"]) == (
        "When does it expire?",
        "After 2 years.\n\nOr never.",
    )
    page = ana.look(f"/pair/{NUMBER}")
    assert "<b>Edited</b> by Ana" in page
    assert "<ins>" in page


def test_a_reject_keeps_its_reason_and_undo_takes_it_back(ana: Browser, build: Path) -> None:
    ana.look("/")
    ana.do(f"/pair/{NUMBER}/decide", decision="reject", reason="number or date is wrong")
    assert rows(build)[0]["reason"] == "number or date is wrong"
    answer = ana.do(f"/pair/{MODAL}/decide", decision="undo")  # of what was done last
    assert answer.headers["location"] == f"/pair/{NUMBER}"
    assert [row["decision"] for row in rows(build)] == ["reject", "undo"]
    assert not read_decisions(Places(build).decisions).pairs()
    assert ana.do(f"/pair/{MODAL}/decide", decision="undo").status_code == 409


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"decision": "edit", "question": " ", "answer": "x"}, "may not be empty"),
        ({"decision": "maybe"}, "none of accept"),
        ({}, "none of accept"),
    ],
)
def test_what_makes_no_sense_is_refused_and_not_saved(
    ana: Browser, build: Path, form: dict[str, str], words: str
) -> None:
    ana.look("/")
    answer = ana.do(f"/pair/{NUMBER}/decide", **form)
    assert answer.status_code == 400
    assert words in answer.text
    assert not rows(build)


def test_an_edit_that_changes_nothing_is_not_saved(ana: Browser, build: Path) -> None:
    ana.look("/")
    pair = pairs_of_rows()[5]
    answer = ana.do(
        f"/pair/{NUMBER}/decide", decision="edit", question=pair.question, answer=pair.answer
    )
    assert "Nothing is changed" in answer.text
    assert not rows(build)


def test_after_the_last_decision_of_a_filter_the_list_is_shown(ana: Browser) -> None:
    ana.look("/")
    answer = ana.do(f"/pair/{MODAL}/decide?flag=ungrounded-modal", decision="accept")
    assert answer.headers["location"] == "/?flag=ungrounded-modal"
    assert "all decided" in ana.look("/?flag=ungrounded-modal")
    assert ana.get("/start?flag=ungrounded-modal").headers["location"] == "/?flag=ungrounded-modal"


def test_all_that_are_shown_are_accepted_if_they_are_those_that_were_confirmed(
    ana: Browser, build: Path
) -> None:
    ana.look("/")
    ana.do(f"/pair/{PLAIN}/decide", decision="reject", reason="no")
    page = ana.look("/accept-all?flag=none")
    assert "Accept 4 pairs without looking at each?" in page
    confirmed = re.search('name="confirmed" value="([0-9a-f]{64})"', page)
    assert confirmed is not None
    assert ana.do("/accept-all?flag=none", confirmed="0" * 64).status_code == 409
    assert ana.do("/accept-all?flag=any", confirmed=confirmed[1]).status_code == 409
    assert len(rows(build)) == 1
    assert ana.do("/accept-all?flag=none", confirmed=confirmed[1]).status_code == 303
    decided = read_decisions(Places(build).decisions)
    assert len(decided.pairs()) == 5
    assert decided.of(PLAIN).decision == "reject"  # what was decided stays
    assert "4 pairs" in ana.look("/")
    assert (
        ana.do(f"/pair/{NUMBER}/decide", decision="undo").status_code == 409
    )  # not all by one key
    ana.do("/undo-last")
    assert list(read_decisions(Places(build).decisions).pairs()) == [PLAIN]


def test_accepting_all_says_which_flags_are_among_them(ana: Browser) -> None:
    page = bare(ana.look("/accept-all"))
    assert "1 × ungrounded-number" in page
    assert "2 × untraced" in page


def test_the_decisions_of_another_process_are_there_at_the_next_look(
    ana: Browser, build: Path
) -> None:
    ana.look("/")
    append_decision(Places(build).decisions, Decision(NUMBER, "reject", "Ben", reason="wrong"))
    page = ana.look(f"/pair/{NUMBER}")
    assert "<b>Rejected</b> by Ben: wrong" in page
    ana.do(f"/pair/{NUMBER}/decide", decision="accept")
    page = bare(ana.look(f"/pair/{NUMBER}"))
    assert "They disagree, and the pair counts as rejected" in page
    assert "Ben (1)" in ana.look("/")


def test_pairs_that_were_collected_again_are_there_at_the_next_look(
    ana: Browser, build: Path
) -> None:
    ana.look("/")
    write_pairs(Places(build).pairs, pairs_of_rows()[:2])
    assert "2 pairs in all" in ana.look("/")
    assert ana.do(f"/pair/{NUMBER}/decide", decision="accept").status_code == 404
    Places(build).pairs.unlink()
    gone = ana.get("/")
    assert gone.status_code == 503
    assert "nothing to review" in gone.text


def test_what_cannot_be_saved_is_said_and_the_page_stays(ana: Browser, build: Path) -> None:
    ana.look("/")
    Places(build).decisions.mkdir()
    answer = ana.do(f"/pair/{NUMBER}/decide", decision="accept")
    assert answer.status_code == 503
    assert "cannot be" in answer.text


def test_the_changes_of_an_edit_are_told_while_it_is_typed(ana: Browser, build: Path) -> None:
    ana.look("/")
    pair = pairs_of_rows()[4]
    form = {"question": pair.question, "answer": "A waiver expires 5 years after it is issued."}
    said = ana.do(f"/pair/{pair.pair}/differences", **form).json()
    assert said["question"] == [[pair.question, ""]]
    assert ["5", "new"] in said["answer"]
    assert said["doubts"] == ["Not in the principle: 5 years"]
    assert not rows(build)


# -- who reviews ------------------------------------------------------------------------------


def test_without_a_name_it_is_asked_once_and_kept(build: Path) -> None:
    with reviewed(build) as address, Browser(base_url=address) as browser:
        assert "Who reviews?" in browser.look(f"/pair/{NUMBER}?flag=any")
        assert browser.do(f"/pair/{NUMBER}/decide", decision="accept").status_code == 403
        assert browser.do("/reviewer", name="  \t ").status_code == 400
        answer = browser.do("/reviewer", name=" Zoë  Ng ", next=f"/pair/{NUMBER}?flag=any")
        assert answer.headers["location"] == f"/pair/{NUMBER}?flag=any"
        browser.look(f"/pair/{NUMBER}")
        browser.do(f"/pair/{NUMBER}/decide", decision="accept")
    assert [row["reviewer"] for row in rows(build)] == ["Zoë Ng"]


@pytest.mark.parametrize("to", ["https://example.org/", "//example.org", "/\\example.org", "x"])
def test_the_page_for_the_name_leads_nowhere_else(build: Path, to: str) -> None:
    with reviewed(build) as address, Browser(base_url=address) as browser:
        browser.look("/")
        assert browser.do("/reviewer", name="Ana", next=to).headers["location"] == "/"


@pytest.mark.parametrize("name", ["", " ", "x" * 81])
def test_a_name_on_the_command_line_must_be_one(build: Path, name: str) -> None:
    with pytest.raises(UsageError, match="--reviewer"):
        app_of(build, name)


# -- whom it refuses --------------------------------------------------------------------------


def test_a_strange_host_is_refused(ana: Browser) -> None:
    assert ana.get("/", headers={"Host": "evil.example"}).status_code == 421
    assert ana.get("/", headers={"Host": "evil.example:80@127.0.0.1.x"}).status_code == 421
    port = ana.base_url.port
    assert ana.get("/", headers={"Host": f"localhost:{port}"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_does_nothing(
    ana: Browser, build: Path, headers: dict[str, str]
) -> None:
    ana.look("/")
    form = {"token": ana.token, "decision": "accept"}
    answer = ana.post(f"/pair/{NUMBER}/decide", data=form, headers=headers)
    assert answer.status_code == 403
    assert not rows(build)


def test_a_form_without_the_token_does_nothing_but_is_offered_again(
    ana: Browser, build: Path
) -> None:
    form = {"token": "of yesterday", "decision": "reject", "reason": "<b>\nx"}
    answer = ana.post(f"/pair/{NUMBER}/decide?flag=any", data=form)
    assert answer.status_code == 403
    assert not rows(build)
    assert f'action="/pair/{NUMBER}/decide?flag=any"' in answer.text
    assert "&lt;b&gt;\nx" in answer.text
    said = ana.post(
        f"/pair/{NUMBER}/decide", data=form, headers={"Accept": "application/json"}
    ).json()
    assert said["stale"] is True
    assert ana.post("/undo-last", data={}).status_code == 403


def test_every_answer_forbids_scripts_of_others_and_being_framed(ana: Browser) -> None:
    addresses = ("/", f"/pair/{NUMBER}", "/no-such", "/static/review.js")
    for address in addresses:
        headers = ana.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["cache-control"] == "no-store"


def test_no_page_has_an_inline_script_or_an_address_elsewhere(ana: Browser) -> None:
    for address in ("/", f"/pair/{NUMBER}", "/help", "/accept-all", "/reviewer"):
        page = ana.look(address)
        assert re.findall(r"<script[^>]*>", page) == ['<script src="/static/review.js">']
        assert not re.search(r"\son\w+=|\sstyle=", page)
        assert not re.search(r'(?:src|href)="(?![/#])(?!https://www\.ecfr\.gov)', page)


@pytest.mark.parametrize(
    "address",
    ["/static/", "/static", "/static/../app.py", "/static/%2e%2e/app.py", "/templates/list.html"],
)
def test_nothing_but_its_own_files_is_served(ana: Browser, address: str) -> None:
    assert ana.get(address, follow_redirects=True).status_code == 404


def test_other_methods_and_bodies_without_an_end_are_refused(ana: Browser) -> None:
    assert ana.request("DELETE", "/").status_code == 405
    assert ana.post("/").status_code == 405
    long = {"token": "x", "answer": "x" * 4_100_000}
    assert ana.post(f"/pair/{NUMBER}/decide", data=long).status_code == 413
    chunked = ana.post(f"/pair/{NUMBER}/decide", content=iter([b"token=x"]))
    assert chunked.status_code == 411


@pytest.mark.parametrize("body", [b"\xff\xfe=%ff%fe&token", b"&&&===", b"token=%00", b"a=1&" * 60])
def test_broken_forms_are_refused_without_a_traceback(ana: Browser, body: bytes) -> None:
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = ana.post(f"/pair/{NUMBER}/decide", content=body, headers={"Content-Type": kind})
        assert 400 <= answer.status_code < 500


# -- the process ------------------------------------------------------------------------------


def test_it_listens_on_loopback_only() -> None:
    with listening(0) as place:
        assert place.getsockname()[0] == "127.0.0.1"


def test_a_port_that_is_taken_or_is_none_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="is taken; name another with --port"):
            listening(taken.getsockname()[1])
    with pytest.raises(UsageError, match="from 1 to 65535"):
        listening(65536)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_ctrl_c_ends_it_with_success_and_without_noise(build: Path) -> None:
    with review_process(build, "Ana") as (process, address):
        assert httpx.get(f"{address}/").status_code == 200
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate(timeout=20)
        assert (process.returncode, said, complained) == (0, "", "")


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_a_kill_right_after_an_answer_loses_nothing(build: Path) -> None:
    saved = 0
    for n, pair in enumerate(pairs_of_rows()):
        with review_process(build, "Ana") as (process, address):
            with Browser(base_url=address) as browser:
                browser.look("/")
                browser.do(f"/pair/{pair.pair}/decide", decision="accept")
            os.kill(process.pid, signal.SIGKILL)
            process.wait(timeout=20)
        saved = n + 1
        if n == 3:
            break
    read = read_decisions(Places(build).decisions)
    assert (len(read.pairs()), read.bad, read.torn) == (saved, [], False)


def test_a_folder_that_is_no_build_is_one_sentence(tmp_path: Path, build: Path) -> None:
    with pytest.raises(UsageError, match="nothing to review"):
        app_of(tmp_path, None)
    shutil.rmtree(build)
    with pytest.raises(UsageError, match="nothing to review"):
        app_of(build, None)
