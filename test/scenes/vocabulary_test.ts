import { assert, assertEquals } from "@std/assert";
import { Random } from "../../src/random.ts";
import { COORDINATE_PIECES } from "../../src/scenes/box_text.ts";
import { dealConversations } from "../../src/scenes/deal.ts";
import { pretrainSample } from "../../src/scenes/pretrain.ts";
import { EXTRA_TASKS, SCENE_TASKS } from "../../src/scenes/scene_tasks.ts";
import { ZERO_SHOT_TASKS } from "../../src/scenes/tasks/zero_shot.ts";
import { vocabulary } from "../../src/scenes/vocabulary.ts";

Deno.test("vocabulary: covers every text, has few words to spare, and is small", () => {
  const used = new Set<string>();
  const add = (text: string) => text.split(" ").forEach((piece) => used.add(piece.replace(/[.?:]$/, "")));
  const random = new Random("vocabulary");
  for (const task of [...SCENE_TASKS, ...EXTRA_TASKS, ...ZERO_SHOT_TASKS]) {
    for (
      const { turns } of dealConversations(task, random, { count: 200, split: "train", seen: new Set() })
    ) {
      for (const { question, answer } of turns) add(`${question} ${answer}`);
    }
  }
  for (let i = 0; i < 3000; i++) {
    const { question, answer } = pretrainSample(random);
    add(`${question} ${answer}`);
  }
  const words = vocabulary();
  assertEquals(new Set(words).size, words.length);
  const known = new Set(words);
  assertEquals([...used].filter((word) => !known.has(word)), []);
  const boxes = new Set(COORDINATE_PIECES);
  const spare = words.filter((word) => !used.has(word) && !boxes.has(word));
  assertEquals(spare, []);
  assert(words.length - boxes.size < 150);
});
