/**
 * The documentation as a static site.
 *
 * @module
 */

import { join } from "@std/path";
import reportStyle from "../report/style.css" with { type: "text" };
import siteStyle from "./site.css" with { type: "text" };
import { InputError } from "../errors.ts";
import { html } from "../report/kit/html.ts";
import { type Entry, renderSitePage, STYLE } from "./layout.ts";
import { relativeLink, resolveLink } from "./links.ts";
import { renderMarkdown } from "./markdown.ts";
import { type BuiltPage, isMarkdown, isPicture, PAGES, sitePath } from "./pages.ts";

/** The files of a site. */
export interface Site {
  /** Text by path: pages and their style. */
  texts: Map<string, string>;
  /** Pictures by path, and the files that they are copies of. */
  pictures: Map<string, string>;
}

/**
 * Makes the pages of {@linkcode PAGES}, and of every file of the repository that they link to: Markdown as a page, other
 * text as it stands, pictures as copies.
 *
 * @param root The repository.
 * @param built What else the navigation lists; their files are made elsewhere.
 * @param linked Files of the repository that those link to.
 * @returns The files.
 * @throws {InputError} If a link leads to no file of the repository.
 */
export async function buildSite(
  root: string,
  built: readonly BuiltPage[],
  linked: readonly string[] = [],
): Promise<Site> {
  const navigation: Entry[] = [
    ...PAGES.map(({ name, source }) => ({ name, path: sitePath(source) })),
    ...built.map(({ name, path }) => ({ name, path })),
  ];
  const texts = new Map([[STYLE, reportStyle + siteStyle]]);
  const pictures = new Map<string, string>();
  const waiting = [...PAGES.map(({ source }) => source), ...linked];
  for (let source = waiting.shift(); source !== undefined; source = waiting.shift()) {
    const path = sitePath(source);
    if (texts.has(path) || pictures.has(path)) continue;
    if (isPicture(source)) {
      pictures.set(path, join(root, source));
      continue;
    }
    const text = await Deno.readTextFile(join(root, source));
    if (!isMarkdown(source)) {
      const body = html`
        <h1><code>${source}</code></h1>\\n<pre tabindex="0" role="region"
          aria-label="Source"><code>${text}</code></pre>
      `;
      texts.set(path, renderSitePage({ path, title: source, body, headings: [], navigation }));
      continue;
    }
    const targets: string[] = [];
    const { body, headings } = renderMarkdown(text, (href) => {
      if (/^https?:/.test(href)) return href;
      const target = resolveLink(source!, href);
      if (target === undefined || !isFile(join(root, target.path))) {
        throw new InputError(
          `${source}: expected the link ${href} to lead to a file of the repository, found none there; mend the link`,
        );
      }
      if (target.path === source) return target.fragment;
      targets.push(target.path);
      return relativeLink(path, sitePath(target.path)) + target.fragment;
    });
    const title = headings.find(({ depth }) => depth === 1)?.text ?? source;
    texts.set(path, renderSitePage({ path, title, body, headings, navigation }));
    waiting.push(...targets);
  }
  return { texts, pictures };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
