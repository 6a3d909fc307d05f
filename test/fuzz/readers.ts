/**
 * The readers that are fuzzed, with files to begin with.
 *
 * @module
 */

import { basename, join } from "@std/path";
import { parseScoresCsv, parseScoresJson } from "../../src/balance/cotbal/parse_scores.ts";
import { readParquet } from "../../src/data/dataset/read_parquet.ts";
import { loadDataset } from "../../src/data/dataset/load_dataset.ts";
import { readChatFormat } from "../../src/data/text/read_chat_format.ts";
import { loadTokenizer } from "../../src/data/text/tokenizer.ts";
import { createImageStore } from "../../src/data/images/image_store.ts";
import { encodePng } from "../../src/data/images/png.ts";
import { readProcessor } from "../../src/data/images/processor.ts";
import { readAdapter } from "../../src/train/adapter_files.ts";
import { openWeightFiles } from "../../src/train/weight_files.ts";
import { parseAdapterConfig } from "../../src/lmm/lora/adapter_config.ts";
import { matchAdapter } from "../../src/lmm/lora/adapter_tensors.ts";
import { openWeights, readTensor } from "../../src/lmm/weights.ts";
import { writeSafetensors } from "../../src/lmm/safetensors.ts";
import { readCheckpoint } from "../../src/train/checkpoint_files.ts";
import { parseConfig } from "../../src/lmm/families/parse_config.ts";
import { readStoredCase } from "../../src/verify/stored_case.ts";
import { readInputs } from "../../src/verify/verify.ts";
import type { Files } from "./mutate.ts";
import type { FuzzedReader } from "./reader.ts";

const HERE = new URL("../..", import.meta.url).pathname;

const bytes = (text: string) => new TextEncoder().encode(text);
const json = (value: unknown) => bytes(JSON.stringify(value, null, 1));
const file = (path: string) => Deno.readFile(join(HERE, path));

/** A small picture. */
const png = (side: number) => encodePng(new Uint8Array(3 * side * side).map((_, i) => i * 37), side, side);

/** Reads each file of a folder's folder. */
async function each(folder: string, read: (path: string) => unknown): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) if (isFile) await read(join(folder, name));
}

const conversations = (task: string, image: boolean) =>
  Array.from({ length: 12 }, (_, i) => ({
    id: `${task}-${i}`,
    ...(image && { image: `${task}/${i % 4}.png` }),
    conversations: [
      { from: "human", value: `${image ? "<image>\n" : ""}What is it, number ${i}?` },
      { from: "gpt", value: ["a cat", "a dog", "[0.1, 0.2, 0.3, 0.4]"][i % 3] },
    ],
  }));

/** Chat messages, and questions in fields. */
const chats = () =>
  Array.from({ length: 12 }, (_, i) =>
    i % 2 === 0
      ? {
        id: i,
        images: [{ path: `pets/${i % 4}.png` }],
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: [{ type: "text", text: "Where? " }, { type: "image" }] },
          { role: "assistant", content: "<box>[[100, 200, 30, 40]]</box>" },
        ],
      }
      : { image: `pets\\${i % 4}.png`, question: `<image>Where is ${i}?`, answers: ["[1, 2, 3, 4]"] });

const LLAVA = join(HERE, "test/fixtures/llava");

const adapter: FuzzedReader = {
  name: "adapter",
  seeds: async (): Promise<Files[]> => {
    const names = ["adapter_config.json", "adapter_model.safetensors"];
    const of = async (folder: string) =>
      new Map(
        await Promise.all(
          names.map(async (name) => [name, await file(`test/fixtures/${folder}/${name}`)] as const),
        ),
      );
    return [await of("lora_llava"), await of("lora_layers")];
  },
  read: async (folder) => {
    const found = await readAdapter(folder, LLAVA, true);
    if (found === undefined) return;
    const config = parseConfig(JSON.parse(await Deno.readTextFile(join(LLAVA, "config.json"))));
    const { tensors } = matchAdapter(
      await openWeights([found.weights]),
      parseAdapterConfig(found.config),
      config,
    );
    for (const tensor of tensors.values()) await readTensor(tensor);
  },
};

const dataset: FuzzedReader = {
  name: "dataset",
  seeds: (): Files[] => {
    const pictures: [string, Uint8Array][] = [0, 1, 2, 3].map((i) => [`pets/${i}.png`, png(4 + i)]);
    return [
      new Map([
        ["mixed.json", json([...conversations("pets", true), ...conversations("talk", false)])],
        ...pictures,
      ]),
      new Map([
        ...["train", "val", "test"].map((split): [string, Uint8Array] => [
          `pets_${split}.json`,
          json(conversations("pets", true)),
        ]),
        ["tasks.json", json({ pets: { metric: "exact-match" } })],
        ...pictures,
      ]),
      new Map([
        ["chat_train.jsonl", bytes(chats().map((chat) => JSON.stringify(chat)).join("\n"))],
        ["tasks.json", json({ chat: { metric: "iou", box: { scale: 1000, form: "xywh" } } })],
        ...pictures,
      ]),
      new Map([["wrapped.json", json({ about: { version: 1 }, data: chats() })], ...pictures]),
    ];
  },
  read: (folder) => loadDataset(folder),
};

const images: FuzzedReader = {
  name: "images",
  seeds: async () => {
    const names = ["photo.jpg", "photo.webp", "palette.png", "grey16.png", "interlaced.png"];
    const found: Files[] = [new Map([["square.png", png(9)]])];
    for await (const { name, isFile } of Deno.readDir(join(HERE, "test/data/images/fixtures"))) {
      if (!isFile || !/\.(png|jpe?g|webp|gif|bmp|tif|avif)$/.test(name)) continue;
      found.push(new Map([[name, await file(`test/data/images/fixtures/${name}`)]]));
    }
    if (found.length < names.length) throw new Error("expected pictures of every kind among the fixtures");
    return found;
  },
  read: (folder) => {
    const settings = json({ image_processor_type: "SiglipImageProcessor", size: { height: 16, width: 16 } });
    const store = createImageStore(readProcessor(new Map([["preprocessor_config.json", settings]]), {}));
    return each(folder, (path) => store.tiles(path));
  },
};

