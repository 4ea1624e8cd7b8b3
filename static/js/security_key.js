// Has a security key (WebAuthn) answer: fetches the challenge, asks the device, sends the form with the answer.
// The form is of no use without this file: its part of the page is hidden until it runs.
(function () {
  "use strict";

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  function readable(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const each of [...(options.excludeCredentials || []), ...(options.allowCredentials || [])]) each.id = bytes(each.id);
    return options;
  }

  function told(made) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (made.response[name]) response[name] = text(made.response[name]);
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
  }

  async function ask(form) {
    const answer = await fetch(form.dataset.challenge, {
      method: "POST",
      headers: { "X-CSRFToken": form.elements.csrf_token.value },
    });
    // Who has to prove who he is first, or to sign in, is led there.
    if (answer.redirected) return window.location.assign(answer.url);
    if (!answer.ok) throw new Error("refused");
    const publicKey = readable(await answer.json());
    const made = await (publicKey.user ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
    form.elements.assertion.value = told(made);
    form.submit();
  }

  for (const form of document.querySelectorAll("form[data-challenge]")) {
    const words = form.querySelector("[data-said]");
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const button = form.querySelector("button[type=submit]");
      if (!window.PublicKeyCredential) return void (words.textContent = form.dataset.missing);
      button.disabled = true;
      words.textContent = form.dataset.waiting;
      ask(form).catch(() => {
        words.textContent = form.dataset.failed;
        button.disabled = false;
      });
    });
  }
})();
