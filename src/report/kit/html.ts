/**
 * HTML from templates: everything that is put in is escaped, unless it is {@linkcode Html} already.
 *
 * @module
 */

/** A piece of finished, safe HTML. */
export class Html {
  /** The markup. */
  readonly text: string;

  /** @param text Markup that needs no escaping. */
  constructor(text: string) {
    this.text = text;
  }

  /** @returns The markup. */
  toString(): string {
    return this.text;
  }
}

/** What a template may hold: text and numbers (escaped), HTML (as it is), lists of them, and nothing. */
export type HtmlValue = string | number | Html | null | undefined | false | readonly HtmlValue[];

/**
 * Builds HTML. Values are escaped for text and for attributes in double quotes; null, undefined and false
 * leave no trace, lists are joined.
 *
 * @param strings The template's own markup.
 * @param values What stands between.
 * @returns The HTML.
 *
 * @example Text cannot become markup
 * ```ts
 * import { html } from "./html.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(html`<p title="${'"'}">${"</script><b>"}</p>`.text, '<p title="&quot;">&lt;/script&gt;&lt;b&gt;</p>');
 * ```
 */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  let text = strings[0] ?? "";
  values.forEach((value, i) => text += render(value) + (strings[i + 1] ?? ""));
  return new Html(text);
}

/**
 * An attribute that is there or not, with the blank before it.
 *
 * @param name Its name.
 * @param value Its value; true for an attribute without one. Without the attribute: false, null or undefined.
 * @returns The attribute or nothing.
 *
 * @example With and without
 * ```ts
 * import { attribute, html } from "./html.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(html`<p${attribute("hidden", true)}${attribute("class", false)}>`.text, "<p hidden>");
 * ```
 */
export function attribute(name: string, value: string | boolean | null | undefined): Html {
  if (value === false || value === null || value === undefined) return new Html("");
  return new Html(value === true ? ` ${name}` : ` ${name}="${escapeHtml(value)}"`);
}

/**
 * Escapes text for HTML, inside an element or a quoted attribute.
 *
 * @param text Any text.
 * @returns The same text as HTML.
 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
}

/**
 * JSON that may stand inside a script element: no character of it can end the element, open a comment or,
 * read as JavaScript, end a line.
 *
 * @param value Any value; numbers that are not finite become null.
 * @returns The JSON.
 *
 * @example The end of a script element
 * ```ts
 * import { scriptJson } from "./html.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(scriptJson("</script>"), String.raw`"\u003c/script\u003e"`);
 * assertEquals(JSON.parse(scriptJson("</script>")), "</script>");
 * ```
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function render(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(render).join("");
  return escapeHtml(String(value));
}
