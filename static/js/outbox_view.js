// What the outbox shows: one line that is always in sight, its items, marks on the cards, its one question.
// All words come from the page (templates/layouts/_outbox.html).
(function () {
  "use strict";

  const root = document.querySelector("[data-outbox]");
  const words = root ? root.dataset : {};
  const main = () => document.getElementById("main");
  const withFigures = (text, figures) => text.replace(/\{(\w+)\}/g, (whole, name) => figures[name] ?? whole);
  const stateOf = (item) => words[item.state] || item.state;

  function clock(at) {
    return new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", hour12: false }).format(at);
  }

  function line({ unsent, lost, mustSignIn, sentAt }) {
    const failed = unsent.filter((item) => item.state === "failed").length;
    if (unsent.length && mustSignIn) return withFigures(words.signin, { count: unsent.length });
    const parts = [];
    if (unsent.length > failed) {
      const state = unsent.some((item) => item.state === "sending") ? words.sending : lost ? words.retry : words.waiting;
      parts.push(`${state}: ${unsent.length - failed}`);
    }
    if (failed) parts.push(`${words.failed}: ${failed}`);
    if (lost) parts.push(words.lost);
    if (!parts.length && sentAt) return withFigures(words.allsent, { at: sentAt });
    return parts.join(" · ");
  }

  function itemRow(item, deeds) {
    const row = root.querySelector("template").content.firstElementChild.cloneNode(true);
    row.querySelector("[data-name]").textContent = item.name;
    row.querySelector("[data-state]").textContent = stateOf(item);
    row.querySelector("[data-at]").textContent = clock(item.at);
    row.querySelector("[data-reason]").textContent = item.reason;
    row.querySelector("[data-deeds]").hidden = item.state !== "failed";
    row.querySelector("[data-open-item]").addEventListener("click", () => deeds.open(item));
    row.querySelector("[data-drop-item]").addEventListener("click", () => deeds.drop(item));
    return row;
  }

  function markCard(card, item) {
    const old = card.querySelector(".person-card-waiting");
    if (old) old.remove();
    if (!item) return;
    const mark = document.createElement("span");
    mark.className = "person-card-waiting";
    mark.textContent = item.state === "sent" ? withFigures(words.savedat, { at: clock(item.at) }) : stateOf(item);
    card.append(mark);
  }

  window.OutboxView = {
    // `state` is {items, unsent, lost, mustSignIn, sentAt}; `deeds` opens or drops an item.
    draw(state, deeds) {
      const text = line(state);
      root.hidden = !text;
      root.classList.toggle("outbox-calm", !state.unsent.length && !state.lost);
      root.querySelector("[data-line]").textContent = text;
      root.querySelector("[data-items]").replaceChildren(...state.unsent.map((item) => itemRow(item, deeds)));
      root.querySelector("[data-send-now]").hidden = !state.unsent.length || state.mustSignIn;
      root.querySelector("[data-sign-in]").hidden = !state.mustSignIn;
      for (const card of main().querySelectorAll(".person-card")) {
        const path = new URL(card.href).pathname;
        markCard(card, state.items.findLast((item) => window.OutboxPages.personOf(item.path) === path));
      }
    },

    say(text, kind, figures = {}) {
      const box = document.createElement("div");
      box.className = `notice notice-${kind}`;
      box.setAttribute("role", "status");
      box.textContent = withFigures(text, figures);
      document.getElementById("messages").replaceChildren(box);
      box.scrollIntoView({ block: "nearest" });
    },

    kept(item) {
      this.say(words.kept, "warning", { name: item.name, at: clock(item.at) });
    },

    // The one question: true where the second button was pressed; with no words for it there is only a way back.
    ask(text, yes, figures = {}) {
      const box = document.getElementById("outbox-question");
      box.querySelector("[data-text]").textContent = withFigures(text, figures);
      box.querySelector("[data-yes]").textContent = yes;
      box.querySelector("[data-yes]").hidden = !yes;
      box.returnValue = "";
      box.showModal();
      return new Promise((resolve) => {
        box.addEventListener("close", () => resolve(box.returnValue === "yes"), { once: true });
      });
    },

    // Nothing of anybody stays on the screen.
    goodbye() {
      const farewell = document.createElement("p");
      farewell.textContent = words.signedoutoffline;
      main().replaceChildren(farewell);
      document.title = words.title;
      for (const part of document.querySelectorAll(".site-header, .page-footer")) part.remove();
    },
  };
})();
