// LoRA adapters against PEFT in float64: logits, loss, every gradient, the merged model, and files both ways.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { createGpu } from "../../../src/gpu/gpu.ts";
import { loadCheckpoint } from "../../../src/lmm/checkpoint.ts";
import { encodeImages } from "../../../src/lmm/features.ts";
import { MemoryFolder } from "../../../src/lmm/folder_sink.ts";
import { familyOf } from "../../../src/lmm/families/parse_config.ts";
import type { ModuleName } from "../../../src/lmm/layout.ts";
import type { Lmm } from "../../../src/lmm/lmm.ts";
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, parseAdapterConfig } from "../../../src/lmm/lora/adapter_config.ts";
import { mergeLora } from "../../../src/lmm/lora/merge.ts";
import { adapterName, saveAdapter } from "../../../src/lmm/lora/save_adapter.ts";
import { type NamedTensor, readSafetensors } from "../../../src/lmm/safetensors.ts";
import type { TrainSequence } from "../../../src/lmm/trainer/train_step.ts";
import { Trainer } from "../../../src/lmm/trainer/trainer.ts";
import { loraOf } from "../../../src/lmm/trainer/settings.ts";
import { memoryCheckpoint } from "../../../src/lmm/weight_names.ts";
import { memoryFile } from "../../../src/lmm/weights.ts";
import { LORA } from "../../../src/nn/lora.ts";
import { TOLERANCES } from "../../../src/verify/verify_model.ts";
import { needs } from "../../house/permissions.ts";
import { type Case, distance, fixture, forward, readCase } from "../_case.ts";

const test = needs("read");

const ADAPTERS: { name: string; base: string; whole: ModuleName[] }[] = [
  { name: "lora_llava", base: "llava", whole: ["projector"] },
  { name: "lora_smolvlm", base: "smolvlm", whole: [] },
  { name: "lora_layers", base: "llava_layers", whole: [] },
];

interface Stored {
  of: Case;
  config: string;
  weights: Uint8Array;
  tensors: Map<string, NamedTensor>;
}

async function read(name: string, base: string): Promise<Stored> {
  const folder = fixture(name);
  return {
    of: await readCase(base),
    config: await Deno.readTextFile(`${folder}/${ADAPTER_CONFIG}`),
    weights: await Deno.readFile(`${folder}/${ADAPTER_WEIGHTS}`),
    tensors: readSafetensors(await Deno.readFile(`${folder}/case.safetensors`)),
  };
}

async function load(
  gpu: Lmm["gpu"],
  { of, config, weights }: Stored,
  trainable: Iterable<ModuleName>,
  storage: "f32" | "f16" = "f32",
): Promise<Lmm> {
  const base = await memoryCheckpoint(of.files);
  const adapter = { config, weights: memoryFile(ADAPTER_WEIGHTS, weights) };
  return await loadCheckpoint(gpu, base.config, base.weights, { trainable, storage, adapter });
}

