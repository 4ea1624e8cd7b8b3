// Ticking many rows: the count beside the form, and «choose this page» without loading the page again.
(function () {
  "use strict";

  const boxes = () => [...document.querySelectorAll("[data-tick]")];

  function tell() {
    const place = document.querySelector("[data-bulk-count]");
    if (!place) return;
    const count = boxes().filter((box) => box.checked).length;
    place.textContent = count ? place.dataset.words.replace("{count}", count) : "";
    const panel = place.closest("details");
    if (panel && count) panel.open = true;
  }

  document.addEventListener("change", (event) => {
    if (event.target instanceof Element && event.target.matches("[data-tick]")) tell();
  });

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-tick-all]") : null;
    if (!link) return;
    event.preventDefault();
    const all = boxes();
    const wanted = all.some((box) => !box.checked);
    for (const box of all) box.checked = wanted;
    tell();
  });

  document.addEventListener("htmx:after:swap", tell);
  document.addEventListener("DOMContentLoaded", tell);
})();
