// Checkpoints of other families, with their own templates and processors, tuned and scored as a whole.

import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { evaluateCheckpoint } from "../../src/answer/evaluate_checkpoint.ts";
import { loadDataset } from "../../src/data/dataset/load_dataset.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import { loadRun } from "../../src/run/load_run.ts";
import { readCheckpoint } from "../../src/train/checkpoint_files.ts";
import { gpuEngine } from "../../src/train/gpu_engine.ts";
import { tune } from "../../src/tune/tune.ts";
import { needs } from "../house/permissions.ts";
import { fixture } from "../lmm/_case.ts";
import { fakeFolder } from "./fake_data.ts";

const test = needs("read", "write");

/** Tunes a stored case on a little data and gives both folders. */
async function tuned(
  name: string,
  wholePictures: boolean,
  look: (base: string, out: string, data: string) => Promise<void>,
) {
  const folder = await fakeFolder();
  const gpu = await createGpu();
  try {
    const out = join(folder, "run"), data = join(folder, "data"), checkpoint = fixture(name);
    const engine = gpuEngine(gpu);
    await tune(engine, {
      data,
      checkpoint,
      methods: ["ew"],
      batch: 4,
      steps: 2,
      validationLimit: 1,
      testLimit: 2,
      ...(wholePictures && { wholePictures }),
    }, { out, resume: false, root: folder, versions: {} });
    const saved = join(out, "methods/ew/checkpoint");
    const { scores } = await evaluateCheckpoint(
      engine,
      await readCheckpoint(saved),
      await loadDataset(data),
      {
        split: "test",
        limit: 2,
        maxTokens: 512,
        blank: false,
      },
    );
    const { results } = await loadRun(out);
    assertEquals(results.methods.ew!.scores, scores.map(({ score }) => score));
    await look(checkpoint, saved, data);
  } finally {
    gpu.destroy();
    await Deno.remove(folder, { recursive: true });
  }
}

for (const name of ["chat_idefics3", "chat_smolvlm", "chat_llava", "chat_qwen", "chat_mistral"]) {
  test(`${name} is tuned, saved with all that it came with, and scored outside its run as inside`, () =>
    tuned(name, false, async (base, saved, data) => {
      const [before, after] = [await readCheckpoint(base), await readCheckpoint(saved)];
      assertEquals(after.companions, before.companions);
      assertEquals(after.stops, before.stops);
      const sample = (await loadDataset(data)).samples.train.values().next().value![0]!;
      const grids = sample.images.map(() => after.processor.grid(4, 4));
      const of = ({ format }: typeof before) => format.encode(sample, grids, { maxTokens: 512 });
      assertEquals(of(after), of(before));
    }));
}

test("--whole-pictures: no picture is cut, and the tuned folder says so", () =>
  tuned("chat_idefics3", true, async (base, saved) => {
    const [before, after] = [await readCheckpoint(base), await readCheckpoint(saved)];
    assertNotEquals(before.processor.grid(4, 4), { rows: 0, columns: 0 });
    assertEquals(after.processor.grid(4, 4), { rows: 0, columns: 0 });
  }));
