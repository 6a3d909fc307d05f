import { assertAlmostEquals, assertEquals } from "@std/assert";
import { parseConfig } from "../../../src/lmm/families/parse_config.ts";
import { shuffledRows } from "../../../src/lmm/patch_order.ts";
import { coarse } from "../../../src/page/attention/in_words.ts";
import { heatOf, tileTokens } from "../../../src/page/attention/patches.ts";
import llava from "../../fixtures/llava/config.json" with { type: "json" };
import smolvlm from "../../fixtures/smolvlm/config.json" with { type: "json" };

const shown = { x: 0, y: 0, width: 1, height: 1 }, uncut = { rows: 0, columns: 0 };

Deno.test("tokens of a tile: a patch each, or a square of patches", () => {
  const plain = parseConfig(llava), shuffled = parseConfig(smolvlm);
  const { image_size, patch_size } = plain.vision_config;
  assertEquals(tileTokens(plain), { side: image_size / patch_size, before: 0, cover: 1 });
  // 26 pixels are 6 patches of 4, and 2 pixels that are none.
  const across = 6;
  assertEquals(shuffled.connector.kind, "pixel-shuffle");
  const scale = shuffled.connector.kind === "pixel-shuffle" ? shuffled.connector.scale : NaN;
  assertEquals(tileTokens(shuffled), { side: across / scale, before: 0, cover: 24 / 26 });
  // Token k of the shuffle is made of the patches of cell k.
  const rows = shuffledRows(1, across, scale), side = across / scale;
  rows.forEach((row, place) => {
    const token = Math.floor(place / scale ** 2);
    const cell = side * Math.floor(Math.floor(row / across) / scale) + Math.floor(row % across / scale);
    assertEquals(token, cell);
  });
});

Deno.test("CLIP's class token lies nowhere", () => {
  const whole = parseConfig({ ...llava, vision_feature_select_strategy: "full" });
  const tokens = tileTokens(whole);
  assertEquals(tokens.before, 1);
  const values = Array.from({ length: 1 + tokens.side ** 2 }, (_, i) => i + 1);
  const heat = heatOf(values, tokens, { grid: uncut, shown });
  assertEquals([heat.elsewhere, ...heat.cells], values);
});

Deno.test("tiles lie in their grid, and the whole picture over all of them", () => {
  // Two tiles beside each other of 2 × 2 tokens, then the whole picture.
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 20, 40, 60, 80];
  const heat = heatOf(values, { side: 2, before: 0, cover: 1 }, { grid: { rows: 1, columns: 2 }, shown });
  assertEquals([heat.columns, heat.rows], [4, 2]);
  assertEquals([...heat.cells], [1 + 10, 2 + 10, 5 + 20, 6 + 20, 3 + 30, 4 + 30, 7 + 40, 8 + 40]);
  assertEquals(heat.cells.reduce((a, b) => a + b), values.reduce((a, b) => a + b));
});

Deno.test("cells are added up, and divided where they lie in two", () => {
  const heat = { rows: 1, columns: 5, shown, cells: Float64Array.of(1, 2, 3, 4, 5), elsewhere: 0 };
  const { rows, columns, cells } = coarse(heat, 3, 3);
  assertEquals([rows, columns], [1, 3]);
  const expected = [1 + 2 * 2 / 3, 2 / 3 + 3 + 4 / 3, 4 * 2 / 3 + 5];
  expected.forEach((value, i) => assertAlmostEquals(cells[i]!, value, 1e-9));
  assertEquals(coarse(heat, 8, 8).cells, heat.cells);
});

Deno.test("pixels that are no patch are not covered", () => {
  const heat = heatOf([1], { side: 1, before: 0, cover: 0.75 }, {
    grid: uncut,
    shown: { ...shown, x: 0.5, width: 0.5 },
  });
  assertEquals(heat.shown, { x: 0.5, y: 0, width: 0.375, height: 0.75 });
});
