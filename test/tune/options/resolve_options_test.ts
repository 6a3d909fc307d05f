import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Dataset, Sample } from "../../../src/data/types.ts";
import { InputError } from "../../../src/errors.ts";
import { differences, resolveOptions } from "../../../src/tune/options/resolve_options.ts";
import type { TuneOptions } from "../../../src/tune/options/settings.ts";
import { presetByName, presets } from "../../../src/train/presets.ts";

const tiny = presetByName("tiny");

function dataset(train: Record<string, number>): Dataset {
  const samples = (task: string, count: number) =>
    Array.from(
      { length: count },
      (_, i): Sample => ({ id: `${i}`, task, images: [], turns: [], file: "x.json" }),
    );
  const each = (count: (task: string) => number) =>
    new Map(Object.keys(train).map((task) => [task, samples(task, count(task))]));
  return {
    tasks: Object.keys(train).map((name) => ({ name, metric: "exact-match" })),
    samples: { train: each((task) => train[task]!), val: each(() => 4), test: each(() => 4) },
    notes: [],
  };
}

const resolve = (options: TuneOptions, data: Dataset, folder: string | null = "mine") =>
  resolveOptions(options, tiny, data, { checkpoint: "data/base", data: folder });

Deno.test("the scenes get the preset's settings and nothing else", () => {
  const { resolved, notes } = resolve({}, dataset({ caption: 3000, vqa: 3000 }), null);
  assertEquals(notes, []);
  assertEquals([resolved.mini, resolved.large, resolved.epochs], [1 / 8, 1 / 2, 1]);
  assertEquals([resolved.batch, resolved.learningRate, resolved.temperature], [8, 2e-3, 0.5]);
  assertEquals(resolved.methods, ["ew", "cotbal"]);
  assertEquals(resolved.seeds, [1]);
});

Deno.test("small data of one's own gets a larger mini and more passes, and both are said", () => {
  const { resolved, notes } = resolve({}, dataset({ photos: 120, text: 32 }));
  assertEquals([resolved.mini, resolved.large, resolved.epochs], [8 / 32, 1 / 2, 10]);
  assertEquals(notes.length, 3);
  assertStringIncludes(notes[0]!, "task text with its 32");
  assertStringIncludes(notes[1]!, "10 passes");
  // What is asked for is not changed, but warned of.
  const asked = resolve({ mini: 0.125, epochs: 1 }, dataset({ photos: 120, text: 32 }));
  assertEquals([asked.resolved.mini, asked.resolved.epochs], [0.125, 1]);
  assertStringIncludes(asked.notes[0]!, "--epochs 30");
});

Deno.test("a task too small for its mini subset, an empty split and a lone task are told", () => {
  assertThrows(() => resolve({}, dataset({ photos: 120, text: 12 })), InputError, "task text with its 12");
  const holes = dataset({ photos: 120, text: 120 });
  holes.samples.val.set("text", []);
  assertThrows(() => resolve({}, holes), InputError, "val split");
  const { resolved, notes } = resolve({}, dataset({ photos: 6000 }));
  assertEquals(resolved.methods, ["ew"]);
  assertStringIncludes(notes[0]!, "nothing to balance");
  assertThrows(
    () => resolve({ methods: ["cotbal"] }, dataset({ photos: 6000 })),
    InputError,
    "two or more tasks",
  );
});

Deno.test("--steps is the number of steps of a final tuning", () => {
  const { resolved } = resolve({ steps: 75 }, dataset({ a: 500, b: 503 }));
  assertEquals(Math.round(resolved.epochs * Math.ceil(1003 / 8)), 75);
});

