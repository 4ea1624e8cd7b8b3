// The village's outbox: a save that finds no network waits here, encrypted, and is sent in its order, once.
// Without this file, or where the browser cannot keep secrets, the same forms are sent in the plain way.
(function () {
  "use strict";

  const root = document.querySelector("[data-outbox]");
  const isAble = window.isSecureContext && window.indexedDB && window.crypto.subtle && navigator.locks;
  if (!root || !isAble || !AbortSignal.timeout || !Array.prototype.findLast) return;

  const words = root.dataset;
  const pages = window.OutboxPages;
  const view = window.OutboxView;
  const line = window.OutboxPost;
  const PATIENCE = 3000; // a slow answer does not hold up the next person
  const HANDS_ON = /^\/(?:lists|handovers)\//; // deeds that must not pass over what the server has not got yet
  const SLOWEST = 60_000;
  const FAULTS = 5; // so often a broken answer is tried before the item stands aside

  const main = () => document.getElementById("main");
  const channel = new BroadcastChannel("ban-giao");
  let store = null;
  let items = [];
  let others = 0;
  let token = words.token;
  let busy = false;
  let lost = !navigator.onLine;
  let mustSignIn = false;
  let closed = false;
  let sentAt = "";
  let pause = 2000;
  let timer = 0;

  const unsent = () => items.filter((item) => item.state !== "sent");
  const wait = (time) => new Promise((resolve) => window.setTimeout(resolve, time));

  function draw() {
    view.draw({ items, unsent: unsent(), lost, mustSignIn, sentAt }, { open, drop });
  }

  // --- what waits -------------------------------------------------------------------------------

  async function forget(item) {
    items = items.filter((one) => one !== item);
    await store.drop(item.id);
  }

  async function drop(item) {
    if (await view.ask(words.dropquestion, words.dropyes, { name: item.name })) await forget(item);
    draw();
  }

  function expectAnswer(item) {
    item.answered = new Promise((resolve) => {
      item.answer = resolve;
    });
    return item;
  }

  async function keep(form) {
    const path = new URL(form.action).pathname;
    const fields = Array.from(new FormData(form)).filter(([name]) => name !== "csrf_token" && name !== "key");
    // A key for what is sent now: the same page may be saved again with other values before the network is back.
    fields.push(["key", crypto.randomUUID()]);
    const person = main().querySelector("[data-person]");
    const item = { path, name: person ? person.dataset.person : "", fields, at: Date.now(), state: "waiting", reason: "" };
    await store.put(item);
    // The newer save of a person stands for the older one, unless that one is on its way.
    for (const old of items.filter((one) => one.path === path && one.state !== "sending")) await forget(old);
    items.push(expectAnswer(item));
    pages.rememberTyped(pages.personOf(path), fields, 0);
    return item;
  }

  // --- sending ----------------------------------------------------------------------------------

  function reached() {
    lost = false;
    pause = 2000;
  }

  function later() {
    lost = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(send, pause);
    pause = Math.min(pause * 2, SLOWEST);
  }

  async function settle(item, result) {
    if (result.state === "saved") {
      item.state = "sent";
      sentAt = result.at;
      await store.drop(item.id);
      pages.rememberTyped(pages.personOf(item.path), item.fields, result.rev);
      for (const waiting of unsent().filter((one) => one.path === item.path)) {
        waiting.fields = [...waiting.fields.filter(([name]) => name !== "rev"), ["rev", String(result.rev)]];
        await store.put(waiting);
      }
    } else {
      item.state = "failed";
      item.reason = line.causeIn(result.html);
      item.html = result.html;
      await store.put(item);
    }
    item.answer(result);
  }

  // Whether the next item may be tried; false where the network or the session is gone.
  async function sendOne(item) {
    item.state = "sending";
    draw();
    let result;
    try {
      result = await line.post(item, token);
      if (result.state === "token") {
        token = (await line.freshToken(words.owner)) || "";
        result = token ? await line.post(item, token) : { state: "sign_in" };
      }
    } catch {
      result = { state: "broken", status: 0 };
    }
    if (closed) return false;
    if (result.state === "saved" || result.state === "refused") {
      reached();
      await settle(item, result);
      return true;
    }
    item.state = "retry";
    if (result.state === "sign_in" || result.state === "token") {
      mustSignIn = true;
      item.answer({ state: "waiting" });
      return false;
    }
    item.faults = (item.faults || 0) + (result.status === 500 ? 1 : 0);
    if (item.faults >= FAULTS) {
      item.state = "failed";
      item.reason = words.fault;
      return true;
    }
    item.answer({ state: "waiting" });
    later();
    return false;
  }

  async function sendAll() {
    for (const item of [...items]) {
      if (item.state === "sent" || item.state === "failed" || !items.includes(item)) continue;
      if (items.find((one) => one.path === item.path && one.state !== "sent") !== item) continue;
      if (!(await store.holds(item.id))) {
        // Another tab of this browser has sent it.
        items = items.filter((one) => one !== item);
        continue;
      }
      if (!(await sendOne(item))) return;
    }
    if (items.some((item) => item.state === "waiting")) window.setTimeout(send, 0);
  }

  async function send() {
    if (busy || closed || mustSignIn || !unsent().length) return draw();
    busy = true;
    try {
      await navigator.locks.request("ban-giao-outbox", { ifAvailable: true }, (mine) => (mine ? sendAll() : later()));
    } finally {
      busy = false;
      if (!closed) draw();
    }
  }

  // --- pages ------------------------------------------------------------------------------------

  async function go(path, push = true) {
    const bare = path.split("?")[0];
    const failed = items.find((item) => item.state === "failed" && pages.personOf(item.path) === bare);
    if (failed) return open(failed);
    if (pages.has(bare) && pages.numberOf(bare)) return pages.showKnown(bare, push);
    try {
      if (!navigator.onLine) throw new Error("offline");
      const reply = await fetch(path, { signal: AbortSignal.timeout(lost ? PATIENCE : line.GIVE_UP) });
      const html = await reply.text();
      if (reply.redirected || !html.includes("data-portal")) return window.location.assign(path);
      reached();
      return pages.show(path, html, "", push);
    } catch {
      lost = true;
      if (pages.has(bare)) return pages.showKnown(bare, push);
      view.say(words.notloaded, "warning");
      return draw();
    }
  }

  async function save(form) {
    const list = pages.listOf(new URL(form.action).pathname);
    const here = pages.personOf(new URL(form.action).pathname);
    let item;
    try {
      item = await keep(form);
    } catch {
      // The browser keeps nothing (private window, full disk): the plain way.
      return form.submit();
    }
    draw();
    send();
    const result = await Promise.race([item.answered, wait(lost || mustSignIn ? 0 : PATIENCE)]);
    if (result && result.state === "refused") return pages.show(here, result.html, "");
    // People still on their way to the phone are worth waiting for: without them the list would come instead.
    if (!result && !pages.nextAfter(here)) await pages.loadAhead(here);
    const next = pages.nextAfter(here) || (result && result.next) || list;
    await go(result && result.state === "saved" && !pages.has(next) ? result.next : next);
    if (result && result.state === "saved") view.say(result.message, "success");
    else view.kept(item);
    return pages.loadAhead(here);
  }

  async function open(item) {
    root.querySelector("details").open = false;
    if (!item.html) {
      item.state = "waiting";
      expectAnswer(item);
      send();
      const result = await item.answered;
      if (result.state !== "refused") return draw();
    }
    return pages.show(pages.personOf(item.path), item.html, "");
  }

  // A choice that the server would refuse is told at once where the server cannot be asked.
  function lacksSomething(form) {
    const verdict = form.querySelector("input[name=verdict]:checked, input[name=verdict][type=hidden]");
    if (!verdict || !verdict.value) return words.noverdict;
    const reason = { unresolved: "reason", returned: "return_reason" }[verdict.value];
    return reason && !form.elements[reason].value ? words.noreason : "";
  }

  // --- leaving ----------------------------------------------------------------------------------

  function leaveNothing() {
    closed = true;
    window.clearTimeout(timer);
    pages.clear();
    items = [];
    root.hidden = true;
  }

  async function signOut(form) {
    const waiting = unsent().length + others;
    if (waiting && !(await view.ask(words.signoutquestion, words.signoutyes, { count: waiting }))) return;
    leaveNothing();
    await window.OutboxStore.wipe();
    channel.postMessage("signed out");
    if (navigator.onLine) form.submit();
    else view.goodbye();
  }

  channel.addEventListener("message", () => {
    leaveNothing();
    main().replaceChildren();
    window.location.replace("/sign-in");
  });

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (closed || !store || form.method !== "post") return;
      const asked = (event.submitter && event.submitter.name) || "";
      const isSave = form.matches("[data-outbox-form]") && !asked;
      const deed = form.matches("[data-sign-out]") ? signOut : isSave ? save : null;
      const lacking = isSave && (lost || mustSignIn) ? lacksSomething(form) : "";
      const isPastSaves = HANDS_ON.test(new URL(form.action).pathname) && !form.matches("[data-outbox-form]");
      const isBlocked = !deed && isPastSaves && unsent().length > 0;
      if (!deed && !isBlocked && navigator.onLine) return;
      event.preventDefault();
      event.stopPropagation();
      if (lacking) view.say(lacking, "error");
      else if (deed) deed(form);
      else if (isBlocked) view.ask(words.sendfirst, "", { count: unsent().length });
      else view.say(words.needsnetwork, "warning");
    },
    true,
  );

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!link || closed || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = new URL(link.href);
    if (target.origin !== window.location.origin || link.hasAttribute("download") || link.closest("[data-outbox]")) return;
    if (pages.isKnownKind(target.pathname) && pages.listOf(window.location.pathname) && !target.hash && !target.search.includes("kept")) {
      event.preventDefault();
      go(target.pathname + target.search);
    } else if (!navigator.onLine) {
      event.preventDefault();
      view.say(words.needsnetwork, "warning");
    }
  });

  // A page that comes from the server does not know yet what waits here.
  function showWaiting() {
    const here = pages.personOf(window.location.pathname);
    if (items.some((item) => pages.personOf(item.path) === here && !["sent", "failed"].includes(item.state))) pages.fill(here);
    draw();
  }

  document.addEventListener("outbox:shown", showWaiting);
  window.addEventListener("popstate", () => go(window.location.pathname + window.location.search, false));
  window.addEventListener("offline", () => {
    lost = true;
    draw();
  });
  window.addEventListener("online", () => {
    reached();
    send();
  });
  root.querySelector("[data-send-now]").addEventListener("click", () => {
    reached();
    send();
  });

  async function start() {
    store = await window.OutboxStore.open(words.key, words.owner);
    const found = await store.all();
    items = found.items.map(expectAnswer);
    for (const item of items) if (item.state !== "failed") item.state = "waiting";
    for (const item of items) pages.rememberTyped(pages.personOf(item.path), item.fields, 0);
    others = found.others;
    showWaiting();
    send();
    pages.rememberPresent(window.location.pathname);
    await pages.loadAhead(window.location.pathname);
  }

  // Without a place to keep what waits, the forms stay plain.
  start().catch(() => {
    closed = true;
  });
})();
