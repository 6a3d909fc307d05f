import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type Box, type BoxForm, describeBox, formatBox, iou, parseBox } from "../../src/metrics/iou.ts";
import { Random } from "../../src/random.ts";

const parsed: [text: string, box: Box | null][] = [
  ["[0.25, 0.5, 0.75, 1]", [0.25, 0.5, 0.75, 1]],
  ["[0,0,1,1]", [0, 0, 1, 1]],
  ["It is at [ .1 ,0.2, 3e-1 , 0.40 ].", [0.1, 0.2, 0.3, 0.4]],
  ["[0.1, 0.2, 0.3, 0.4] or [0, 0, 1, 1]", [0.1, 0.2, 0.3, 0.4]],
  ["[1, 2] [0.1, 0.2, 0.3, 0.4]", [0.1, 0.2, 0.3, 0.4]],
  ["[0.1,\n0.2, 0.3, 0.4]", [0.1, 0.2, 0.3, 0.4]],
  ["[0.5, 0.5, 0.5, 0.5]", [0.5, 0.5, 0.5, 0.5]],
  ["", null],
  ["0.1, 0.2, 0.3, 0.4", null],
  ["[0.1, 0.2, 0.3]", null],
  ["[0.1, 0.2, 0.3, 0.4, 0.5]", null],
  ["[0.1, 0.2, 0.3, 0.4", null],
  ["[0.1 0.2 0.3 0.4]", null],
  ["[0.1, 0.2, 0.3, x]", null],
  ["[0.1, 0.2, 0.3, 1.1]", null],
  ["[-0.1, 0.2, 0.3, 0.4]", null],
  ["[0.3, 0.2, 0.1, 0.4]", null],
  ["[0.1, 0.4, 0.3, 0.2]", null],
  ["[0.1, 0.2, 0.3, 1e999]", null],
  ["[0..1, 0.2, 0.3, 0.4]", null],
];

for (const [text, box] of parsed) {
  Deno.test(`parseBox of ${JSON.stringify(text)}`, () => assertEquals(parseBox(text), box));
}

Deno.test("formatBox writes what parseBox reads", () => {
  const random = new Random(9);
  for (let k = 0; k < 100; k++) {
    const [x1, y1] = [random.int(32) / 32, random.int(32) / 32];
    const box: Box = [x1, y1, x1 + (1 - x1) / 2, 1];
    const read = parseBox(formatBox(box))!;
    read.forEach((x, i) => assertAlmostEquals(x, box[i]!, 5.1e-5));
    assertEquals(parseBox(formatBox(box, 10)), box);
  }
});

Deno.test("iou gives hand-computed overlaps", () => {
  assertEquals(iou([0, 0, 1, 1], [0, 0, 0.5, 1]), 0.5);
  assertAlmostEquals(iou([0, 0, 0.5, 0.5], [0.25, 0.25, 0.75, 0.75]), 1 / 7, 1e-12);
  assertEquals(iou([0, 0, 0.5, 0.5], [0.5, 0, 1, 0.5]), 0); // touching
  assertEquals(iou([0, 0, 0.2, 0.2], [0.8, 0.8, 1, 1]), 0); // apart in both directions
  assertEquals(iou([0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5]), 0); // no area
});

Deno.test("iou is symmetric, from 0 to 1, and 1 only for the box itself", () => {
  const random = new Random(10);
  const side = () => [random.int(8), random.int(8)].sort((a, b) => a - b).map((x, i) => (x + i) / 8);
  const box = (): Box => {
    const [x, y] = [side(), side()];
    return [x[0]!, y[0]!, x[1]!, y[1]!];
  };
  for (let k = 0; k < 300; k++) {
    const [a, b] = [box(), box()];
    const x = iou(a, b);
    assertEquals(x, iou(b, a));
    assert(x >= 0 && x <= 1);
    assertEquals(iou(a, a), 1);
    assertEquals(x === 1, a.every((v, i) => v === b[i]));
  }
});

const THOUSAND: BoxForm = { scale: 1000, form: "xyxy" };
const PIXELS: BoxForm = { scale: "pixels", form: "xywh" };

const written: [text: string, form: BoxForm | undefined, box: Box | null][] = [
  ["<box>[[0.1, 0.2, 0.3, 0.4]]</box>", undefined, [0.1, 0.2, 0.3, 0.4]],
  ["<ref>cat</ref><box>[[100, 200, 300, 400]]</box>", THOUSAND, [0.1, 0.2, 0.3, 0.4]],
  ["<box>(100,200),(300,400)</box>", THOUSAND, [0.1, 0.2, 0.3, 0.4]],
  ["<|box_start|>(100,200),(300,400)<|box_end|>", THOUSAND, [0.1, 0.2, 0.3, 0.4]],
  ["<box>100, 200, 300, 400</box>", THOUSAND, [0.1, 0.2, 0.3, 0.4]],
  ['{"bbox_2d": [100, 200, 300, 400]}', THOUSAND, [0.1, 0.2, 0.3, 0.4]],
  ["(100, 200, 300, 400)", THOUSAND, [0.1, 0.2, 0.3, 0.4]],
  ["100, 200, 300, 400", THOUSAND, [0.1, 0.2, 0.3, 0.4]],
  ["100 200 300 400.", THOUSAND, [0.1, 0.2, 0.3, 0.4]],
  ["100, 200, 300, 400 and more", THOUSAND, null],
  ["[100, 200, 300, 1001]", THOUSAND, null],
  ["[100, 200, 50, 400]", THOUSAND, null],
  ["[100, 200, 50, 400]", { scale: 1000, form: "xywh" }, [0.1, 0.2, 0.15000000000000002, 0.6000000000000001]],
  ["[0.7, 0.2, 0.3, 0.8]", { scale: 1, form: "xywh" }, [0.7, 0.2, 1, 1]],
  ["[700, 0, 400, 10]", { scale: 1000, form: "xywh" }, null],
  ["[1000, 2000, 30, 40]", PIXELS, [1000, 2000, 1030, 2040]],
  ["[-1, 2000, 30, 40]", PIXELS, null],
  ["[5, 5, 3, 9] (0, 0, 2, 2)", { scale: "pixels", form: "xyxy" }, null],
];

for (const [text, form, box] of written) {
  Deno.test(`parseBox of ${JSON.stringify(text)} as ${describeBox(form)}`, () => {
    assertEquals(parseBox(text, form), box);
  });
}

Deno.test("formatBox in every form", () => {
  for (const scale of [1, 1000, "pixels"] as const) {
    for (const form of ["xyxy", "xywh"] as const) {
      const box = parseBox(form === "xyxy" ? "[0.25, 0.5, 0.75, 1]" : "[0.25, 0.5, 0.5, 0.5]", {
        scale: 1,
        form,
      })!;
      assertEquals(parseBox(formatBox(box, 4, { scale, form }), { scale, form }), box);
    }
  }
});
