// What runs in the reader's browser: it takes the snapshots that the watcher sends, and changes what has changed in the
// page, element by element, so that focus, scroll and what a screen reader reads stay where they are.
(() => {
  "use strict";
  const RETRY = 2000;
  const connection = document.getElementById("connection");
  let finished = document.body.dataset.finished === "true";

  function morph(old, fresh) {
    if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) {
      old.replaceWith(fresh);
      return;
    }
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== fresh.data) old.data = fresh.data;
      return;
    }
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) {
        old.removeAttribute(name);
      }
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    morphChildren(old, fresh);
  }

  function morphChildren(old, fresh) {
    const [before, after] = [[...old.childNodes], [...fresh.childNodes]];
    for (const extra of before.slice(after.length)) extra.remove();
    after.forEach((node, i) => i < before.length ? morph(before[i], node) : old.append(node));
  }

  function show(snapshot) {
    for (const [id, text] of Object.entries(snapshot.regions)) {
      const region = document.getElementById(id);
      const fresh = document.createElement("template");
      fresh.innerHTML = text;
      morphChildren(region, fresh.content);
    }
    document.title = snapshot.title;
    finished = snapshot.finished;
  }

  function say(text) {
    if (connection.textContent !== text) connection.textContent = text;
  }

  function connect() {
    const events = new EventSource("events");
    events.addEventListener("snapshot", ({ data }) => {
      show(JSON.parse(data));
      document.documentElement.dataset.shown = "live";
    });
    events.addEventListener("open", () => say(""));
    events.addEventListener("error", () => {
      const since = new Date().toISOString().slice(11, 19);
      document.documentElement.dataset.shown = "old";
      if (connection.textContent === "") {
        say(
          finished
            ? "The watcher has ended; the run was finished, and this page shows how."
            : `The connection to the watcher is lost since ${since} UTC; this page shows what was last seen, and tries again. The run itself is not disturbed.`,
        );
      }
      // The browser tries again by itself, unless it was refused.
      if (events.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, RETRY);
    });
  }

  connect();
})();