const parquet: FuzzedReader = {
  name: "parquet",
  seeds: async () => {
    const names = ["columns", "texts", "messages"];
    return await Promise.all(names.map(async (name): Promise<Files> => {
      const path = `${name}.parquet`;
      return new Map([[path, await file(`test/data/dataset/fixtures/${path}`)]]);
    }));
  },
  read: (folder) =>
    each(folder, async (path) => {
      for await (const { value } of readParquet(path)) JSON.stringify(value);
    }),
};

const scores: FuzzedReader = {
  name: "scores",
  seeds: async () => [
    new Map([["weights.json", await file("data/paper/weights-academic-7b.json")]]),
    new Map([[
      "scores.csv",
      bytes(
        "model,vqa,gqa,chart\nmini,10,20,30\nvqa+mini,40,25,31\ngqa+mini,12,50,33\nchart+mini,11,21,60\n",
      ),
    ]]),
    new Map([["scores.json", json({ tasks: ["a", "b"], mini: [10, 20], plus: [[40, 22], [12, 50]] })]]),
  ],
  read: (folder) =>
    each(folder, async (path) => {
      const text = await Deno.readTextFile(path);
      if (path.endsWith(".csv")) parseScoresCsv(text, path);
      else parseScoresJson(text, path);
    }),
};

const checkpoint: FuzzedReader = {
  name: "checkpoint",
  seeds: async () => {
    const names = ["config.json", "generation_config.json", "preprocessor_config.json", "tokenizer.json"];
    const files = await Promise.all(
      names.map(async (name) => [name, await file(`data/base/${name}`)] as const),
    );
    return [new Map([...files, ["model.safetensors", new Uint8Array(8)]])];
  },
  read: async (folder) => {
    const { config, tokenizer } = await readCheckpoint(folder);
    parseConfig(config);
    tokenizer.decode(tokenizer.encode("What is it? \u00e9\ud83d\ude00 </s> <image>"));
  },
};

const weights: FuzzedReader = {
  name: "weights",
  seeds: () => {
    const tensor = (count: number, value: number) => ({
      shape: [count, 3],
      values: new Float32Array(3 * count).fill(value),
    });
    const one = writeSafetensors(
      new Map([["model.norm.weight", tensor(5, 1)], ["lm_head.weight", tensor(7, 2)]]),
    );
    const other = writeSafetensors(new Map([["model.embed_tokens.weight", tensor(9, 3)]]));
    const map = {
      "model.norm.weight": "model-00001-of-00002.safetensors",
      "lm_head.weight": "model-00001-of-00002.safetensors",
      "model.embed_tokens.weight": "model-00002-of-00002.safetensors",
    };
    return [
      new Map([["model.safetensors", one]]),
      new Map([
        ["model.safetensors.index.json", json({ metadata: { total_size: 252 }, weight_map: map })],
        ["model-00001-of-00002.safetensors", one],
        ["model-00002-of-00002.safetensors", other],
      ]),
    ];
  },
  read: async (folder) => {
    const tensors = await openWeights(await openWeightFiles(folder));
    for (const tensor of tensors.values()) await readTensor(tensor);
  },
};

/** The files of a fixture's folder, pictures among them. */
async function fixture(name: string): Promise<Files> {
  const folder = `test/fixtures/${name}`;
  const files = new Map<string, Uint8Array>();
  for (const inner of ["", "pictures/"]) {
    for await (const { name: entry, isFile } of Deno.readDir(join(HERE, folder, inner))) {
      if (isFile) files.set(`${inner}${entry}`, await file(`${folder}/${inner}${entry}`));
    }
  }
  return files;
}

const cases: FuzzedReader = {
  name: "case",
  seeds: () => Promise.all(["chat_qwen", "chat_smolvlm"].map(fixture)),
  read: async (folder) => {
    await readInputs(await readStoredCase(folder));
  },
};

/** Tokenizers and chat templates, which lay out a conversation. */
const templates: FuzzedReader = {
  name: "templates",
  seeds: () =>
    Promise.all(
      ["chat_idefics3", "chat_llava", "chat_mistral", "chat_qwen"].map(async (name) =>
        new Map([...await fixture(name)].filter(([name]) =>
          /^(chat_|tokenizer|processor).*\.(json|jinja)$/.test(name)
        ))
      ),
    ),
  read: async (folder) => {
    const files = new Map<string, Uint8Array>();
    await each(folder, async (path) => void files.set(basename(path), await Deno.readFile(path)));
    const tokenizer = loadTokenizer(new TextDecoder().decode(files.get("tokenizer.json")));
    const format = readChatFormat(files, { model_type: "llava" }, tokenizer, 3);
    const turns = [{ question: "What </s> is it?", answer: "A cube.", places: [5] }, {
      question: "And?",
      answer: "🙂",
    }];
    const sample = { id: "1", task: "vqa", file: "vqa_train.json", images: ["1.png"], turns };
    const grids = [{ rows: 0, columns: 0 }];
    format.encode(sample, grids, { maxTokens: Infinity });
    format.promptOf(sample, 1, grids, { maxTokens: Infinity });
  },
};

/** Every reader, by the name that the command line knows it by. */
export const READERS: readonly FuzzedReader[] = [
  adapter,
  cases,
  checkpoint,
  dataset,
  images,
  parquet,
  scores,
  templates,
  weights,
];
