/**
 * Markdown as HTML, in GitHub's dialect and with GitHub's names of headings, so that a link that works there works here.
 *
 * @module
 */

import GithubSlugger from "github-slugger";
import { Marked, type Tokens } from "marked";
import { Html, html } from "../report/kit/html.ts";
import { plainText } from "./links.ts";

/** A heading of a page. */
export interface Heading {
  /** 1 for the title. */
  depth: number;
  /** Its text. */
  text: string;
  /** Its id. */
  id: string;
}

/** What a text became. */
export interface Rendered {
  /** What is said. */
  body: Html;
  /** Its headings, in order. */
  headings: Heading[];
}

/**
 * Renders Markdown.
 *
 * @param markdown The text, of this repository: markup in it stays markup.
 * @param link What becomes of a link or the address of a picture.
 * @returns The HTML and its headings.
 *
 * @example A heading and a link
 * ```ts
 * import { renderMarkdown } from "./markdown.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { body, headings } = renderMarkdown("# Any `size`\n\n[here](a.md)", (href) => href.replace(".md", ".html"));
 * assertEquals(headings, [{ depth: 1, text: "Any size", id: "any-size" }]);
 * assertEquals(body.text.trim(), '<h1 id="any-size">Any <code>size</code></h1>\n<p><a href="a.html">here</a></p>');
 * ```
 */
export function renderMarkdown(markdown: string, link: (href: string) => string): Rendered {
  const slugger = new GithubSlugger();
  const headings: Heading[] = [];
  const marked = new Marked({
    walkTokens(token) {
      if (token.type === "link" || token.type === "image") token.href = link(token.href);
    },
    renderer: {
      heading({ tokens, depth }: Tokens.Heading): string {
        const inner = this.parser.parseInline(tokens);
        const text = plainText(inner.replace(/<[^>]*>/g, ""));
        const id = slugger.slug(text);
        headings.push({ depth, text, id });
        return `<h${depth} id="${id}">${inner}</h${depth}>\n`;
      },
      code({ text }: Tokens.Code): string {
        return html`<pre tabindex="0" role="region" aria-label="Code"><code>${text}</code></pre>`.text + "\n";
      },
      table({ header, rows }: Tokens.Table): string {
        const row = (cells: Tokens.TableCell[]) =>
          `<tr>${cells.map((cell) => this.tablecell(cell)).join("")}</tr>`;
        const table = `<table><thead>${row(header)}</thead><tbody>${
          rows.map(row).join("\n")
        }</tbody></table>`;
        return html`<div class="scroll" tabindex="0" role="region" aria-label="Table">${new Html(
          table,
        )}</div>`.text + "\n";
      },
    },
  });
  return { body: new Html(marked.parse(markdown, { async: false })), headings };
}
