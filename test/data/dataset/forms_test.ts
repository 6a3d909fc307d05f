import { assert, assertEquals, assertRejects } from "@std/assert";
import { encodeBase64 } from "@std/encoding/base64";
import { basename, join } from "@std/path";
import { InputError } from "../../../src/errors.ts";
import { parseSample } from "../../../src/data/dataset/sample.ts";
import { loadDataset, type LoadOptions } from "../../../src/data/dataset/load_dataset.ts";
import type { Dataset, Sample } from "../../../src/data/types.ts";
import { needs } from "../../house/permissions.ts";
import { folder, PNG } from "./_folder.ts";

const test = needs("read", "write");

const read = (fields: unknown) => parseSample(fields, { file: "x.json", index: 0, line: 1 });
const turn = (question: string, answer: string, places?: number[]) => ({
  question,
  ...(places && { places }),
  answer,
});
const user = (content: unknown) => ({ role: "user", content });
const assistant = (content: unknown) => ({ role: "assistant", content });
const human = (value: string) => ({ from: "human", value });
const gpt = (value: string) => ({ from: "gpt", value });

const READ: [name: string, fields: unknown, expected: Partial<ReturnType<typeof read>>][] = [
  [
    "messages with images beside them",
    { messages: [user("<image>\nColour?"), assistant("red")], images: ["a.png"] },
    { images: ["a.png"], turns: [turn("Colour?", "red")], imagesInFront: false },
  ],
  [
    "content as a list of parts",
    {
      messages: [
        { role: "system", content: [{ type: "text", text: "Be brief." }] },
        user([{ type: "text", text: "A: " }, { type: "image" }, { type: "text", text: " B: " }, {
          type: "image_url",
          image_url: { url: "b.png" },
        }]),
        assistant([{ type: "text", text: "same" }]),
      ],
      images: [{ path: "a.png", bytes: null }],
    },
    { images: ["a.png", "b.png"], system: "Be brief.", turns: [turn("A:  B: ", "same", [3, 7])] },
  ],
  [
    "parts that name their images in every way",
    {
      messages: [
        user([
          { type: "image", image: "a.png" },
          { type: "image", path: "b.png" },
          { type: "image", url: "file:///c%20d.png" },
          { type: "image_url", image_url: "e.png" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: encodeBase64(PNG) } },
          { type: "text", text: "What?", image: null },
        ]),
        assistant("x"),
      ],
    },
    { images: ["a.png", "b.png", "/c d.png", "e.png", PNG], turns: [turn("What?", "x")] },
  ],
  [
    "ShareGPT's names for the two sides",
    {
      conversations: [
        { from: "system", value: "S" },
        { from: "user", value: "q" },
        { from: "bot", value: "a" },
        { from: "Human", value: "r" },
        { from: "assistant", value: "b" },
      ],
    },
    { system: "S", turns: [turn("q", "a"), turn("r", "b")] },
  ],
  [
    "conversations of role and content",
    { conversations: [user("q"), assistant("a")] },
    { turns: [turn("q", "a")] },
  ],
  [
    "texts of user and assistant",
    { images: ["a.png"], texts: [{ user: "q", assistant: "a", source: "s" }, { user: "r", assistant: "b" }] },
    { images: ["a.png"], imagesInFront: true, turns: [turn("q", "a"), turn("r", "b")] },
  ],
  ["question and answer", { question: "q", answer: "a", image: "a.png" }, {
    images: ["a.png"],
    imagesInFront: true,
    turns: [turn("q", "a")],
  }],
  ["query and response", { query: "<image>q", response: "a", images: "a.png" }, { turns: [turn("q", "a")] }],
  ["instruction, input and output", { instruction: "Do.", input: "this", output: "done", system: "S" }, {
    system: "S",
    turns: [turn("Do.\nthis", "done")],
  }],
  ["an empty input", { instruction: "Do.", input: "", output: "done" }, { turns: [turn("Do.", "done")] }],
  ["input and output alone", { input: "q", output: "a" }, { turns: [turn("q", "a")] }],
  ["prompt and completion", { prompt: "q", completion: "a" }, { turns: [turn("q", "a")] }],
  ["prompt and completion as messages", { prompt: [user("q")], completion: [assistant("a")] }, {
    turns: [turn("q", "a")],
  }],
  ["history", { instruction: "r", output: "b", history: [["q", "a"]] }, {
    turns: [turn("q", "a"), turn("r", "b")],
  }],
  ["an answer that is a number", { question: "q", answer: 3 }, { turns: [turn("q", "3")] }],
  ["answers that are numbers", { question: "q", answers: [3, 2, 2] }, {
    turns: [{ ...turn("q", "2"), references: ["3", "2", "2"] }],
  }],
  ["answers of many", { question: "q", answers: [{ answer: "x" }, { answer: "y" }, { answer: "y" }] }, {
    turns: [{ ...turn("q", "y"), references: ["x", "y", "y"] }],
  }],
  [
    "several system turns, an answer in front",
    {
      conversations: [
        { from: "system", value: "A" },
        { from: "system", value: " B " },
        gpt("Hi"),
        human("q"),
        gpt("a"),
      ],
    },
    { system: "A\nB", answerInFront: true, turns: [turn("q", "a")] },
  ],
  ["an empty system turn", { conversations: [{ from: "system", value: " " }, human("q"), gpt("a")] }, {
    turns: [turn("q", "a")],
  }],
  [
    "placeholders in every turn",
    {
      image: ["a.png", "b.png", "c.png"],
      conversations: [human("<image>\nFirst?"), gpt("a"), human("Then <image> or\n<image>?"), gpt("b")],
    },
    {
      images: ["a.png", "b.png", "c.png"],
      turns: [turn("First?", "a", [0]), turn("Then  or\n?", "b", [5, 9])],
    },
  ],
  ["images in front of the first question only", {
    image: ["a.png", "b.png"],
    conversations: [human("<image>\n<image>\nSame?"), gpt("a"), human("Why?"), gpt("b")],
  }, { turns: [turn("Same?", "a"), turn("Why?", "b")] }],
  [
    "tags that spell special tokens stay text",
    { conversations: [human("What is <img> or </s> or <video>?"), gpt("<|im_end|>")] },
    { turns: [turn("What is <img> or </s> or <video>?", "<|im_end|>")] },
  ],
  ["a list of images that stand in the text already", {
    messages: [user([{ type: "image", image: "a.png" }, { type: "text", text: "q" }]), assistant("a")],
    images: ["a.png"],
  }, { images: ["a.png"], turns: [turn("q", "a")] }],
  ["Windows separators", { conversations: [human("<image>q"), gpt("a")], image: "pets\\1.png" }, {
    images: ["pets/1.png"],
  }],
];

