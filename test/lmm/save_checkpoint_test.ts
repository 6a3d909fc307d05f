import { assert, assertEquals, assertRejects } from "@std/assert";
import { RunError } from "../../src/errors.ts";
import { createGpu, type Gpu } from "../../src/gpu/gpu.ts";
import { saveCheckpoint, type SaveOptions } from "../../src/lmm/checkpoint.ts";
import { decode, encode } from "../../src/lmm/dtype.ts";
import { MemoryFolder } from "../../src/lmm/folder_sink.ts";
import type { Lmm, LmmOptions } from "../../src/lmm/lmm.ts";
import { writeHeader } from "../../src/lmm/safetensors.ts";
import { memoryCheckpoint } from "../../src/lmm/weight_names.ts";
import { openWeights, readTensor, type StoredTensor } from "../../src/lmm/weights.ts";
import { CASES, loadCase, readCase } from "./_case.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");
type Files = ReadonlyMap<string, Uint8Array>;

async function save(model: Lmm, options?: SaveOptions): Promise<Map<string, Uint8Array>> {
  const folder = new MemoryFolder();
  await saveCheckpoint(model, folder, options);
  return folder.files;
}

async function tensorsOf(files: Files): Promise<Map<string, StoredTensor>> {
  return await openWeights((await memoryCheckpoint(files)).weights);
}

const json = (files: Files, name: string) =>
  JSON.parse(new TextDecoder().decode(files.get(name))) as Record<string, Record<string, unknown>>;

/** The same folder with its weights in one file, in types chosen by name, and what it says of them. */
async function converted(files: Files, dtypeOf: (name: string) => string, says: string): Promise<Files> {
  const tensors = [...(await tensorsOf(files)).values()];
  const parts = await Promise.all(tensors.map(async (tensor) => {
    return encode(await readTensor(tensor) as Float32Array<ArrayBuffer>, dtypeOf(tensor.name));
  }));
  const header = writeHeader(tensors.map(({ name, shape }, i) => {
    return { name, shape, dtype: dtypeOf(name), bytes: parts[i]!.length };
  }));
  const folder = new MemoryFolder();
  await folder.write(
    "model.safetensors",
    (async function* () {
      yield header;
      yield* parts;
    })(),
  );
  const config = json(files, "config.json");
  const sections = { text_config: { ...config.text_config, dtype: says } };
  const text = JSON.stringify({ ...config, dtype: says, ...sections });
  return new Map([["config.json", new TextEncoder().encode(text)], ...folder.files]);
}

async function withModel<T>(gpu: Gpu, files: Files, options: LmmOptions, use: (model: Lmm) => Promise<T>) {
  const model = await loadCase(gpu, { files }, options);
  try {
    return await use(model);
  } finally {
    model.destroy();
  }
}

