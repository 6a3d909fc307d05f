import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { loadDataset } from "../../src/data/dataset/load_dataset.ts";
import { InputError } from "../../src/errors.ts";
import { ask } from "../../src/answer/ask.ts";
import { readCheckpoint } from "../../src/train/checkpoint_files.ts";
import { evaluateCheckpoint } from "../../src/answer/evaluate_checkpoint.ts";
import { tune } from "../../src/tune/tune.ts";
import { fakeFolder } from "../tune/fake_data.ts";
import { fakeEngine } from "../train/fake_engine.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

test("a tuned checkpoint scores outside its run as it did inside, and answers questions", async () => {
  const folder = await fakeFolder();
  try {
    const engine = fakeEngine();
    const [data, out] = [join(folder, "data"), join(folder, "run")];
    const place = { out, resume: false, root: folder, versions: {} };
    const options = { data, checkpoint: join(folder, "base"), methods: ["ew"] };
    const results = await tune(engine, options, place);
    const checkpoint = await readCheckpoint(join(out, "methods", "ew", "checkpoint"));
    const dataset = await loadDataset(data);

    const how = { split: "test", limit: null, maxTokens: 128 } as const;
    const seen: number[] = [];
    const { scores, answers } = await evaluateCheckpoint(engine, checkpoint, dataset, {
      ...how,
      blank: false,
      progress: (done, total) => seen.push(done, total),
    });
    assertEquals(scores.map(({ score }) => score), results.methods.ew!.scores);
    assertEquals(answers.length, 32);
    assertEquals(seen.slice(-2), [32, 32]);

    const before = engine.encoded;
    const blank = await evaluateCheckpoint(engine, checkpoint, dataset, { ...how, blank: true });
    assertEquals(blank.scores.map(({ score }) => score), results.blank);
    assertEquals(engine.encoded, before + 1); // the blank image alone

    const question = {
      question: "what colour is this?",
      images: [join(data, "images", "0.png")],
      maxNewTokens: 8,
      temperature: 0,
      seed: 1,
    };
    const { answer } = answers.find(({ task, turn }) => task === "colour" && turn === 0)!;
    assertEquals(await ask(engine, checkpoint, question), answer);
    await assertRejects(
      () => ask(engine, checkpoint, { ...question, images: ["none.png"] }),
      InputError,
      "none.png",
    );
    assertEquals(engine.alive, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("readCheckpoint says which file of the folder is missing", async () => {
  const folder = await fakeFolder();
  try {
    const base = join(folder, "base");
    await Deno.remove(join(base, "model.safetensors"));
    await assertRejects(() => readCheckpoint(base), InputError, "model.safetensors");
    await Deno.remove(join(base, "tokenizer.json"));
    await assertRejects(() => readCheckpoint(base), InputError, "tokenizer.json");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
