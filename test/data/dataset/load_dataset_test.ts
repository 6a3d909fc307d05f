import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join, resolve } from "@std/path";
import { InputError } from "../../../src/errors.ts";
import { guessMetric } from "../../../src/data/dataset/guess_metric.ts";
import { loadDataset, type LoadOptions } from "../../../src/data/dataset/load_dataset.ts";
import { evaluationItems } from "../../../src/data/draw/evaluation_items.ts";
import { encodePng } from "../../../src/data/images/png.ts";
import type { Dataset, Split } from "../../../src/data/types.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read", "write");

const PNG = encodePng(new Uint8Array(3), 1, 1);

/** A folder with these files: a string as it is, "png" for an image, anything else as JSON. */
function folder(files: Record<string, unknown>): string {
  const dir = Deno.makeTempDirSync();
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name);
    Deno.mkdirSync(join(path, ".."), { recursive: true });
    if (content === "png") Deno.writeFileSync(path, PNG);
    else Deno.writeTextFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  }
  return dir;
}

/** One sample; without image if none is named. */
function sample(
  id: string | number,
  image?: string | string[],
  answer = "yes",
  extra: Record<string, unknown> = {},
) {
  const images = image === undefined ? [] : [image].flat();
  return {
    id,
    ...(image === undefined ? {} : { image }),
    conversations: [
      { from: "human", value: `${"<image>\n".repeat(images.length)}Is it?` },
      { from: "gpt", value: answer },
    ],
    ...extra,
  };
}

/** `count` samples with an image each, and their image files. */
function many(
  prefix: string,
  count: number,
  answer = "yes",
): [samples: unknown[], files: Record<string, string>] {
  const names = Array.from({ length: count }, (_, i) => `${prefix}${i}.png`);
  return [
    names.map((name, i) => sample(i, name, answer)),
    Object.fromEntries(names.map((name) => [name, "png"])),
  ];
}

const ids = (dataset: Dataset, split: Split, task: string) =>
  dataset.samples[split].get(task)!.map(({ id }) => id);

/** Loads what must not load, and gives the message with the folder's name taken out. */
async function message(files: Record<string, unknown>, options?: LoadOptions, name = ""): Promise<string> {
  const dir = folder(files);
  const error = await assertRejects(() => loadDataset(join(dir, name), options), InputError);
  return error.message.replaceAll(dir, "DIR");
}

test("loadDataset: a folder of task files with tasks.json", async () => {
  const dir = folder({
    "tasks.json": { vqa: { metric: "exact-match" }, caption: { metric: "cider" } },
    "vqa_train.json": [sample("a", "1.png"), sample(7, "sub/2.png")],
    "vqa_val.json": [sample("v", "3.png")],
    "vqa_test.json": [sample("t", "3.png")],
    "caption_train.json": [sample("c", "1.png")],
    "caption_val.json": [sample("c", "3.png")],
    "caption_test.json": [sample("c", "3.png")],
    "scenes.json": { about: "not a list of samples" },
    "1.png": "png",
    "sub/2.png": "png",
    "images/3.png": "png",
  });
  const dataset = await loadDataset(dir);
  assertEquals(dataset.tasks, [{ name: "vqa", metric: "exact-match" }, { name: "caption", metric: "cider" }]);
  assertEquals(dataset.notes, []);
  assertEquals(dataset.samples.train.get("vqa"), [
    {
      id: "a",
      task: "vqa",
      images: [resolve(dir, "1.png")],
      turns: [{ question: "Is it?", answer: "yes" }],
      file: join(dir, "vqa_train.json"),
    },
    {
      id: "7",
      task: "vqa",
      images: [resolve(dir, "sub/2.png")],
      turns: [{ question: "Is it?", answer: "yes" }],
      file: join(dir, "vqa_train.json"),
    },
  ]);
  assertEquals(dataset.samples.val.get("vqa")![0]!.images, [resolve(dir, "images/3.png")]);

  const one = await loadDataset(dir, { tasks: ["caption"], splits: ["test"] });
  assertEquals(one.tasks.map(({ name }) => name), ["caption"]);
  assertEquals([one.samples.train.size, one.samples.val.size, one.samples.test.size], [0, 0, 1]);
});