test("saving a checkpoint", async (t) => {
  const gpu = await createGpu();
  for (const name of CASES) {
    const { files } = await readCase(name);
    await t.step(`${name}: every tensor under the name it had, to the bit`, async () => {
      const before = await tensorsOf(files);
      const saved = await withModel(gpu, files, {}, (model) => save(model));
      const after = await tensorsOf(saved);
      assertEquals([...after.keys()].sort(), [...before.keys()].sort());
      for (const [name, tensor] of before) {
        assertEquals(after.get(name)!.dtype, "F32");
        assertEquals(after.get(name)!.shape, tensor.shape);
        assertEquals(await readTensor(after.get(name)!), await readTensor(tensor), name);
      }
      const config = json(files, "config.json");
      const typed = (section: Record<string, unknown>) => "dtype" in section ? { dtype: "float32" } : {};
      assertEquals<unknown>(json(saved, "config.json"), {
        ...config,
        ...typed(config),
        text_config: { ...config.text_config, ...typed(config.text_config!) },
        vision_config: { ...config.vision_config, ...typed(config.vision_config!) },
      });
    });
  }

  const { files } = await readCase("idefics3");
  for (const [dtype, says] of [["BF16", "bfloat16"], ["F16", "float16"], ["F64", "float64"]] as const) {
    const base = await converted(files, () => dtype, says);
    const before = await tensorsOf(base);
    const bytes = async (tensors: ReadonlyMap<string, StoredTensor>, name: string) =>
      await tensors.get(name)!.file.read(tensors.get(name)!.start, tensors.get(name)!.bytes);
    for (const storage of ["f32", "f16"] as const) {
      const options = { storage, trainable: ["projector"] } as const;
      await t.step(
        `base in ${dtype}, frozen held in ${storage}: frozen tensors stay as they were`,
        async () => {
          const saved = await withModel(gpu, base, options, (model) => save(model));
          const after = await tensorsOf(saved);
          for (const [name, tensor] of after) {
            if (name.startsWith("model.connector")) assertEquals(tensor.dtype, "F32", name);
            else assertEquals(await bytes(after, name), await bytes(before, name), name);
          }
          const { dtype: root, text_config } = json(saved, "config.json") as Record<string, unknown>;
          const widest = dtype === "F64" ? "float64" : "float32";
          assertEquals([root, (text_config as { dtype: string }).dtype], [widest, widest]);
          // Each tensor begins at a multiple of its width.
          for (const { start, dtype, name } of after.values()) {
            assertEquals(start % (dtype === "F64" ? 8 : dtype === "F32" ? 4 : 2), 0, name);
          }
        },
      );
    }
    await t.step(`base in ${dtype}, saved in its types`, async () => {
      const saved = await withModel(gpu, base, {}, (model) => save(model, { dtype: "base" }));
      const after = await tensorsOf(saved);
      for (const name of before.keys()) {
        assertEquals(await bytes(after, name), await bytes(before, name), name);
      }
      assertEquals((json(saved, "config.json") as Record<string, unknown>).dtype, says);
    });
  }

  await t.step("what was trained is rounded to the base's type, or refused", async () => {
    const base = await converted(files, () => "F16", "float16");
    await withModel(gpu, base, {}, async (model) => {
      const all = await model.parameters.values.read(gpu);
      const name = "model.connector.modality_projection.proj.weight";
      const values = model.parameters.of(all, name);
      values[0] = 1 + 2 ** -11 + 2 ** -20;
      model.parameters.values.write(gpu, all);
      const after = await tensorsOf(await save(model, { dtype: "base" }));
      assertEquals((await readTensor(after.get(name)!))[0], 1 + 2 ** -10);
      assertEquals((await readTensor((await tensorsOf(await save(model))).get(name)!))[0], values[0]);
      values[1] = 70_000;
      model.parameters.values.write(gpu, all);
      await assertRejects(
        () => save(model, { dtype: "base" }),
        RunError,
        `${name}: its largest value, 70000`,
      );
    });
  });
  await t.step("several files and their index", async () => {
    await withModel(gpu, files, {}, async (model) => {
      const saved = await save(model, { shardBytes: 30_000 });
      const { metadata, weight_map: map } = json(saved, "model.safetensors.index.json");
      const shards = [...saved.keys()].filter((name) => name.endsWith(".safetensors"));
      assert(shards.length > 3, `${shards}`);
      assertEquals(shards[0], `model-00001-of-0000${shards.length}.safetensors`);
      assertEquals(metadata, { total_size: 4 * model.parameters.count });
      const tensors = await tensorsOf(saved);
      for (const [name, { file }] of tensors) assertEquals(map![name], file.name);
      assertEquals(new Set(Object.keys(map!)), new Set(tensors.keys()));
      const again = await withModel(gpu, saved, {}, ({ parameters }) => parameters.values.read(gpu));
      assertEquals(again, await model.parameters.values.read(gpu));
    });
  });
  await t.step("a head that a tied model's checkpoint held is written again", async () => {
    const { files } = await readCase("llava_tied");
    const tensors = await tensorsOf(files);
    const [tableName, table] = [...tensors].find(([name]) => name.endsWith("embed_tokens.weight"))!;
    const folder = new MemoryFolder();
    const all = [...tensors.values(), { ...table, name: "lm_head.weight" }];
    await folder.write(
      "model.safetensors",
      (async function* () {
        yield writeHeader(all);
        for (const { file, start, bytes } of all) yield await file.read(start, bytes);
      })(),
    );
    const base = new Map([["config.json", files.get("config.json")!], ...folder.files]);
    await withModel(gpu, base, {}, async (model) => {
      const values = await model.parameters.values.read(gpu);
      model.parameters.values.write(gpu, values.map((x) => 2 * x)); // it was trained
      const after = await tensorsOf(await save(model));
      assertEquals(after.size, tensors.size + 1);
      const head = await readTensor(after.get("lm_head.weight")!);
      assertEquals(head, await readTensor(after.get(tableName)!));
      assertEquals(head, (await readTensor(table)).map((x) => 2 * x));
    });
  });
  gpu.destroy();
});

Deno.test("types of weights: every 16-bit value goes both ways", () => {
  const halves = Uint16Array.from({ length: 65_536 }, (_, i) => i);
  const finite = (exponent: number) => halves.filter((x) => (x & exponent) !== exponent);
  for (const [dtype, exponent] of [["BF16", 0x7f80], ["F16", 0x7c00]] as const) {
    const bytes = new Uint8Array(finite(exponent).buffer);
    assertEquals(encode(decode(bytes, dtype), dtype), bytes, dtype);
  }
  const brain = (x: number) => decode(encode(Float32Array.of(x), "BF16"), "BF16")[0]!;
  assertEquals([1 + 2 ** -8, 1 + 2 ** -8 + 2 ** -20, 1 + 3 * 2 ** -8, -1 - 2 ** -8].map(brain), [
    1,
    1 + 2 ** -7,
    1 + 2 ** -6,
    -1,
  ]);
  assertEquals([NaN, Infinity, -Infinity, 3.4028234e38].map(brain), [NaN, Infinity, -Infinity, Infinity]);
});
