import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Sequence } from "../../../src/lmm/batch.ts";
import type { ScoringPart } from "../../../src/run/part.ts";
import type { ResolvedOptions } from "../../../src/run/records/run_info.ts";
import { answersFile, keepAnswers } from "../../../src/tune/parts/kept_answers.ts";
import type { EngineModel } from "../../../src/train/engine.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read", "write");

const part = { id: "methods/ew", seed: 1, file: "methods/ew/test.json" } as ScoringPart;
const options = { seeds: [1] } as ResolvedOptions;
const prompts = (k: number): Sequence[] => [{ ids: Int32Array.of(k, 7), images: [] }];
const how = { maxNewTokens: 4, stops: [2], batchSize: 64 };

test("answers are heard once, and again from the first one that is damaged or of another part", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const run = { folder, runId: "r", options };
    await Deno.writeTextFile(join(folder, "run.json"), "{}");
    let heard: number[] = [];
    const model = {
      imageSize: 4,
      generate: ([prompt]: readonly Sequence[]) => {
        heard.push(prompt!.ids[0]!);
        return Promise.resolve([Int32Array.of(10 * prompt!.ids[0]!)]);
      },
    } as unknown as EngineModel;
    const ask = async (asked: number[], of = part, context = run) => {
      heard = [];
      const kept = await keepAnswers(model, of, context);
      assertEquals(kept.model.imageSize, 4);
      for (const k of asked) {
        assertEquals(await kept.model.generate(prompts(k), how), [Int32Array.of(10 * k)]);
      }
      return heard;
    };
    const path = join(folder, answersFile(part));
    assertEquals(answersFile(part), "methods/ew/test.answers.jsonl");
    assertEquals(await ask([1, 2]), [1, 2]);
    assertEquals(await ask([1, 2, 3]), [3]);
    assertEquals(await ask([1, 2, 3]), []);
    const text = await Deno.readTextFile(path);

    // Cut by a kill; damaged; asked otherwise.
    await Deno.writeTextFile(path, text.slice(0, -5));
    assertEquals(await ask([1, 2, 3]), [3]);
    assertEquals((await Deno.readTextFile(path)).split("\n").length, 4);
    await Deno.writeTextFile(path, text.replace("[[20]]", "[[21]]"));
    assertEquals(await ask([1, 2, 3]), [2, 3]);
    assertEquals(await ask([1, 4, 3]), [4, 3]);
    assertEquals(await ask([1, 4, 3]), []);
    assertEquals(await ask([5, 4, 3]), [5, 4, 3]);
    assertEquals(await ask([5, 4, 3], part, { ...run, runId: "other" }), [5, 4, 3]);
    const blank = { ...part, file: "methods/ew/blank.json" } as ScoringPart;
    await Deno.copyFile(path, join(folder, answersFile(blank)));
    assertEquals(await ask([5, 4, 3], blank, run), [5, 4, 3]);
    await Deno.writeTextFile(path, "null\n{}\n");
    assertEquals(await ask([1, 2]), [1, 2]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
