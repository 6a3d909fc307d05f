/**
 * The frame of the site's pages.
 *
 * @module
 */

import { attribute, type Html, html } from "../report/kit/html.ts";
import { relativeLink } from "./links.ts";
import type { Heading } from "./markdown.ts";

/** An entry of the navigation. */
export interface Entry {
  /** What it is called. */
  name: string;
  /** Where it lies in the site. */
  path: string;
}

/** What a page is made of. */
export interface PageParts {
  /** Where it lies in the site. */
  path: string;
  /** What the window is called. */
  title: string;
  /** What it says. */
  body: Html;
  /** Its headings; those of the second depth are listed below its entry. */
  headings: readonly Heading[];
  /** All that the navigation lists. */
  navigation: readonly Entry[];
}

/** Where the pages' style lies in the site. */
export const STYLE = "style.css";

/**
 * Renders a page: navigation, then what it says. No script, and all addresses relative: it works from a disk and below
 * any address.
 *
 * @param parts What it is made of.
 * @returns The file's text.
 */
export function renderSitePage({ path, title, body, headings, navigation }: PageParts): string {
  const below = headings.filter(({ depth }) => depth === 2);
  const entries = navigation.map((entry) => {
    const here = entry.path === path;
    return html`<li><a href="${relativeLink(path, entry.path)}"${
      attribute("aria-current", here && "page")
    }>${entry.name}</a>${
      here && below.length > 0 &&
      html`<ol>${below.map(({ id, text }) => html`<li><a href="#${id}">${text}</a></li>`)}</ol>`
    }</li>\n`;
  });
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${title === "cotbal" ? title : `${title} · cotbal`}</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="${relativeLink(path, STYLE)}">
      </head>
      <body>
        <a class="skip" href="#main">Skip to the text</a>
        <header>
          <p class="brand">cotbal <span>documentation</span></p>
        </header>
        <nav aria-label="Pages">
          <ol>
    ${entries}</ol>
        </nav>
        <main id="main">
    ${body}
        </main>
      </body>
    </html>
  `.text;
}
