import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { chanceScores } from "../../src/scenes/chance.ts";
import { caption } from "../../src/scenes/tasks/caption.ts";
import { grounding } from "../../src/scenes/tasks/grounding.ts";
import { vqa } from "../../src/scenes/tasks/vqa.ts";

Deno.test("chanceScores: one over the number of answers, weighted by what is asked", () => {
  const turns = [
    { answer: "red", template: "colour-of-shape" },
    { answer: "yes", template: "existence" },
    { answer: "no", template: "existence" },
  ];
  const { points, templates } = chanceScores(vqa, turns);
  assertAlmostEquals(points, (100 / 6 + 50 + 50) / 3);
  assertEquals(templates["existence"], 50);
});

Deno.test("chanceScores: open answers take another question's answer", () => {
  const boxes = ["[0, 0, 0.5, 0.5]", "[0, 0, 0.5, 0.5]", "[0.5, 0.5, 1, 1]"];
  const turns = boxes.map((answer) => ({ answer, template: "box-of-object" }));
  assertAlmostEquals(chanceScores(grounding, turns).points, 100 / 3); // 2 of 6 ordered pairs agree
  const captions = ["a red cross.", "a red ring.", "a blue cross."];
  const found = chanceScores(caption, captions.map((answer) => ({ answer, template: "caption-objects" })));
  assert(found.points > 0 && found.points < 100);
  assertEquals(chanceScores(caption, [{ answer: "a", template: "caption-objects" }]).points, 0);
});
