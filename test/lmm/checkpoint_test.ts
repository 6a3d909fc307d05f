import { assert, assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import { saveCheckpoint } from "../../src/lmm/checkpoint.ts";
import { MemoryFolder } from "../../src/lmm/folder_sink.ts";
import type { Lmm } from "../../src/lmm/lmm.ts";
import { llava } from "../../src/lmm/families/llava.ts";
import { type NamedTensor, readSafetensors, writeSafetensors } from "../../src/lmm/safetensors.ts";
import { CASES, loadCase, readCase } from "./_case.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");
const { plainName } = llava;

/** Names of a parameter in the layouts that `transformers` has used, from the one of its first LLaVA. */
const LAYOUTS: Record<string, (name: string) => string> = {
  "4.36 to 4.51, and files of all of 4": (name) => name,
  "4.52, in memory": (name) =>
    name
      .replace(/^language_model\.lm_head\./, "lm_head.")
      .replace(/^language_model\.model\./, "model.language_model.")
      .replace(/^(vision_tower|multi_modal_projector)\./, "model.$1."),
  "5, files": (name) => name.replace(/^vision_tower\.vision_model\./, "vision_tower."),
  "5, in memory": (name) =>
    name
      .replace(/^language_model\.lm_head\./, "lm_head.")
      .replace(/^language_model\.model\./, "model.language_model.")
      .replace(/^vision_tower\.vision_model\./, "model.vision_tower.")
      .replace(/^multi_modal_projector\./, "model.$&"),
};

/** The files of a model. */
async function saved(model: Lmm): Promise<Map<string, Uint8Array>> {
  const folder = new MemoryFolder();
  await saveCheckpoint(model, folder);
  return folder.files;
}

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