test("loadDataset: multi-turn, several images, text only, templates, placeholders anywhere", async () => {
  const turns = (...values: string[]) =>
    values.map((value, i) => ({ from: i % 2 === 0 ? "human" : "gpt", value }));
  const dir = folder({
    "chat_train.json": [
      {
        id: 1,
        image: ["a.png", "./sub//b.png"],
        conversations: turns("<image> and <image>\nSame?", " no\n", "Why?", "Size."),
      },
      { id: 2, conversations: turns("Hello", "Good day") },
      { id: 3, image: "a.png", conversations: turns("What is this?\n<image>", "A pixel") },
      { id: 4, image: "a.png", conversations: turns("Look.", "At what?", "<image>", "Ah.") },
      {
        id: 5,
        image: null,
        conversations: [{ from: "human", value: "x" }, { from: "gpt", value: "y", template: "t1" }],
      },
      { conversations: turns("no id", "fine") },
    ],
    "chat_val.json": [sample(1)],
    "chat_test.json": [sample(1)],
    "a.png": "png",
    "sub/b.png": "png",
  });
  const dataset = await loadDataset(dir);
  const train = dataset.samples.train.get("chat")!;
  assertEquals(train.map(({ turns }) => turns), [
    [{ question: "and \nSame?", places: [0, 4], answer: "no" }, { question: "Why?", answer: "Size." }],
    [{ question: "Hello", answer: "Good day" }],
    [{ question: "What is this?\n", places: [14], answer: "A pixel" }],
    [{ question: "Look.", answer: "At what?" }, { question: "", places: [0], answer: "Ah." }],
    [{ question: "x", answer: "y", template: "t1" }],
    [{ question: "no id", answer: "fine" }],
  ]);
  assertEquals(train.map(({ images }) => images.length), [2, 0, 1, 1, 0, 0]);
  assertEquals(train[5]!.id, "#5");
  assertEquals(dataset.notes, [
    "chat: scored by exact-match, as its answers have one to three words; tasks.json can say otherwise.",
  ]);
});

test("loadDataset: metrics are guessed and said aloud", async () => {
  const [boxes, files] = many("b", 12, "[0.1, 0.2, 0.5, 0.75]");
  const texts = Array.from(
    { length: 12 },
    (_, i) => sample(i, undefined, "There is a red cube on the left."),
  );
  const dataset = await loadDataset(folder({ "box_train.json": boxes, "say_train.json": texts, ...files }));
  assertEquals(dataset.tasks, [{ name: "box", metric: "iou" }, { name: "say", metric: "cider" }]);
  assertEquals(dataset.notes, [
    "box: 1 for val and 1 for test cut from train by image, 10 left to train on.",
    "say: 1 for val and 1 for test cut from train by image, 10 left to train on.",
    "box: scored by iou, as its answers are boxes; tasks.json can say otherwise.",
    "say: scored by cider, as its answers are sentences; tasks.json can say otherwise.",
  ]);
});

