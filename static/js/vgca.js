// The button that has the agent on this computer sign (VGCA, Ban Cơ yếu). The agent listens on this computer alone; it
// fetches the file and brings it back by itself, here it is only told where. Its messages are assumed from public code.
(function () {
  "use strict";

  const PATIENCE = 300000;

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-vgca]") : null;
    if (!button) return;
    const told = document.getElementById(button.dataset.status);
    const say = (words) => (told.textContent = words);
    const absolute = (path) => new URL(path, window.location.href).href;
    button.disabled = true;
    say(button.dataset.waiting);

    const agent = new WebSocket(button.dataset.vgca + "/SignApproved");
    let answered = false;
    const fail = (words) => {
      if (answered) return;
      answered = true;
      button.disabled = false;
      say(words || button.dataset.absent);
      agent.close();
    };
    const clock = window.setTimeout(() => fail(""), PATIENCE);

    agent.addEventListener("open", () =>
      agent.send(
        JSON.stringify({
          FileUploadHandler: absolute(button.dataset.bring),
          SessionId: "",
          JWTToken: "",
          FileName: absolute(button.dataset.fetch),
          DocNumber: button.dataset.number,
          MetaData: [],
        })
      )
    );
    agent.addEventListener("message", (answer) => {
      window.clearTimeout(clock);
      let read;
      try {
        read = JSON.parse(answer.data);
      } catch {
        return fail("");
      }
      if (read.Status !== 0) return fail(read.Message);
      answered = true;
      agent.close();
      window.location.assign(button.dataset.next);
    });
    agent.addEventListener("error", () => fail(""));
    agent.addEventListener("close", () => fail(""));
  });
})();
