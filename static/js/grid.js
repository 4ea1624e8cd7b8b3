// Keys for the police's grid and small comfort on the village's form. Everything works without this file.
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

  function nextUndecided(from) {
    const all = rows();
    const at = all.indexOf(from);
    return all.slice(at + 1).find((row) => row.dataset.verdict === "") || all[Math.min(at + 1, all.length - 1)];
  }

  function press(digit) {
    const button = current() && current().querySelector(`[data-digit="${digit}"]`);
    if (button) button.click();
  }

  function keysAreOn() {
    const box = document.querySelector("[data-grid-keys]");
    return grid() && (!box || box.checked);
  }

  function isTyping(target) {
    return target instanceof Element && target.closest("input, select, textarea, [contenteditable]") !== null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const open = event.target instanceof Element ? event.target.closest("[data-open]") : null;
    if (event.code === "Escape" && open) {
      open.querySelector("[data-cancel]").click();
      return;
    }
    if (!keysAreOn() || isTyping(event.target)) return;
    const digit = /^(?:Digit|Numpad)([1-5])$/.exec(event.code);
    if (digit && !event.shiftKey && !event.repeat) press(digit[1]);
    else if (event.code === "F2") press("2");
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
    if (place && row.dataset.decided) {
      place.textContent = `Đã đối chiếu ${row.dataset.decided}/${place.dataset.total} người`;
    }
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
      choose(nextUndecided(row), true);
    } else {
      choose(row, true);
    }
    saving = "";
  });

  // The village's form: typing a value means «Sửa», and «đã sửa» is the conclusion unless one was chosen.
  function markFixed(item) {
    const fix = item.querySelector("[data-fix]");
    if (fix) fix.checked = true;
    const form = item.closest("form");
    const chosen = form.querySelector("input[name=verdict]:checked");
    const fixed = form.querySelector("input[name=verdict][value=fixed]");
    if (fixed && (!chosen || chosen.value === "already_right")) fixed.checked = true;
  }

  document.addEventListener("input", (event) => {
    const item = event.target.closest("[data-entry-form] [data-item]");
    if (item && event.target.matches(".form-control")) markFixed(item);
  });

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-use]") : null;
    if (!button) return;
    event.preventDefault();
    const item = button.closest("[data-item]");
    item.querySelector(".form-control").value = button.dataset.use;
    markFixed(item);
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (!grid()) return;
    const asked = window.location.hash.startsWith("#row-") ? document.querySelector(window.location.hash) : null;
    const first = document.getElementById("row-" + grid().dataset.first) || rows()[0];
    choose(asked ? nextUndecided(asked) : first, true);
  });
})();
