import { assert, assertEquals, assertRejects } from "@std/assert";
import { dirname, join, relative } from "@std/path";
import { InputError, RunError } from "../../src/errors.ts";
import { renderReport } from "../../src/report/render_report.ts";
import { PROGRESS_FILE } from "../../src/run/records/progress_line.ts";
import { loadRun } from "../../src/run/load_run.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { tune, type TuneEvent } from "../../src/tune/tune.ts";
import { needs } from "../house/permissions.ts";
import { fakeEngine } from "../train/fake_engine.ts";
import { fakeFolder } from "./fake_data.ts";
import { timelessFiles } from "./timeless_files.ts";

const test = needs("read", "write");

type Run = (
  out: string,
  extra?: TuneOptions & { resume?: boolean; event?: (event: TuneEvent) => void },
) => Promise<string[]>;

/** Runs on the fake dataset; gives the notes. */
async function withRuns(work: (folder: string, run: Run) => Promise<void>): Promise<void> {
  const folder = await fakeFolder();
  const options: TuneOptions = {
    data: join(folder, "data"),
    checkpoint: join(folder, "base"),
    methods: ["ew", "cotbal"],
    batch: 8,
    epochs: 1,
    mini: 0.25,
  };
  try {
    await work(folder, async (out, { resume = false, event, ...extra } = {}) => {
      const notes: string[] = [];
      const place = { out: join(folder, out), resume, root: folder, versions: {} };
      await tune(fakeEngine(), { ...options, ...extra }, place, {
        event: (one) => {
          if (one.kind === "note") notes.push(one.text);
          event?.(one);
        },
      });
      return notes;
    });
  } finally {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}

async function everyFile(folder: string, at = folder): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(at)) {
    const path = join(at, name);
    found.push(...isDirectory ? await everyFile(folder, path) : [relative(folder, path)]);
  }
  return found.sort();
}

/** Files that are written anew whenever a run goes on, from files that are looked at. */
const ALWAYS_ANEW = ["results.json", "statistics.json", "examples.json", "pictures.bin"];

/** Files that nothing is computed from. */
const UNREAD = [PROGRESS_FILE];

/** Of the files of a part only the first damaged one is named: that is enough to carry it out again. */
const named = (notes: readonly string[], file: string) =>
  notes.some((note) => note.includes(file)) ||
  notes.some((note) => note.includes(dirname(file).replace(/\/checkpoint$/, "")) && note.includes("again"));

test("whatever file of a run is damaged: it is computed again, to the same bits, and that is said", () =>
  withRuns(async (folder, run) => {
    const all: TuneOptions = { methods: ["ew", "cotbal", "stl", "merge"], mergeBudget: 3 };
    await run("whole", all);
    await run("other", { ...all, learningRate: 1e-3 });
    const whole = await timelessFiles(join(folder, "whole"));
    const files = (await everyFile(join(folder, "whole"))).filter((file) => file !== "run.json");
    assert(files.length > 40, `${files}`);

    const damages: Record<string, (path: string, file: string) => Promise<unknown>> = {
      "a bit": async (path) => {
        const bytes = await Deno.readFile(path);
        // Within a number, where there is one, so that JSON stays JSON.
        const digit = bytes.findLastIndex((byte, i) => byte === 48 + 5 && i < bytes.length - 200);
        bytes[digit < 0 ? bytes.length >> 1 : digit]! ^= 1;
        await Deno.writeFile(path, bytes);
      },
      "the end": async (path) => await Deno.truncate(path, (await Deno.stat(path)).size >> 1),
      "another run's": (path, file) => Deno.copyFile(join(folder, "other", file), path),
    };
    for (const [kind, damage] of Object.entries(damages)) {
      const out = `damaged ${kind}`;
      await copyFolder(join(folder, "whole"), join(folder, out));
      for (const file of files) await damage(join(folder, out, file), file);
      const notes = await run(out, { ...all, resume: true });
      for (const file of files) {
        // Companions of the base are the same in both runs.
        const alike = kind === "another run's" && /checkpoint\/(?!model)/.test(file);
        if (alike || ALWAYS_ANEW.includes(file) || UNREAD.includes(file)) continue;
        assert(named(notes, file), `${kind}: ${file}: ${notes}`);
      }
      assertEquals(await timelessFiles(join(folder, out)), whole, kind);
    }

    // Of another part: the checksum fits, the place does not.
    await copyFolder(join(folder, "whole"), join(folder, "swapped"));
    const at = (file: string) => join(folder, "swapped", file);
    await Deno.copyFile(at("methods/ew/test.json"), at("methods/cotbal/test.json"));
    await Deno.copyFile(at("merge.json"), at("weights.json"));
    await assertRejects(() => loadRun(join(folder, "swapped")), InputError, "what belongs to merge.json");
    const notes = await run("swapped", { ...all, resume: true });
    assert(notes.some((note) => note.includes("found what belongs to methods/ew/test.json")), `${notes}`);
    assertEquals(await timelessFiles(join(folder, "swapped")), whole);

    // The page says so too, of this sitting alone.
    const loaded = await loadRun(join(folder, "swapped"));
    assertEquals(loaded.run.sittings.map(({ notes = [] }) => notes.length > 0), [false, true]);
    const page = await renderReport([loaded]);
    assert(page.includes("found what belongs to methods/ew/test.json. methods/cotbal is carried out again."));
  }));

