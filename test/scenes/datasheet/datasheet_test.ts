import { assert, assertEquals } from "@std/assert";
import { baselines, topAnswers } from "../../../src/scenes/datasheet/baselines.ts";
import { datasheet } from "../../../src/scenes/datasheet/datasheet.ts";
import { markdownTable, paragraph } from "../../../src/scenes/datasheet/markdown.ts";
import { TASK_NOTES } from "../../../src/scenes/datasheet/notes.ts";
import { dealBenchmark } from "../../../src/scenes/deal_benchmark.ts";
import { EXTRA_TASKS, SCENE_TASKS } from "../../../src/scenes/scene_tasks.ts";
import { ZERO_SHOT_TASKS } from "../../../src/scenes/tasks/zero_shot.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read");

const ALL = [...SCENE_TASKS, ...EXTRA_TASKS, ...ZERO_SHOT_TASKS];

test("datasheet: docs/scenes.md is what the generator says; its pictures are there and small", async () => {
  const docs = new URL("../../../docs/", import.meta.url);
  const { markdown, pictures } = datasheet();
  assertEquals(
    await Deno.readTextFile(new URL("scenes.md", docs)),
    markdown,
    "run deno task scenes --datasheet",
  );
  let bytes = 0;
  for (const path of pictures.keys()) bytes += (await Deno.stat(new URL(path, docs))).size;
  assert(bytes < 300_000, `${bytes} bytes`);
  for (const { name } of ALL) {
    assert(TASK_NOTES[name] !== undefined, name);
    assert(markdown.includes(`### ${name}\n`) && pictures.has(`scenes/${name}.png`), name);
  }
});

Deno.test("baselines: no constant answer is worth much more than chance", () => {
  const tasks = [...SCENE_TASKS, ...EXTRA_TASKS].filter(({ metric }) => metric !== "cider");
  const parts = tasks.map((task) => ({ task, sizes: { train: 200, test: 120 } }));
  const dealt = [...dealBenchmark(0, parts)].map(({ task, split, blocks }) => ({
    task,
    split,
    turns: [...blocks].flat().flatMap((conversation) => conversation.turns),
  }));
  for (const task of tasks) {
    const of = (split: string) => dealt.find((part) => part.task === task && part.split === split)!.turns;
    const { chance, majority, template } = baselines(task, of("train"), of("test"));
    assert(majority <= chance + 5, `${task.name}: majority ${majority}, chance ${chance}`);
    assert(template <= chance + 3, `${task.name}: a template ${template}, chance ${chance}`);
  }
});

Deno.test("baselines: the words are looked up in training, new ones take the template's answer", () => {
  const task = SCENE_TASKS.find(({ name }) => name === "vqa")!;
  const train = [
    { question: "what colour is the ring?", answer: "red", template: "colour-of-shape" },
    { question: "what colour is the ring?", answer: "red", template: "colour-of-shape" },
    { question: "what colour is the cross?", answer: "blue", template: "colour-of-shape" },
  ];
  const test = [
    { question: "what colour is the cross?", answer: "blue", template: "colour-of-shape" },
    { question: "what colour is the circle?", answer: "red", template: "colour-of-shape" },
  ];
  const { majority, template, words } = baselines(task, train, test);
  assertEquals([majority, template, words], [50, 50, 100]);
  assertEquals(topAnswers(train), [{ answer: "red", count: 2 }, { answer: "blue", count: 1 }]);
});

Deno.test("markdown: lines of 110 characters, tables that line up", () => {
  const text = paragraph(`- ${"word ".repeat(60)}`, "  ");
  assert(text.split("\n").every((line) => line.length <= 110));
  assertEquals(text.split("\n")[1]!.slice(0, 6), "  word");
  assertEquals(markdownTable([["a", "bcd"], ["ef", "g"]]), "| a  | bcd |\n| -- | --- |\n| ef | g   |");
});
