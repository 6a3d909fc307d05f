import { assert, assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import { loadCheckpoint } from "../../src/lmm/checkpoint.ts";
import { encode } from "../../src/lmm/dtype.ts";
import { Lmm } from "../../src/lmm/lmm.ts";
import { parseConfig } from "../../src/lmm/families/parse_config.ts";
import { type TensorToWrite, writeHeader, writeSafetensors } from "../../src/lmm/safetensors.ts";
import { weightNames } from "../../src/lmm/weight_names.ts";
import { memoryFile, openWeights, readTensor, type WeightFile } from "../../src/lmm/weights.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** A file of a header and so many bytes. */
function file(header: unknown, body = 0, name = "m.safetensors"): WeightFile {
  const text = bytes(typeof header === "string" ? header : JSON.stringify(header));
  const all = new Uint8Array(8 + text.length + body);
  new DataView(all.buffer).setBigUint64(0, BigInt(text.length), true);
  all.set(text, 8);
  return memoryFile(name, all);
}

/** An F32 tensor's entry. */
const entry = (start: number, count: number) => ({
  dtype: "F32",
  shape: [count],
  data_offsets: [start, start + 4 * count],
});

Deno.test("weights: hostile files are refused by their headers", async (t) => {
  const long = (text: string) => file(text.repeat(Math.ceil(4e6 / text.length)));
  const cases: [what: string, given: WeightFile[], message: string][] = [
    ["nothing", [memoryFile("m", new Uint8Array(0))], "m: the file is empty"],
    ["five bytes", [memoryFile("m", new Uint8Array(5))], "found 5 bytes"],
    [
      "a pointer of Git LFS",
      [memoryFile("m", bytes("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"))],
      "m: this is a pointer of Git LFS",
    ],
    ["a web page", [memoryFile("m", bytes("<!DOCTYPE html><html>Sign in</html>"))], "this is a web page"],
    ["another web page", [memoryFile("m", bytes("  <html lang='en'>"))], "this is a web page"],
    ["a file of PyTorch", [memoryFile("m", bytes("PK\x03\x04 and so on"))], "of PyTorch"],
    [
      "a header longer than the file",
      [memoryFile("m", new Uint8Array(64).fill(1))],
      "cut short or of another kind",
    ],
    [
      "a header longer than all memory",
      [memoryFile("m", new Uint8Array(64).fill(255))],
      "cut short or of another",
    ],
    ["no JSON", [file("{x")], "the header is not JSON"],
    ["no UTF-8", [file('{"\ud800":')], "the header is not JSON"],
    ["lists in lists", [long("[")], "nested deeper than 3"],
    ["objects in objects", [long('{"a":')], "nested deeper than 3"],
    ["millions of numbers", [file("[" + "0,".repeat(3e6))], "names and numbers"],
    ["a string without end", [long('"a')], "the header is not JSON"],
    [
      "two tensors of one name",
      [file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{}}', 4)],
      "once",
    ],
    ["overlap", [file({ a: entry(0, 4), b: entry(8, 4) }, 24)], "tensors a and b overlap by 8 bytes"],
    ["the same bytes twice", [file({ a: entry(0, 4), b: entry(0, 4) }, 16)], "overlap by 16"],
    [
      "a gap",
      [file({ a: entry(0, 4), b: entry(20, 1) }, 24)],
      "4 bytes between a and tensor b belong to none",
    ],
    ["bytes at the end", [file({ a: entry(0, 4) }, 20)], "the last 4 bytes, after a, belong to no tensor"],
    ["beyond the end", [file({ a: entry(0, 4) }, 12)], "takes 16 bytes, found 0 to 16 of the 12"],
    [
      "backwards",
      [file({ a: { ...entry(0, 4), data_offsets: [16, 0] } }, 16)],
      "takes 16 bytes, found 16 to 0",
    ],
    ["a fraction", [file({ a: { ...entry(0, 4), shape: [2.5] } }, 16)], "not whole numbers"],
    [
      "sizes that overflow",
      [file({ a: { ...entry(0, 4), shape: [2 ** 31, 2 ** 31] } }, 16)],
      "takes 18446744073709552000 bytes",
    ],
    ["many sizes", [file({ a: { ...entry(0, 1), shape: new Array(17).fill(1) } }, 4)], "at most 16 sizes"],
    ["another type", [file({ a: { ...entry(0, 4), dtype: "F8_E4M3" } }, 4)], 'found "F8_E4M3"'],
    [
      "an endless name",
      [file({ ["a".repeat(1e6)]: entry(0, 1) }, 4)],
      "name is 1000000 characters long: aaa",
    ],
    ["no entry", [file({ a: 3 })], "tensor a: expected an object"],
    [
      "one tensor in two files",
      [file({ a: entry(0, 1) }, 4, "one"), file({ a: entry(0, 1) }, 4, "two")],
      "two: tensor a is in one as well",
    ],
  ];
  for (const [what, given, message] of cases) {
    await t.step(what, async () => {
      await assertRejects(() => openWeights(given), InputError, message);
    });
  }
  await t.step("names of Object's own are names", async () => {
    const found = await openWeights([
      file('{"__proto__":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}', 4),
    ]);
    assertEquals([...found.keys()], ["__proto__"]);
  });
  await t.step("a file that shrinks while it is read", async () => {
    const whole = writeSafetensors(new Map([["a", { shape: [4], values: new Float32Array(4) }]]));
    const shrunk = { ...memoryFile("m", whole.subarray(0, -4)), size: whole.length };
    const tensor = (await openWeights([shrunk])).get("a")!;
    await assertRejects(() => readTensor(tensor), InputError, "expected 16 bytes");
  });
});

Deno.test("weights: which files of a folder", async (t) => {
  const index = (map: unknown) => () => Promise.resolve(JSON.stringify({ weight_map: map }));
  const names = (present: string[], map: unknown = {}) => weightNames(new Set(present), index(map));
  await t.step("one file, or those of the index", async () => {
    assertEquals(await names(["model.safetensors", "x.safetensors"]), ["model.safetensors"]);
    const shards = { a: "s-2.safetensors", b: "s-1.safetensors", c: "s-2.safetensors" };
    const present = [
      "model.safetensors.index.json",
      "s-1.safetensors",
      "s-2.safetensors",
      "other.safetensors",
    ];
    assertEquals(await names(present, shards), ["s-1.safetensors", "s-2.safetensors"]);
    assertEquals(await names(["model.safetensors", ...present], shards), ["model.safetensors"]);
  });
  for (
    const name of [
      "../m.safetensors",
      "/etc/m.safetensors",
      "a/b.safetensors",
      "..\\m.safetensors",
      ".safetensors",
      "m.bin",
      7,
      null,
    ]
  ) {
    await t.step(`the index names ${JSON.stringify(name)}`, async () => {
      await assertRejects(
        () => names(["model.safetensors.index.json", `${name}`], { a: name }),
        InputError,
        "expected names of safetensors files beside it",
      );
    });
  }
  const refused: [string, string[], unknown, string][] = [
    ["a file is missing", ["model.safetensors.index.json"], { a: "s.safetensors" }, "it names s.safetensors"],
    ["an empty index", ["model.safetensors.index.json"], {}, "expected weight_map"],
    ["a list", ["model.safetensors.index.json"], ["s.safetensors"], "expected weight_map"],
    ["no index", ["a.safetensors", "config.json"], {}, "found a.safetensors without an index"],
    ["another format", ["pytorch_model.bin"], {}, "pytorch_model.bin is of another format"],
    ["nothing", [], {}, "expected model.safetensors in it, found none"],
  ];
  for (const [what, present, map, message] of refused) {
    await t.step(what, async () => {
      await assertRejects(() => names(present, map), InputError, message);
    });
  }
});

const CONFIG = {
  model_type: "llava",
  image_token_index: 3,
  vision_feature_layer: -1,
  vision_config: {
    image_size: 4,
    patch_size: 2,
    hidden_size: 12,
    intermediate_size: 20,
    num_hidden_layers: 1,
    num_attention_heads: 3,
  },
  text_config: {
    vocab_size: 13,
    hidden_size: 12,
    intermediate_size: 20,
    num_hidden_layers: 1,
    num_attention_heads: 3,
    max_position_embeddings: 16,
  },
};

/** A model's parameters as a file, in some type. */
function written(
  values: ReadonlyMap<string, { shape: readonly number[]; values: Float32Array<ArrayBuffer> }>,
  dtype: string,
): WeightFile {
  const parts = [...values.values()].map((tensor) => encode(tensor.values, dtype));
  const header = writeHeader([...values].map(([name, { shape }], i): TensorToWrite => {
    return { name, dtype, shape, bytes: parts[i]!.length };
  }));
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, header.length));
  all.set(header);
  let at = header.length;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return memoryFile(`model.safetensors`, all);
}

