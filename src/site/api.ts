/**
 * The pages that `deno doc --html` makes, as part of the site.
 *
 * @module
 */

import { escapeHtml } from "../report/kit/html.ts";
import { plainText, relativeLink } from "./links.ts";
import { sitePath } from "./pages.ts";

/** Where they lie in the site. */
export const API = "api";

/**
 * Mends the links of a page of the API: those to sources lead to the site's pages instead of to a path of the machine
 * that made them, those to folders name the page that a server would give, and one leads back to the first page.
 *
 * @param path Where the page lies in the site.
 * @param page Its text.
 * @param root The repository's `file:` URL, with `/` at its end.
 * @returns The text, and the sources that it links to, from the repository's root.
 *
 * @example A source and a folder
 * ```ts
 * import { mendApiPage } from "./api.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const page = '<a href="..&#x2F;">up</a> <a href="file:&#x2F;&#x2F;&#x2F;r&#x2F;mod.ts">source</a>';
 * assertEquals(mendApiPage("api/gpu/index.html", page, "file:///r/"), {
 *   page: '<a href="../index.html">up</a> <a href="../../mod.ts.html">source</a>',
 *   sources: ["mod.ts"],
 * });
 * ```
 */
export function mendApiPage(path: string, page: string, root: string): { page: string; sources: string[] } {
  const sources = new Set<string>();
  const back = `<a href="${relativeLink(path, "index.html")}" class="contextLink">documentation</a>\n`;
  const mended = page.replace('<ul class="breadcrumbs">', (list) => back + list)
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
