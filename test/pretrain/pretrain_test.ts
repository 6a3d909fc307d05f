import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError, Interrupted } from "../../src/errors.ts";
import { readCheckpoint } from "../../src/train/checkpoint_files.ts";
import { readMetrics } from "../../src/run/metrics_file.ts";
import { pretrain } from "../../src/pretrain/pretrain.ts";
import { fakeEngine } from "../train/fake_engine.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

test("pretrain writes a checkpoint folder, and goes on to the same bits after an interruption and a kill", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const options = {
      preset: "tiny",
      steps: 60,
      batch: 2,
      learningRate: 1e-3,
      seed: 3,
      stateEverySeconds: 0,
    };
    const whole = await pretrain(fakeEngine(), { ...options, out: join(folder, "whole") });

    const out = join(folder, "stopped");
    const engine = fakeEngine();
    const controller = new AbortController();
    engine.beforeStep = () => {
      if (engine.steps === 24) controller.abort();
    };
    const { signal } = controller;
    await assertRejects(
      () => pretrain(engine, { ...options, out }, { signal }),
      Interrupted,
      "after step 25 of 60",
    );
    engine.beforeStep = () => {
      if (engine.steps === 25 + 20) throw new Error("killed");
    };
    await assertRejects(() => pretrain(engine, { ...options, out, resume: true }), Error, "killed");
    engine.beforeStep = () => {};
    const steps: number[] = [];
    const callbacks = { progress: ({ step }: { step: number }) => steps.push(step) };
    const stopped = await pretrain(engine, { ...options, out, resume: true }, callbacks);
    assertEquals(steps, Array.from({ length: 15 }, (_, i) => 46 + i)); // the state is saved after every step
    assertEquals(engine.alive, 0);

    const weights = (path: string) => Deno.readFile(join(path, "model.safetensors"));
    assertEquals(await weights(stopped), await weights(whole));
    const lines = await readMetrics<{ step: number }>(join(out, "metrics.jsonl"));
    assertEquals(lines.map(({ step }) => step), Array.from({ length: 60 }, (_, i) => i + 1));

    const checkpoint = await readCheckpoint(whole);
    assertEquals([checkpoint.processor.size, checkpoint.stops], [32, [2]]);
    assert(checkpoint.companions.has("generation_config.json"));

    await assertRejects(() => pretrain(engine, { ...options, out }), InputError, "--resume");
    await assertRejects(
      () => pretrain(engine, { ...options, batch: 4, out, resume: true }),
      InputError,
      "batch = 4 instead of 2",
    );
    await assertRejects(
      () => pretrain(engine, { ...options, storage: "f16", out, resume: true }),
      InputError,
      "storage = f16 instead of f32",
    );
    assertEquals([...engine.storages], ["f32"]);
    await assertRejects(
      () => pretrain(engine, { ...options, out: join(folder, "none"), resume: true }),
      InputError,
      "pretrain.json",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
