import { assert, assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { readSafetensors, writeSafetensors } from "../../src/lmm/safetensors.ts";
import { memoryFile, openWeights, readTensor } from "../../src/lmm/weights.ts";
import { packModels } from "../../src/page/pack_models.ts";
import { openedCheckpoint, unpackModels } from "../../src/page/unpack_models.ts";
import { readCheckpoint } from "../../src/train/checkpoint_files.ts";
import { inPackage } from "../../tasks/lib/package.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");

const FOLDER = inPackage("data/base");

const base = () => readCheckpoint(FOLDER);

/** The base with other values in what `chosen` names. */
async function changed(chosen: (name: string) => boolean, change: (x: number) => number) {
  const checkpoint = await base();
  const [file] = checkpoint.weights;
  const tensors = readSafetensors(await file!.read(0, file!.size));
  for (const [name, { values }] of tensors) {
    if (chosen(name)) values.forEach((x, i) => values[i] = change(x));
  }
  return { ...checkpoint, weights: [memoryFile("model.safetensors", writeSafetensors(tensors))] };
}

const language = (name: string) => name.includes("language_model");

test("models come out of a page as they went in, their weights rounded to 16 bits", async () => {
  const other = await changed(language, (x) => 1.5 * x);
  const first = await base();
  const { packed, left } = await packModels([
    { name: "a", checkpoint: first },
    { name: "b", checkpoint: other },
  ]);
  assertEquals(left, []);
  const out = await unpackModels(JSON.parse(JSON.stringify(packed)));
  assertEquals(out.map(({ name }) => name), ["a", "b"]);
  for (const [i, checkpoint] of [first, other].entries()) {
    const got = out[i]!.checkpoint;
    assertEquals(got.configText, checkpoint.configText);
    assertEquals(got.stops, checkpoint.stops);
    const expected = await openWeights(checkpoint.weights), found = await openWeights(got.weights);
    assertEquals(found.size, expected.size);
    for (const [name, tensor] of expected) {
      const values = new Float32Array(new Float16Array(await readTensor(tensor)));
      assertEquals(await readTensor(found.get(name)!), values, name);
    }
  }
});

test("what models have alike is carried once", async () => {
  const models = [await base(), await changed(language, (x) => 1.5 * x)]
    .map((checkpoint, i) => ({ name: `${i}`, checkpoint }));
  const { packed } = await packModels(models);
  assertEquals(packed.models.map(({ weights }) => weights), [[0, 1], [0, 2]]);
  assertEquals(packed.models[0]!.files, packed.models[1]!.files);
  assertEquals((await packModels([models[0]!, models[0]!])).packed.weights.length, 1);
});

test("models that do not fit are left out, and named", async () => {
  const models = [await base(), await changed(() => true, (x) => 1.5 * x)]
    .map((checkpoint, i) => ({ name: `${i}`, checkpoint }));
  const { packed, left } = await packModels(models, 1e6);
  assertEquals([packed.models.map(({ name }) => name), left], [["0"], ["1"]]);
  assertEquals((await packModels(models, 1000)).left, ["0", "1"]);
});

test("a value beyond the range of 16 bits keeps its tensor in 32", async () => {
  const norm = "norm.weight";
  const checkpoint = await changed((name) => name.endsWith(norm), (x) => x + 1e6);
  const [out] = await unpackModels((await packModels([{ name: "a", checkpoint }])).packed);
  const tensors = [...(await openWeights(out!.checkpoint.weights)).values()];
  assertEquals(
    tensors.filter(({ dtype }) => dtype === "F32").map(({ name }) => name.endsWith(norm)),
    tensors.filter(({ name }) => name.endsWith(norm)).map(() => true),
  );
  assert(tensors.some(({ dtype }) => dtype === "F16"));
});

const ADAPTER = JSON.stringify({ peft_type: "LORA", r: 2, lora_alpha: 4, target_modules: ["q_proj"] });

/** Matrices of a LoRA adapter: what is packed is not looked into. */
const added = () =>
  writeSafetensors(
    new Map(["lora_A", "lora_B"].map((name, i) => [
      `base_model.model.language_model.model.layers.0.self_attn.q_proj.${name}.weight`,
      { shape: [2, 3], values: Float32Array.from({ length: 6 }, (_, j) => 0.1 * (i + j)) },
    ])),
  );

test("of models that were tuned by LoRA the base is carried once, and each one's adapter", async () => {
  const models = await Promise.all(["a", "b"].map(async (name) => ({
    name,
    checkpoint: {
      ...await base(),
      adapter: { config: ADAPTER, weights: memoryFile("adapter_model.safetensors", added()) },
    },
  })));
  const { packed, left } = await packModels(models);
  assertEquals(left, []);
  const [a, b] = packed.models;
  assertEquals(a!.weights, b!.weights);
  assertEquals(packed.texts.filter((text) => text === ADAPTER).length, 1);
  const expected = await openWeights([memoryFile("adapter", added())]);
  for (const { checkpoint } of await unpackModels(JSON.parse(JSON.stringify(packed)))) {
    assertEquals(checkpoint.adapter!.config, ADAPTER);
    const found = await openWeights([checkpoint.adapter!.weights]);
    for (const [name, tensor] of expected) {
      const values = new Float32Array(new Float16Array(await readTensor(tensor)));
      assertEquals(await readTensor(found.get(name)!), values, name);
    }
  }
});

test("a LoRA adapter is opened with the files of its base", async () => {
  const names = [...Deno.readDirSync(FOLDER)].filter(({ isFile }) => isFile).map(({ name }) => name);
  const whole = names.map((name) => new File([Deno.readFileSync(`${FOLDER}/${name}`)], name));
  const adapter = [
    new File([ADAPTER], "adapter_config.json"),
    new File([added()], "adapter_model.safetensors"),
  ];
  const opened = await openedCheckpoint([...adapter, ...whole]);
  assertEquals(opened.adapter?.config, ADAPTER);
  assertEquals((await openWeights([opened.adapter!.weights])).size, 2);
  assertEquals((await openedCheckpoint(whole)).adapter, undefined);
  await assertRejects(() => openedCheckpoint(adapter), InputError, "a LoRA adapter alone");
  await assertRejects(() => openedCheckpoint([adapter[0]!, ...whole]), InputError, "found one of them");
});

test("a checkpoint is opened from the files of its folder", async () => {
  const expected = await base();
  const names = [...Deno.readDirSync(FOLDER)].filter(({ isFile }) => isFile).map(({ name }) => name);
  const files = names.map((name) => new File([Deno.readFileSync(`${FOLDER}/${name}`)], name));
  const opened = await openedCheckpoint(files);
  assertEquals(opened.configText, expected.configText);
  assertEquals((await openWeights(opened.weights)).size, (await openWeights(expected.weights)).size);
  await assertRejects(
    () => openedCheckpoint(files.filter(({ name }) => name !== "tokenizer.json")),
    InputError,
    "no tokenizer.json",
  );
  await assertRejects(
    () => openedCheckpoint(files.filter(({ name }) => name !== "model.safetensors")),
    InputError,
    "expected model.safetensors",
  );
});
