import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../../src/errors.ts";
import { buildTokenizer } from "../../../src/data/text/build_tokenizer.ts";
import { createImageStore } from "../../../src/data/images/image_store.ts";
import { processorOf } from "../images/_processor.ts";
import { encodePng } from "../../../src/data/images/png.ts";
import { llavaFormat } from "../../../src/data/text/llava_format.ts";
import { loadTokenizer } from "../../../src/data/text/tokenizer.ts";
import type { Dataset, Sample } from "../../../src/data/types.ts";
import { validateDataset } from "../../../src/data/dataset/validate_dataset.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read", "write");

const tokenizer = loadTokenizer(buildTokenizer(["red", "yes"]));
const format = llavaFormat(tokenizer, 2);
const limit = { maxTokens: 12 };
const settings = { image_processor_type: "SiglipImageProcessor", size: { height: 2, width: 2 } };
const store = () => createImageStore(processorOf(settings));

function dataset(samples: Partial<Sample>[]): Dataset {
  const full = samples.map((sample, i) => ({
    id: `s${i}`,
    task: "vqa",
    images: [],
    turns: [{ question: "red", answer: "yes" }],
    file: "vqa_train.json",
    ...sample,
  }));
  return {
    tasks: [{ name: "vqa", metric: "exact-match" }],
    samples: { train: new Map([["vqa", full]]), val: new Map(), test: new Map() },
    notes: [],
  };
}

test("validateDataset: counts, and every distinct image read once", async () => {
  const dir = Deno.makeTempDirSync();
  const paths = ["a.png", "b.png"].map((name) => join(dir, name));
  for (const path of paths) Deno.writeFileSync(path, encodePng(new Uint8Array(3), 1, 1));
  const told: [number, number][] = [];
  const size = await validateDataset(
    dataset([{ images: [paths[0]!] }, { images: paths }, { images: [paths[1]!] }, {}]),
    format,
    store(),
    limit,
    { read: true, onProgress: (done, total) => told.push([done, total]) },
  );
  assertEquals(size, { conversations: 4, images: 2, tokens: 4 * 6 + 4 * 2, longest: 10 });
  assertEquals(told, [[1, 2], [2, 2]]);
});

Deno.test("validateDataset: samples over the token limit", async () => {
  const long = { turns: [{ question: "red ".repeat(20), answer: "yes" }] };
  await assertRejects(
    () => validateDataset(dataset([{}, long, {}, long]), format, store(), limit),
    InputError,
    "found 2 that cannot (2 with too many tokens):\n" +
      '  vqa_train.json, sample "s1" (task vqa): expected at most 12 tokens, found 26; shorten it, split its turns over ' +
      "several samples, or raise --max-tokens (up to the model's own limit)\n" +
      '  vqa_train.json, sample "s3" (task vqa): expected at most 12 tokens, found 26',
  );
});

test("validateDataset: an image that cannot be decoded names file, sample and task", async () => {
  const path = Deno.makeTempFileSync({ suffix: ".png" });
  Deno.writeFileSync(path, encodePng(new Uint8Array(300), 10, 10).subarray(0, 50));
  await assertRejects(
    () => validateDataset(dataset([{}, { images: [path] }]), format, store(), limit, { read: true }),
    InputError,
    `vqa_train.json, sample "s1" (task vqa): ${path}: expected a whole PNG image`,
  );
});

Deno.test("validateDataset: an answer that masks to nothing", async () => {
  await assertRejects(
    () => validateDataset(dataset([{ turns: [{ question: "red", answer: "" }] }]), format, store(), limit),
    InputError,
    "expected an answer to learn",
  );
});
