import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { createGpu } from "../../src/gpu/gpu.ts";
import { InputError } from "../../src/errors.ts";
import { loadCheckpoint } from "../../src/lmm/checkpoint.ts";
import { forwardLogits } from "../../src/lmm/logits.ts";
import { loraOf } from "../../src/lmm/trainer/settings.ts";
import { readAdapter } from "../../src/train/adapter_files.ts";
import { type CheckpointFiles, loadModel, readCheckpoint } from "../../src/train/checkpoint_files.ts";
import { gpuEngine } from "../../src/train/gpu_engine.ts";
import { mergeAdapter } from "../../src/train/merge_adapter.ts";
import { saveModel } from "../../src/train/save_model.ts";
import { needs } from "../house/permissions.ts";
import { Random } from "../../src/random.ts";

const test = needs("read", "write");
const BASE = new URL("../../data/base", import.meta.url).pathname;

/** An adapter whose B is no zero matrix, in a folder. */
async function makeAdapter(folder: string, base: CheckpointFiles, named: string) {
  const gpu = await createGpu();
  const lora = loraOf({ loraRank: 4, loraTargets: "q_proj,v_proj,linear_2,down_proj" }, base.config, 3);
  const model = await loadModel(gpuEngine(gpu), base, { trainable: [], lora });
  await saveModel(folder, model, base.companions, { base: named });
  model.destroy();
  gpu.destroy();
  const path = join(folder, "adapter_model.safetensors");
  const bytes = await Deno.readFile(path);
  const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const random = new Random("adapter");
  const values = new Float32Array(bytes.buffer.slice(start)).map(() => 0.1 * random.normal());
  bytes.set(new Uint8Array(values.buffer), start);
  await Deno.writeFile(path, bytes);
}

test("an adapter is opened with its base, merged, and the merged folder answers as both do", async () => {
  const folder = await Deno.makeTempDir();
  const base = await readCheckpoint(BASE);
  const path = join(folder, "adapter"), out = join(folder, "merged");
  await makeAdapter(path, base, BASE);
  const adapter = await readCheckpoint(path);
  assertEquals([adapter.folder, adapter.config], [path, base.config]);
  const gpu = await createGpu();
  for (const dtype of ["f32", "base"] as const) {
    const errors = await mergeAdapter(gpu, adapter, out, dtype);
    assert(errors.merged < 2e-6 && errors.saved < 2e-6, JSON.stringify(errors));
  }
  const merged = await readCheckpoint(out);
  assertEquals(merged.adapter, undefined);
  const ids = Int32Array.from({ length: 20 }, (_, i) => 5 + 3 * i);
  const logits = async ({ configText, weights, adapter }: CheckpointFiles) => {
    const model = await loadCheckpoint(gpu, configText, weights, { adapter });
    const found = await forwardLogits(model, [{ ids, images: [] }]);
    model.destroy();
    return found;
  };
  const [plain, own, both] = [await logits(base), await logits(merged), await logits(adapter)];
  const apart = (a: Float32Array, b: Float32Array) => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));
  assert(apart(own, both) < 1e-4, `${apart(own, both)}`);
  assert(apart(own, plain) > 0.01);
  gpu.destroy();
  await assertRejects(() => mergeAdapter(gpu, base, out, "f32"), InputError, "expected a LoRA adapter");
  await Deno.remove(folder, { recursive: true });
});

test("a base is found beside the adapter or where it is said to be; else the message says how to say it", async () => {
  const folder = await Deno.makeTempDir();
  const base = await readCheckpoint(BASE);
  const path = join(folder, "adapter");
  await makeAdapter(path, base, "../base");
  await assertRejects(() => readCheckpoint(path), InputError, "--base FOLDER");
  assertEquals((await readCheckpoint(path, { base: BASE })).config, base.config);
  await Deno.symlink(BASE, join(folder, "base"));
  assertEquals((await readAdapter(path, undefined))!.base, join(path, "../base"));
  await assertRejects(() => readCheckpoint(BASE, { base: BASE }), InputError, "found no adapter_config.json");
  await assertRejects(() => readCheckpoint(folder), InputError, `give one of ${path}`);
  await Deno.rename(join(path, "adapter_model.safetensors"), join(path, "adapter_model.bin"));
  await assertRejects(() => readCheckpoint(path), InputError, "found adapter_model.bin alone");
  await Deno.writeTextFile(join(path, "adapter_config.json"), "{");
  await assertRejects(() => readCheckpoint(path), InputError, "adapter_config.json: expected JSON");
  await Deno.remove(folder, { recursive: true });
});
