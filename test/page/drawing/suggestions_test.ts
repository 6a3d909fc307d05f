import { assert, assertEquals } from "@std/assert";
import { addBar, addObject, EMPTY, sceneOf, setSign, type Sketch } from "../../../src/page/drawing/sketch.ts";
import { suggestions, unusual } from "../../../src/page/drawing/suggestions.ts";
import { Random } from "../../../src/random.ts";
import { generateScene } from "../../../src/scenes/picture/generate.ts";
import { SCENE_TASKS } from "../../../src/scenes/scene_tasks.ts";

function sketch(...steps: ((sketch: Sketch) => ReturnType<typeof addObject>)[]): Sketch {
  return steps.reduce((sketch, step) => {
    const made = step(sketch);
    assert("sketch" in made);
    return made.sketch;
  }, EMPTY);
}

const circle = (colour: "red" | "blue", x: number) => (sketch: Sketch) =>
  addObject(sketch, { colour, shape: "circle", size: "small" }, [x, 4]);

Deno.test("what is suggested is what the benchmark asks, with its answers", () => {
  const random = new Random("suggested");
  for (let i = 0; i < 40; i++) {
    const scene = generateScene(random);
    const asked = suggestions(scene);
    assert(asked.length > 0);
    assertEquals(unusual(scene), []);
    for (const { task, question, answer } of asked) {
      const { templates } = SCENE_TASKS.find(({ name }) => name === task)!;
      const all = templates.flatMap((template) => template.questions(scene));
      assert(all.some((one) => one.question === question && one.answer === answer), question);
    }
    assertEquals(asked, suggestions(scene));
  }
});

Deno.test("nothing doubtful is suggested", () => {
  assertEquals(suggestions(sceneOf(EMPTY)), []);
  const alike = sceneOf(sketch(circle("red", 4), circle("red", 28)));
  assertEquals(suggestions(alike).filter(({ question }) => question.includes("red circle")), []);
  assert(unusual(alike).join().includes("alike"));
  // A bar alone is neither the highest nor the lowest.
  assertEquals(suggestions(sceneOf(sketch((s) => addBar(s, { colour: "red", value: 3 })))), []);
  const bars = sketch(
    (s) => addBar(s, { colour: "red", value: 3 }),
    (s) => addBar(s, { colour: "blue", value: 3 }),
  );
  for (const { question } of suggestions(sceneOf(bars))) assert(!question.includes("height 3"), question);
});

Deno.test("what the benchmark never draws is said", () => {
  const unseen = sketch((s) => addObject(s, { colour: "yellow", shape: "cross", size: "small" }));
  assert(unusual(sceneOf(unseen)).join().includes("yellow cross"));
  assert(unusual(sceneOf(sketch((s) => setSign(s, "hopes")))).join().includes("two or three letters"));
});
