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

  // «Đã lưu 10:42»: a form with data-autosave says beside itself how its last saving went.
  function showState(form, state, text) {
    const place = form.querySelector("[data-save-state]");
    if (!place) return;
    place.dataset.state = state;
    place.textContent = text;
  }

  function formOf(event) {
    const source = event.detail && event.detail.ctx && event.detail.ctx.sourceElement;
    return source instanceof Element ? source.closest("form") : null;
  }

  function lost(event) {
    const form = formOf(event);
    if (form) showState(form, "failed", form.dataset.failed || "Chưa lưu được, nội dung vẫn giữ trên trang");
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

  document.addEventListener("htmx:before:request", (event) => {
    const form = formOf(event);
    if (form) showState(form, "sending", "Đang lưu…");
  });

  document.addEventListener("htmx:after:request", (event) => {
    const status = event.detail.ctx.response.status;
    if (status >= 500) {
      lost(event);
      return;
    }
    if (notice()) notice().hidden = true;
    const form = formOf(event);
    if (!form) return;
    if (status < 400) {
      const clock = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
      showState(form, "saved", "Đã lưu " + clock);
    } else {
      showState(form, "failed", "Chưa lưu, hãy xem thông báo");
    }
  });

  document.addEventListener("htmx:error", lost);
  document.addEventListener("htmx:after:swap", () => focusSummary(document));
  document.addEventListener("DOMContentLoaded", () => focusSummary(document));

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy], [data-print]") : null;
    if (!button) return;
    if (button.hasAttribute("data-print")) window.print();
    else if (navigator.clipboard) navigator.clipboard.writeText(button.dataset.copy);
  });
})();
