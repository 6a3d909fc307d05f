/**
 * Links between the files of the site.
 *
 * @module
 */

/**
 * Resolves a link of a file.
 *
 * @param from The file that has it, from the root of all.
 * @param href The link.
 * @returns The path it leads to, from the same root, and its fragment with `#` or ""; undefined for links to elsewhere: of
 * another host, or out of the root.
 *
 * @example Beside, above, within the page, elsewhere
 * ```ts
 * import { resolveLink } from "./links.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(resolveLink("docs/a.md", "b.md#c"), { path: "docs/b.md", fragment: "#c" });
 * assertEquals(resolveLink("docs/a.md", "../mod.ts"), { path: "mod.ts", fragment: "" });
 * assertEquals(resolveLink("docs/a.md", "#c"), { path: "docs/a.md", fragment: "#c" });
 * assertEquals(resolveLink("docs/a.md", "https://arxiv.org/abs/2403.04343"), undefined);
 * assertEquals(resolveLink("docs/a.md", "../../b.md"), undefined);
 * ```
 */
export function resolveLink(from: string, href: string): { path: string; fragment: string } | undefined {
  const root = "file:///root/";
  if (!URL.canParse(href, root + from)) return undefined;
  const { href: whole, hash } = new URL(href, root + from);
  if (!whole.startsWith(root)) return undefined;
  const path = whole.slice(root.length).replace(/[?#].*$/s, "");
  return { path: decodeURIComponent(path), fragment: hash };
}

/**
 * The link from one file to another, relative, so that a site works from any folder and from a disk.
 *
 * @param from The file that has it.
 * @param to The file it leads to; both from the same root.
 * @returns The link, escaped as URLs are.
 *
 * @example
 * ```ts
 * import { relativeLink } from "./links.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(relativeLink("docs/a.html", "index.html"), "../index.html");
 * assertEquals(relativeLink("docs/a.html", "docs/scenes/b c.png"), "scenes/b%20c.png");
 * ```
 */
export function relativeLink(from: string, to: string): string {
  const folders = from.split("/").slice(0, -1);
  const steps = to.split("/");
  let same = 0;
  while (same < folders.length && same < steps.length - 1 && folders[same] === steps[same]) same++;
  return [...folders.slice(same).map(() => ".."), ...steps.slice(same).map(encodeURIComponent)].join("/");
}

/**
 * The links of pages that lead to no file, or to no place in one.
 *
 * @param pages The HTML of every page, by its path.
 * @param exists Whether another file is there.
 * @returns A line a link: the page, the link, what is missing.
 *
 * @example
 * ```ts
 * import { brokenLinks } from "./links.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pages = new Map([["a.html", '<p id="x"><a href="#x">x</a> <a href="#y">y</a> <a href="b.html">b</a>']]);
 * assertEquals(brokenLinks(pages, () => false), ["a.html: #y: no such place", "a.html: b.html: no such file"]);
 * ```
 */
export function brokenLinks(pages: ReadonlyMap<string, string>, exists: (path: string) => boolean): string[] {
  const places = new Map<string, Set<string>>();
  const placesOf = (path: string, page: string) => {
    const known = places.get(path) ?? new Set(Array.from(page.matchAll(/\bid="([^"]*)"/g), ([, id]) => id!));
    places.set(path, known);
    return known;
  };
  const broken: string[] = [];
  for (const [from, whole] of pages) {
    // What a script holds is no markup.
    const page = whole.replace(/(<script\b[^>]*>)[^]*?(?=<\/script)/g, "$1");
    for (const [, found] of page.matchAll(/<(?:a|img|link|script)\b[^>]*?\b(?:href|src)="([^"]*)"/g)) {
      const href = plainText(found!);
      const target = resolveLink(from, href);
      if (target === undefined) {
        if (!/^(https?|mailto|data):/.test(href)) broken.push(`${from}: ${href}: leads out of the site`);
        continue;
      }
      const other = pages.get(target.path);
      if (other === undefined && !exists(target.path)) broken.push(`${from}: ${href}: no such file`);
      const place = decodeURIComponent(target.fragment.slice(1));
      if (other !== undefined && place !== "" && !placesOf(target.path, other).has(place)) {
        broken.push(`${from}: ${href}: no such place`);
      }
    }
  }
  return broken;
}

/**
 * The text that HTML's characters stand for.
 *
 * @param escaped Text or an attribute's value, without tags.
 * @returns The same with its entities replaced: the five that XML knows, and numbers.
 *
 * @example
 * ```ts
 * import { plainText } from "./links.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(plainText("a &lt; b &amp;amp; ..&#x2F;c &#39;"), "a < b &amp; ../c '");
 * ```
 */
export function plainText(escaped: string): string {
  return escaped.replace(
    /&(?:#x([\da-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/gi,
    (_, hex?: string, decimal?: string, name?: string) =>
      name === undefined
        ? String.fromCodePoint(hex === undefined ? Number(decimal) : parseInt(hex, 16))
        : NAMED[name.toLowerCase()]!,
  );
}

const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
