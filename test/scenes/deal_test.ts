import { assert, assertEquals } from "@std/assert";
import { Random } from "../../src/random.ts";
import { readGridBox } from "../../src/scenes/box_text.ts";
import { BLOCK, type Conversation, dealBlocks, dealConversations } from "../../src/scenes/deal.ts";
import { sceneKey, splitOf } from "../../src/scenes/picture/scene_key.ts";
import { EXTRA_TASKS, SCENE_TASKS } from "../../src/scenes/scene_tasks.ts";
import { ZERO_SHOT_TASKS } from "../../src/scenes/tasks/zero_shot.ts";
import type { SceneTask } from "../../src/scenes/templates.ts";

function deal(task: SceneTask, count: number, split: "train" | "val" = "train"): Conversation[] {
  const turns = split === "train" ? {} : { turns: 1 };
  return dealConversations(task, new Random(task.name), { count, split, seen: new Set(), ...turns });
}

for (const task of [...SCENE_TASKS, ...EXTRA_TASKS, ...ZERO_SHOT_TASKS]) {
  Deno.test(`dealConversations, ${task.name}: deterministic, of its split, no scene twice`, () => {
    const conversations = deal(task, 60);
    assertEquals(conversations, deal(task, 60));
    assertEquals(conversations.length, 60);
    assertEquals(new Set(conversations.map(({ scene }) => sceneKey(scene))).size, 60);
    for (const { scene, turns } of conversations) {
      assertEquals(splitOf(scene), "train");
      assertEquals(turns.length, task.turns);
      assertEquals(new Set(turns.map(({ question }) => question)).size, task.turns);
    }
    assert(deal(task, 10, "val").every(({ scene, turns }) => splitOf(scene) === "val" && turns.length === 1));
  });

  Deno.test(`dealConversations, ${task.name}: templates by share, answers balanced within each`, () => {
    const turns = deal(task, 120).flatMap((conversation) => conversation.turns);
    const shares = task.templates.reduce((sum, { share }) => sum + share, 0);
    for (const { name, keys, share } of task.templates) {
      const own = turns.filter(({ template }) => template === name);
      assert(Math.abs(own.length - turns.length * share / shares) < 1, `${name}: ${own.length}`);
      if (keys.length === 0 || name === "larger" || name.endsWith("-full")) continue; // the answer is no key
      const counts = keys.map((key) => own.filter(({ answer }) => answer === key).length);
      assertEquals(counts.reduce((sum, n) => sum + n, 0), own.length, `${name}: an answer outside its keys`);
      assert(Math.max(...counts) - Math.min(...counts) <= 1, `${name}: ${counts}`);
    }
  });
}

Deno.test("dealConversations: larger names the first colour as often as the second", () => {
  const task = SCENE_TASKS.find(({ name }) => name === "gqa")!;
  const own = deal(task, 200).flatMap(({ turns }) => turns).filter(({ template }) => template === "larger");
  const first = own.filter(({ question, answer }) => question.includes(`: ${answer} or`)).length;
  assert(Math.abs(2 * first - own.length) <= 1);
});

Deno.test("dealConversations: no scene of another task is used again", () => {
  const seen = new Set<string>();
  const random = new Random(0);
  let count = 0;
  for (const task of SCENE_TASKS) {
    dealConversations(task, random.fork(task.name), { count: 50, split: "val", turns: 1, seen });
    assertEquals(seen.size, count += 50);
  }
});

Deno.test("dealConversations, reading: the whole sign is asked after its letters", () => {
  const task = SCENE_TASKS.find(({ name }) => name === "reading")!;
  for (const { turns } of deal(task, 80)) assert(turns[0]!.template !== "whole-sign");
});

Deno.test("dealConversations, grounding: the box is the one of the only object that fits the words", () => {
  const task = SCENE_TASKS.find(({ name }) => name === "grounding")!;
  for (const { scene, turns } of deal(task, 100)) {
    for (const { question, answer } of turns) {
      const words = question.slice("where is the ".length, -1).split(" ").filter((word) => word !== "object");
      const fitting = scene.objects.filter(({ colour, shape }) =>
        words.every((word) => word === colour || word === shape)
      );
      assertEquals(fitting.map(({ box }) => box), [readGridBox(answer)!]);
    }
  }
});

Deno.test("dealBlocks: up to a block the same conversations; beyond, block by block, no scene twice", () => {
  const task = SCENE_TASKS.find(({ name }) => name === "caption")!;
  const options = () => ({ count: 30, split: "train", seen: new Set<string>() } as const);
  assertEquals([...dealBlocks(task, new Random(1), options())], [
    dealConversations(task, new Random(1), options()),
  ]);
  const seen = new Set<string>();
  const sizes: number[] = [];
  for (const block of dealBlocks(task, new Random(1), { count: BLOCK + 5, split: "train", seen })) {
    sizes.push(block.length);
  }
  assertEquals(sizes, [BLOCK, 5]);
  assertEquals(seen.size, BLOCK + 5);
});
