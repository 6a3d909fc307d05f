import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { loadDataset } from "../../../src/data/dataset/load_dataset.ts";
import { decodeImage } from "../../../src/data/images/image.ts";
import { InputError } from "../../../src/errors.ts";
import { SCENE_TASKS } from "../../../src/scenes/scene_tasks.ts";
import { type WriteOptions, writeScenes, ZERO_SHOT_FOLDER } from "../../../src/scenes/write/write.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read", "write");

const SMALL: WriteOptions = {
  seed: 3,
  train: Object.fromEntries(SCENE_TASKS.map(({ name }) => [name, 6])),
  val: 3,
  test: 3,
  zeroShot: 2,
};

async function withFolder(run: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await run(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Names and contents of all files below a folder. */
async function contents(dir: string, at = ""): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const entry of Deno.readDir(join(dir, at))) {
    const name = `${at}/${entry.name}`;
    if (entry.isDirectory) { for (const [key, value] of await contents(dir, name)) files.set(key, value); }
    else files.set(name, (await Deno.readFile(join(dir, name))).join());
  }
  return new Map([...files].sort());
}

test("writeScenes: every file, the same bytes for the same seed, other scenes for another", async () => {
  await withFolder(async (dir) => {
    let last: [number, number] = [0, 0];
    const file = await writeScenes(join(dir, "a"), SMALL, (done, total) => last = [done, total]);
    assertEquals(last, [7 * 12 + 3 * 2, 7 * 12 + 3 * 2]);
    await writeScenes(join(dir, "b"), SMALL);
    const a = await contents(join(dir, "a"));
    assertEquals(a, await contents(join(dir, "b")));
    await writeScenes(join(dir, "c"), { ...SMALL, seed: 4 });
    const c = await contents(join(dir, "c"));
    assertEquals([...c.keys()], [...a.keys()]);
    assert([...c].filter(([name, bytes]) => name.endsWith(".png") && a.get(name) === bytes).length === 0);
    assertEquals(JSON.parse(await Deno.readTextFile(join(dir, "a/scenes.json"))), file);
    const left = (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name).sort();
    assertEquals(left, ["a", "b", "c"]); // no partial folder
  });
});

test({
  name: "writeScenes: the same bytes whatever the number of threads, and the pixels that the files hold",
  sanitizeOps: true,
  sanitizeResources: true,
  fn: () =>
    withFolder(async (dir) => {
      const all: Map<string, string>[] = [];
      for (const workers of [0, 1, 3]) {
        const folder = join(dir, String(workers));
        const pictures = new Map<string, Uint8Array>();
        await writeScenes(folder, { ...SMALL, workers, onPicture: (path, rgb) => pictures.set(path, rgb) });
        all.push(await contents(folder));
        assertEquals(pictures.size, 7 * 12 + 3 * 2);
        for (const [path, rgb] of [...pictures].slice(0, 9)) {
          assertEquals((await decodeImage(await Deno.readFile(path))).data, rgb);
        }
      }
      assertEquals(all[1], all[0]);
      assertEquals(all[2], all[0]);
      const controller = new AbortController();
      const options = { ...SMALL, workers: 2, signal: controller.signal };
      await assertRejects(
        () => writeScenes(join(dir, "x"), options, () => controller.abort(new Error("stopped"))),
        Error,
        "stopped",
      );
      const left = (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name).sort();
      assertEquals(left, ["0", "1", "3"]);
    }),
});

test("writeScenes: LLaVA form, images that exist, templates on the answers", async () => {
  await withFolder(async (dir) => {
    await writeScenes(join(dir, "scenes"), SMALL);
    const metrics = JSON.parse(await Deno.readTextFile(join(dir, "scenes/tasks.json")));
    assertEquals(Object.keys(metrics), SCENE_TASKS.map(({ name }) => name));
    const ids = new Set<string>();
    for (const { name, metric, turns } of SCENE_TASKS) {
      assertEquals(metrics[name], { metric });
      for (const [split, count] of [["train", 6], ["val", 3], ["test", 3]] as const) {
        const samples = JSON.parse(await Deno.readTextFile(join(dir, `scenes/${name}_${split}.json`)));
        assertEquals(samples.length, count);
        for (const { id, image, task, conversations } of samples) {
          ids.add(id);
          assertEquals(task, name);
          assertEquals(conversations.length, split === "train" ? 2 * turns : 2);
          assert(conversations[0].value.startsWith("<image>\n"));
          assert(
            conversations.every((turn: { from: string; template?: string }, i: number) =>
              i % 2 === 0 ? turn.from === "human" : turn.from === "gpt" && turn.template !== undefined
            ),
          );
          const { width, height } = await decodeImage(await Deno.readFile(join(dir, "scenes", image)));
          assertEquals([width, height], [32, 32]);
        }
      }
    }
    assertEquals(ids.size, 7 * 12);
  });
});