test("loadDataset: one big LLaVA file, by folder or by path", async () => {
  const [coco, cocoFiles] = many("coco/train2017/", 20);
  const [ocr, ocrFiles] = many("images/ocr_vqa/", 20, "A Book by Somebody, it says");
  const [named, namedFiles] = many("other/", 20);
  const texts = Array.from(
    { length: 20 },
    (_, i) => sample(`t${i}`, undefined, "Long answer to a text question."),
  );
  const all = [...coco, ...ocr, ...named.map((s) => ({ ...s as object, task: "mine" })), ...texts];
  const dir = folder({ "llava_v1_5_mix.json": all, ...cocoFiles, ...ocrFiles, ...namedFiles });
  const dataset = await loadDataset(dir);
  assertEquals(dataset.tasks, [
    { name: "coco", metric: "exact-match" },
    { name: "mine", metric: "exact-match" },
    { name: "ocr_vqa", metric: "cider" },
    { name: "text", metric: "cider" },
  ]);
  for (const { name } of dataset.tasks) {
    assertEquals(
      (["train", "val", "test"] as const).map((split) => dataset.samples[split].get(name)!.length),
      [16, 2, 2],
    );
  }
  assertEquals(await loadDataset(join(dir, "llava_v1_5_mix.json")), {
    ...dataset,
  });
  // The cut is the same when only some tasks are asked for, and differs with the seed.
  const part = await loadDataset(dir, { tasks: ["coco"] });
  for (const split of ["train", "val", "test"] as const) {
    assertEquals(ids(part, split, "coco"), ids(dataset, split, "coco"));
  }
  const other = await loadDataset(dir, { seed: 1 });
  assert(JSON.stringify(ids(other, "test", "coco")) !== JSON.stringify(ids(dataset, "test", "coco")));
});

test("loadDataset: train.json, val.json and test.json of mixed tasks", async () => {
  const list = ["a", "b"].map((task) => sample(task, undefined, "yes", { task }));
  const dataset = await loadDataset(folder({ "train.json": list, "val.json": list, "test.json": list }));
  assertEquals(dataset.tasks.map(({ name }) => name), ["a", "b"]);
  assertEquals(ids(dataset, "val", "b"), ["b"]);
});

test("loadDataset: a cut split shares no image with train, across tasks and groups of images", async () => {
  const names = Array.from({ length: 60 }, (_, i) => `${i}.png`);
  const one = names.map((name, i) => sample(i, name));
  const two = names.map((name, i) => sample(i, [name, names[Math.floor(i / 3) * 3]!]));
  const three = names.map((name, i) => sample(i, name));
  const dir = folder({
    "one_train.json": one,
    "two_train.json": two,
    "three_train.json": three,
    "three_val.json": [sample("v")],
    "three_test.json": [sample("t")],
    ...Object.fromEntries(names.map((name) => [name, "png"])),
  });
  const dataset = await loadDataset(dir);
  const shown = (split: Split) =>
    new Set([...dataset.samples[split].values()].flat().flatMap(({ images }) => images));
  const [train, val, test] = [shown("train"), shown("val"), shown("test")];
  assertEquals([train.intersection(val).size, train.intersection(test).size, val.intersection(test).size], [
    0,
    0,
    0,
  ]);
  assertEquals(train.size + val.size + test.size, 60);
  assert(val.size >= 6 && test.size >= 6);
  assertEquals(ids(dataset, "val", "three"), ["v"]);
  assert(ids(dataset, "train", "three").length < 60);
  assert(dataset.notes.some((note) => /^three: \d+ training samples set aside/.test(note)));
  // Alone, the same samples are validated and tested on.
  const alone = await loadDataset(dir, { tasks: ["one"] });
  assertEquals(ids(alone, "test", "one"), ids(dataset, "test", "one"));
  assert(alone.notes.every((note) => note.startsWith("one:")));
});

test("loadDataset: the cut does not depend on the order of the samples", async () => {
  const [samples, files] = many("", 30);
  const a = await loadDataset(folder({ "x_train.json": samples, ...files }));
  const b = await loadDataset(folder({ "x_train.json": samples.toReversed(), ...files }));
  assertEquals(ids(a, "test", "x").sort(), ids(b, "test", "x").sort());
});

