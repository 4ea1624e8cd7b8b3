// Keys for a report's sheet: Enter and the arrows go from cell to cell. Everything works without this file.
(function () {
  "use strict";

  const cells = () => Array.from(document.querySelectorAll("[data-report] input[data-cell]"));

  // In a table down means the same column; elsewhere the next cell.
  function below(cell, by) {
    const place = cell.closest("td");
    const row = place && place.parentElement;
    const next = row && (by > 0 ? row.nextElementSibling : row.previousElementSibling);
    const found = next && next.children[place.cellIndex].querySelector("input[data-cell]");
    if (found) return found;
    const all = cells();
    return all[all.indexOf(cell) + by];
  }

  document.addEventListener("keydown", (event) => {
    const cell = event.target instanceof Element ? event.target.closest("input[data-cell]") : null;
    if (!cell || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const by = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = below(cell, by);
    if (next) {
      next.focus();
      next.select();
    } else cell.blur();
  });
})();