test("checkpoints", async (t) => {
  const gpu = await createGpu();
  const cases = await Promise.all(CASES.map(readCase));
  const [{ files }] = cases as [typeof cases[0]];
  const tensors = new Map(
    [...readSafetensors(files.get("model.safetensors")!)].map(([name, tensor]) => [plainName(name), tensor]),
  );
  const config = files.get("config.json")!;
  const raw = JSON.parse(new TextDecoder().decode(config)) as Record<string, Record<string, unknown>>;
  /** The parameters that a folder gives. */
  const values = async (given: ReadonlyMap<string, Uint8Array>) => {
    const model = await loadCase(gpu, { files: given });
    const all = await model.parameters.values.read(gpu);
    model.destroy();
    return all;
  };
  const expected = await values(files);

  for (const [layout, rename] of Object.entries(LAYOUTS)) {
    await t.step(`names of transformers ${layout}`, async () => {
      const renamed = new Map([...tensors].map(([name, tensor]) => [rename(name), tensor]));
      assertEquals(renamed.size, tensors.size);
      assertEquals(
        await values(new Map([["config.json", config], ["model.safetensors", writeSafetensors(renamed)]])),
        expected,
      );
    });
  }
  await t.step("every parameter is where it belongs", async () => {
    const model = await loadCase(gpu, { files });
    const all = await model.parameters.values.read(gpu);
    for (const name of model.parameters.places.keys()) {
      assertEquals(model.parameters.of(all, name), tensors.get(name)!.values, name);
    }
    assertEquals(model.parameters.places.size, tensors.size);
    model.destroy();
  });
  await t.step("buffers that old files hold are passed over", async () => {
    const more = new Map<string, NamedTensor>([
      ["vision_tower.vision_model.embeddings.position_ids", { shape: [1, 10], values: new Float32Array(10) }],
      ["language_model.model.layers.0.self_attn.rotary_emb.inv_freq", {
        shape: [4],
        values: new Float32Array(4),
      }],
      ...tensors,
    ]);
    assertEquals(
      await values(new Map([["config.json", config], ["model.safetensors", writeSafetensors(more)]])),
      expected,
    );
  });
  await t.step("sharded weights", async () => {
    const names = [...tensors.keys()];
    const shard = (keep: (i: number) => boolean) =>
      writeSafetensors(new Map([...tensors].filter((_, i) => keep(i))));
    const map = Object.fromEntries(names.map((name, i) => [name, i % 2 ? "b.safetensors" : "a.safetensors"]));
    const given = new Map([
      ["config.json", config],
      ["model.safetensors.index.json", json({ weight_map: map })],
      ["a.safetensors", shard((i) => i % 2 === 0)],
      ["b.safetensors", shard((i) => i % 2 === 1)],
    ]);
    assertEquals(await values(given), expected);
    given.delete("b.safetensors");
    await assertRejects(
      () => loadCase(gpu, { files: given }),
      InputError,
      "it names b.safetensors, which is missing",
    );
    given.set("model.safetensors.index.json", json({}));
    await assertRejects(() => loadCase(gpu, { files: given }), InputError, "expected weight_map");
  });
  for (const { name, files } of cases) {
    await t.step(`saving and loading gives the same bits: ${name}`, async () => {
      const model = await loadCase(gpu, { files });
      const first = await saved(model);
      const again = await loadCase(gpu, { files: first });
      assertEquals(await again.parameters.values.read(gpu), await model.parameters.values.read(gpu));
      const { json, ...config } = again.config, { json: before, ...expected } = model.config;
      assertEquals(config, expected);
      assertEquals(json, { ...before, ..."dtype" in before && { dtype: "float32" } });
      assertEquals(await saved(again), first);
      model.destroy();
      again.destroy();
    });
  }
  await t.step("a tied model takes a file that holds the head as well", async () => {
    const { files } = cases[1]!;
    const all = readSafetensors(files.get("model.safetensors")!);
    const table = [...all].find(([name]) => name.endsWith("embed_tokens.weight"))![1];
    all.set("lm_head.weight", table);
    const given = new Map([...files, ["model.safetensors", writeSafetensors(all)] as const]);
    assertEquals(await values(given), await values(files));
  });

  const live = gpu.liveBytes;
  const broken: [string, string, ReadonlyMap<string, Uint8Array>][] = [
    [
      "no config.json",
      "config.json is missing; found model.safetensors",
      new Map([...files].filter(([name]) => name !== "config.json")),
    ],
    ["no weights", "expected model.safetensors in it, found none", new Map([["config.json", config]])],
    [
      "config.json is not JSON",
      "config.json: expected JSON",
      new Map([...files, ["config.json", config.slice(9)]]),
    ],
    [
      "config.json of another kind",
      "expected an object, found [1]",
      new Map([...files, ["config.json", json([1])]]),
    ],
    [
      "a parameter is missing",
      "missing: language_model.model.norm.weight",
      without("language_model.model.norm.weight"),
    ],
    [
      "no head",
      "missing: language_model.lm_head.weight",
      without("language_model.lm_head.weight"),
    ],
    [
      "another width",
      "embed_tokens.weight: expected shape [67,44] by config.json, found [67,42]",
      new Map([...files, [
        "config.json",
        json({ ...raw, text_config: { ...raw.text_config, hidden_size: 44 } }),
      ]]),
    ],
    [
      "a file cut short",
      "is cut short",
      new Map([...files, ["model.safetensors", files.get("model.safetensors")!.slice(0, 999)]]),
    ],
  ];
  for (const [what, message, given] of broken) {
    await t.step(`error: ${what}`, async () => {
      await assertRejects(() => loadCase(gpu, { files: given }), InputError, message);
      assertEquals(gpu.liveBytes, live, "memory that was not given back");
    });
  }
  assert(live <= gpu.arena(16).size);
  gpu.destroy();

  function without(name: string): Map<string, Uint8Array> {
    const rest = new Map([...tensors].filter(([other]) => other !== name));
    assertEquals(rest.size, tensors.size - 1);
    return new Map([["config.json", config], ["model.safetensors", writeSafetensors(rest)]]);
  }
});
