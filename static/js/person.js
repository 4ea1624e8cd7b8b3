// Comfort on the village's form. Everything works without this file.
(function () {
  "use strict";

  // Typing a value means «Sửa», and «đã sửa» is the conclusion unless one was chosen.
  function markFixed(item) {
    const fix = item.querySelector("[data-fix]");
    if (fix) fix.checked = true;
    const form = item.closest("form");
    const chosen = form.querySelector("input[name=verdict]:checked");
    const fixed = form.querySelector("input[name=verdict][value=fixed]");
    if (fixed && (!chosen || chosen.value === "already_right")) fixed.checked = true;
  }

  // A number is read in threes; the blanks are for the eye, and the place of the cursor is counted in digits.
  function inThrees(field) {
    const bare = field.value.replace(/\s/g, "");
    if (!/^\d{1,12}$/.test(bare)) return;
    const before = field.value.slice(0, field.selectionStart).replace(/\s/g, "").length;
    const grouped = bare.replace(/(\d{3})(?=\d)/g, "$1 ");
    if (grouped === field.value) return;
    field.value = grouped;
    const place = before + Math.floor(Math.max(before - 1, 0) / 3);
    field.setSelectionRange(place, place);
  }

  document.addEventListener("input", (event) => {
    const item = event.target.closest("[data-entry-form] [data-item]");
    if (!item || !event.target.matches(".form-control")) return;
    if (event.target.matches("[data-threes]") && !event.isComposing) inThrees(event.target);
    markFixed(item);
  });

  // «Sửa» opens the field with the keypad under the thumb.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-entry-form] [data-fix]")) return;
    const item = event.target.closest("[data-item]");
    markFixed(item);
    item.querySelector(".form-control").focus();
  });

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-use]") : null;
    if (!button) return;
    event.preventDefault();
    const item = button.closest("[data-item]");
    item.querySelector(".form-control").value = button.dataset.use;
    markFixed(item);
  });
})();
