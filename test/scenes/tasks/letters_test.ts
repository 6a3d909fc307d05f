import { assert, assertEquals, assertThrows } from "@std/assert";
import { score } from "../../../src/metrics/score.ts";
import { Random } from "../../../src/random.ts";
import { letterDots, LETTERS } from "../../../src/scenes/picture/font.ts";
import { generateScene } from "../../../src/scenes/picture/generate.ts";
import { apart } from "../../../src/scenes/picture/place.ts";
import { renderScene } from "../../../src/scenes/picture/render.ts";
import { type Scene, UNITS } from "../../../src/scenes/picture/scene.ts";
import { letters } from "../../../src/scenes/tasks/letters.ts";

const SIGN: Scene = {
  kind: "sign",
  objects: [],
  sign: { letters: ["k", "o", "t", "z"], box: [8, 0, 32, 17] },
  bars: [],
  background: [200, 200, 200],
  noise: 0,
};

function answers(name: string): Record<string, string> {
  const template = letters.templates.find((template) => template.name === name)!;
  return Object.fromEntries(template.questions(SIGN).map(({ question, answer }) => [question, answer]));
}

Deno.test("generateScene: signs of one to six letters, inside the picture, apart from the objects", () => {
  const random = new Random("letters");
  const lengths = new Set<number>();
  for (let i = 0; i < 500; i++) {
    const { sign, objects } = generateScene(random, { kind: "sign", letters: [1, 6] });
    const { letters, box: [x1, y1, x2, y2] } = sign!;
    lengths.add(letters.length);
    assertEquals([x2 - x1, y2 - y1], [8 * Math.min(3, letters.length), letters.length > 3 ? 17 : 9]);
    assert(x1 >= 0 && y1 >= 0 && x2 <= UNITS && y2 <= UNITS);
    assertEquals([x1 % 8, y1 % 8], [0, 0]);
    assert(objects.length > 0 && objects.every(({ box }) => apart(box, sign!.box)));
  }
  assertEquals([...lengths].sort(), [1, 2, 3, 4, 5, 6]);
  for (const wrong of [[0, 2], [3, 2], [2, 7], [1.5, 2]] as const) {
    assertThrows(() => generateScene(random, { letters: wrong }), RangeError, "1 to 6");
  }
});

Deno.test("generateScene: two or three letters unless told, the same scenes as if told", () => {
  const of = (options: Parameters<typeof generateScene>[1]) => {
    const random = new Random(8);
    return Array.from({ length: 50 }, () => generateScene(random, { kind: "sign", ...options }));
  };
  assertEquals(of({}), of({ letters: [2, 3] }));
});

Deno.test("renderScene: the fourth letter stands below the first", () => {
  const rgb = renderScene(SIGN, 32);
  const dots = letterDots("z");
  for (let y = 0; y < 7; y++) {
    for (let x = 0; x < 5; x++) {
      const red = rgb[3 * (32 * (9 + y) + 9 + x)]!;
      assert(dots[5 * y + x] === 1 ? red < 50 : red > 200, `${x}, ${y}: ${red}`);
    }
  }
});

Deno.test("letters: the whole sign, each letter by its place, how many", () => {
  assertEquals(answers("spell"), { "what does the sign say?": "k o t z" });
  assertEquals(answers("letter-at"), {
    "what is letter 1?": "k",
    "what is letter 2?": "o",
    "what is letter 3?": "t",
    "what is letter 4?": "z",
  });
  assertEquals(answers("count-letters"), { "how many letters?": "4" });
});

Deno.test("letters: a sign half read scores between nothing and everything; of another sign nothing is left", () => {
  const points = (prediction: string, truth: string) => score(letters.metric, [{ prediction, truth }]).points;
  assertEquals(points("k o t z", "k o t z"), 100);
  const one = points("k o t x", "k o t z"),
    two = points("k o x x", "k o t z"),
    short = points("k o t", "k o t z");
  assert(one > two && two > 50 && one < 100 && short > 50 && short < 100);
  const random = new Random(5);
  let sum = 0;
  for (let i = 0; i < 300; i++) {
    const [a, b] = [0, 1].map(() => random.shuffle([...LETTERS]).slice(0, 2 + random.int(4)).join(" "));
    sum += points(a!, b!);
  }
  assert(sum / 300 < 10, `${sum / 300}`);
});