for (const [name, fields, expected] of READ) {
  Deno.test(`parseSample: ${name}`, () => {
    const found = read(fields);
    const part = Object.fromEntries(
      Object.keys(expected).map((key) => [key, found[key as keyof typeof found]]),
    );
    assertEquals(part, expected as Record<string, unknown>);
  });
}

const REFUSED: [name: string, fields: unknown, message: string][] = [
  [
    "a video",
    { conversations: [human("q"), gpt("a")], videos: ["a.mp4"] },
    'no field "videos", found ["a.mp4"]',
  ],
  [
    "a video among the parts",
    { messages: [user([{ type: "video", video: "a.mp4" }]), assistant("a")] },
    'turn 1 to hold texts and images, found "video"',
  ],
  [
    "an image on the web",
    { question: "q", answer: "a", image: "s3://b/a.png" },
    "nothing is fetched while training",
  ],
  [
    "a part of another kind",
    { messages: [user([{ type: "tool" }]), assistant("a")] },
    "turn 1 to have parts",
  ],
  ["another speaker", { messages: [{ role: "tool", content: "x" }] }, 'turn 1 of messages to be from "user"'],
  [
    "a late system turn",
    { messages: [user("q"), assistant("a"), { role: "system", content: "S" }] },
    "put what the system says before the first turn",
  ],
  [
    "two fields of questions",
    { question: "q", prompt: "p", answer: "a" },
    'one field with the question and one with the answer, found ["question","prompt","answer"]',
  ],
  ["options", { question: "q", options: ["a", "b"], answer: "a" }, "one field with the question"],
  ["preferences", { prompt: "q", chosen: "a", rejected: "b", response: "a" }, "one field with the question"],
  ["an answer that is no text", { question: "q", answer: { x: 3 } }, "answer to have a text as value"],
  [
    "a caption without a question",
    { image: "a.png", caption: "A cat." },
    "found the fields id, image, caption",
  ],
  [
    "images in two fields",
    { question: "q", answer: "a", image: "a.png", images: ["b.png"] },
    'one field that names the images, found ["image","images"]',
  ],
  [
    "an image in an answer",
    { messages: [user("q"), assistant([{ type: "image", path: "a.png" }])] },
    "text only",
  ],
  ["broken base64", { question: "q", answer: "a", image: "data:image/png;base64,%%%" }, "an image in base64"],
  [
    "a data address of another form",
    { question: "q", answer: "a", image: "data:image/svg+xml,<svg/>" },
    "base64,...",
  ],
  [
    "more placeholders than images",
    { messages: [user("<image><image>"), assistant("a")], images: ["a.png"] },
    "as many <image> in the user turns as images, found 2 for 1 image",
  ],
];

