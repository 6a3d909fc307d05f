import { assert, assertEquals } from "@std/assert";
import {
  addBar,
  addObject,
  boxOf,
  type Change,
  EMPTY,
  freshColour,
  moveTo,
  nudge,
  remove,
  restyle,
  sceneOf,
  setSign,
  type Sketch,
  wordsOf,
} from "../../../src/page/drawing/sketch.ts";
import { apart } from "../../../src/scenes/picture/place.ts";
import { generateScene } from "../../../src/scenes/picture/generate.ts";
import { renderScene } from "../../../src/scenes/picture/render.ts";
import type { Scene } from "../../../src/scenes/picture/scene.ts";
import { Random } from "../../../src/random.ts";

const RED = { colour: "red", shape: "circle", size: "large" } as const;

function made(change: Change): Sketch {
  assert("sketch" in change, JSON.stringify(change));
  return change.sketch;
}

/** A scene of the benchmark, drawn by hand: every thing asked for where it lies. */
function drawnAnew({ objects, sign, bars }: Scene): Sketch {
  let sketch = EMPTY;
  if (sign) {
    sketch = made(setSign(sketch, sign.letters.join("")));
    const [x1, y1, x2, y2] = sign.box;
    sketch = made(moveTo(sketch, 0, [(x1 + x2) / 2, (y1 + y2) / 2]));
  }
  for (const { box: [x1, y1, x2, y2], ...style } of objects) {
    sketch = made(addObject(sketch, style, [(x1 + x2) / 2, (y1 + y2) / 2]));
  }
  for (const bar of bars) sketch = made(addBar(sketch, bar));
  return sketch;
}

Deno.test("every scene of the benchmark can be drawn, to the same pixels", () => {
  const random = new Random("sketches");
  for (let i = 0; i < 60; i++) {
    const scene = generateScene(random, { letters: [1, 6], heldOut: true });
    const drawn = sceneOf(drawnAnew(scene));
    const { background, noise } = drawn;
    assertEquals(drawn, { ...scene, background, noise });
    assertEquals(renderScene(drawn, 32), renderScene({ ...scene, background, noise }, 32));
  }
});

Deno.test("things keep apart, and what has no room is refused", () => {
  let sketch = EMPTY;
  let change: Change = { sketch, at: 0 };
  for (let i = 0; i < 12 && "sketch" in change; i++) {
    sketch = change.sketch;
    change = addObject(sketch, RED);
  }
  assert("refused" in change, "twelve large circles fitted");
  const boxes = sketch.things.map((_, i) => boxOf(sketch, i));
  assert(boxes.length >= 4);
  for (const [i, a] of boxes.entries()) for (const b of boxes.slice(0, i)) assert(apart(a, b));
});

Deno.test("arrow keys reach the next free place, and stop at the edge", () => {
  let sketch = made(addObject(EMPTY, { ...RED, size: "small" }, [4, 4]));
  const places = [boxOf(sketch, 0)[0]];
  for (;;) {
    const change = nudge(sketch, 0, 1, 0);
    if ("refused" in change) break;
    sketch = change.sketch;
    places.push(boxOf(sketch, 0)[0]);
  }
  assertEquals(places.length, new Set(places).size);
  assertEquals(places, places.toSorted((a, b) => a - b));
  assertEquals(boxOf(sketch, 0)[1], boxOf(made(addObject(EMPTY, { ...RED, size: "small" }, [4, 4])), 0)[1]);
  assert(boxOf(sketch, 0)[2] > 28, "the right edge is reached");
  const down = made(nudge(sketch, 0, 0, 1));
  assertEquals(boxOf(down, 0)[0], boxOf(sketch, 0)[0]);
  assert(boxOf(down, 0)[1] > boxOf(sketch, 0)[1]);
});

Deno.test("bars change places and heights", () => {
  let sketch = made(addBar(made(addBar(EMPTY, { colour: "red", value: 3 })), { colour: "blue", value: 12 }));
  assertEquals(wordsOf(sketch, 1), "blue bar of height 9");
  sketch = made(nudge(sketch, 0, 1, 0));
  assertEquals(sceneOf(sketch).bars.map(({ colour }) => colour), ["blue", "red"]);
  sketch = made(nudge(sketch, 1, 0, -1));
  assertEquals(sceneOf(sketch).bars[1]!.value, 4);
  assertEquals(sceneOf(sketch).kind, "chart");
  assertEquals(boxOf(sketch, 0)[0] < boxOf(sketch, 1)[0], true);
  sketch = made(addBar(made(addBar(sketch, { colour: "red", value: 1 })), { colour: "red", value: 1 }));
  assert("refused" in addBar(sketch, { colour: "red", value: 1 }));
  assert("refused" in addObject(sketch, RED));
  assert("refused" in setSign(sketch, "ho"));
  assert("refused" in addBar(made(addObject(EMPTY, RED)), { colour: "red", value: 1 }));
});

Deno.test("signs take their letters, and no others", () => {
  const sketch = made(setSign(made(setSign(EMPTY, "ho")), "Hope"));
  assertEquals(sketch.things.length, 1);
  assertEquals(wordsOf(sketch, 0), "sign with h o p e at top centre");
  assertEquals(sceneOf(sketch).kind, "sign");
  for (const text of ["", "qq", "hohohoh"]) assert("refused" in setSign(EMPTY, text), text);
});

Deno.test("looks change where a thing lies, or as near as there is room", () => {
  const sketch = made(addObject(EMPTY, RED, [6, 6]));
  const other = made(restyle(sketch, 0, { colour: "blue", shape: "ring", size: "small" }));
  assertEquals(wordsOf(other, 0), "small blue ring at top left");
  assertEquals(freshColour(other), "red");
  assertEquals(remove(other, 0), EMPTY);
});