/** The stored logits of the rows, without their padding. */
function logitsOf({ of, tensors }: Stored, name: string): Float32Array {
  const { shape: [, longest = 0, vocabulary = 0], values } = tensors.get(name)!;
  const parts = of.rows.map(({ ids }, row) =>
    values.subarray(row * longest * vocabulary, (row * longest + ids.length) * vocabulary)
  );
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

/** The rows with their images as training takes them: features where the tower is not run. */
async function asTrained(model: Lmm, rows: readonly TrainSequence[], whole: readonly ModuleName[]) {
  if (model.runsVision(new Set([...whole, LORA]))) return rows;
  const features = await encodeImages(model, rows.flatMap(({ images }) => images));
  let at = 0;
  return rows.map((row) => ({ ...row, images: features.slice(at, at += row.images.length) }));
}

for (const { name, base, whole } of ADAPTERS) {
  for (const software of [true, false]) {
    test(`PEFT's ${name}, with the kernels for ${software ? "CPU drivers" : "GPUs"}`, async (t) => {
      const stored = await read(name, base);
      const { of, tensors } = stored;
      const gpu = await createGpu();
      gpu.facts.isFallbackAdapter = software;
      const frozen = (["vision", "projector", "language"] as const).filter((name) => !whole.includes(name));

      await t.step("logits", async () => {
        const model = await load(gpu, stored, whole);
        const error = distance(await forward(model, of.rows), logitsOf(stored, "logits"));
        assert(error < TOLERANCES.logits, `logits are off by ${error}`);
        model.destroy();
      });

      await t.step("loss, and the gradients of all that PEFT trains", async () => {
        const model = await load(gpu, stored, whole);
        const trainer = new Trainer(model, {
          tasks: of.rows.length,
          steps: 2,
          learningRate: 1e-3,
          frozen,
        });
        trainer.train([await asTrained(model, of.rows, whole)], of.weights);
        const [log] = await trainer.log();
        const loss = tensors.get("loss")!.values[0]!;
        assert(Math.abs(log!.loss - loss) < TOLERANCES.loss * loss, `loss ${log!.loss}, not ${loss}`);
        const all = await model.parameters.gradients.read(gpu);
        const trained = model.parameters.bundles.filter(({ module }) =>
          module === LORA || whole.some((name) => name === module)
        ).flatMap(({ places }) => places);
        const wanted = [...tensors.keys()].filter((name) => name.startsWith("grad."));
        const idle = wanted.length - trained.length; // of layers that the loss never reads
        assert(
          idle === 0 ||
            wanted.filter((name) => tensors.get(name)!.values.every((x) => x === 0)).length >= idle,
        );
        for (const { name } of trained) {
          const expected = tensors.get(`grad.${adapterName(name, model.config)}`);
          assert(expected, `PEFT trains no ${name}`);
          const error = distance(model.parameters.of(all, name), expected.values);
          assert(error < TOLERANCES.gradients, `the gradient of ${name} is off by ${error}`);
        }
        trainer.destroy();
        model.destroy();
      });

      await t.step("merged", async () => {
        const model = await load(gpu, stored, []);
        await mergeLora(model);
        const error = distance(await forward(model, of.rows), logitsOf(stored, "merged"));
        assert(error < TOLERANCES.logits, `logits are off by ${error}`);
        model.destroy();
      });
      gpu.destroy();
    });
  }

  test(`${name} is written as PEFT wrote it`, async () => {
    const stored = await read(name, base);
    const gpu = await createGpu();
    const model = await load(gpu, stored, whole);
    const folder = new MemoryFolder();
    await saveAdapter(model, folder, `../${base}`);
    const before = readSafetensors(stored.weights),
      after = readSafetensors(folder.files.get(ADAPTER_WEIGHTS)!);
    for (const [key, { shape, values }] of after) {
      assertEquals(before.get(key)?.shape, shape, key);
      assertEquals(before.get(key)!.values, values, key);
    }
    const said = parseAdapterConfig(new TextDecoder().decode(folder.files.get(ADAPTER_CONFIG)!));
    const [own, theirs] = [said, parseAdapterConfig(stored.config)].map((config) => ({
      ...config,
      rankPattern: 0,
      alphaPattern: 0,
    }));
    assertEquals(own, theirs);
    const again = await load(gpu, {
      ...stored,
      config: new TextDecoder().decode(folder.files.get(ADAPTER_CONFIG)!),
      weights: folder.files.get(ADAPTER_WEIGHTS)!,
    }, whole);
    assertEquals(again.lora!.plan.sites, model.lora!.plan.sites);
    assertEquals(await forward(again, stored.of.rows), await forward(model, stored.of.rows));
    assert([...model.lora!.plan.sites.keys()].every((key) => familyOf(model.config).plainName(key) === key));
    again.destroy();
    model.destroy();
    gpu.destroy();
  });
}

test("an adapter that does not fit is refused by name", async () => {
  const stored = await read("lora_llava", "llava");
  const other = await read("lora_llava", "smolvlm");
  const gpu = await createGpu();
  const refused = async (changed: Partial<Record<string, unknown>>, message: string) => {
    const config = JSON.stringify({ ...JSON.parse(stored.config), ...changed });
    await assertRejects(() => load(gpu, { ...stored, config }, []), Error, message);
  };
  await refused({ peft_type: "IA3" }, 'peft_type must be LORA, found "IA3"');
  await refused({ use_dora: true }, '"use_dora"');
  await refused({ init_lora_weights: "pissa_niter_4" }, "init_lora_weights must leave the base as it is");
  await refused({ init_lora_weights: "olora" }, "path_initial_model_for_weight_conversion");
  await refused({ kasa_config: { beta: 1 } }, '"kasa_config"');
  await refused({ bias: "all" }, 'bias must be "none"');
  await refused({ lora_bias: true }, '"lora_bias"');
  await refused({ fan_in_fan_out: true }, '"fan_in_fan_out"');
  await refused({ r: 5 }, "expected shape [5,");
  await refused({ lora_dropout: 1 }, "lora_dropout");
  await refused({ rank_pattern: { "(a+)+": 3 } }, "write the names out");
  await assertRejects(() => load(gpu, { ...other, of: other.of }, []), Error, "belongs to no");
  await assertRejects(
    () => load(gpu, { ...stored, weights: stored.weights.subarray(0, 900) }, []),
    Error,
    "adapter_model.safetensors",
  );
  gpu.destroy();
});

test("as it starts, with B = 0, LoRA gives the bits of the base", async () => {
  const of = await readCase("smolvlm");
  const gpu = await createGpu();
  const { config, weights } = await memoryCheckpoint(of.files);
  const lora = loraOf({ loraRank: 3, loraTargets: "q_proj,proj,gate_proj,fc1,down_proj" }, of.config.json, 1);
  const results: { logits: Float32Array; loss: number }[] = [];
  for (const added of [undefined, lora]) {
    const model = await loadCheckpoint(gpu, config, weights, { lora: added });
    const logits = await forward(model, of.rows);
    const trainer = new Trainer(model, { tasks: of.rows.length, steps: 1, learningRate: 1e-3 });
    trainer.train([of.rows], of.weights);
    const [log] = await trainer.log();
    results.push({ logits, loss: log!.loss });
    trainer.destroy();
    model.destroy();
  }
  assertEquals(results[1], results[0]);
  gpu.destroy();
});
