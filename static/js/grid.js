// Keys for the police's grid. Everything works without this file.
// Digits are read by event.code: under a Vietnamese input method letters and event.key are not what was pressed.
(function () {
  "use strict";

  const grid = () => document.querySelector("[data-grid]");
  const rows = () => Array.from(document.querySelectorAll("[data-grid] [data-row]"));
  const current = () => document.querySelector(".grid-row-current");

  function choose(row, focus) {
    if (!row) return;
    for (const one of rows()) one.classList.toggle("grid-row-current", one === row);
    if (focus) {
      row.focus({ preventScroll: true });
      row.scrollIntoView({ block: "nearest" });
    }
  }

  function step(by) {
    const all = rows();
    const at = all.indexOf(current());
    choose(all[Math.min(Math.max(at + by, 0), all.length - 1)], true);
  }

  // The next row without a conclusion below; where this page has none, the page on which the work goes on.
  function goOn(from) {
    const all = rows();
    const next = all.slice(all.indexOf(from) + 1).find((row) => row.dataset.verdict === "");
    if (next) choose(next, true);
    else if (grid().dataset.onward && all.length > 1) window.location.assign(grid().dataset.onward);
    else choose(from, true);
  }

  function press(digit) {
    const button = current() && current().querySelector(`[data-digit="${digit}"]`);
    if (button) button.click();
  }

  const switchOfKeys = () => document.querySelector("[data-grid-keys]");

  function keysAreOn() {
    const box = switchOfKeys();
    return grid() && (!box || box.checked);
  }

  // A preference of this window, nothing about anybody: it is gone when the window closes.
  function rememberSwitch() {
    const box = switchOfKeys();
    if (!box) return;
    box.checked = window.sessionStorage.getItem("grid-keys") !== "off";
    box.addEventListener("change", () => window.sessionStorage.setItem("grid-keys", box.checked ? "on" : "off"));
  }

  function showHelp() {
    const help = document.querySelector("[data-grid-help]");
    help.open = !help.open;
    help.querySelector("summary").focus();
  }

  function undo() {
    const button = document.querySelector("[data-grid-undo]");
    if (button && !button.disabled) button.click();
  }

  function isTyping(target) {
    return target instanceof Element && target.closest("input, select, textarea, [contenteditable]") !== null;
  }

  // Esc closes the row that is open for editing, or leaves the search for the current row.
  function leave(target) {
    const open = target instanceof Element ? target.closest("[data-open]") : null;
    if (open) open.querySelector("[data-cancel]").click();
    else if (target.id === "grid-q" && current()) choose(current(), true);
    else return false;
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.isComposing) return;
    if (event.code === "Escape" && leave(event.target)) return;
    if (!keysAreOn() || isTyping(event.target)) return;
    const digit = /^(?:Digit|Numpad)([1-5])$/.exec(event.code);
    if (event.ctrlKey) {
      if (event.code !== "KeyZ" || event.shiftKey || event.repeat) return;
      undo();
    } else if (digit && !event.shiftKey && !event.repeat) press(digit[1]);
    else if (event.code === "F2") press("2");
    else if (event.code === "Slash" && (event.shiftKey || event.key === "?")) showHelp();
    else if (event.code === "Slash") document.getElementById("grid-q").focus();
    else if (event.code === "ArrowDown") step(1);
    else if (event.code === "ArrowUp") step(-1);
    else return;
    event.preventDefault();
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target instanceof Element ? event.target.closest("[data-grid] [data-row]") : null;
    if (row) choose(row, false);
  });

  function showProgress(row) {
    const place = document.querySelector("[data-grid-progress]");
    if (place && row.dataset.progress) place.textContent = row.dataset.progress;
    const saved = document.querySelector("[data-grid-saved]");
    if (saved && row.dataset.saved) saved.textContent = row.dataset.saved;
  }

  // After a row was saved the next undecided one is current; after opening one its first field has the focus.
  let saving = "";

  document.addEventListener("htmx:before:request", (event) => {
    const source = event.detail.ctx && event.detail.ctx.sourceElement;
    const row = source instanceof Element ? source.closest("[data-row]") : null;
    saving = row && source.matches("form") ? row.dataset.row : "";
  });

  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail.ctx && event.detail.ctx.target;
    const id = target instanceof Element ? target.id : "";
    const row = id.startsWith("row-") ? document.getElementById(id) : null;
    if (!row) return;
    showProgress(row);
    if (row.hasAttribute("data-open")) {
      choose(row, false);
      row.scrollIntoView({ block: "nearest" });
      const first = row.querySelector("input:not([type=hidden]), select, textarea");
      if (first) first.focus();
    } else if (saving === row.dataset.row) {
      goOn(row);
    } else {
      choose(row, true);
    }
    saving = "";
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (!grid()) return;
    rememberSwitch();
    const asked = /^#row-\d+$/.test(window.location.hash) ? document.querySelector(window.location.hash) : null;
    const first = document.getElementById("row-" + grid().dataset.first);
    choose(asked || first || rows().find((row) => row.dataset.verdict === "") || rows()[0], true);
    if (current()) current().scrollIntoView({ block: "center" });
  });
})();
