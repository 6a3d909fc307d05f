/**
 * How methods and reference scores are named and drawn: one colour and one mark each, the same in every chart.
 *
 * @module
 */

import type { MethodLook, WeightingMethod } from "../../balance/methods/method.ts";
import { findMethod, METHODS } from "../../balance/methods/registry.ts";
import { type Html, html } from "./html.ts";

/** A mark: a shape of Plotly's that this page can also draw by itself in a legend. */
export type Mark = MethodLook["mark"] | "x-thin-open" | "line-ns-open";

/** A line: Plotly's names. */
export type Dash = MethodLook["dash"];

/** Name, colour and mark of a method or a reference score. */
export interface Look {
  name: string;
  /** A colour of the style sheet, by the name of its variable: "@blue" is `var(--blue)`. */
  color: string;
  mark: Mark;
  dash: Dash;
}

const BASE: Look = { name: "base, untuned", color: "@grey", mark: "square-open", dash: "dot" };

/** What methods get, in turn, that the registry does not hold. */
const OTHERS: MethodLook[] = [
  { color: "orange", mark: "triangle-down", dash: "dash" },
  { color: "sky", mark: "cross", dash: "dot" },
  { color: "ink", mark: "circle-open", dash: "dashdot" },
  { color: "purple", mark: "diamond-open", dash: "dot" },
  { color: "orange", mark: "triangle-up-open", dash: "solid" },
];

/**
 * The looks of methods.
 *
 * @param ids The methods of the page, in order.
 * @param methods The registry that their names and looks are taken from.
 * @returns Their looks, by id; "base" is among them.
 */
export function looks(
  ids: readonly string[],
  methods: readonly WeightingMethod[] = METHODS,
): Map<string, Look> {
  const result = new Map<string, Look>([["base", BASE]]);
  let next = 0;
  for (const id of ids) {
    if (result.has(id)) continue;
    const method = findMethod(id, methods);
    const { color, mark, dash } = method?.look ?? OTHERS[next++ % OTHERS.length] as MethodLook;
    result.set(id, {
      name: method?.name ?? (id.length <= 4 ? id.toUpperCase() : id),
      color: `@${color}`,
      mark,
      dash,
    });
  }
  return result;
}

/**
 * The look of a method.
 *
 * @param all What {@linkcode looks} gave.
 * @param id The method.
 * @returns Its look; a grey one for a method nobody announced.
 */
export function lookOf(all: ReadonlyMap<string, Look>, id: string): Look {
  return all.get(id) ?? { name: id, color: "@grey", mark: "cross", dash: "dot" };
}

/** An entry of a legend: a mark, a line, or a filled area. */
export type LegendEntry =
  & { name: string; color: string }
  & ({ mark: Mark } | { dash: Dash } | { area: true });

/**
 * A legend in HTML, which wraps on narrow screens where Plotly's own would squeeze the chart.
 *
 * @param entries What stands in the chart.
 * @returns A list.
 */
export function legend(entries: readonly LegendEntry[]): Html {
  return html`<ul class="legend">${entries.map((e) => html`<li>${swatch(e)}${e.name}</li>`)}</ul>`;
}

/**
 * The small picture of a legend entry.
 *
 * @param entry The entry.
 * @returns An inline SVG, hidden from screen readers.
 */
export function swatch(entry: LegendEntry): Html {
  const color = `color:var(--${entry.color.slice(1)})`;
  if ("area" in entry) {
    return svg(color, html`<rect x="0" y="2" width="22" height="10" fill="currentColor" />`);
  }
  if ("mark" in entry) {
    const style = entry.mark.endsWith("-open")
      ? html`fill="none" stroke="currentColor" stroke-width="2"`
      : html`fill="currentColor"`;
    return svg(color, html`<path d="${PATHS[entry.mark]}" ${style} />`);
  }
  const pattern = { solid: "", dash: "6 3", dot: "2 3", dashdot: "7 3 2 3" }[entry.dash];
  return svg(
    color,
    html`<path d="M0 7H22" stroke="currentColor" stroke-width="2.5" stroke-dasharray="${pattern}" />`,
  );
}

function svg(color: string, body: Html): Html {
  return html`
    <svg class="swatch" style="${color}" viewBox="0 0 22 14" width="22" height="14"
      aria-hidden="true">${body}</svg>
  `;
}

const CIRCLE = "M6 7a5 5 0 1 0 10 0a5 5 0 1 0-10 0";
const SQUARE = "M6.5 2.5h9v9h-9z";
const DIAMOND = "M11 1l6 6l-6 6l-6-6z";
const UP = "M11 1.5l6 10.5h-12z";

const PATHS: Record<Mark, string> = {
  "circle": CIRCLE,
  "diamond": DIAMOND,
  "square": SQUARE,
  "triangle-up": UP,
  "triangle-down": "M11 12.5l6-10.5h-12z",
  "cross": "M9 2h4v3h3v4h-3v3h-4v-3h-3v-4h3z",
  "circle-open": CIRCLE,
  "square-open": SQUARE,
  "diamond-open": DIAMOND,
  "triangle-up-open": UP,
  "x-thin-open": "M7 3l8 8M15 3l-8 8",
  "line-ns-open": "M11 1v12",
};
