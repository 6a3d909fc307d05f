/**
 * The pages that `deno doc --html` makes, as part of the site.
 *
 * @module
 */

import { escapeHtml, html } from "../report/kit/html.ts";
import { plainText, relativeLink } from "./links.ts";
import { sitePath } from "./pages.ts";

/** Where they lie in the site. */
export const API = "api";

/** What the API's pages are told of the package. */
export interface ApiPlace {
  /** The repository's `file:` URL, with `/` at its end. */
  root: string;
  /** What the package is called where it is imported. */
  name: string;
  /** Its entries beside the first, without `./`. */
  entries: readonly string[];
}

/**
 * Mends a page of the API. Links to sources lead to the site's pages instead of to a path of the machine that made
 * them, those to folders name the page that a server would give. Imports name the package, the first page lists its
 * entries, and every page leads back to the documentation.
 *
 * @param path Where the page lies in the site.
 * @param page Its text.
 * @param place What it is told.
 * @returns The text, and the sources that it links to, from the repository's root.
 *
 * @example An import, a folder, a source
 * ```ts
 * import { mendApiPage } from "./api.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const page =
 *   'from &quot;gpu&quot; <a href="..&#x2F;">up</a> <a href="file:&#x2F;&#x2F;&#x2F;r&#x2F;mod.ts">source</a>';
 * assertEquals(mendApiPage("api/gpu/index.html", page, { root: "file:///r/", name: "@a/b", entries: ["gpu"] }), {
 *   page: 'from &quot;@a/b/gpu&quot; <a href="../index.html">up</a> <a href="../../mod.ts.html">source</a>',
 *   sources: ["mod.ts"],
 * });
 * ```
 */
export function mendApiPage(
  path: string,
  page: string,
  { root, name, entries }: ApiPlace,
): { page: string; sources: string[] } {
  const sources = new Set<string>();
  const back =
    html`<a class="contextLink" href="${relativeLink(path, "index.html")}">documentation</a>&nbsp;›&nbsp;`
      .text;
  const list = html`<p>Entries: ${
    entries.map((entry) =>
      html`
        <a href="${entry}/index.html"><code>${name}/${entry}</code></a>
      `
    )
  }</p>`.text;
  const mended = page
    .replace('<ul class="breadcrumbs">', (start) => back + start)
    .replace("<main><section>", (start) => path === `${API}/index.html` ? start + list : start)
    .replace(
      /(from &quot;)([.\w]+)(&quot;)/g,
      (whole, before: string, entry: string, after: string) =>
        entry === "."
          ? before + name + after
          : entries.includes(entry)
          ? `${before}${name}/${entry}${after}`
          : whole,
    )
    .replace(/\bhref="([^"]*)"/g, (_, attribute: string) => {
      const href = plainText(attribute);
      if (href.startsWith(root)) {
        const source = decodeURI(href.slice(root.length));
        sources.add(source);
        return `href="${relativeLink(path, sitePath(source))}"`;
      }
      return `href="${escapeHtml(href.endsWith("/") && !href.includes(":") ? `${href}index.html` : href)}"`;
    });
  return { page: mended, sources: [...sources] };
}
