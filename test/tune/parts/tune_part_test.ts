import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { writeJson } from "../../../src/run/files.ts";
import type { PlannedProbe, TunePart } from "../../../src/run/part.ts";
import type { ResolvedOptions } from "../../../src/run/records/run_info.ts";
import type { TrainSequence } from "../../../src/lmm/trainer/train_step.ts";
import type { Prepared } from "../../../src/tune/data/prepare.ts";
import { balancerOf, passesOf, validationOf } from "../../../src/tune/parts/tune_part.ts";
import { needs } from "../../house/permissions.ts";
const test = needs("read", "write");

const options = { tasks: ["a", "b"] } as ResolvedOptions;
const sequence = (task: number, mask: number[]) =>
  ({ task, mask: Int32Array.from(mask) }) as unknown as TrainSequence;

function part(weighting: TunePart["weighting"]): TunePart {
  const lists = { needs: [], data: {}, tasks: ["a", "b"] };
  return {
    kind: "tune",
    id: "methods/x",
    file: "methods/x/test.json",
    seed: 1,
    split: "test",
    keep: true,
    weighting,
    ...lists,
  };
}

test("balancerOf hands the method the weights that the plan names", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const sequences = [sequence(0, [0, 1, 1]), sequence(1, [1])];
    const weights = async (weighting: TunePart["weighting"]) =>
      (await balancerOf(part(weighting), sequences, { folder, options })).weights(1, [4, 4]);
    assertEquals(await weights({ method: "ew" }), [1, 1]);
    assertEquals(await weights({ method: "cotbal", weights: [2, 0.5] }), [2, 0.5]);
    const asked = { method: "cotbal", weights: "weights.json" };
    await assertRejects(() => weights(asked), Error, "which is not there yet");
    await writeJson(join(folder, "weights.json"), { tasks: ["a", "b"], lambda: [0.75, 1.25], warnings: [] });
    assertEquals(await weights(asked), [0.75, 1.25]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("validationOf reads the conversations of a method's first validation questions, each once, of the part's tasks", () => {
  const names = ["a", "b"];
  const samples = names.map((task) =>
    Array.from({ length: 20 }, (_, i) => ({ id: `${task}${i}`, images: [], task }))
  );
  const prepared = {
    dataset: { tasks: names.map((name) => ({ name })) },
    conversations: new Map(
      samples.flat().map((
        sample,
      ) => [sample, { ids: Int32Array.of(1, 7, 8, 2), mask: Uint8Array.of(0, 0, 1, 1), grids: [] }]),
    ),
    // Every sample is asked twice in a row: 16 questions are those of 8 samples.
    questions: {
      val: names.map((task, i) => ({
        task,
        questions: samples[i]!.flatMap((sample) => [{ sample }, { sample }]),
      })),
    },
  } as unknown as Prepared;
  const context = { prepared, options: { ...options, microBatch: 5 } };
  const asked = { ...part({ method: "coba" }), data: { a: "all", b: "all" } } as const;
  const { every, work } = validationOf(asked, context)!;
  assertEquals(every, 20);
  assertEquals(work.microBatches.map(({ sequences }) => sequences.length), [5, 5, 5, 1]);
  assertEquals(work.microBatches[0]!.sequences[0]!.id, "a/a0");
  assertEquals([work.conversations, work.tokens, work.taskTokens], [16, 64, [16, 16]]);
  assertEquals(validationOf({ ...asked, data: { b: "all" } }, context)!.work.taskTokens, [0, 16]);
  assertEquals(validationOf(part({ method: "ew" }), context), undefined);
});

Deno.test("passesOf follows what probes read, and what is known of those that ended early", () => {
  const names = ["a", "b"];
  const train = new Map(names.map((task, t) => [
    task,
    Array.from({ length: 8 + 16 * t }, (_, i) => ({ id: `${task}${i}`, images: [], task })),
  ]));
  const prepared = {
    dataset: { tasks: names.map((name) => ({ name })), samples: { train } },
    sequences: new Map([...train.values()].flat().map((sample) => [sample, {}])),
  } as unknown as Prepared;
  const run = { tasks: names, epochs: 2, mini: 1 / 8, large: 1 / 2 };
  const all = { ...part({ method: "ew-budget" }), data: { a: "all", b: "all" } } as TunePart;
  assertEquals(passesOf(all, prepared, run), 2);
  assertEquals(passesOf({ ...all, passes: 1 / 2 }, prepared, run), 1);
  assertEquals(passesOf({ ...all, withProbes: true }, prepared, run), 2 * (1 + 1 / 2 + 2 / 8));
  // 1 + 3, 4 + 3 and 1 + 12 conversations of 32.
  const probe = (id: string, a: "mini" | "large", b: "mini" | "large", passes?: number) =>
    ({ id, file: "", seed: 1, data: { a, b }, ...(passes && { passes }) }) as PlannedProbe;
  const of = (passes?: number) => ({
    ...all,
    withProbes: [
      probe("mini", "mini", "mini", passes),
      probe("plus-a", "large", "mini", passes),
      probe("plus-b", "mini", "large", passes),
    ],
  });
  assertAlmostEquals(passesOf(of(), prepared, run), 2 * (1 + 24 / 32));
  assertAlmostEquals(passesOf(of(1 / 3), prepared, run), 2 * (1 + 8 / 32));
  const spent = new Map([["mini", 0.5], ["plus-b", 1 / 13]]);
  assertAlmostEquals(passesOf(of(), prepared, run, spent), 2 * (1 + (2 + 7 + 1) / 32));
});
