// Keys, the panels, and edits that are kept until they are saved. Everything else is the server's.
"use strict";
document.documentElement.classList.add("js");

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// -- saying what went wrong ------------------------------------------------------------------

function problem(words) {
  const place = one("#problem");
  place.textContent = words;
  place.hidden = false;
  place.scrollIntoView({ block: "center" });
}

// -- sending: the page stays until the server has said that the decision is saved ------------

let busy = false;

async function ask(form, data) {
  return fetch(form.action, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(data),
  });
}

async function newToken() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const token = one("meta[name=token]", page);
  return token ? token.content : "";
}

async function send(form, button) {
  if (busy) return;
  if (form.closest(".actions, #reject") && keptEdit()) {
    problem("There is an edit of this pair that is not saved: save it with Ctrl Enter, or discard it first.");
    open("edit");
    one(".kept").hidden = false;
    return;
  }
  busy = true;
  document.body.classList.add("busy");
  try {
    const data = new FormData(form, button);
    let answer = await ask(form, data);
    let said = await answer.json();
    if (said.stale) { // the server was started again: the same decision, with its new token
      data.set("token", await newToken());
      answer = await ask(form, data);
      said = await answer.json();
    }
    if (said.next) {
      if (data.get("decision") !== "undo") forget();
      location.assign(said.next);
      return;
    }
    problem(said.problem || "It was not saved.");
  } catch {
    problem("It was not saved, because the server does not answer; start review again and repeat it. An edit is kept here.");
  }
  busy = false;
  document.body.classList.remove("busy");
}

// -- the edit that is not saved yet ----------------------------------------------------------

const pair = () => one("[data-pair]")?.dataset.pair;
const fields = () => all("#edit textarea");
const keep = (action) => { try { return action(localStorage, `edit:${pair()}`); } catch { return null; } };
const forget = () => pair() && keep((store, key) => store.removeItem(key));

function keepEdit() {
  const texts = fields().map((field) => field.value);
  const changed = fields().some((field) => field.value !== field.defaultValue);
  keep((store, key) => (changed ? store.setItem(key, JSON.stringify(texts)) : store.removeItem(key)));
}

function keptEdit() {
  try {
    const texts = JSON.parse(keep((store, key) => store.getItem(key)));
    return Array.isArray(texts) && texts.length === 2 ? texts : null;
  } catch { return null; }
}

// -- what the edit changes, shown while it is typed ------------------------------------------

let wait = 0;

function compareSoon() {
  clearTimeout(wait);
  wait = setTimeout(compare, 150);
}

async function compare() {
  const form = one("#edit form");
  try {
    const answer = await fetch(form.dataset.compare, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
    });
    if (!answer.ok) return;
    const said = await answer.json();
    let changed = false;
    for (const place of all("[data-live]")) {
      const segments = said[place.dataset.live];
      place.replaceChildren(...segments.map(([text, kind]) => {
        if (!kind) return document.createTextNode(text);
        changed = true;
        const mark = document.createElement(kind === "new" ? "ins" : "del");
        mark.textContent = text;
        return mark;
      }));
      place.hidden = !segments.some(([, kind]) => kind);
    }
    one(".live").hidden = !changed;
    const doubts = one("[data-doubts]");
    doubts.hidden = !said.doubts.length;
    doubts.replaceChildren(...said.doubts.map((words) => {
      const line = document.createElement("li");
      line.textContent = words;
      return line;
    }));
  } catch { /* the server is away; sending says so */ }
}

// -- panels ----------------------------------------------------------------------------------

function fit(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 4, 480)}px`;
}

function open(name) {
  for (const panel of all(".panel")) panel.classList.toggle("open", panel.id === name);
  for (const button of all("[data-opens]")) {
    button.setAttribute("aria-expanded", String(button.dataset.opens === name));
  }
  if (!name) return;
  const panel = one(`#${name}`);
  all("textarea", panel).forEach(fit);
  panel.scrollIntoView({ block: "nearest" });
  if (name === "edit") {
    const field = one("#new-answer");
    field.focus();
    compare();
  } else {
    panel.focus();
  }
}

const opened = () => one(".panel.open")?.id;

// -- keys ------------------------------------------------------------------------------------

const types = (target) => target.closest("input, textarea, select, [contenteditable]");

function pressed(event) {
  if (event.isComposing || event.repeat && !types(event.target)) return;
  const help = one("#help");
  if (help?.open) return; // the dialog has keys of its own
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest("#edit")) {
    event.preventDefault();
    const form = one("#edit form");
    if (form.reportValidity()) send(form, one("button.edit", form));
    return;
  }
  if (event.key === "Escape") {
    if (opened()) { event.preventDefault(); const was = opened(); open(null); one(`[data-opens=${was}]`).focus(); }
    else if (types(event.target)) event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || types(event.target)) return;
  if (event.key === "?") { event.preventDefault(); help?.showModal(); return; }
  if (event.key === "/") { const field = one("#search"); if (field) { event.preventDefault(); field.focus(); field.select(); } return; }
  if (/^[1-9]$/.test(event.key) && opened() === "reject") {
    one(`#reject [data-digit="${event.key}"]`)?.click();
    return;
  }
  if (opened() === "reject" && event.key.length === 1 && event.key !== " ") {
    one("#reason").focus(); // what is typed is a reason, never a decision
    return;
  }
  if (!pair() && (event.key === "j" || event.key === "k")) { step(event.key === "j" ? 1 : -1); return; }
  const key = event.shiftKey ? event.key : event.key.toLowerCase(); // with Caps Lock too
  if (!/^[a-z]$/.test(key)) return;
  if (opened() === "edit" && !"jkgn".includes(key)) return; // an edit that is open is not decided over
  const target = one(`[data-key="${key}"]`);
  if (target && !target.disabled && !busy) { event.preventDefault(); target.click(); }
}

function step(by) { // on the list: from line to line, Enter opens
  const lines = all(".lines li > a:first-child");
  const at = lines.indexOf(document.activeElement);
  lines[Math.max(0, Math.min(lines.length - 1, at + by))]?.focus();
}

document.addEventListener("keydown", pressed);
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

document.addEventListener("DOMContentLoaded", () => {
  for (const form of all("form.sends")) {
    form.addEventListener("submit", (event) => { event.preventDefault(); send(form, event.submitter); });
  }
  one("a[data-key='?']")?.addEventListener("click", (event) => { event.preventDefault(); one("#help").showModal(); });
  for (const select of all(".filters select")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
  for (const button of all("[data-opens]")) {
    button.addEventListener("click", () => open(opened() === button.dataset.opens ? null : button.dataset.opens));
  }
  const law = one(".source");
  const first = one("mark", law || document.createElement("i"));
  if (first) law.scrollTop = Math.max(0, first.offsetTop - law.clientHeight / 3);
  if (!pair()) return;
  for (const field of fields()) {
    field.addEventListener("input", () => { keepEdit(); fit(field); compareSoon(); });
  }
  one("[data-leave]").addEventListener("click", () => open(null));
  one("[data-discard]").addEventListener("click", () => {
    forget();
    for (const field of fields()) field.value = field.defaultValue;
    one(".kept").hidden = true;
    one("#problem").hidden = true;
    compare();
  });
  const texts = keptEdit();
  if (texts) {
    fields().forEach((field, n) => { field.value = texts[n]; });
    one(".kept").hidden = false;
    open("edit");
  }
});
