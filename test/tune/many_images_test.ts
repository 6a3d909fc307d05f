import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { encodePng } from "../../src/data/images/png.ts";
import type { MetricsLine } from "../../src/run/records/metrics_line.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { tune } from "../../src/tune/tune.ts";
import { fakeFolder } from "./fake_data.ts";
import { fakeEngine } from "../train/fake_engine.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

/** One image more than are decoded before the first step. */
const MANY = 10_001;

/** A folder of that many images, two of which cannot be decoded though they begin and end as they should. */
async function manyImages(bad: boolean): Promise<string> {
  const folder = await fakeFolder();
  const data = join(folder, "data");
  const many = join(data, "images", "many");
  Deno.mkdirSync(many);
  const png = encodePng(new Uint8Array(48).map((_, i) => 5 * i), 4, 4);
  const broken = Uint8Array.from(png);
  broken.fill(0xff, 41, png.length - 16);
  const files = [png, broken].map((bytes, i) => {
    const path = join(data, `${i}.png`);
    Deno.writeFileSync(path, bytes);
    return path;
  });
  const samples = Array.from({ length: MANY }, (_, i) => {
    Deno.linkSync(files[bad && (i === 3000 || i === 7000) ? 1 : 0]!, join(many, `${i}.png`));
    return {
      id: i,
      image: `images/many/${i}.png`,
      conversations: [{ from: "human", value: "<image>\nwhat colour is this?" }, {
        from: "gpt",
        value: "red",
      }],
    };
  });
  Deno.writeTextFileSync(join(data, "colour_train.json"), JSON.stringify(samples));
  return folder;
}

test({
  name: "tune, many images: decoded while it trains, the same bits whatever the disk, no thread left",
  sanitizeOps: true,
  sanitizeResources: true,
  async fn() {
    const folder = await manyImages(false);
    try {
      const models: Uint8Array[] = [];
      for (const cacheGb of [0, 1]) {
        const out = join(folder, `run-${cacheGb}`);
        const options: TuneOptions = {
          data: join(folder, "data"),
          checkpoint: join(folder, "base"),
          methods: ["ew", "coba"], // the second validates while it tunes
          batch: 4,
          steps: 30,
          cacheGb,
        };
        const engine = fakeEngine();
        await tune(engine, options, { out, resume: false, root: folder, versions: {} });
        assertEquals(engine.alive, 0);
        assert(engine.encoded < 1000, `${engine.encoded} images were encoded`);
        models.push(Deno.readFileSync(join(out, "methods/ew/checkpoint/model.safetensors")));
        const lines = Deno.readTextFileSync(join(out, "methods/ew/metrics.jsonl")).trim().split("\n")
          .map((line): MetricsLine => JSON.parse(line));
        assert(lines.every(({ waiting = -1, seconds }) => waiting >= 0 && waiting <= seconds));
      }
      assertEquals(models[0], models[1]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

test({
  name:
    "tune, many images: when one cannot be decoded, all that cannot are named; or left out before on request",
  sanitizeOps: true,
  sanitizeResources: true,
  async fn() {
    const folder = await manyImages(true);
    try {
      const options: TuneOptions = {
        data: join(folder, "data"),
        checkpoint: join(folder, "base"),
        methods: ["ew"],
        batch: 128,
      };
      const place = { resume: false, root: folder, versions: {} };
      const error = await assertRejects(
        () => tune(fakeEngine(), { ...options, epochs: 1 }, { ...place, out: join(folder, "a") }),
        InputError,
        "found 2 that cannot (2 with an image that cannot be read)",
      );
      assertEquals(["3000.png", "7000.png"].map((name) => error.message.includes(name)), [true, true]);
      const notes: string[] = [];
      await tune(
        fakeEngine(),
        { ...options, skipBad: true, steps: 3 },
        { ...place, out: join(folder, "b") },
        {
          event: (event) => event.kind === "note" && notes.push(event.text),
        },
      );
      assert(
        notes.includes("colour: 2 samples left out: 2 with an image that cannot be read."),
        notes.join("\n"),
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