Deno.test("weights: into a model", async (t) => {
  const gpu = await createGpu();
  const start = Lmm.create(gpu, parseConfig(CONFIG), 1);
  const all = await start.parameters.values.read(gpu);
  const tensors = new Map(
    [...start.parameters.places.values()].map(({ name, shape }) => {
      return [name, { shape, values: start.parameters.of(all, name).slice() as Float32Array<ArrayBuffer> }];
    }),
  );
  start.destroy();
  const table = "language_model.model.embed_tokens.weight", norm = "language_model.model.norm.weight";
  const changed = (name: string, change: (values: Float32Array) => void) => {
    const { shape, values } = tensors.get(name)!;
    const copy = values.slice();
    change(copy);
    return new Map([...tensors, [name, { shape, values: copy }]]);
  };
  const load = (file: WeightFile, options = {}) => loadCheckpoint(gpu, CONFIG, [file], options);
  const live = gpu.liveBytes;
  const refused = async (file: WeightFile, message: string, options = {}) => {
    const error = await assertRejects(() => load(file, options), InputError, message);
    assertEquals(gpu.liveBytes, live, "memory that was not given back");
    return error.message;
  };
  const half = { storage: "f16", trainable: ["projector"] };

  for (const dtype of ["F32", "F64", "F16", "BF16"]) {
    for (const options of [{}, half]) {
      await t.step(`${dtype} held in ${"storage" in options ? "f16" : "f32"}`, async () => {
        const model = await load(written(tensors, dtype), options);
        const found = await model.parameters.values.read(gpu);
        const file = await openWeights([written(tensors, dtype)]);
        for (const { module, places, tensor } of model.parameters.bundles) {
          const halves = "storage" in options && module !== "projector" && tensor.shape.length > 1;
          assertEquals(tensor.dtype, halves ? "f16" : "f32");
          for (const { name } of places) {
            const stored = await readTensor(file.get(name)!);
            assertEquals(
              model.parameters.of(found, name),
              halves ? stored.map(Math.f16round) : stored,
              `${name} in ${dtype}`,
            );
          }
        }
        model.destroy();
        assertEquals(gpu.liveBytes, live);
      });
    }
  }
  await t.step("f16: no copy in f32 is held", async () => {
    const full = await load(written(tensors, "F32"));
    const bytes = gpu.liveBytes - live;
    full.destroy();
    const model = await load(written(tensors, "F32"), { storage: "f16", trainable: [] });
    assert(gpu.liveBytes - live < 0.75 * bytes, `${gpu.liveBytes - live} of ${bytes} bytes`);
    model.destroy();
  });
  await t.step("values that are not finite are named, all at once", async () => {
    const broken = changed(norm, (values) => values[3] = NaN);
    broken.set(table, changed(table, (values) => values.fill(-Infinity, 5, 7)).get(table)!);
    const message = await refused(written(broken, "F32"), `${norm}: 1 of 12 values are NaN or infinite`);
    assert(message.includes(`${table}: 2 of 156 values`), message);
    await refused(written(broken, "BF16"), `${norm}: 1 of 12`);
    await refused(written(broken, "F16"), `${norm}: 1 of 12`, half);
  });
  await t.step("values beyond 16 bits are refused by name where they shall be held so", async () => {
    const large = written(changed(table, (values) => values[0] = -70_000), "F32");
    await refused(large, `${table}: its largest value is 70000, f16 ends at 65,504`, half);
    (await load(large, { storage: "f16", trainable: ["language"] })).destroy();
    (await load(written(changed(table, (values) => values[0] = 2e-8), "F32"), half)).destroy();
  });
  await t.step("missing, unknown and wrong ones are named together", async () => {
    const other = new Map(tensors);
    other.delete(norm);
    for (let i = 0; i < 30; i++) other.set(`q_norm.${i}`, { shape: [1], values: Float32Array.of(1) });
    other.set(table, { shape: [12, 13], values: new Float32Array(156) });
    const message = await refused(written(other, "F32"), `missing: ${norm}`);
    assert(message.includes(`${table}: expected shape [13,12] by config.json, found [12,13]`), message);
    assert(message.includes("unknown to a model of this config.json: q_norm.0, q_norm.1,"), message);
    assert(message.includes("q_norm.19, and 10 more"), message);
  });
  await t.step("a parameter under two names", async () => {
    const twice = new Map([...tensors, [`model.language_model.norm.weight`, tensors.get(norm)!]]);
    // The same parameter by the names of two versions of transformers.
    twice.set("language_model.norm.weight", tensors.get(norm)!);
    await refused(written(twice, "F32"), "are the same parameter");
  });
  await t.step("a table that is stored as the head of a tied model, and both", async () => {
    const tied = { ...CONFIG, tie_word_embeddings: true };
    const head = "language_model.lm_head.weight";
    const own = new Map([...tensors].filter(([name]) => name !== table));
    const found = await loadCheckpoint(gpu, tied, [written(own, "F32")]);
    const values = await found.parameters.values.read(gpu);
    assertEquals(found.parameters.of(values, table), tensors.get(head)!.values);
    found.destroy();
    await assertRejects(
      () => loadCheckpoint(gpu, tied, [written(tensors, "F32")]),
      InputError,
      "config.json ties the head to the embeddings",
    );
    assertEquals(gpu.liveBytes, live);
  });
  gpu.destroy();
});
