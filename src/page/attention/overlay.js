// Where a model looked: a veil over the picture, thinner the more attention a place got, with a token and a layer to choose,
// a sentence, and the numbers as a table.

import { choice, drawn, element } from "../element.js";
import { attentionInWords, coarse, percent } from "./in_words.ts";

/** Cells of the table a side, at most. */
const TABLE = 8;

/** How dark the veil is where nobody looked. */
const DARK = 0.85;

/**
 * Puts an overlay into a page.
 *
 * @param {object} places Where.
 * @param {HTMLElement} places.stage An element as large as the picture; the veil lies over it.
 * @param {HTMLElement} places.panel Gets the choices and the numbers.
 * @returns {{ show(answer: { name: string, pieces: string[], attention: AnswerAttention }): void, clear(): void }} Shows where a
 *   model looked for each token of an answer; takes it away.
 */
export function attentionOverlay({ stage, panel }) {
  const veil = drawn("svg", {
    class: "veil",
    viewBox: "0 0 1 1",
    preserveAspectRatio: "none",
    "aria-hidden": "true",
    "shape-rendering": "crispEdges",
  });
  stage.append(veil);

  function clear() {
    veil.replaceChildren();
    panel.replaceChildren();
    panel.hidden = true;
  }

  function show({ name, pieces, attention }) {
    const title = element("h3", { class: "panel-title", textContent: `Where ${name} looked`, tabIndex: -1 });
    const layers = Array.from({ length: attention.layers }, (_, i) => [`${i}`, `layer ${i + 1}`]);
    let token = 0;
    const layer = choice("Layers", [["", "all (mean)"], ...layers], () => tell());
    const words = element("p", { role: "status" });
    const table = element("table", { class: "attention" });
    const numbers = element(
      "details",
      {},
      element("summary", { textContent: "The numbers" }),
      element(
        "div",
        { class: "scroll", tabIndex: 0, role: "group", "aria-label": "Attention in numbers" },
        table,
      ),
    );
    const tokens = pieces.map((piece, i) =>
      element("button", {
        type: "button",
        textContent: piece.trim() === "" ? "␣" : piece.trim(),
        onclick: () => {
          token = i;
          tell();
        },
      })
    );

    function tell() {
      const one = attention.of(token, layer.select.value === "" ? undefined : Number(layer.select.value));
      tokens.forEach((button, i) => button.setAttribute("aria-pressed", `${i === token}`));
      words.textContent = attentionInWords(pieces[token], one);
      const [heat] = one.pictures;
      if (heat === undefined) {
        veil.replaceChildren();
        table.replaceChildren(rowsOfWords(one.words));
        return;
      }
      veil.replaceChildren(...veilOf(heat));
      table.replaceChildren(...rowsOf(heat), rowsOfWords(one.words));
    }

    panel.replaceChildren(
      title,
      element("p", { class: "tokens", role: "group", "aria-label": "Tokens of the answer" }, ...tokens),
      element(
        "p",
        { class: "controls" },
        layer.label,
        element("button", { type: "button", textContent: "Take the veil away", onclick: clear }),
      ),
      words,
      numbers,
      element("p", {
        class: "hint",
        textContent:
          "Shares of the attention of the language model’s heads, their mean, when the token was chosen: read " +
          "from the model’s own queries and keys in one more pass over prompt and answer. They say what it read from, not why.",
      }),
    );
    panel.hidden = false;
    tell();
    title.focus();
  }

  return { show, clear };
}

/** A rectangle a cell, and a frame around what the model does not see. */
function* veilOf({ columns, rows, shown, cells }) {
  const most = Math.max(...cells) || 1;
  const wide = shown.width / columns, high = shown.height / rows;
  const rect = (x, y, width, height, opacity) =>
    drawn("rect", { class: "cell", x, y, width, height, "fill-opacity": opacity.toFixed(3) });
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const share = cells[r * columns + c] / most;
      yield rect(shown.x + c * wide, shown.y + r * high, wide, high, DARK * (1 - share));
    }
  }
  const right = shown.x + shown.width, bottom = shown.y + shown.height;
  if (shown.x > 0) yield rect(0, 0, shown.x, 1, DARK);
  if (right < 1) yield rect(right, 0, 1 - right, 1, DARK);
  if (shown.y > 0) yield rect(0, 0, 1, shown.y, DARK);
  if (bottom < 1) yield rect(0, bottom, 1, 1 - bottom, DARK);
}

function* rowsOf(heat) {
  const { rows, columns, cells } = coarse(heat, TABLE, TABLE);
  const head = (textContent, scope) => element("th", { textContent, scope });
  const fewer = rows < heat.rows || columns < heat.columns;
  yield element("caption", {
    textContent: `Attention over the picture, ${heat.rows} by ${heat.columns} places` +
      `${fewer ? `, added up to ${rows} by ${columns}` : ""}; then over the text.`,
  });
  yield element(
    "thead",
    {},
    element(
      "tr",
      {},
      element("td"),
      ...Array.from({ length: columns }, (_, c) => head(`column ${c + 1}`, "col")),
    ),
  );
  yield element(
    "tbody",
    {},
    ...Array.from({ length: rows }, (_, r) =>
      element(
        "tr",
        {},
        head(`row ${r + 1}`, "row"),
        ...Array.from(cells.subarray(r * columns, (r + 1) * columns), (share) =>
          element("td", { textContent: percent(share) })),
      )),
  );
}

function rowsOfWords(words) {
  return element(
    "tbody",
    {},
    ...words.map(({ text, share }) =>
      element(
        "tr",
        {},
        element("th", { scope: "row", textContent: text.trim() === "" ? "␣" : text.trim() }),
        element("td", { textContent: percent(share) }),
      )
    ),
  );
}
