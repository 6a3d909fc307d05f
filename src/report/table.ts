/**
 * Tables that scroll inside themselves on narrow screens.
 *
 * @module
 */

import { type Html, html, type HtmlValue } from "./html.ts";

/**
 * A table of numbers with a row header in the first column.
 *
 * @param caption What it holds.
 * @param head Column headers.
 * @param rows Rows; the first cell is the row's header.
 * @param options `text`: columns (by index) that hold words and are set flush left; `last`: the last row is a sum.
 * @returns The table.
 */
export function table(
  caption: HtmlValue,
  head: readonly HtmlValue[],
  rows: readonly (readonly HtmlValue[])[],
  options: { text?: readonly number[]; last?: boolean } = {},
): Html {
  const side = (column: number) =>
    column === 0 || options.text?.includes(column)
      ? html`
        class="words"
      `
      : null;
  return html`
    <div class="scroll" tabindex="0">
      <table>
        <caption>${caption}</caption>
        <thead>
          <tr>${head.map((cell, i) =>
            html`
              <th scope="col" ${side(i)}>${cell}</th>
            `
          )}</tr>
        </thead>
        <tbody>
    ${rows.map((row, r) =>
      html`
        <tr${options.last && r === rows.length - 1 && html`
          class="sum"
        `}>${row.map((cell, i) =>
          i === 0 ? html`<th scope="row" class="words">${cell}</th>` : html`<td${side(i)}>${cell}</td>`
        )}</tr>
      `
    )}</tbody>
      </table>
    </div>
  `;
}