test("a damaged or foreign file is refused by name where it is only shown", () =>
  withRuns(async (folder, run) => {
    await run("run", { methods: ["ew", "cotbal"] });
    const out = join(folder, "run");
    await loadRun(out);
    for (
      const file of [
        "run.json",
        "results.json",
        "statistics.json",
        "examples.json",
        "validation.json",
        "weights.json",
        "methods/ew/test.json",
        "probes/mini/metrics.jsonl",
      ]
    ) {
      const path = join(out, file), text = await Deno.readTextFile(path);
      const faults = [text.slice(0, -20), text.replace(/\d/, "8765"), ""];
      if (file.endsWith(".json")) faults.push("null", "[]", text.replace(/"check"/, '"checked"'));
      for (const fault of faults) {
        await Deno.writeTextFile(path, fault);
        const error = await assertRejects(
          () => loadRun(out),
          InputError,
          undefined,
          `${file}: ${fault.slice(0, 200)}`,
        );
        assert(error.message.includes(path), error.message);
      }
      await Deno.writeTextFile(path, text);
    }
    // What a program lays out anew is the same.
    const path = join(out, "weights.json");
    await Deno.writeTextFile(path, JSON.stringify(JSON.parse(await Deno.readTextFile(path))));
    await loadRun(out);
  }));

test("a swapped picture and a swapped file of the base are refused by name", () =>
  withRuns(async (folder, run) => {
    const methods = ["ew"];
    await run("run", { methods });
    const again = () => run("run", { methods, resume: true });
    const picture = join(folder, "data", "images", "3.png"), other = join(folder, "data", "images", "4.png");
    const bytes = await Deno.readFile(picture);
    await Deno.copyFile(other, picture);
    const error = await assertRejects(again, InputError, "pictures as they were");
    assert(error.message.includes(`other contents in ${picture}.`), error.message);
    await Deno.remove(join(folder, "run", "pictures.bin"));
    await assertRejects(again, InputError, "found others");
    await Deno.writeFile(picture, bytes);
    await again(); // and its list of pictures is there again
    await Deno.copyFile(other, picture);
    await assertRejects(again, InputError, picture);
    await Deno.writeFile(picture, bytes);

    const config = join(folder, "base", "preprocessor_config.json"), text = await Deno.readTextFile(config);
    await Deno.writeTextFile(config, `${text} `);
    await assertRejects(again, InputError, "other contents in preprocessor_config.json");
    await Deno.writeTextFile(config, text);
    await again();
  }));

test("a run that goes on without what it began with is told to bring it back, not to leave it out", () =>
  withRuns(async (folder, run) => {
    const options: TuneOptions = { methods: ["ew"], mixTemperature: 2 };
    await run("run", options);
    const again = () => run("run", { ...options, resume: true });
    const picture = join(folder, "data", "images", "3.png"), bytes = await Deno.readFile(picture);
    await Deno.remove(picture);
    const gone = await assertRejects(again, InputError, "expected the image images/3.png");
    assert(gone.message.includes("(bring back what the run"), gone.message);
    assert(!gone.message.includes("--skip-bad"), gone.message);
    await Deno.writeFile(picture, bytes);

    // What is settled by the data changes with it: no option is to blame.
    const file = join(folder, "data", "number_train.json");
    const samples: unknown[] = JSON.parse(await Deno.readTextFile(file));
    await Deno.writeTextFile(file, JSON.stringify(samples.slice(1)));
    await assertRejects(again, InputError, "as it was when the run in");
    await assertRejects(again, InputError, "found it changed: mix was");
    await assertRejects(
      () => run("run", { ...options, mixTemperature: 3, resume: true }),
      InputError,
      "Leave the option out",
    );
  }));

