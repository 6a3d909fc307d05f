/**
 * The page that shows a run as it goes.
 *
 * @module
 */

import reportStyle from "../report/style.css" with { type: "text" };
import { Html, html } from "../report/kit/html.ts";
import morph from "../report/kit/morph.js" with { type: "text" };
import client from "./client.js" with { type: "text" };
import ownStyle from "./watch.css" with { type: "text" };
import type { RegionId, Snapshot } from "./regions.ts";

/** What the page loads, all of it from the watcher itself; scripts where they lie in `src`, as they import each other. */
export const ASSETS: Readonly<Record<string, { type: string; text: string }>> = {
  "/style.css": { type: "text/css; charset=utf-8", text: reportStyle + ownStyle },
  "/watch/client.js": { type: "text/javascript; charset=utf-8", text: client },
  "/report/kit/morph.js": { type: "text/javascript; charset=utf-8", text: morph },
};

/** The policy that the page is sent with. */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Renders the page as the run stands; its script keeps it so.
 *
 * @param snapshot What it shows first.
 * @returns The page's HTML.
 */
export function watchPage({ title, finished, regions }: Snapshot): string {
  const region = (id: RegionId) => new Html(regions[id]);
  const part = (id: RegionId, heading: string) =>
    html`
      <section aria-labelledby="${id}-title">
        <h2 id="${id}-title">${heading}</h2>
        <div id="${id}">${region(id)}</div>
      </section>
    `;
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${title}</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="style.css">
        <script src="watch/client.js" type="module"></script>
      </head>
      <body data-finished="${String(finished)}">
        <a class="skip" href="#main">Skip to losses and scores</a>
        <header>
          <p class="brand">cotbal <span>watch</span></p>
          <h1 id="name">${region("name")}</h1>
          <p id="state" role="status" aria-live="polite">${region("state")}</p>
          <p id="connection" class="warnings" role="status" aria-live="polite"></p>
          <noscript><p class="warnings">JavaScript is off: load this page again to see how the run stands.</p></noscript>
          <div id="progress">${region("progress")}</div>
          <div id="facts">${region("facts")}</div>
        </header>
        <main id="main">
    ${part("losses", "Losses")}
    ${part("parts", "Plan and scores")}
    ${part("log", "Log")}
        </main>
        <footer>
          <p>Made by <code>deno task watch</code>. It reads the run’s folder and writes nothing there: closing this page or the watcher does not disturb the run.</p>
        </footer>
      </body>
    </html>
  `.text.trimStart();
}