test("loadDataset: notes on shared images, files and tasks that are left out", async () => {
  const dir = folder({
    "tasks.json": { a: {} },
    "a_train.json": [sample(1, "1.png")],
    "a_val.json": [sample(2, "1.png"), sample(3, "2.png")],
    "a_test.json": [sample(4, "2.png")],
    "b_train.json": [sample(1)],
    "extra.json": [sample(1)],
    "c_train.csv": "image,question,answer",
    "d_train.jsonl.gz": "",
    "1.png": "png",
    "2.png": "png",
  });
  assertEquals((await loadDataset(dir)).notes, [
    "Not read, samples are read from JSON, JSON Lines and Parquet: c_train.csv, d_train.jsonl.gz.",
    "Not read, the name is not <task>_<train|val|test>.json: extra.json.",
    "Left out, tasks.json does not name them: b.",
    "a: scored by exact-match, as its answers have one to three words; tasks.json can say otherwise.",
    "a: 1 of the 2 images of val are trained on too.",
  ]);
});

test("loadDataset: a task with test samples only is left out of training, and can be tested", async () => {
  const three = { "a_train.json": [sample(1)], "a_val.json": [sample(1)], "a_test.json": [sample(1)] };
  const dir = folder({ ...three, "zero_test.json": [sample("z")] });
  const dataset = await loadDataset(dir);
  assertEquals(dataset.tasks.map(({ name }) => name), ["a"]);
  assert(dataset.notes.includes("Left out, no samples to train on: zero."));
  const test = await loadDataset(dir, { splits: ["test"] });
  assertEquals(ids(test, "test", "zero"), ["z"]);
  assertStringIncludes(
    await message({ ...three, "zero_test.json": [sample("z")] }, { tasks: ["zero"] }),
    "DIR, task zero: expected zero_train.json, found none; add it",
  );
});

Deno.test("guessMetric: boxes that iou cannot score are said aloud", () => {
  const pixels = guessMetric(["[10, 20, 30, 40]", "(1 2) (300 400)", "<0,0,640,480>"]);
  assertEquals(pixels.metric, "exact-match");
  assertStringIncludes(pixels.because, "not boxes [x1, y1, x2, y2] between 0 and 1");
  const some = guessMetric([...Array<string>(9).fill("[0, 0, 0.5, 1]"), "nowhere"]);
  assertEquals(some.metric, "exact-match");
  assertStringIncludes(
    some.because,
    '1 of its 10 answers are no boxes between 0 and 1, which iou needs ("nowhere")',
  );
  assertEquals(guessMetric(["1 2 3 red", "a 2 3 4"]).metric, "cider");
});

/** Samples of one image and question, an answer each. */
const answered = (answers: string[], image = "1.png", question = "What is it?") =>
  answers.map((value, i) => ({
    id: `${image}-${i}`,
    image,
    conversations: [{ from: "human", value: `<image>\n${question}` }, { from: "gpt", value }],
  }));

const references = (dataset: Dataset, split: Split, task: string) =>
  dataset.samples[split].get(task)!.flatMap(({ turns }) => turns.map(({ references }) => references));

test("loadDataset: the references of a gpt turn, its value among them", async () => {
  const with_ = (value: string, references: unknown) => ({
    conversations: [{ from: "human", value: "Is it?" }, { from: "gpt", value, references }],
  });
  const list = [
    with_("yes", ["yes", " Yes ", "yes"]),
    with_("yes", ["sure", "of course"]),
    with_("yes", ["yes"]),
    with_("yes", []),
    with_("yes", null),
  ];
  const dataset = await loadDataset(
    folder({ "a_train.json": list, "a_val.json": list, "a_test.json": list }),
  );
  // Turns that ask the same are one question with the answers of all: here each list, and three votes more.
  const all = ["yes", "Yes", "yes", "yes", "sure", "of course", "yes", "yes", "yes"];
  assertEquals(references(dataset, "train", "a"), Array<string[]>(5).fill(all));
  const own = list.map((entry, i) => ({
    conversations: [{ from: "human", value: `Is it ${i}?` }, ...entry.conversations.slice(1)],
  }));
  const apart = await loadDataset(folder({ "a_train.json": own, "a_val.json": own, "a_test.json": own }));
  assertEquals(references(apart, "train", "a"), [
    ["yes", "Yes", "yes"],
    ["yes", "sure", "of course"],
    undefined,
    undefined,
    undefined,
  ]);
  assertEquals(apart.samples.train.get("a")![1]!.turns[0]!.answer, "yes");
});