for (const [name, fields, message] of REFUSED) {
  Deno.test(`parseSample: refused, ${name}`, () => {
    let found = "";
    try {
      read({ id: "s9", ...fields as object });
    } catch (error) {
      assert(error instanceof InputError);
      found = error.message;
    }
    assert(found.startsWith('x.json, line 1, sample "s9": expected '), found);
    assert(found.includes(message), found);
  });
}

const load = (files: Readonly<Record<string, unknown>>, options: LoadOptions = {}) =>
  loadDataset(folder(files), { splits: ["train"], ...options });
const only = (dataset: Dataset): Sample[] => [...dataset.samples.train.values()].flat();
const line = (id: number, image?: string) => ({
  id,
  ...(image && { image }),
  question: `q${id}`,
  answer: `a${id}`,
});
const jsonLines = (list: readonly unknown[]) => list.map((value) => JSON.stringify(value)).join("\n");

test("loadDataset: JSON Lines, lists in objects, JSON Lines under another name", async () => {
  const list = [line(0), line(1), line(2)];
  for (
    const [name, content] of [
      ["a_train.jsonl", jsonLines(list)],
      ["a_train.jsonl", `\ufeff\n${jsonLines(list)}\r\n\n`],
      ["a_train.ndjson", jsonLines(list)],
      ["a_train.json", jsonLines(list)],
      ["a_train.jsonl", JSON.stringify(list)],
      ["a_train.json", { data: list }],
      [
        "a_train.json",
        JSON.stringify({ version: "1 [2", about: { data: [1] }, data: list, end: [] }, null, 2),
      ],
      ["a_train.json", { questions: list }],
      ["train.jsonl", jsonLines(list)],
      ["anything.jsonl", jsonLines(list)],
    ] as const
  ) {
    const dataset = await load({ [name]: content });
    assertEquals(only(dataset).map(({ id, turns }) => [id, turns[0]!.answer]), [["0", "a0"], ["1", "a1"], [
      "2",
      "a2",
    ]]);
  }
  assertEquals(only(await load({ "a_train.json": line(7) })).length, 1);
  assertEquals(only(await load({ "a_train.jsonl": jsonLines([line(7)]) }))[0]!.task, "a");
  assertEquals(
    (await load({ "a_train.json": [line(1)], "a_validation.jsonl": jsonLines([line(2)]) })).tasks.length,
    1,
  );
});

test("loadDataset: a broken line of JSON Lines is a bad sample, the others are whole", async () => {
  const files = { "a_train.jsonl": `${JSON.stringify(line(0))}\n{"id": 1, \n${JSON.stringify(line(2))}` };
  await assertRejects(() => load(files), InputError, "a_train.jsonl, line 2, column 11: expected a key");
  const dataset = await load(files, { skipBad: true });
  assertEquals(only(dataset).map(({ id }) => id), ["0", "2"]);
  assert(dataset.notes.includes("a: 1 sample left out: 1 of another form."));
});

test("loadDataset: several lists in an object, two files of one split", async () => {
  await assertRejects(
    () => load({ "a_train.json": { one: [line(1)], two: [line(2)] } }),
    InputError,
    "expected one list of samples, found one, two",
  );
  await assertRejects(
    () => load({ "a_train.json": [line(1)], "a_train.jsonl": jsonLines([line(1)]) }),
    InputError,
    "expected one file a task and split, found a_train.json, a_train.jsonl",
  );
});

test("loadDataset: images that stand in the file are kept once, beside the data", async () => {
  const address = `data:image/png;base64,${encodeBase64(PNG)}`;
  const list = [line(0, address), line(1, encodeBase64(PNG)), {
    ...line(2),
    image: { bytes: encodeBase64(PNG) },
  }];
  const dir = folder({ "a_train.json": list });
  for (let times = 0; times < 2; times++) {
    const dataset = await loadDataset(dir, { splits: ["train"] });
    const images = new Set(only(dataset).flatMap(({ images }) => images));
    const [path] = images;
    assertEquals([images.size, Deno.readFileSync(path!)], [1, PNG]);
    assertEquals(path!.startsWith(join(dir, ".cotbal-images")), true);
    assert(
      dataset.notes.includes(
        `1 image stands inside the files; kept as files in ${join(dir, ".cotbal-images")}.`,
      ),
    );
  }
});

