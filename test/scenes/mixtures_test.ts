import { assert, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { dealBenchmark } from "../../src/scenes/deal_benchmark.ts";
import { mixtureByName, MIXTURES, mixtureSizes, TRAIN_CONVERSATIONS } from "../../src/scenes/mixtures.ts";
import { parseSizes } from "../../src/scenes/parse_sizes.ts";
import { sceneKey, splitOf } from "../../src/scenes/picture/scene_key.ts";
import { resolveSettings } from "../../src/scenes/write/settings.ts";
import { SCENE_TASKS, sceneTask } from "../../src/scenes/scene_tasks.ts";

/** A mixture's tasks in a tenth of its size. */
function tenth(mixture: string) {
  const sizes = mixtureSizes(mixture, { scale: 0.1, control: true });
  return Object.entries(sizes).map(([name, train]) => ({
    task: sceneTask(name),
    sizes: { train, val: 25, test: 25 },
  }));
}

function total(mixture: string): number {
  return Object.values(mixtureByName(mixture).train).reduce((sum, n) => sum + n, 0);
}

/** Conversations of a mixture's tasks whose first question the other convention's task asks too. */
function clashing(name: string, count: number, other: string): number {
  const kinds = sceneTask(other).templates.map((template) => template.name.replace(/-(full|words)$/, ""));
  const objects = other === "vqa-full" ? 4 : 2;
  const conversations = [...dealBenchmark(0, [{ task: sceneTask(name), sizes: { train: count } }])]
    .flatMap(({ blocks }) => [...blocks].flat());
  return conversations.filter(({ scene, turns }) =>
    scene.objects.length === objects && kinds.includes(turns[0]!.template)
  ).length;
}

Deno.test("MIXTURES: the default one is the seven tasks in their sizes, and stays so", () => {
  assertEquals(MIXTURES[0]!.name, "default");
  assertEquals(MIXTURES[0]!.train, TRAIN_CONVERSATIONS);
  assertEquals(Object.keys(TRAIN_CONVERSATIONS), SCENE_TASKS.map(({ name }) => name));
  assertEquals(Object.values(TRAIN_CONVERSATIONS), [600, 600, 1200, 1500, 750, 450, 900]);
});

Deno.test("MIXTURES: each has its reasons, known tasks, and a size that is tuned in minutes", () => {
  for (const { name, summary, reasons, train } of MIXTURES) {
    assert(summary !== "" && reasons.length > 0, name);
    for (const task of Object.keys(train)) assertEquals(sceneTask(task).name, task);
    assert(total(name) >= 5000 && total(name) <= 6000, `${name}: ${total(name)}`);
    assert(!("control" in train));
  }
});

Deno.test("equal: the same number of answer tokens for every task", () => {
  const tasks = Object.entries(mixtureByName("equal").train);
  for (const [name, count] of tasks) {
    let tokens = 0;
    for (const { blocks } of dealBenchmark(0, [{ task: sceneTask(name), sizes: { train: count } }])) {
      for (const { answer } of [...blocks].flat().flatMap(({ turns }) => turns)) {
        tokens += answer.split(" ").length + (answer.match(/\.( |$)/g)?.length ?? 0) + 1;
      }
    }
    assert(Math.abs(tokens - 6000) < 300, `${name}: ${tokens}`);
  }
});

Deno.test("paper: unequal by 20 times, gqa the largest and chart the smallest", () => {
  const { train } = mixtureByName("paper");
  assertEquals(Math.max(...Object.values(train)), train["gqa"]);
  assertEquals(Math.min(...Object.values(train)), train["chart"]);
  assertEquals(train["gqa"]! / train["chart"]!, 20);
});

Deno.test("starved: three tasks under 200 conversations, none with fewer than 15 in an eighth", () => {
  const counts = Object.values(mixtureByName("starved").train);
  assertEquals(counts.filter((n) => n < 200).length, 3);
  assert(counts.every((n) => n / 8 >= 15));
});

Deno.test("conflict: where conventions clash the larger task has two to three times as many", () => {
  const { train } = mixtureByName("conflict");
  for (const [large, small] of [["vqa", "vqa-full"], ["grounding", "grounding-words"]] as const) {
    const ratio = clashing(large, train[large]!, small) / train[small]!;
    assert(ratio > 2 && ratio < 3, `${large}: ${ratio}`);
  }
});

for (const { name } of MIXTURES) {
  Deno.test(`mixture ${name}: no scene twice in all splits of all tasks, each in its own split, deterministic`, () => {
    const keys = new Set<string>();
    let count = 0;
    const questions: string[] = [];
    for (const { split, blocks } of dealBenchmark(7, tenth(name))) {
      for (const { scene, turns } of [...blocks].flat()) {
        count++;
        keys.add(sceneKey(scene));
        assertEquals(splitOf(scene), split);
        questions.push(...turns.map(({ question, answer }) => question + answer));
      }
    }
    assertEquals(keys.size, count);
    const again = [...dealBenchmark(7, tenth(name))].length; // without taking what is dealt: nothing is
    assertEquals(again, 3 * tenth(name).length);
    const second: string[] = [];
    for (const { blocks } of dealBenchmark(7, tenth(name))) {
      second.push(...[...blocks].flat().flatMap(({ turns }) => turns.map((t) => t.question + t.answer)));
    }
    assertEquals(second, questions);
  });
}

Deno.test("mixtures: validated on the same questions, but for a few", () => {
  const asked = (mixture: string) => {
    for (const { task, split, blocks } of dealBenchmark(0, tenth(mixture))) {
      const dealt = [...blocks].flat();
      if (task.name === "gqa" && split === "val") return dealt.map(({ turns }) => turns[0]!);
    }
    throw new Error("no gqa");
  };
  assertEquals(asked("equal"), asked("starved"));
});

Deno.test("resolveSettings: the default names no mixture; sizes by hand; wrong names are found out", () => {
  assertEquals("mixture" in resolveSettings({}), false);
  assertEquals(resolveSettings({ mixture: "default" }), resolveSettings({}));
  assertEquals(resolveSettings({ mixture: "paper" }).mixture, "paper");
  const { train } = resolveSettings({ control: true, train: { control: 12, vqa: 3 } });
  assertEquals([train["control"], train["vqa"], train["gqa"]], [12, 3, 1500]);
  assertEquals(Object.keys(train).at(-1), "control");
  assertThrows(() => resolveSettings({ mixture: "fair" }), InputError, 'starved, conflict, found "fair"');
  assertThrows(() => resolveSettings({ train: { control: 3 } }), InputError, "mixture default (caption");
  assertThrows(() => resolveSettings({ train: { letters: 3 } }), InputError, 'found "letters"');
  assertThrows(() => resolveSettings({ train: { vqa: 0 } }), InputError, "found 0");
  assertThrows(() => sceneTask("vqx"), InputError, '"vqx"');
});

Deno.test("mixtureSizes: scaled, rounded, at least so many", () => {
  const sizes = mixtureSizes("starved", { scale: 0.05, least: 16 });
  assertEquals([sizes["caption"], sizes["region-caption"], sizes["control"]], [35, 16, undefined]);
  assertEquals(mixtureSizes("default"), { ...TRAIN_CONVERSATIONS });
  assertEquals(mixtureSizes("default", { control: true })["control"], 600);
});

Deno.test("parseSizes: task=n, separated by commas; anything else is said with what to do", () => {
  assertEquals(parseSizes("vqa=12"), { vqa: 12 });
  assertEquals(parseSizes(" region-caption = 7 ,gqa=1"), { "region-caption": 7, gqa: 1 });
  for (const text of ["", "vqa", "vqa=", "=3", "vqa=0", "vqa=1.5", "vqa=-2", "vqa=1e3", "vqa=3,", "vqa:3"]) {
    assertThrows(() => parseSizes(text), InputError, "write it like vqa=1200,chart=80", text);
  }
  assertThrows(() => parseSizes("vqa=1,vqa=2"), InputError, "vqa twice");
});
