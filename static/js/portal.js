// Comfort on top of plain forms; every page works without this file. Nothing is evaluated, nothing is stored.
(function () {
  "use strict";

  const notice = () => document.getElementById("connection-notice");

  // The error summary takes the focus, so that screen readers and keyboards start there.
  function focusSummary(root) {
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  }

  // A form goes once: its buttons are greyed after the values are collected. The server takes one per key anyway.
  function lockForm(form) {
    window.setTimeout(() => {
      for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = true;
    }, 0);
  }

  function unlockForms() {
    for (const button of document.querySelectorAll("form[method=post] button[type=submit]:disabled")) {
      if (!button.hasAttribute("data-stays-disabled")) button.disabled = false;
    }
  }

  function lost() {
    if (notice()) notice().hidden = false;
    unlockForms();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (!form.hasAttribute("hx-post") && !form.hasAttribute("data-repeatable")) lockForm(form);
  });

  // Coming back with the browser's own button must not meet a greyed form.
  window.addEventListener("pageshow", unlockForms);

  document.addEventListener("htmx:after:request", (event) => {
    if (event.detail.ctx.response.status >= 500) lost();
    else if (notice()) notice().hidden = true;
    // htmx's own history is off (it would keep pages with people's data); only the address follows what is shown.
    const shown = event.detail.ctx.hx?.replaceurl;
    if (shown && shown.startsWith("/")) window.history.replaceState(null, "", shown);
  });

  document.addEventListener("htmx:error", lost);
  document.addEventListener("htmx:after:swap", () => focusSummary(document));
  document.addEventListener("DOMContentLoaded", () => focusSummary(document));

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
    if (button && navigator.clipboard) navigator.clipboard.writeText(button.dataset.copy);
  });
})();
