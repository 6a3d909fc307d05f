/**
 * What the site's navigation lists.
 *
 * @module
 */

/** A page made from Markdown. */
export interface MarkdownPage {
  /** What the navigation calls it. */
  name: string;
  /** The Markdown, from the repository's root. */
  source: string;
}

/** A page that something else makes: the API, and whatever else comes to belong to the site. */
export interface BuiltPage {
  /** What the navigation calls it. */
  name: string;
  /** Where it lies in the site. */
  path: string;
}

/** The pages made from Markdown, in the navigation's order; those that a {@linkcode BuiltPage} names come after them. */
export const PAGES: readonly MarkdownPage[] = [
  { name: "Overview", source: "README.md" },
  { name: "Your own data", source: "docs/data.md" },
  { name: "Models", source: "docs/models.md" },
  { name: "Other trainers", source: "docs/use-elsewhere.md" },
  { name: "npm package", source: "npm/README.md" },
  { name: "The benchmark", source: "docs/scenes.md" },
  { name: "The study", source: "docs/study.md" },
  { name: "Run folders", source: "docs/run_folder.md" },
  { name: "Clusters", source: "docs/cluster.md" },
  { name: "Stored results", source: "docs/verify.md" },
  { name: "Two implementations", source: "docs/dawn.md" },
  { name: "Glossary", source: "docs/glossary.md" },
  { name: "Contributing", source: "CONTRIBUTING.md" },
];

/**
 * Where a file of the repository comes to lie in the site: where it lies in the repository, so that links between
 * files stay what they are but for their ends.
 *
 * @param source From the repository's root.
 * @returns From the site's.
 *
 * @example A page, the first page, a source, a picture
 * ```ts
 * import { sitePath } from "./pages.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["docs/data.md", "README.md", "mod.ts", "docs/report.png"].map(sitePath), [
 *   "docs/data.html",
 *   "index.html",
 *   "mod.ts.html",
 *   "docs/report.png",
 * ]);
 * ```
 */
export function sitePath(source: string): string {
  if (source === "README.md") return "index.html";
  if (isPicture(source)) return source;
  return isMarkdown(source) ? source.replace(/\.md$/, ".html") : `${source}.html`;
}

/** Whether a path names a picture. */
export function isPicture(path: string): boolean {
  return /\.(png|jpe?g|svg|gif|webp)$/.test(path);
}

/** Whether a path names Markdown. */
export function isMarkdown(path: string): boolean {
  return path.endsWith(".md");
}
