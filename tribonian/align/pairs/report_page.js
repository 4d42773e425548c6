"use strict";
(() => {
  const AT_ONCE = 200;
  const data = JSON.parse(document.getElementById("data").textContent);
  const columns = data.columns;
  const rows = data.rows;
  const byId = (id) => document.getElementById(id);
  const body = document.querySelector("#principles tbody");
  const state = { column: -1, down: false, shown: AT_ONCE };
  let found = [];

  const words = rows.map((row) =>
    [row[0], row[1], data.containers[row[2]]].join("\n").toLowerCase());

  function find() {
    const sought = byId("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    const bare = byId("bare").checked;
    const flagged = byId("flagged").checked;
    found = [];
    rows.forEach((row, n) => {
      if (bare && row[data.covered]) return;
      if (flagged && !row[data.flagged]) return;
      if (sought.every((word) => words[n].includes(word))) found.push(n);
    });
    if (state.column >= 0) {
      const at = state.column;
      const value = at === 2 ? (n) => data.containers[rows[n][2]] : (n) => rows[n][at];
      const compare = (a, b) => {
        const x = value(a), y = value(b);
        const order = typeof x === "number" ? x - y
          : String(x).localeCompare(String(y), "en", { numeric: true });
        return (state.down ? -order : order) || a - b;
      };
      found.sort(compare);
    }
    show();
  }

  function show() {
    const out = document.createDocumentFragment();
    for (const n of found.slice(0, state.shown)) {
      const row = rows[n];
      const line = document.createElement("tr");
      columns.forEach((column, at) => {
        const cell = document.createElement("td");
        const text = at === 2 ? data.containers[row[2]] : row[at];
        if (column.number) {
          cell.className = "n";
          cell.textContent = text.toLocaleString("en");
        } else if (at === 0 && row[data.address]) {
          const address = data.bases[row[data.address][0]] + row[data.address][1];
          const link = document.createElement("a");
          if (/^https?:\/\//.test(address)) link.href = address;
          link.rel = "noopener noreferrer";
          link.textContent = text;
          cell.append(link);
        } else {
          cell.textContent = text;
        }
        line.append(cell);
      });
      out.append(line);
    }
    body.replaceChildren(out);
    byId("count").textContent =
      `${found.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")}`;
    byId("more").hidden = found.length <= state.shown;
  }

  const heads = document.querySelector("#principles thead tr");
  columns.forEach((column, at) => {
    const head = document.createElement("th");
    if (column.number) head.className = "n";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = column.name;
    button.addEventListener("click", () => {
      state.down = state.column === at ? !state.down : Boolean(column.number);
      state.column = at;
      for (const other of heads.children) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      find();
    });
    head.append(button);
    heads.append(head);
  });
  let waiting = 0;
  byId("find").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { state.shown = AT_ONCE; find(); }, 150);
  });
  for (const id of ["bare", "flagged"]) {
    byId(id).addEventListener("change", () => { state.shown = AT_ONCE; find(); });
  }
  byId("more").addEventListener("click", () => { state.shown += 5 * AT_ONCE; show(); });
  find();
})();