test("writeScenes: keeps what is there already, refuses anything else", async () => {
  await withFolder(async (dir) => {
    const mine = join(dir, "mine");
    await Deno.mkdir(mine); // an empty folder is taken
    const file = await writeScenes(mine, SMALL);
    let calls = 0;
    assertEquals(await writeScenes(mine, SMALL, () => calls++), file);
    assertEquals(calls, 0);
    await assertRejects(() => writeScenes(mine, { ...SMALL, seed: 9 }), InputError, "other settings");
    const foreign = join(dir, "foreign");
    await Deno.mkdir(foreign);
    await Deno.writeTextFile(join(foreign, "thesis.txt"), "mine");
    await assertRejects(() => writeScenes(foreign, SMALL), InputError, "other files");
    await assertRejects(() => writeScenes(join(foreign, "thesis.txt"), SMALL), InputError, "found a file");
    assertEquals(await Deno.readTextFile(join(foreign, "thesis.txt")), "mine");
  });
});

test("writeScenes: wrong options, and an abort that leaves nothing behind", async () => {
  await withFolder(async (dir) => {
    const at = join(dir, "x");
    await assertRejects(() => writeScenes(at, { val: 0 }), InputError, "found 0");
    await assertRejects(() => writeScenes(at, { train: { vqx: 3 } }), InputError, '"vqx"');
    const controller = new AbortController();
    await assertRejects(
      () =>
        writeScenes(
          at,
          { ...SMALL, signal: controller.signal },
          () => controller.abort(new Error("stopped")),
        ),
      Error,
      "stopped",
    );
    assertEquals(await Array.fromAsync(Deno.readDir(dir)), []);
  });
});

test("writeScenes: a mixture with its own tasks, in their order, read by the loader", async () => {
  await withFolder(async (dir) => {
    const train = { vqa: 5, gqa: 4, "vqa-full": 3, "grounding-words": 2, letters: 3, caption: 3 };
    const rest = { "region-caption": 2, chart: 2, grounding: 2 };
    const options = { mixture: "conflict", train: { ...train, ...rest }, val: 2, test: 2 };
    const file = await writeScenes(join(dir, "a"), options);
    assertEquals(file.settings.mixture, "conflict");
    assertEquals(Object.keys(file.tasks).slice(-4), ["letters", "grounding", "vqa-full", "grounding-words"]);
    const { tasks, samples, notes } = await loadDataset(join(dir, "a"));
    assertEquals(notes, []);
    assertEquals(tasks.map(({ name }) => name), Object.keys(file.tasks));
    assertEquals(tasks.find(({ name }) => name === "letters")!.metric, "anls");
    for (const [task, count] of Object.entries(train)) assertEquals(samples.train.get(task)!.length, count);
    await assertRejects(
      () => writeScenes(join(dir, "a"), { ...options, mixture: "default" }),
      InputError,
      "vqa-full",
    );
  });
});

test("writeScenes: the control changes no file of the other tasks", async () => {
  await withFolder(async (dir) => {
    await writeScenes(join(dir, "a"), SMALL);
    await writeScenes(join(dir, "b"), { ...SMALL, control: true, train: { ...SMALL.train, control: 4 } });
    const [a, b] = [await contents(join(dir, "a")), await contents(join(dir, "b"))];
    const about = ["/scenes.json", "/tasks.json"];
    for (const [name, bytes] of a) {
      // The zero-shot tasks are drawn last: a scene of theirs may give way.
      if (!about.includes(name) && !name.startsWith("/zero-shot")) assertEquals(b.get(name), bytes, name);
    }
    const added = [...b.keys()].filter((name) => !a.has(name));
    assert(added.length > 0 && added.every((name) => name.includes("control")));
  });
});

test("writeScenes: the zero-shot tasks are a dataset of their own", async () => {
  await withFolder(async (dir) => {
    await writeScenes(join(dir, "a"), SMALL);
    const zeroShot = await loadDataset(join(dir, "a", ZERO_SHOT_FOLDER), { splits: ["test"] });
    assertEquals(zeroShot.tasks.map(({ name }) => name), ["vqa-pairs", "vqa-forms", "grounding-pairs"]);
    assertEquals([...zeroShot.samples.test.values()].map((samples) => samples.length), [2, 2, 2]);
    const { tasks } = await loadDataset(join(dir, "a")); // and no part of the benchmark's
    assertEquals(tasks.map(({ name }) => name), SCENE_TASKS.map(({ name }) => name));
  });
});
