import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../../src/errors.ts";
import { loadDataset } from "../../../src/data/dataset/load_dataset.ts";
import { decodeImage } from "../../../src/data/images/image.ts";
import { needs } from "../../house/permissions.ts";
import { folder } from "./_folder.ts";

const test = needs("read", "write");

// Written by pyarrow: see fixtures/make_parquet.py.
const fixture = (name: string) => Deno.readFileSync(new URL(`fixtures/${name}.parquet`, import.meta.url));

const train = { splits: ["train"] } as const;

test("loadDataset: Parquet, questions and answers in columns, images as bytes", async () => {
  const dir = folder({ "pets_train.parquet": fixture("columns") });
  const dataset = await loadDataset(dir, train);
  const samples = dataset.samples.train.get("pets")!;
  assertEquals(samples.map(({ id, turns }) => [id, turns[0]!.question, turns[0]!.answer]), [
    ["#0", "What is 0?", "red"],
    ["#1", "What is 1?", "blue"],
    ["#2", "What is 2?", "red"],
    ["#3", "What is 3?", "green"],
    ["#4", "What is 4?", "blue"],
  ]);
  for (const [i, { images: [path] }] of samples.entries()) {
    const { width, height, data } = await decodeImage(Deno.readFileSync(path!));
    assertEquals([width, height, data[0]], [4, 3, 40 * i]);
  }
  assert(dataset.notes.includes(
    `5 images stand inside the files; kept as files in ${join(dir, ".cotbal-images")}.`,
  ));
});

test("loadDataset: Parquet, lists of images and texts, messages with parts", async () => {
  const texts = await loadDataset(folder({ "chat_train.parquet": fixture("texts") }), train);
  assertEquals(texts.samples.train.get("chat")!.map(({ images, turns }) => [images.length, turns]), [
    [1, [{ question: "One?", answer: "Yes." }]],
    [2, [{ question: "Two?", answer: "No." }, { question: "Why?", answer: "So." }]],
  ]);
  const dir = folder({ "chat_train.parquet": fixture("messages"), "1.png": "png" });
  const [sample] = (await loadDataset(dir, train)).samples.train.get("chat")!;
  assertEquals(sample, {
    id: "7",
    task: "chat",
    images: [join(dir, "1.png")],
    turns: [{ question: "See ", places: [4], answer: "Seen." }],
    file: join(dir, "chat_train.parquet"),
  });
});

test("loadDataset: Parquet as it lies on the Hub, shards and subsets", async () => {
  const columns = fixture("columns");
  const shards = folder({
    "data/train-00000-of-00002.parquet": columns,
    "data/train-00001-of-00002-0123abcd.parquet": columns,
    "data/validation-00000-of-00001.parquet": columns,
    "README.md": "a card",
  });
  const dataset = await loadDataset(shards, { splits: ["train", "val"] });
  const counts = [...dataset.samples.train.values()].map((list) => list.length);
  assertEquals([dataset.tasks.length, counts, [...dataset.samples.val.values()][0]!.length], [1, [10], 5]);
  const subsets = await loadDataset(
    folder({
      "ai2d/train-00000-of-00002.parquet": columns,
      "ai2d/train-00001-of-00002.parquet": columns,
      "vqa/train-00000-of-00001.parquet": columns,
    }),
    train,
  );
  assertEquals(subsets.tasks.map(({ name }) => [name, subsets.samples.train.get(name)!.length]), [
    ["ai2d", 10],
    ["vqa", 5],
  ]);
  const file = join(folder({ "x.parquet": columns }), "x.parquet");
  assertEquals((await loadDataset(file, train)).samples.train.get("x")!.length, 5);
});

test("loadDataset: Parquet files that are cut off or something else", async () => {
  const columns = fixture("columns");
  for (
    const bytes of [
      columns.subarray(0, columns.length - 9),
      columns.subarray(0, 40),
      new Uint8Array(),
      new TextEncoder().encode("version https://git-lfs.github.com/spec/v1"),
    ]
  ) {
    await assertRejects(
      () => loadDataset(folder({ "a_train.parquet": bytes }), train),
      InputError,
      "a_train.parquet: expected a Parquet file, found ",
    );
  }
});

test("loadDataset: Parquet whose schema counts its children below zero ends", async () => {
  const bytes = fixture("messages");
  const footer = bytes.length - 8 -
    new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 8, true);
  const name = new TextEncoder().encode("messages");
  const at = bytes.findIndex((_, i) => i >= footer && name.every((byte, k) => bytes[i + k] === byte));
  const count = at + name.length + 1; // behind the field's head
  assertEquals(bytes[count], 2); // one child
  bytes[count] = 3; // less than none
  await assertRejects(
    () => loadDataset(folder({ "a_train.parquet": bytes }), train),
    InputError,
    "a_train.parquet: expected a Parquet file, found one that cannot be read",
  );
});