Deno.test("looks at validation questions are recorded where they are asked for, and said where they choose nothing", () => {
  const data = dataset({ a: 3000, b: 3000 });
  assertEquals(resolve({}, data).resolved.evaluation, undefined);
  assertEquals(resolve({ evaluateEvery: "10%" }, data).resolved.evaluation, {
    every: "10%",
    questions: 32,
    by: "score",
  });
  const own = { evaluateEvery: 100, evaluateQuestions: 8, bestBy: "loss", patience: 2 } as const;
  const { resolved, notes } = resolve(own, data);
  assertEquals(resolved.evaluation, { every: 100, questions: 8, by: "loss", patience: 2 });
  assertEquals(notes, []);
  const [before, now] = [resolved, resolve({ ...own, patience: 3 }, data).resolved];
  assertStringIncludes(differences(before, now)[0]!, "evaluation was");
  const { notes: said } = resolve({ evaluateEvery: 750 }, data);
  assertStringIncludes(
    said[0]!,
    "A tuning takes 750 steps: with --evaluate-every 750 its last step alone is looked at",
  );
});

Deno.test("tasks never tuned on are asked of the scenes or of a folder, and are none of those tuned on", () => {
  const data = dataset({ a: 3000, b: 3000 });
  const places = { checkpoint: "base", data: "mine" };
  const asked = { zeroShotData: "other", zeroShot: 5 };
  assertEquals(resolveOptions(asked, tiny, data, places, dataset({ c: 0, d: 0 })).resolved.zeroShot, {
    data: "other",
    tasks: ["c", "d"],
    questions: 5,
  });
  assertEquals("zeroShot" in resolve({}, data).resolved, false);
  assertThrows(
    () => resolveOptions(asked, tiny, data, places, dataset({ b: 0 })),
    InputError,
    "found b, which",
  );
});

Deno.test("differences names what a resumed run may not change", () => {
  const { resolved } = resolve({}, dataset({ a: 3000, b: 3000 }));
  assertEquals(differences(resolved, { ...resolved }), []);
  assertEquals(differences(resolved, { ...resolved, methods: ["ew", "cotbal", "tla"] }), []);
  assertEquals(differences(resolved, { ...resolved, methods: ["ew"] }).length, 1);
  assertEquals(differences(resolved, { ...resolved, batch: 4 }), ["batch was 8 and is now 4"]);
  assertEquals(differences(resolved, { ...resolved, seeds: [2] }), [
    "seeds was [1] and is now [2] (seeds may be added, none may be left out)",
  ]);
  assertEquals(differences(resolved, { ...resolved, seeds: [3, 1, 2] }), []);
  assertEquals(
    differences({ ...resolved, seeds: [1, 2] }, { ...resolved, seeds: [1, 3], batch: 4 }).length,
    2,
  );
});

Deno.test("every preset has a whole configuration", () => {
  for (const { name, imageSize, config } of presets) {
    const { vision_config: vision, image_token_index } = config(500) as {
      vision_config: { image_size: number; patch_size: number };
      image_token_index: number;
    };
    assertEquals(vision.image_size, imageSize, name);
    assertEquals(imageSize % vision.patch_size, 0, name);
    assertEquals(image_token_index, 3);
  }
  assertThrows(() => presetByName("huge"), InputError, '"huge"');
});

Deno.test("weights by hand are kept in run.json", () => {
  const lambda = { photos: 0.5, text: 1.5 };
  const { resolved } = resolve({ methods: ["ew", "fixed"], lambda }, dataset({ photos: 6000, text: 6000 }));
  assertEquals(resolved.lambda, lambda);
});

Deno.test("a method whose weights cannot differ in so short a run is told of", () => {
  const notes = (options: TuneOptions) =>
    resolve({ methods: ["ew", "dwa", "igbv1", "coba"], ...options }, dataset({ a: 400, b: 400 }), null).notes;
  const [first, second, ...more] = notes({});
  assertStringIncludes(first!, "IGBv1 weighs all tasks alike in this run");
  assertStringIncludes(first!, "after step 200 at the earliest, and a tuning takes 100");
  assertStringIncludes(second!, "CoBa");
  assertEquals(more, []);
  assertEquals(notes({ epochs: 3 }), []);
});

Deno.test("draws of the probes are recorded where a method has them", () => {
  const data = dataset({ caption: 3000, vqa: 3000 });
  assertEquals("probeSeeds" in resolve({}, data).resolved, false);
  assertEquals(resolve({ methods: ["noise-aware"] }, data).resolved.probeSeeds, 3);
  assertEquals(resolve({ methods: ["noise-aware"], probeSeeds: 1 }, data).resolved.probeSeeds, 1);
});
