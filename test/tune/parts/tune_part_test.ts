import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { writeJson } from "../../../src/run/files.ts";
import type { TunePart } from "../../../src/run/part.ts";
import type { ResolvedOptions } from "../../../src/run/records/run_info.ts";
import type { TrainSequence } from "../../../src/lmm/trainer/train_step.ts";
import { balancerOf } from "../../../src/tune/parts/tune_part.ts";
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
