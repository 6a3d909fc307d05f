import { assert, assertEquals } from "@std/assert";
import { Random } from "../../../src/random.ts";
import { LETTERS } from "../../../src/scenes/picture/font.ts";
import { generateScene } from "../../../src/scenes/picture/generate.ts";
import { sceneKey, splitOf } from "../../../src/scenes/picture/scene_key.ts";
import { apart, columnOf, placeName, rowOf, SNAP } from "../../../src/scenes/picture/place.ts";
import { isHeldOut, MAX_BAR, SIZES, UNITS } from "../../../src/scenes/picture/scene.ts";

function scenes(count: number, options: Parameters<typeof generateScene>[1] = {}) {
  const random = new Random("generate");
  return Array.from({ length: count }, () => generateScene(random, options));
}

Deno.test("generateScene: the same seed gives the same scenes", () => {
  assertEquals(scenes(50), scenes(50));
});

Deno.test("generateScene: objects are snapped, apart, in reading order, one a place, none the same", () => {
  for (const { objects, sign } of scenes(2000)) {
    for (const [i, object] of objects.entries()) {
      const [x1, y1, x2, y2] = object.box;
      assertEquals([x1 % SNAP, y1 % SNAP], [0, 0]);
      assertEquals([x2 - x1, y2 - y1], [SIZES[object.size], SIZES[object.size]]);
      assert(x1 >= 0 && y1 >= 0 && x2 <= UNITS && y2 <= UNITS);
      assert(sign === undefined || apart(object.box, sign.box));
      for (const other of objects.slice(i + 1)) {
        assert(apart(object.box, other.box));
        assert(placeName(object.box) !== placeName(other.box));
        assert(object.colour !== other.colour || object.shape !== other.shape);
        const order = ({ box }: typeof other) => 3 * rowOf(box) + columnOf(box);
        assert(order(object) < order(other));
      }
    }
  }
});

Deno.test("generateScene: things in different columns are at least two units apart in the middle", () => {
  for (const { objects } of scenes(1000, { kind: "objects" })) {
    for (const a of objects) {
      for (const b of objects) {
        const distance = Math.abs(a.box[0] + a.box[2] - b.box[0] - b.box[2]) / 2;
        if (columnOf(a.box) !== columnOf(b.box)) assert(distance >= 2 * 2, `${distance}`);
      }
    }
  }
});

Deno.test("generateScene: bars differ in colour and value, signs carry known letters inside the picture", () => {
  for (const { bars } of scenes(500, { kind: "chart" })) {
    assertEquals(new Set(bars.map(({ colour }) => colour)).size, bars.length);
    assertEquals(new Set(bars.map(({ value }) => value)).size, bars.length);
    assert(bars.every(({ value }) => value >= 1 && value <= MAX_BAR));
  }
  for (const { sign } of scenes(500, { kind: "sign" })) {
    assert(sign!.letters.every((letter) => LETTERS.includes(letter)));
    assert(sign!.box.every((value) => value >= 0 && value <= UNITS));
  }
});

Deno.test("generateScene: held-out pairs occur only where they are asked for", () => {
  const has = (list: ReturnType<typeof scenes>) =>
    list.some(({ objects }) => objects.some(({ colour, shape }) => isHeldOut(colour, shape)));
  assert(!has(scenes(2000)));
  assert(has(scenes(200, { heldOut: true })));
});

Deno.test("splitOf: about a tenth each for val and test; background and noise play no part", () => {
  const all = scenes(5000);
  for (const split of ["val", "test"] as const) {
    const share = all.filter((scene) => splitOf(scene) === split).length / all.length;
    assert(share > 0.085 && share < 0.115, `${split}: ${share}`);
    assert(scenes(50, { split }).every((scene) => splitOf(scene) === split));
  }
  const scene = all[0]!;
  assertEquals(splitOf({ ...scene, noise: 1, background: [1, 2, 3] }), splitOf(scene));
  assertEquals(sceneKey({ ...scene, noise: 1 }), sceneKey(scene));
});
