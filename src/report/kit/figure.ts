/**
 * Figures: a Plotly chart, a caption that says in words what it shows, and its numbers in a table.
 *
 * Charts are described here and drawn in the reader's browser. Two things keep a description independent of
 * the reader: colours are names of the style sheet's variables ("@blue" for `var(--blue)`, under any key
 * that ends in "color"), so one description serves light, dark and print; and every text a chart shows goes
 * through {@linkcode plain}, so that the names of tasks cannot be markup.
 *
 * @module
 */

import { type Html, html, type HtmlValue } from "./html.ts";

/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One state of a chart, in Plotly's terms. */
export interface View {
  data: readonly { readonly [key: string]: Json }[];
  layout: { readonly [key: string]: Json };
}

/** A chart as the page carries it. */
export interface Chart {
  /** Id of the element it is drawn into. */
  id: string;
  /** The views; the select element of this name moves between them. */
  views: View[];
  chooser?: string;
}

/** The charts of a page, collected while its HTML is built. */
export class Charts {
  /** In the order of the page. */
  readonly all: Chart[] = [];

  /**
   * Adds a chart.
   *
   * @param id Id of the element, unique on the page.
   * @param label What a screen reader says before the picture.
   * @param height Pixels.
   * @param views One view or more.
   * @param chooser Name of the select element that moves between the views.
   * @returns The element it is drawn into.
   */
  add(id: string, label: string, height: number, views: View[], chooser?: string): Html {
    this.all.push(chooser === undefined ? { id, views } : { id, views, chooser });
    return html`<div class="chart" id="${id}" role="group" aria-label="${label}" style="height:${
      Math.round(height)
    }px"></div>`;
  }
}

/**
 * A figure.
 *
 * @param id Id of the figure, unique on the page.
 * @param parts Its parts, from top to bottom: `controls` and `legend` above the chart, `numbers` (tables) folded below.
 * @returns The figure.
 */
export function figure(
  id: string,
  parts: {
    controls?: HtmlValue;
    legend?: HtmlValue;
    body: HtmlValue;
    caption: HtmlValue;
    numbers?: HtmlValue;
  },
): Html {
  return html`
    <figure id="${id}" aria-labelledby="${id}-caption">${parts.controls}${parts.legend}${parts.body}
    <figcaption id="${id}-caption">${parts.caption}</figcaption>
    ${parts.numbers && html`<details><summary>The numbers</summary>${parts.numbers}</details>`}</figure>
  `;
}

/**
 * Text for a chart. Plotly reads a few HTML tags, entities and TeX between dollars in its texts; escaped, they are shown
 * as they are.
 *
 * @param text Any text.
 * @returns Text that Plotly shows literally.
 */
export function plain(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/\$/g, "&#36;");
}

/**
 * The layout that all charts share, with what a chart adds to it.
 *
 * @param own The chart's own settings; axes are merged, the rest replaces.
 * @returns A layout.
 */
export function layout(own: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  const axis = {
    color: "@muted",
    gridcolor: "@rule",
    zerolinecolor: "@axis",
    linecolor: "@axis",
    tickfont: { color: "@text", size: 12 },
    fixedrange: true,
    automargin: true,
    ticks: "",
    zeroline: false,
  };
  return {
    paper_bgcolor: "@paper",
    plot_bgcolor: "@paper",
    font: { color: "@text", size: 12 },
    hoverlabel: { bgcolor: "@paper", bordercolor: "@axis", font: { color: "@text", size: 12 } },
    margin: { l: 8, r: 8, t: 8, b: 36, pad: 4 },
    showlegend: false,
    hovermode: "closest",
    dragmode: false,
    ...own,
    xaxis: { ...axis, ...(own["xaxis"] as object | undefined) },
    yaxis: { ...axis, ...(own["yaxis"] as object | undefined) },
  };
}

/**
 * The title of an axis.
 *
 * @param text The title.
 * @returns Settings of an axis.
 */
export function axisTitle(text: string): { readonly [key: string]: Json } {
  return { title: { text: plain(text), standoff: 8, font: { color: "@muted", size: 12 } } };
}

/**
 * The axis of a chart with a row a task, the first on top, and a label at the right end of each row.
 *
 * @param rows Names of the tasks and their labels.
 * @returns Parts of a layout: `yaxis` and `annotations`.
 */
export function taskRows(rows: readonly { task: string; label: string }[]): Record<string, Json> {
  return {
    yaxis: {
      range: [rows.length - 0.5, -0.5],
      tickvals: rows.map((_, i) => i),
      ticktext: rows.map(({ task }) => plain(task)),
      showgrid: false,
    },
    annotations: rows.map(({ label }, y) => ({
      xref: "paper",
      x: 1,
      xanchor: "left",
      xshift: 8,
      y,
      text: label,
      showarrow: false,
      font: { color: "@text", size: 12 },
    })),
  };
}