test("loadDataset: five captions of an image in five samples are references of one question", async () => {
  const captions = ["a cat on a mat", "a small cat lying down", "the cat sleeps on its mat"];
  const list = [
    ...answered(captions),
    ...answered(["a dog in the long grass"], "2.png"),
    ...answered(["a tall tree by the house"], "1.png", "What else?"),
  ];
  const dataset = await loadDataset(
    folder({ "c_train.json": list, "c_val.json": list, "c_test.json": list, "1.png": "png", "2.png": "png" }),
  );
  for (const split of ["train", "val", "test"] as const) {
    assertEquals(references(dataset, split, "c"), [captions, captions, captions, undefined, undefined]);
  }
  assertEquals(dataset.samples.train.get("c")!.map(({ turns }) => turns[0]!.answer).slice(0, 3), captions);
  assertEquals(evaluationItems(dataset.samples.test.get("c")!).length, 3);
  assertEquals(
    dataset.notes[1],
    "c: 3 questions stand in 9 samples with an answer each; asked once and scored by all answers.",
  );
});

test("loadDataset: equal answers to one question stay questions of their own, unless votes are counted", async () => {
  const list = answered(["yes", "yes"]);
  const files = { "c_train.json": list, "c_val.json": list, "c_test.json": list, "1.png": "png" };
  assertEquals(references(await loadDataset(folder(files)), "val", "c"), [undefined, undefined]);
  const votes = await loadDataset(folder({ ...files, "tasks.json": { c: { metric: "vqa-accuracy" } } }));
  assertEquals(references(votes, "val", "c"), [["yes", "yes"], ["yes", "yes"]]);
  const boxes = answered(["[0, 0, 1, 1]", "[0, 0, 0.5, 1]"]);
  const grounding = { "b_train.json": boxes, "b_val.json": boxes, "b_test.json": boxes, "1.png": "png" };
  assertEquals(references(await loadDataset(folder(grounding)), "val", "b"), [undefined, undefined]);
});

test("loadDataset: a later question is the same after the same talk only", async () => {
  const talk = (...values: string[]) => ({
    conversations: values.map((value, i) => ({ from: i % 2 === 0 ? "human" : "gpt", value })),
  });
  const list = [
    talk("Animal?", "a cat", "Colour?", "red"),
    talk("Animal?", "a cat", "Colour?", "ginger"),
    talk("Animal?", "a pet", "Colour?", "orange"),
  ];
  const dataset = await loadDataset(
    folder({ "t_train.json": list, "t_val.json": list, "t_test.json": list }),
  );
  const animals = ["a cat", "a cat", "a pet"], colours = ["red", "ginger"];
  assertEquals(references(dataset, "val", "t"), [animals, colours, animals, colours, animals, undefined]);
  assertEquals(evaluationItems(dataset.samples.val.get("t")!).map(({ truth }) => truth), [
    "a cat",
    "red",
    "orange",
  ]);
});

Deno.test("guessMetric: votes, letters of options, scripts without spaces", () => {
  assertEquals(guessMetric(["yes", "two dogs"], { votes: [10, 10] }).metric, "vqa-accuracy");
  assertEquals(guessMetric(["yes", "two dogs"], { votes: [2, 1] }).metric, "exact-match");
  const questions = ["Which?\nA. red\nB. blue", "Which? (A) one (B) two"];
  assertEquals(guessMetric(["A", "B."], { questions }).metric, "multiple-choice");
  assertEquals(guessMetric(["A", "C"], { questions }).metric, "exact-match");
  assertEquals(guessMetric(["A", "B"]).metric, "exact-match");
  assertEquals(guessMetric(["红色", "两只猫"]).metric, "exact-match");
  assertEquals(guessMetric(["一只红色的猫坐在垫子上面，旁边有一条狗"]).metric, "cider");
});

