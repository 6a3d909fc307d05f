import { assert, assertEquals } from "@std/assert";
import { iou, parseBox } from "../../src/metrics/iou.ts";
import { COORDINATES, gridBoxText, readGridBox } from "../../src/scenes/box_text.ts";
import { UNITS } from "../../src/scenes/picture/scene.ts";

Deno.test("COORDINATES: 33 different texts of two decimals at most, each nearest to its grid value", () => {
  assertEquals(new Set(COORDINATES).size, 33);
  for (const [k, text] of COORDINATES.entries()) {
    assert(/^[01](\.\d{1,2})?$/.test(text), text);
    assertEquals(Math.round(Number(text) * UNITS), k);
    assert(Math.abs(Number(text) - k / UNITS) <= 0.0051);
  }
});

Deno.test("gridBoxText: every box of the grid comes back, and its text scores as the true box", () => {
  for (let a = 0; a < 32; a++) {
    for (let b = a + 1; b <= 32; b++) {
      const box = [a, 32 - b, b, 32 - a] as const;
      const text = gridBoxText(box);
      assertEquals(text.split(" ").length, 4);
      assertEquals(readGridBox(text), box);
      const read = parseBox(text)!;
      assertEquals(iou(read, parseBox(text)!), 1);
      if (b - a >= 7) assert(iou(read, [a / 32, (32 - b) / 32, b / 32, (32 - a) / 32]) > 0.9);
    }
  }
  assertEquals(readGridBox("[0.1, 0.2, 0.3]"), undefined);
  assertEquals(readGridBox("[a, 0, 1, 1]"), undefined);
});
