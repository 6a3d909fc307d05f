/**
 * The frame of a page: one HTML file that needs nothing else, not even a network.
 *
 * @module
 */

import plotly from "plotly.js-cartesian-dist-min/plotly-cartesian.min.js" with { type: "text" };
import type { PageModels } from "../../page/packed.ts";
import answering from "../answering.js" with { type: "text" };
import client from "../client.js" with { type: "text" };
import style from "../style.css" with { type: "text" };
import type { Charts } from "./figure.ts";
import { Html, html, scriptJson } from "./html.ts";

/** What a page is made of. */
export interface PageParts {
  /** What the window is called. */
  title: string;
  /** The page in a sentence. */
  description: string;
  /** The version of this package that the numbers come from. */
  version: string;
  /** What {@linkcode shell} gave. */
  body: Html;
  /** The charts of the body; left out on a page without any. */
  charts?: Charts;
  /** Models that can be asked on the page, if there are any. */
  models?: PageModels | undefined;
  /** A picture that stands for the page where links to it are shown, seen from the page; none if left out. */
  image?: string | undefined;
  /** What the page has beside what all pages have. */
  own?: OwnParts;
}

/** What a page has of its own. */
export interface OwnParts {
  /** Its style, after that of all pages. */
  style: string;
  /** A module; a worker may be made of its text. */
  script: string;
  /** The id of its element. */
  id: string;
  /** JSON that it reads, by the id of the element. */
  data: Readonly<Record<string, unknown>>;
  /** Whether it may ask the server that it comes from; nobody, if left out. */
  asksServer?: boolean;
}

/**
 * Renders a page as one self-contained HTML file: scripts, styles and images are inside, and its content security policy
 * forbids every request. The same parts give the same bytes.
 *
 * @param parts What it is made of.
 * @returns The file's text.
 */
export async function renderPage(parts: PageParts): Promise<string> {
  const { charts, own } = parts;
  const data = charts === undefined ? "" : scriptJson(charts.all);
  // Derived from the content, so that equal runs give equal files. No content can hold its own hash, so none can
  // name the nonce; and none is markup to begin with.
  const models = parts.models === undefined ? "" : scriptJson(parts.models.packed);
  const ownData = Object.entries(own?.data ?? {}).map(([id, value]) => [id, scriptJson(value)] as const);
  const nonce = await hash(parts.body.text + data + models + ownData.join());
  const policy =
    `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'unsafe-inline'; img-src data: blob:; ` +
    `${own === undefined ? "" : "worker-src blob:; "}${
      own?.asksServer === true ? "connect-src 'self'; " : ""
    }` +
    `base-uri 'none'; form-action 'none'`;
  const inScript = (script: string) => new Html(script.replaceAll("</script", "<\\/script"));
  const page = html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <meta name="generator" content="cotbal ${parts.version}">
        <meta name="description" content="${parts.description}">
        <title>${parts.title}</title>
        ${parts.image !== undefined && html`
          <meta property="og:type" content="article">
          <meta property="og:title" content="${parts.title}">
          <meta property="og:description" content="${parts.description}">
          <meta property="og:image" content="${parts.image}">
          <meta property="og:image:alt" content="${parts.description}">
        `}
        <link rel="icon" href="data:,">
        <style>${new Html(style + (own?.style ?? ""))}</style>
      </head>
      <body>
    ${parts.body}
    ${charts !== undefined &&
      html`
        <script type="application/json" id="charts">${new Html(data)}</script>
        <script nonce="${nonce}">${inScript(plotly)}</script>
        <script nonce="${nonce}">${new Html(client)}</script>
      `}
    ${models !== "" &&
      html`
        <script type="application/json" id="models">${new Html(models)}</script>
        <script type="module" nonce="${nonce}">${inScript(answering)}</script>
      `}
    ${ownData.map(([id, text]) =>
      html`<script type="application/json" id="${id}">${new Html(text)}</script>\n`
    )}
    ${own !== undefined &&
      html`<script type="module" id="${own.id}" nonce="${nonce}">${inScript(own.script)}</script>`}
      </body>
    </html>
  `;
  return page.text.trimStart();
}

/**
 * The body of a page: headline, contents, what it says, footer.
 *
 * @param head What stands on top.
 * @param contents A list of links to the sections.
 * @param main The sections.
 * @param made What the page is called, which command made it, and what of it needs JavaScript; a report without it.
 * @returns The body.
 */
export function shell(
  head: Html,
  contents: Html,
  main: Html | Html[],
  made: { brand?: string; by?: string; noscript?: string } = {},
): Html {
  return html`
    <a class="skip" href="#main">Skip to the results</a>
    <header><p class="brand">cotbal <span>${made.brand ?? "report"}</span></p>
    ${head}
    </header>
    <nav aria-label="Contents"><p class="panel-title">Contents</p>${contents}</nav>
    <main id="main">
    <noscript><p class="warnings">${made.noscript ??
      "Charts need JavaScript, which is off. All numbers stand in the tables below the captions."}</p></noscript>
    ${main}
    </main>
    <footer>
      <p>Made by <code>${made.by ??
        "deno task report"}</code>. This page is one file: it asks no server for anything and tells nobody that it was read.</p>
    </footer>
  `;
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toBase64();
}