test("loadDataset: ten answers a question are guessed to be votes, in either form", async () => {
  const ten = Array.from({ length: 10 }, (_, i) => i < 7 ? "red" : "dark red");
  const samples = Array.from({ length: 3 }, (_, i) => answered(ten, `${i}.png`)).flat();
  const listed = Array.from({ length: 3 }, (_, i) => ({
    id: i,
    conversations: [{ from: "human", value: `Colour ${i}?` }, { from: "gpt", value: "red", references: ten }],
  }));
  const files = { "0.png": "png", "1.png": "png", "2.png": "png" };
  for (const list of [samples, listed]) {
    const dataset = await loadDataset(
      folder({ "v_train.json": list, "v_val.json": list, "v_test.json": list, ...files }),
    );
    assertEquals(dataset.tasks, [{ name: "v", metric: "vqa-accuracy" }]);
    const items = evaluationItems(dataset.samples.test.get("v")!);
    assertEquals(items.map(({ references }) => references), [ten, ten, ten]);
  }
});

const bad = (conversations: unknown, extra: Record<string, unknown> = {}) => ({
  "vqa_train.json": `[\n${JSON.stringify({ id: "s9", task: "vqa", ...extra, conversations })}]`,
});
const human = (value: unknown) => ({ from: "human", value });
const gpt = (value: unknown) => ({ from: "gpt", value });
const S9 = 'DIR/vqa_train.json, line 2, sample "s9" (task vqa): ';

