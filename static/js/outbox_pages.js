// The list's people loaded ahead, in this page's memory alone: shown without a journey to the server, gone with the tab.
(function () {
  "use strict";

  const PERSON = /^(\/lists\/[0-9a-f-]{36})\/entries\/(\d+)(?:\/correction)?$/;
  const LIST = /^\/lists\/[0-9a-f-]{36}$/;
  const NOT_TYPED = /^(?:csrf_token|key|rev|kept|take_.*)$/;
  const ENOUGH = 10;

  const main = () => document.getElementById("main");
  const pages = new Map();
  const typed = new Map();
  const left = new Set();
  const PATIENCE = 45_000;
  let asking = null;

  const listOf = (path) => (PERSON.exec(path) || [null, LIST.test(path) ? path : ""])[1];
  const numberOf = (path) => Number((PERSON.exec(path) || [])[2] || 0);
  const personOf = (path) => `${listOf(path)}/entries/${numberOf(path)}`;

  // Put what was typed into the form that stands in the window, with the version it was typed upon.
  function fill(path) {
    const form = main().querySelector("[data-outbox-form]");
    const known = typed.get(path);
    if (!form || !known) return;
    const seen = known.rev || (known.fields.find(([name]) => name === "rev") || [])[1];
    if (seen && form.elements.rev) form.elements.rev.value = String(seen);
    for (const [name, value] of known.fields) {
      if (NOT_TYPED.test(name)) continue;
      for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (control.type === "radio") control.checked = control.value === value;
        else control.value = value;
      }
    }
  }

  async function load(list, after) {
    try {
      const reply = await fetch(`${list}/people?after=${after}`, { signal: AbortSignal.timeout(PATIENCE) });
      if (!reply.ok || reply.redirected) return;
      for (const one of (await reply.json()).people) {
        if (typed.has(one.path)) continue;
        pages.set(one.path, one);
        left.add(one.path);
      }
    } catch {
      // Without network there is nothing to load; what is in memory stays.
    }
  }

  const OutboxPages = {
    listOf,
    numberOf,
    personOf,
    fill,
    isKnownKind: (path) => PERSON.test(path) || LIST.test(path),
    has: (path) => pages.has(path),

    // Take the page that stands in the window (the list) into memory.
    rememberPresent(path) {
      if (LIST.test(path)) pages.set(path, { html: main().innerHTML, title: document.title });
    },

    // What was typed for a person, and from which version: a page from memory shows it instead of older values.
    rememberTyped(path, fields, rev) {
      const known = typed.get(path) || {};
      typed.set(path, { fields: fields || known.fields || [], rev: rev || known.rev });
      left.delete(path);
    },

    // Load the next people of the list, where few are left in memory. Two who ask wait for the same answer.
    loadAhead(path) {
      const list = listOf(path);
      const ready = Array.from(left).filter((one) => listOf(one) === list).length;
      if (!list || ready >= ENOUGH) return Promise.resolve();
      asking = asking || load(list, numberOf(path)).finally(() => {
        asking = null;
      });
      return asking;
    },

    // The next person in memory whom nobody has concluded yet; empty where there is none.
    nextAfter(path) {
      const list = listOf(path);
      const here = numberOf(path);
      const all = Array.from(left).filter((one) => listOf(one) === list);
      all.sort((one, other) => (numberOf(one) <= here) - (numberOf(other) <= here) || numberOf(one) - numberOf(other));
      return all[0] || "";
    },

    showKnown(path, push) {
      const page = pages.get(path);
      this.show(path, page.html, page.title, push);
      fill(path);
    },

    // Put a page's main part into the window, as if it had been opened.
    show(path, html, title, push = true) {
      const parsed = new DOMParser().parseFromString(html, "text/html");
      const part = parsed.getElementById("main") || parsed.body;
      const messages = document.createElement("div");
      messages.id = "messages";
      messages.setAttribute("aria-live", "polite");
      const kept = part.querySelector("#messages") ? [] : [messages];
      if (part.id === "main") main().className = part.className;
      else main().className = PERSON.test(path) ? "page page-narrow page-person" : "page";
      main().replaceChildren(...kept, ...part.childNodes);
      document.title = title || parsed.title || document.title;
      if (push && window.location.pathname !== path) window.history.pushState({}, "", path);
      window.scrollTo(0, 0);
      (main().querySelector("[data-focus]") || main()).focus({ preventScroll: true });
      document.dispatchEvent(new CustomEvent("outbox:shown"));
    },

    clear() {
      pages.clear();
      typed.clear();
      left.clear();
    },
  };

  window.OutboxPages = OutboxPages;
})();
