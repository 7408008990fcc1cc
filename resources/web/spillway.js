// SPDX-License-Identifier: GPL-3.0-or-later
// Comfort for the pages that recipients see; each page is whole without it. No state, nothing stored, and
// nothing is asked of any server but for the preview of a text, and for an archive's head before it is clicked.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const language = document.documentElement.lang;

// Times: the server writes UTC, the reader has a zone.
const when = new Intl.DateTimeFormat(language, {dateStyle: "medium", timeStyle: "short"});
for (const time of all("time")) {
  const date = new Date(time.dateTime);
  if (isNaN(date)) continue;
  time.title = time.dateTime;
  time.textContent = when.format(date);
}

// Filter as you type, over what the page has. The form itself asks the server.
const field = document.getElementById("filter");
const list = document.querySelector(".list tbody, .tiles");
const entries = list ? [...list.children] : [];
const nameOf = (entry) => entry.querySelector("bdi").textContent;
if (field && entries.length > 0) {
  const count = document.getElementById("count");
  const whole = count.textContent;
  let names = null;
  const filter = () => {
    names ??= entries.map((entry) => nameOf(entry).toLocaleLowerCase());
    const wanted = field.value.trim().toLocaleLowerCase();
    let shown = 0;
    entries.forEach((entry, i) => {
      entry.hidden = !names[i].includes(wanted);
      if (!entry.hidden) shown += 1;
    });
    count.textContent = wanted ? `${shown} / ${entries.length}` : whole;
  };
  if (!new URLSearchParams(location.search).get("q")) {
    // All entries are here, so the server need not be asked.
    field.form.querySelector("button").hidden = true;
    field.form.addEventListener("submit", (event) => {
      event.preventDefault();
      entries.find((entry) => !entry.hidden)?.querySelector("a").focus();
    });
    field.addEventListener("input", filter);
    if (field.value) filter(); // kept by the browser over "back"
  }
}

// Sorting without a new page. A header's link says by what; folders stay first, as on the server.
const collator = new Intl.Collator(language, {numeric: true});
const keys = {
  name: (row) => nameOf(row),
  size: (row) => Number(row.cells[1].dataset.bytes ?? -1),
  date: (row) => row.querySelector("time").dateTime,
};
const compare = (a, b) => (typeof a === "string" ? collator.compare(a, b) : a - b);
const headers = all(".list th a");
for (const link of headers) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const address = new URL(link.href);
    const sort = address.searchParams.get("sort") ?? "name";
    const down = sort.startsWith("-");
    const key = sort.replace("-", "");
    const isFile = (row) => !row.querySelector(".folder");
    const rows = entries.map((row) => [row, isFile(row), keys[key](row), nameOf(row)]);
    rows.sort((a, b) => a[1] - b[1] || compare(a[2], b[2]) * (down ? -1 : 1) || collator.compare(a[3], b[3]));
    list.append(...rows.map(([row]) => row));
    history.replaceState(null, "", address);
    for (const other of headers) other.closest("th").removeAttribute("aria-sort");
    link.closest("th").setAttribute("aria-sort", down ? "descending" : "ascending");
    address.searchParams.set("sort", down ? key : `-${key}`);
    link.href = address.search;
  });
}

// Keyboard: "/" to the filter, Escape out of it, arrows from entry to entry.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const inField = event.target.closest?.("input, textarea, video, audio, pre");
  if (event.key === "/" && field && !inField) {
    event.preventDefault();
    field.focus();
    return;
  }
  if (event.key === "Escape" && event.target === field) {
    field.value = "";
    field.dispatchEvent(new Event("input"));
    field.blur();
    return;
  }
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (!step || entries.length === 0 || (inField && event.target !== field)) return;
  const shown = entries.filter((entry) => !entry.hidden);
  const at = shown.indexOf(event.target.closest("tr, li"));
  const next = at < 0 ? (step > 0 ? shown[0] : null) : shown[at + step];
  if (!next) return;
  event.preventDefault();
  next.querySelector("a").focus();
});

// Copying. Over plain HTTP there is no clipboard API, but what is selected can be copied.
const copy = async (node) => {
  try {
    await navigator.clipboard.writeText(node.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(node);
    return document.execCommand("copy");
  }
};
for (const button of all("[data-copy]")) {
  const text = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!(await copy(document.getElementById(button.dataset.copy)))) return;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = text; }, 2000);
  });
}

// The beginning of a text, put there as text.
for (const shown of all("[data-text]")) {
  const load = async () => {
    const last = Number(shown.dataset.limit) - 1;
    const answer = await fetch(shown.dataset.text, {headers: {Range: `bytes=0-${last}`}});
    if (!answer.ok) throw new Error(answer.statusText);
    const charset = /charset=([\w-]+)/.exec(answer.headers.get("Content-Type") ?? "")?.[1] ?? "utf-8";
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return new TextDecoder(charset).decode(bytes, {stream: true}); // it may be cut within a character
  };
  load().catch(() => shown.dataset.failed).then((text) => {
    shown.textContent = text;
    shown.hidden = false;
  });
}

// A large folder is walked before its archive begins. Whoever goes to the button will press it: asking for the
// head alone makes the server begin, and counts as nothing.
for (const archive of all(".bar > a.primary")) {
  const prepare = () => { fetch(archive.href, {method: "HEAD"}).catch(() => {}); };
  for (const sign of ["pointerenter", "touchstart", "focus"])
    archive.addEventListener(sign, prepare, {once: true, passive: true});
}

// A server that is busy says when to come back.
for (const notice of all("[data-retry]")) {
  let left = Number(notice.dataset.retry);
  const tick = () => {
    if (left <= 0) {
      document.getElementById("retry").click();
      return;
    }
    notice.textContent = notice.dataset.text.replace("%1", left);
    notice.hidden = false;
    left -= 1;
    setTimeout(tick, 1000);
  };
  tick();
}
