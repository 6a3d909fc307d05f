import { assert, assertEquals } from "@std/assert";
import { Random } from "../../src/random.ts";
import { generateScene } from "../../src/scenes/picture/generate.ts";
import type { Scene } from "../../src/scenes/picture/scene.ts";
import { EXTRA_TASKS, SCENE_TASKS } from "../../src/scenes/scene_tasks.ts";
import { sentences } from "../../src/scenes/templates.ts";

const TEMPLATES = SCENE_TASKS.flatMap(({ templates }) => templates);

/** Every template with the scenes it is asked about. */
const ASKED = [...SCENE_TASKS, ...EXTRA_TASKS].flatMap(({ templates, letters }) =>
  templates.map((template) => ({
    template,
    options: { kind: template.kind, ...(letters !== undefined && { letters }) },
  }))
);

/** red circle top left (small), blue ring middle right (large), red cross bottom left (small). */
const SCENE: Scene = {
  kind: "objects",
  objects: [
    { colour: "red", shape: "circle", size: "small", box: [0, 0, 7, 7] },
    { colour: "blue", shape: "ring", size: "large", box: [20, 8, 32, 20] },
    { colour: "red", shape: "cross", size: "small", box: [4, 24, 11, 31] },
  ],
  bars: [],
  background: [200, 200, 200],
  noise: 0,
};

const CHART: Scene = {
  ...SCENE,
  kind: "chart",
  objects: [],
  bars: [{ colour: "green", value: 3 }, { colour: "black", value: 9 }, { colour: "yellow", value: 2 }],
};

function answers(name: string, scene = SCENE): Record<string, string> {
  const template = TEMPLATES.find((template) => template.name === name)!;
  return Object.fromEntries(template.questions(scene).map(({ question, answer }) => [question, answer]));
}

Deno.test("templates: names are unique, questions carry one of the template's keys and no key is empty", () => {
  assertEquals(new Set(ASKED.map(({ template }) => template.name)).size, ASKED.length);
  const random = new Random(2);
  for (const { template, options } of ASKED) {
    const keys = new Set<string>();
    for (let i = 0; i < 1500; i++) {
      for (const { key } of template.questions(generateScene(random, options))) keys.add(key);
    }
    assertEquals(
      [...keys].sort(),
      template.keys.length === 0 ? [""] : [...template.keys].sort(),
      template.name,
    );
  }
});

Deno.test("templates: one question never has two answers in one scene", () => {
  const random = new Random(3);
  for (const { template, options } of ASKED) {
    if (template.name === "lot") continue; // the control's answers are no truth
    for (let i = 0; i < 300; i++) {
      const known = new Map<string, string>();
      for (const { question, answer } of template.questions(generateScene(random, options))) {
        assertEquals(known.get(question) ?? answer, answer, question);
        known.set(question, answer);
      }
    }
  }
});

Deno.test("vqa: only unique referents are asked about", () => {
  assertEquals(answers("colour-of-shape"), {
    "what colour is the circle?": "red",
    "what colour is the ring?": "blue",
    "what colour is the cross?": "red",
  });
  assertEquals(answers("shape-of-colour"), { "what shape is blue?": "ring" });
  assertEquals(answers("colour-at-place")["what colour is at middle right?"], "blue");
  assertEquals(answers("count-objects"), { "how many objects?": "3" });
  assertEquals(answers("count-colour")["how many red objects?"], "2");
  assertEquals(answers("count-colour")["how many green objects?"], "0");
  assertEquals(answers("existence")["is there a blue circle?"], "no");
});

Deno.test("gqa: relations, extremes and two hops", () => {
  assertEquals(answers("relation-shape"), {
    "what shape is right of the red circle?": "ring",
    "what shape is above the blue ring?": "circle",
    "what shape is below the blue ring?": "cross",
    "what shape is right of the red cross?": "ring",
  });
  assertEquals(answers("extreme-colour"), {
    "what colour is the rightmost object?": "blue",
    "what colour is the highest object?": "red",
    "what colour is the lowest object?": "red",
  });
  assertEquals(answers("same-colour-shape"), {
    "what shape has the colour of the circle?": "cross",
    "what shape has the colour of the cross?": "circle",
  });
  assertEquals(answers("side")["is the red circle left or right of the blue ring?"], "left");
  assertEquals(answers("larger"), {}); // red is no unique name here
});

Deno.test("chart: extremes and comparisons need a margin of two", () => {
  assertEquals(answers("bar-value", CHART)["how high is the green bar?"], "3");
  assertEquals(answers("highest-bar", CHART), { "what bar is highest?": "black" });
  assertEquals(answers("lowest-bar", CHART), {});
  assert(!("is the green bar higher than the yellow bar?" in answers("higher", CHART)));
});

Deno.test("sentences: objects and signs in reading order, bars from the left", () => {
  assertEquals(sentences({ ...SCENE, sign: { letters: ["k", "o"], box: [8, 8, 16, 17] } }), [
    "a small red circle at top left.",
    "a sign with k o.",
    "a large blue ring at middle right.",
    "a small red cross at bottom left.",
  ]);
  assertEquals(sentences(CHART)[0], "a green bar of height 3.");
});
