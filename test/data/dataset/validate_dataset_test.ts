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
import type { ReadyConversation } from "../../../src/data/dataset/packed_conversations.ts";
import { validateDataset } from "../../../src/data/dataset/validate_dataset.ts";
import { loadDataset } from "../../../src/data/dataset/load_dataset.ts";
import { needs } from "../../house/permissions.ts";
import { folder } from "./_folder.ts";

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

test("validateDataset: of files that seem cut off all are named, the others are not decoded", async () => {
  const dir = Deno.makeTempDirSync();
  const png = encodePng(new Uint8Array(300), 10, 10);
  const jpeg = Deno.readFileSync(new URL("../images/fixtures/baseline.jpg", import.meta.url));
  const more = Uint8Array.from([...jpeg, 1, 2, 3]); // something behind a whole picture
  const files = {
    "a.png": png,
    "b.png": png.subarray(0, 60),
    "c.jpg": jpeg,
    "d.jpg": jpeg.subarray(0, -9),
    "e.jpg": more,
  };
  const shown = Object.entries(files).map(([name, bytes]) => {
    Deno.writeFileSync(join(dir, name), bytes);
    return { images: [join(dir, name)] };
  });
  const told: [number, number][] = [];
  const options = { read: "doubtful" as const, onProgress: (...args: [number, number]) => told.push(args) };
  const error = await assertRejects(
    () => validateDataset(dataset(shown), format, store(), limit, options),
    InputError,
    "found 2 that cannot (2 with an image that cannot be read)",
  );
  assertEquals(["b.png", "d.jpg"].map((name) => error.message.includes(`${name}: expected a whole`)), [
    true,
    true,
  ]);
  assertEquals(told.at(-1), [3, 3]);
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

test("validateDataset: on request what cannot be used is taken out and counted, in notes", async () => {
  const dir = Deno.makeTempDirSync();
  const [good, cut] = ["good.png", "cut.png"].map((name) => join(dir, name)) as [string, string];
  const png = encodePng(new Uint8Array(3 * 64).map((_, i) => i), 8, 8);
  Deno.writeFileSync(good, png);
  Deno.writeFileSync(cut, png.subarray(0, png.length - 20));
  const long = { turns: [{ question: "red ".repeat(20), answer: "yes" }] };
  const make = () => dataset([{ images: [good] }, { images: [cut] }, long, { images: [good, cut] }]);
  const error = await assertRejects(
    () => validateDataset(make(), format, store(), limit, { read: true }),
    InputError,
    "found 3 that cannot (2 with an image that cannot be read, 1 with too many tokens):",
  );
  assertEquals(error.message.split("\n").length, 5);
  const left = make();
  const conversations = new Map<Sample, ReadyConversation>();
  const size = await validateDataset(left, format, store(), limit, {
    read: true,
    skipBad: true,
    conversations,
  });
  assertEquals([size.conversations, size.images, conversations.size], [1, 1, 1]);
  assertEquals(left.samples.train.get("vqa")!.map(({ id }) => id), ["s0"]);
  assertEquals(left.notes, [
    "vqa: 3 samples left out: 2 with an image that cannot be read, 1 with too many tokens.",
  ]);
  await assertRejects(
    () =>
      validateDataset(dataset([{ images: [cut] }]), format, store(), limit, { read: true, skipBad: true }),
    InputError,
    "cannot be decoded",
  );
});

test("validateDataset: names or counts with its own what loadDataset left to it", async () => {
  const png = encodePng(new Uint8Array(3 * 64).map((_, i) => i), 8, 8);
  const line = (id: string) => ({ id, image: `${id}.png`, question: "red", answer: "yes" });
  const dir = folder({
    "vqa_train.json": [line("good"), line("cut"), line("none")],
    "good.png": png,
    "cut.png": png.subarray(0, png.length - 20),
  });
  const load = (skipBad: boolean) => loadDataset(dir, { splits: ["train"], nameLater: true, skipBad });
  const error = await assertRejects(
    async () => validateDataset(await load(false), format, store(), limit, { read: true }),
    InputError,
    "found 2 that cannot (1 with an image that is missing, 1 with an image that cannot be read):",
  );
  assertEquals(["none.png", "cut.png"].map((name) => error.message.includes(name)), [true, true]);
  const left = await load(true);
  await validateDataset(left, format, store(), limit, { read: true, skipBad: true });
  assertEquals(
    left.notes.filter((note) => note.includes("left out")),
    ["vqa: 2 samples left out: 1 with an image that is missing, 1 with an image that cannot be read."],
  );
  // Told once: what is found later is told alone.
  await validateDataset(left, format, store(), limit, { read: true });
});
