/**
 * Tables that scroll inside themselves on narrow screens.
 *
 * @module
 */

import { attribute, type Html, html, type HtmlValue } from "./html.ts";

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
  caption: string,
  head: readonly HtmlValue[],
  rows: readonly (readonly HtmlValue[])[],
  options: { text?: readonly number[]; last?: boolean } = {},
): Html {
  const words = (column: number) =>
    attribute("class", (column === 0 || options.text?.includes(column)) && "words");
  const sum = (row: number) => attribute("class", options.last === true && row === rows.length - 1 && "sum");
  const cells = (row: readonly HtmlValue[]) =>
    row.map((cell, i) =>
      i === 0
        ? html`
          <th scope="row" ${words(i)}>${cell}</th>
        `
        : html`<td${words(i)}>${cell}</td>`
    );
  return html`
    <p class="caption" aria-hidden="true">${caption}</p>
    <div class="scroll" role="region" aria-label="${caption}" tabindex="0">
      <table aria-label="${caption}">
        <thead>
          <tr>${head.map((cell, i) =>
            html`
              <th scope="col" ${words(i)}>${cell}</th>
            `
          )}</tr>
        </thead>
        <tbody>
          ${rows.map((row, r) => html`<tr${sum(r)}>${cells(row)}</tr>\n`)}
        </tbody>
      </table>
    </div>
  `;
}
