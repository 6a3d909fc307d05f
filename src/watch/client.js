// What runs in the reader's browser: it takes the snapshots that the watcher sends, and changes what has changed in the
// page.
import { show as showIn } from "../report/kit/morph.js";

const RETRY = 2000;
const connection = document.getElementById("connection");
let finished = document.body.dataset.finished === "true";

function show(snapshot) {
  for (const [id, text] of Object.entries(snapshot.regions)) {
    showIn(document.getElementById(id), text);
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