test("a folder with pictures or scenes of somebody's is no new folder", () =>
  withRuns(async (folder, run) => {
    for (const name of ["pictures", "pictures.bin.old", "scenes-1", "run.json.part.txt"]) {
      await Deno.mkdir(join(folder, `out-${name}`, name), { recursive: true });
      await assertRejects(() => run(`out-${name}`, { methods: ["ew"] }), InputError, "a new or empty folder");
    }
    // What a killed run leaves before its run.json does not keep it from beginning again.
    await Deno.mkdir(join(folder, "run"));
    await Deno.writeTextFile(join(folder, "run", "pictures.bin.part"), "");
    await run("run", { methods: ["ew"] });
  }));

test("a folder where a file of a run should be is said, and not opened", () =>
  withRuns(async (folder, run) => {
    await run("run", { methods: ["ew"] });
    const metrics = join(folder, "run", "methods/ew/metrics.jsonl");
    await Deno.remove(metrics);
    await Deno.mkdir(metrics);
    await assertRejects(
      () => run("run", { methods: ["ew"], resume: true }),
      InputError,
      `${metrics}: expected a file, found a folder`,
    );
  }));

/** Lets writes of files fail, as on a full disk. */
async function onFullDisk(after: number, work: () => Promise<unknown>): Promise<void> {
  const { write } = Deno.FsFile.prototype;
  let left = after;
  Deno.FsFile.prototype.write = function (bytes) {
    if (left-- > 0) return write.call(this, bytes);
    if (left === -1 && bytes.length > 1) return write.call(this, bytes.subarray(0, bytes.length >> 1)); // a part fits in
    return Promise.reject(
      Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" }),
    );
  };
  try {
    await work();
  } finally {
    Deno.FsFile.prototype.write = write;
  }
}

test("a full disk is told with the path, leaves nothing half-written, and the run goes on from there", () =>
  withRuns(async (folder, run) => {
    const methods = ["ew", "cotbal"];
    await run("whole", { methods });
    const whole = await timelessFiles(join(folder, "whole"));
    let stops = 0;
    for (let after = 3;; after += 7) {
      let full = false;
      await onFullDisk(after, async () => {
        try {
          await run("full", { methods, resume: stops > 0 });
        } catch (error) {
          assert(error instanceof RunError, String(error));
          assert(error.message.includes("found a disk with no space left"), error.message);
          assert(error.message.startsWith(join(folder, "full")), error.message);
          full = true;
        }
      });
      const left = await everyFile(join(folder, "full"));
      assertEquals(left.filter((file) => file.endsWith(".part") || file.includes(".part/")), []);
      if (!full) break;
      stops++;
    }
    assert(stops > 3, `${stops}`);
    assertEquals(await timelessFiles(join(folder, "full")), whole);
  }));

test("a run whose folder vanishes says so, and makes no other in its place", () =>
  withRuns(async (folder, run) => {
    for (const [part, doing] of [["probes/mini", "training"], ["methods/ew", "answering"]]) {
      const out = join(folder, "gone");
      const error = await assertRejects(() =>
        run("gone", {
          event: (event) => {
            if (event.kind !== "progress" || event.part !== part || event.doing !== doing) return;
            try {
              Deno.removeSync(out, { recursive: true });
            } catch (error) {
              if (!(error instanceof Deno.errors.NotFound)) throw error;
            }
          },
        }), RunError);
      assert(
        /folder has vanished\. Bring it back, and go on with --resume/.test(error.message),
        error.message,
      );
      assert(error.message.includes(out), error.message);
      await assertRejects(() => Deno.stat(join(out, "run.json")), Deno.errors.NotFound);
      await Deno.remove(out, { recursive: true }).catch(() => {});
    }
  }));
