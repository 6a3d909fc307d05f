import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { ResolvedOptions } from "../../../src/run/records/run_info.ts";
import type { Prepared } from "../../../src/tune/data/prepare.ts";
import { readJson, writeJson } from "../../../src/run/files.ts";
import { runBalancePart } from "../../../src/tune/parts/balance_part.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read", "write");

test("runBalancePart gathers scores by name, in the order of the tasks, and has them weighed", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // The scores of a file stand in any order.
    const result = (b: number, a: number) => ({ scores: [{ task: "b", score: b }, { task: "a", score: a }] });
    const files = {
      mini: result(20, 40),
      "plus-a": result(26, 50),
      "plus-b": result(50, 42),
      base: { scores: [] },
    };
    for (const [name, value] of Object.entries(files)) await writeJson(join(folder, `${name}.json`), value);
    const question = { questions: [{}, {}] };
    const context = {
      folder,
      options: { tasks: ["a", "b"], temperature: 0.5, seeds: [1] } as unknown as ResolvedOptions,
      prepared: {
        dataset: { tasks: [{ metric: "iou" }, { metric: "anls" }] },
        questions: { val: [question, question] },
      } as unknown as Prepared,
    };
    await runBalancePart({
      kind: "balance",
      id: "balance",
      seed: 4,
      file: "weights.json",
      needs: [],
      method: "cotbal",
      table: "validation.json",
      scores: { base: "base.json", mini: "mini.json", plus: ["plus-a.json", "plus-b.json"] },
    }, context);
    assertEquals(await readJson(join(folder, "validation.json")), {
      seed: 4,
      tasks: ["a", "b"],
      metrics: ["iou", "anls"],
      base: [null, null], // scored on neither
      mini: [40, 20],
      plus: [[50, 26], [42, 50]],
      questions: [2, 2],
    });
    const weights = await readJson<{ contributionOut: number[] }>(join(folder, "weights.json"));
    assertEquals(weights?.contributionOut, [0.2, 0.2]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