test("loadDataset: images inside the files of a folder that cannot be written to go to the system's", async () => {
  const dir = folder({
    "a_train.json": [line(0, `data:image/png;base64,${encodeBase64(PNG)}`)],
    ".cotbal-images": "x",
  });
  const [path] = only(await loadDataset(dir, { splits: ["train"] }))[0]!.images;
  assert(!path!.startsWith(dir) && path!.includes("cotbal-images"), path);
  assertEquals(Deno.readFileSync(path!), PNG);
});

test("loadDataset: what is moved or left out is said", async () => {
  const conversations = [gpt("Hello!"), human("q"), gpt("a")];
  const dataset = await load({
    "a_train.json": [{ id: 1, images: ["1.png"], conversations }, { id: 2, conversations }],
    "1.png": "png",
  });
  assertEquals(dataset.notes.slice(0, 2), [
    "a_train.json: 1 sample names images without <image> in the text; they stand before the first question.",
    "a_train.json: 2 samples begin with an answer to no question; it is left out.",
  ]);
});

test("loadDataset: all bad samples are named at once, twenty in full, and left out on request", async () => {
  const list = [
    ...Array.from({ length: 22 }, (_, i) => line(i, `none${i}.png`)),
    { id: "v", videos: ["a.mp4"], question: "q", answer: "a" },
    { id: "e", question: "q", answer: " " },
    line(99, "1.png"),
    line(98, "page.jpg"),
  ];
  const files = { "a_train.json": list, "1.png": "png", "page.jpg": "<html>", "b_train.json": [line(1)] };
  const error = await assertRejects(() => load(files), InputError);
  const lines = error.message.split("\n");
  assert(
    lines[0]!.endsWith(
      "found 25 that cannot (22 with an image that is missing, 1 with a video or sound, 1 without an answer, " +
        "1 with an image that cannot be read):",
    ),
    lines[0],
  );
  assertEquals(lines.slice(-2), [
    "  … and 5 more",
    "mend or remove them; --skip-bad goes on without them",
  ]);
  assertEquals(lines.length, 23);
  const dataset = await load(files, { skipBad: true });
  assertEquals(only(dataset).map(({ id }) => id), ["99", "1"]);
  assert(
    dataset.notes.includes(
      "a: 25 samples left out: 22 with an image that is missing, 1 with a video or sound, 1 without an answer, " +
        "1 with an image that cannot be read.",
    ),
    dataset.notes.join("\n"),
  );
  // Nothing of b is wrong.
  assertEquals((await load(files, { tasks: ["b"] })).notes.some((note) => note.includes("left out:")), false);
  await assertRejects(
    () => load({ "a_train.json": [line(1, "none.png")] }, { skipBad: true }),
    InputError,
    "none.png",
  );
});

test("loadDataset: samples without their images are left out before splits are cut", async () => {
  const list = Array.from({ length: 30 }, (_, i) => line(i, `${i}.png`));
  const files = Object.fromEntries(list.slice(5).map((_, i) => [`${i + 5}.png`, "png"]));
  const dataset = await loadDataset(folder({ "a_train.json": list, ...files }), { skipBad: true });
  const counts = Object.values(dataset.samples).map((tasks) => tasks.get("a")!.length);
  assertEquals(counts, [19, 3, 3]);
});

test("loadDataset: names in either Unicode form, addresses of files, Windows separators", async () => {
  const composed = "caf\u00e9/\u00fcber.png".normalize("NFC"), apart = composed.normalize("NFD");
  for (
    const [onDisk, written] of [
      [composed, apart],
      [apart, composed],
      ["caf\u00e9/u\u0308ber.png", "cafe\u0301/\u00fcber.png"],
      ["a b/1.png", "file://a%20b/1.png"],
      ["a/1.png", "a\\1.png"],
    ] as const
  ) {
    const dataset = await load({ "a_train.json": [line(1, written)], [onDisk]: "png" });
    assert(Deno.statSync(only(dataset)[0]!.images[0]!).isFile);
  }
});

