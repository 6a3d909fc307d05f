import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../../src/random.ts";
import { LETTERS } from "../../../src/scenes/picture/font.ts";
import { generateScene } from "../../../src/scenes/picture/generate.ts";
import { barBox, renderScene } from "../../../src/scenes/picture/render.ts";
import {
  COLOUR_NAMES,
  COLOURS,
  type Scene,
  SHAPES,
  SIZE_NAMES,
  SIZES,
} from "../../../src/scenes/picture/scene.ts";

const EMPTY: Scene = { kind: "objects", objects: [], bars: [], background: [208, 208, 208], noise: 7 };

/** Root mean square difference of two pictures inside a box at size 32. */
function difference(a: Uint8Array, b: Uint8Array, [x1, y1, x2, y2]: readonly number[]): number {
  let sum = 0;
  for (let y = y1!; y < y2!; y++) {
    for (let i = (y * 32 + x1!) * 3; i < (y * 32 + x2!) * 3; i++) sum += (a[i]! - b[i]!) ** 2;
  }
  return Math.sqrt(sum / ((y2! - y1!) * (x2! - x1!) * 3));
}

Deno.test("renderScene: the same scene gives the same bytes, at every size", () => {
  const scene = generateScene(new Random(4));
  for (const size of [1, 17, 32, 64, 224]) {
    const rgb = renderScene(scene, size);
    assertEquals(rgb.length, size * size * 3);
    assertEquals(rgb, renderScene(scene, size));
  }
  assertThrows(() => renderScene(scene, 31.5), RangeError, "31.5");
});

Deno.test("renderScene: any two kinds of object look different", () => {
  const noise = 7; // of two equal pictures with different noise, the root mean square difference is about 5
  const kinds = COLOUR_NAMES.flatMap((colour) => SHAPES.map((shape) => ({ colour, shape })));
  for (const size of SIZE_NAMES) {
    const box = [8, 8, 8 + SIZES[size], 8 + SIZES[size]] as const;
    const pictures = kinds.map((kind, i) =>
      renderScene({ ...EMPTY, noise: i, objects: [{ ...kind, size, box }] }, 32)
    );
    for (let i = 0; i < kinds.length; i++) {
      for (let j = 0; j < i; j++) {
        const found = difference(pictures[i]!, pictures[j]!, box);
        assert(found > 3 * noise, `${JSON.stringify([kinds[i], kinds[j]])} ${size}: ${found}`);
      }
    }
  }
});

Deno.test("renderScene: any two letters look different", () => {
  const box = [8, 8, 24, 17] as const;
  const pictures = LETTERS.map((letter) =>
    renderScene({ ...EMPTY, kind: "sign", sign: { letters: [letter, "o"], box } }, 32)
  );
  for (let i = 0; i < LETTERS.length; i++) {
    for (let j = 0; j < i; j++) {
      const found = difference(pictures[i]!, pictures[j]!, [9, 9, 14, 16]);
      assert(found > 60, `${LETTERS[i]} ${LETTERS[j]}: ${found}`);
    }
  }
});

Deno.test("renderScene: a square fills its box and nothing else", () => {
  const box = [4, 12, 16, 24] as const;
  const object = { colour: "blue", shape: "square", size: "large", box } as const;
  const rgb = renderScene({ ...EMPTY, objects: [object] }, 32);
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 32; x++) {
      const inside = x >= box[0] && x < box[2] && y >= box[1] && y < box[3];
      const expected = inside ? COLOURS.blue : EMPTY.background;
      for (let c = 0; c < 3; c++) assert(Math.abs(rgb[(y * 32 + x) * 3 + c]! - expected[c]!) <= 6);
    }
  }
});

Deno.test("renderScene: the mean colour of a picture does not depend on its size", () => {
  const random = new Random(9);
  for (let i = 0; i < 5; i++) {
    const scene = generateScene(random);
    const mean = (size: number) =>
      renderScene(scene, size).reduce((sum, value) => sum + value, 0) / size ** 2;
    assert(Math.abs(mean(32) - mean(64)) < 6);
    assert(Math.abs(mean(32) - mean(50)) < 6);
  }
});

Deno.test("barBox: three units a value, four bars fit", () => {
  assertEquals(barBox(0, 1), [1, 28, 7, 31]);
  assertEquals(barBox(3, 9), [25, 4, 31, 31]);
});
