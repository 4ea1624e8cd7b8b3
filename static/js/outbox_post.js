// One save on its way to the server, and what came back: saved, refused, sign_in, token, or broken (no answer of ours).
(function () {
  "use strict";

  const GIVE_UP = 20_000; // at 64 kbit/s an answer comes within seconds; this one is lost
  const REFUSED = [403, 404, 409, 413, 422];
  const MARK = { "X-Outbox": "1" };

  async function post(item, token) {
    const reply = await fetch(item.path, {
      method: "POST",
      headers: MARK,
      body: new URLSearchParams([...item.fields, ["csrf_token", token]]),
      redirect: "manual",
      signal: AbortSignal.timeout(GIVE_UP),
    });
    const kind = reply.headers.get("content-type") || "";
    if (kind.startsWith("application/json")) return reply.json();
    if (reply.type === "opaqueredirect") return { state: "sign_in" };
    const page = REFUSED.includes(reply.status) ? await reply.text() : "";
    // A refusal is a page of ours; anything else (a proxy's error, a network's own sign-in) is no answer at all.
    return page.includes("data-portal") ? { state: "refused", html: page } : { state: "broken", status: reply.status };
  }

  window.OutboxPost = {
    GIVE_UP,
    post,

    // A form token of the present session; null where nobody, or somebody else, is signed in.
    async freshToken(owner) {
      const reply = await fetch("/outbox", { headers: MARK, signal: AbortSignal.timeout(GIVE_UP) });
      if (!reply.ok) return null;
      const fresh = await reply.json();
      return fresh.owner === owner ? fresh.token : null;
    },

    // Why the server refused, in its own words.
    causeIn(html) {
      const page = new DOMParser().parseFromString(html, "text/html");
      const cause = page.querySelector(".error-summary li, .field-error, main .notice, main p");
      return cause ? cause.textContent.trim() : "";
    },
  };
})();