test("loadDataset: images elsewhere, by an image folder or absolute paths alone", async () => {
  const elsewhere = folder({ "pets/1.png": "png" });
  const list = [line(1, "pets/1.png")];
  await assertRejects(() => load({ "a_train.json": list }), InputError, "--image-folder");
  const given = await load({ "a_train.json": list }, { imageFolder: elsewhere });
  assertEquals(only(given)[0]!.images, [join(elsewhere, "pets/1.png")]);
  const absolute = await load({ "a_train.json": [line(1, join(elsewhere, "pets/1.png"))] });
  assert(absolute.notes.includes("1 image lies outside the folder of the data, by absolute paths."));

  const up = `../${basename(elsewhere)}/pets/1.png`;
  await assertRejects(
    () => load({ "a_train.json": [line(1, up)] }),
    InputError,
    "found a path that leads out of it; copy it into the folder, or name the folder it is in with --image-folder",
  );
  const dir = folder({ "a_train.json": [line(1, "linked/1.png")] });
  Deno.symlinkSync(join(elsewhere, "pets"), join(dir, "linked"));
  await assertRejects(
    () => loadDataset(dir, { splits: ["train"] }),
    InputError,
    "found a link that leads to",
  );
  const followed = await loadDataset(dir, { splits: ["train"], imageFolder: elsewhere });
  assertEquals(only(followed).length, 1);
  await assertRejects(
    () => load({ "a_train.json": list }, { imageFolder: join(elsewhere, "none") }),
    InputError,
    "--image-folder: expected a folder of images, found none",
  );
});

test("loadDataset: folders, dangling links and devices in place of files are named", async () => {
  const dir = folder({ "a_train.json": [line(1, "folder.png")], "folder.png/x": "" });
  await assertRejects(() => loadDataset(dir, { splits: ["train"] }), InputError, "found a folder");
  Deno.removeSync(join(dir, "folder.png"), { recursive: true });
  Deno.symlinkSync("/nowhere/at/all", join(dir, "folder.png"));
  await assertRejects(
    () => loadDataset(dir, { splits: ["train"] }),
    InputError,
    "found a link that leads nowhere",
  );
  Deno.symlinkSync("/nowhere/at/all", join(dir, "b_train.json"));
  await assertRejects(
    () => loadDataset(dir),
    InputError,
    "b_train.json: expected a file of samples, found a link",
  );
  if (Deno.build.os !== "windows") {
    await assertRejects(() => loadDataset("/dev/null"), InputError, "found a device");
  }
});

test("loadDataset: boxes on other scales, guessed and declared", async () => {
  const boxes = (...answers: string[]) => ({
    "b_train.json": answers.map((answer, id) => ({ id, question: `Where is ${id}?`, answer })),
  });
  const guessed = await load(boxes("[100, 200, 500, 600]", "<box>[[1, 2, 1000, 30]]</box>"));
  assertEquals(guessed.tasks, [{ name: "b", metric: "iou", box: { scale: 1000, form: "xyxy" } }]);
  assertEquals(guessed.notes, [
    "b: scored by iou, as its answers are boxes; tasks.json can say otherwise.",
    'b: its boxes are taken for [x1, y1, x2, y2] with coordinates in [0, 1000]; "box" in tasks.json can say otherwise.',
  ]);
  const sizes = await load(boxes("[1300, 200, 500, 600]", "[10, 20, 30, 40]"));
  assertEquals(sizes.tasks, [{ name: "b", metric: "iou", box: { scale: "pixels", form: "xywh" } }]);
  const box = { scale: "pixels", form: "xyxy" };
  const declared = await load({ ...boxes("1, 2, 3, 4"), "tasks.json": { b: { metric: "iou", box } } });
  assertEquals(declared.tasks, [{ name: "b", metric: "iou", box } as Dataset["tasks"][number]]);
  assertEquals((await load(boxes("1, 2, 3, 4", "5, 6, 7, 8"))).tasks[0]!.metric, "exact-match");
  await assertRejects(
    () => load({ ...boxes("[1, 2, 3, 4]"), "tasks.json": { b: { metric: "iou", box: { scale: 999 } } } }),
    InputError,
    'expected box to be {"scale": 1, 1000 or "pixels", "form": "xyxy" or "xywh"}, found {"scale":999}',
  );
  await assertRejects(
    () => load({ ...boxes("[1, 2, 3, 4]", "left"), "tasks.json": { b: { metric: "iou", box } } }),
    InputError,
    'expected an answer [x1, y1, x2, y2] in pixels, as the metric iou needs, found "left"',
  );
});

test("loadDataset: a failed download in place of the samples is called what it is", async () => {
  for (
    const [content, found] of [
      ["<!DOCTYPE html><html>404</html>", "found an HTML page; the download failed"],
      [
        "version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
        "found a Git LFS pointer, not the file itself; run git",
      ],
    ]
  ) {
    await assertRejects(() => load({ "a_train.json": content }), InputError, found);
    await assertRejects(() => load({ "a_train.jsonl": content }), InputError);
  }
});