const BAD_INPUT: [name: string, files: Record<string, unknown>, expected: string, options?: LoadOptions][] = [
  [
    "an empty folder",
    {},
    "DIR: expected <task>_<train|val|test>.json files or one LLaVA JSON file, found no list",
  ],
  [
    "several lists",
    { "a.json": [], "b.json": [] },
    "DIR: expected <task>_<train|val|test>.json files or one LLaVA JSON file, found a.json, b.json; rename them",
  ],
  [
    "broken JSON",
    { "vqa_train.json": '[\n{"id": 1,\n "x": }]' },
    "DIR/vqa_train.json, line 3, column 7: expected a value",
  ],
  [
    "JSON of another form",
    { "vqa_train.json": "{}" },
    "DIR/vqa_train.json, line 1, column 1: expected a JSON array",
  ],
  [
    "an empty split",
    { "vqa_train.json": [] },
    "DIR/vqa_train.json: expected samples of task vqa, found an empty list",
  ],
  ["an empty big file", { "mix.json": [] }, "DIR/mix.json: expected samples, found an empty list"],
  [
    "a sample of another form",
    { "vqa_train.json": "[\n3]" },
    "DIR/vqa_train.json, line 2: expected a sample",
  ],
  [
    "an unknown task asked for",
    { "vqa_train.json": [sample(1)] },
    'DIR: expected one of the tasks vqa, found "gqa"; choose one',
    { tasks: ["gqa"] },
  ],
  [
    "an unknown metric",
    { "tasks.json": { vqa: { metric: "bleu" } }, "vqa_train.json": [sample(1)] },
    'DIR/tasks.json, task vqa: expected a metric of exact-match, relaxed-match, anls, cider, iou, vqa-accuracy, multiple-choice, found "bleu"',
  ],
  [
    "tasks.json of another form",
    { "tasks.json": { vqa: "iou" }, "vqa_train.json": [sample(1)] },
    'DIR/tasks.json, task vqa: expected {"<task>": {"metric": "..."}}, found "iou"',
  ],
  ["a list as tasks.json", { "tasks.json": [], "vqa_train.json": [sample(1)] }, "DIR/tasks.json: expected {"],
  [
    "a task of tasks.json without samples",
    { "tasks.json": { gqa: { metric: "iou" } }, "vqa_train.json": [sample(1)] },
    "DIR/tasks.json: expected samples of task gqa, found none",
  ],
  [
    "a missing image",
    {
      ...Object.fromEntries(
        ["train", "val", "test"].map((s) => [`vqa_${s}.json`, [sample("s1", `${s}.png`)]]),
      ),
      "val.png": "png",
    },
    "DIR: expected samples that can be used, found 2 that cannot (2 with an image that is missing):\n" +
    '  DIR/vqa_train.json, sample "s1" (task vqa): expected the image train.png in DIR or its images/, found none; ' +
    "put it there, mend the path, name the folder it is in with --image-folder, or remove the sample\n" +
    '  DIR/vqa_test.json, sample "s1" (task vqa): expected the image test.png in DIR or its images/, found none; ' +
    "put it there, mend the path, name the folder it is in with --image-folder, or remove the sample\n" +
    "mend or remove them; --skip-bad goes on without them",
  ],
  [
    "an image path through a file",
    Object.fromEntries(
      ["train", "val", "test"].map((
        s,
      ) => [`vqa_${s}.json`, [sample("s1", s === "train" ? "vqa_val.json/x.png" : undefined)]]),
    ),
    'DIR/vqa_train.json, sample "s1" (task vqa): expected the image vqa_val.json/x.png',
  ],
  [
    "no conversations",
    bad(undefined),
    S9 +
    "expected conversations to be a list of turns, or messages, or fields such as question and answer, found " +
    "the fields id, task; fill it in",
  ],
  ["empty conversations", bad([]), S9 + "expected conversations to be a list of turns, found []"],
  [
    "gpt first",
    bad([gpt("a"), human("b")]),
    S9 + 'expected the last turn to be from "gpt", found "human"',
  ],
  [
    "human twice",
    bad([human("a"), human("b")]),
    S9 + 'expected turn 2 of conversations to be from "gpt", found "human"',
  ],
  ["human last", bad([human("a"), gpt("b"), human("c")]), S9 + 'expected the last turn to be from "gpt"'],
  [
    "a value that is no text",
    bad([human("a"), gpt(3)]),
    S9 + "expected turn 2 to have a text as value, found 3",
  ],
  [
    "references that are no list of texts",
    bad([human("a"), { ...gpt("b"), references: ["b", 3] }]),
    S9 + 'expected references of turn 2 to be a list of texts, found ["b",3]',
  ],
  [
    "an empty reference",
    bad([human("a"), { ...gpt("b"), references: ["b", " "] }]),
    S9 + 'expected references of turn 2 to be a list of texts, found ["b"," "]',
  ],
  [
    "references of a question",
    bad([{ ...human("a"), references: ["b"] }, gpt("b")]),
    S9 + 'expected references in gpt turns only, found ["b"]; move them to turn 2',
  ],
  [
    "several true boxes",
    Object.fromEntries(
      ["train", "val", "test"].map((
        s,
      ) => [`box_${s}.json`, [{
        id: "s1",
        conversations: [
          human("a"),
          { ...gpt("[0, 0, 1, 1]"), references: s === "train" ? ["[0, 0, 1, 0.5]"] : [] },
        ],
      }]]),
    ),
    'DIR/box_train.json, sample "s1" (task box): expected one true box, as the metric iou needs, found 2 references',
  ],
  ["an empty answer", bad([human("a"), gpt(" \n")]), S9 + 'expected an answer in turn 2, found " \\n"'],
  [
    "a placeholder too few",
    bad([human("<image>a"), gpt("b")], { image: ["x.png", "y.png"] }),
    S9 +
    "expected as many <image> in the human turns as images, found 1 for 2 images; write one for each image",
  ],
  [
    "a placeholder too many",
    bad([human("<image><image>"), gpt("b")], { image: ["x.png"] }),
    S9 + "expected as many <image> in the human turns as images, found 2 for 1 image",
  ],
  [
    "a placeholder without image",
    bad([human("<image>"), gpt("b")]),
    S9 + "expected as many <image> in the human turns as images, found 1 for 0 images",
  ],
  [
    "a placeholder in an answer",
    bad([human("a"), gpt("<image>")]),
    S9 + 'expected <image> in human turns only, found "<image>"',
  ],
  [
    "an error in a sample that names no task, in a file of one task",
    { "vqa_train.json": [{ id: "s9" }] },
    'DIR/vqa_train.json, line 1, sample "s9" (task vqa): expected conversations',
  ],
  [
    "an error in a sample whose task is its image's folder",
    { "mix.json": [{ id: "s9", image: "pets/1.png" }] },
    'DIR/mix.json, line 1, sample "s9" (task pets): expected conversations',
  ],
  [
    "an image path that no system takes",
    Object.fromEntries(
      ["train", "val", "test"].map((
        s,
      ) => [`vqa_${s}.json`, [sample("s1", s === "train" ? `${"x".repeat(5000)}.png` : undefined)]]),
    ),
    `DIR/vqa_train.json, sample "s1" (task vqa): expected the image ${
      "x".repeat(200)
    }... in DIR or its images/, ` +
    "found none (",
  ],
  [
    "a table in another form",
    { "data.csv": "image,question,answer" },
    "DIR: expected <task>_<train|val|test>.json files or one LLaVA JSON file, found no list of samples, but data.csv; " +
    "unpack or convert them",
  ],
  [
    "an image path with a zero",
    Object.fromEntries(
      ["train", "val", "test"].map((
        s,
      ) => [`vqa_${s}.json`, [sample("s1", s === "train" ? "x\0y.png" : undefined)]]),
    ),
    'DIR/vqa_train.json, sample "s1" (task vqa): expected the image x\0y.png in DIR or its images/, found none (',
  ],
  [
    "an answer that iou cannot score",
    {
      "tasks.json": { box: { metric: "iou" } },
      ...Object.fromEntries(
        ["train", "val", "test"].map((
          s,
        ) => [`box_${s}.json`, [sample("s1", undefined, s === "test" ? "none" : "[0, 0, 1, 1]")]]),
      ),
    },
    'DIR/box_test.json, sample "s1" (task box): expected an answer [x1, y1, x2, y2] with coordinates in [0, 1], as ' +
    'the metric iou needs, found "none"; mend it, say how boxes are written',
  ],
  ["an image that is no path", bad([human("a"), gpt("b")], { image: 4 }), S9 + "expected image to be a path"],
  [
    "an image on the web",
    bad([human("<image>"), gpt("b")], { image: "https://example.com/x.png" }),
    S9 + 'expected an image file of this folder, found "https://example.com/x.png"',
  ],
  [
    "a sample of another task",
    { "gqa_train.json": [sample("s1", undefined, "yes", { task: "vqa" })] },
    'DIR/gqa_train.json, line 1, sample "s1": expected task gqa, as the file\'s name says, found "vqa"',
  ],
  [
    "a task name that cannot be a folder",
    { "mix.json": [sample("s1", undefined, "yes", { task: "../up" })] },
    'DIR/mix.json, line 1, sample "s1": expected a task name of letters',
  ],
  [
    "too few images to cut splits from",
    { "vqa_train.json": [sample(1, "1.png"), sample(2, "1.png")], "1.png": "png" },
    "DIR/vqa_train.json, task vqa: expected enough images or texts to cut train, val and test from (three at least), found 1 in 2",
  ],
];

for (const [name, files, expected, options] of BAD_INPUT) {
  test(`loadDataset: bad input, ${name}`, async () => {
    const found = await message(files, options);
    assertEquals(found.slice(0, expected.length), expected, found);
    assert(/; \S/.test(found), `says what to do: ${found}`);
  });
}

test("loadDataset: bad input, no such path", async () => {
  assertStringIncludes(
    await message({}, {}, "nowhere"),
    "DIR/nowhere: expected a dataset folder or a LLaVA JSON file",
  );
});
