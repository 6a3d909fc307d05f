import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { loadDataset } from "../../../src/data/dataset/load_dataset.ts";
import { InputError } from "../../../src/errors.ts";
import { ZERO_SHOT_FOLDER } from "../../../src/scenes/write/write.ts";
import type { CheckpointFiles } from "../../../src/train/checkpoint_files.ts";
import { checkSameScenes, checkSceneTasks, drawScenes } from "../../../src/tune/set_up/scenes.ts";
import type { TuneOptions } from "../../../src/tune/options/settings.ts";
import { tune } from "../../../src/tune/tune.ts";
import { exists } from "../../../src/run/files.ts";
import type { ResolvedOptions } from "../../../src/run/records/run_info.ts";
import { fakeEngine } from "../../train/fake_engine.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read", "write");

/** Of a checkpoint only the size of its images is read. */
const CHECKPOINT = { processor: { size: 32 } } as unknown as CheckpointFiles;

test("drawScenes: a mixture, scaled, with the control, a size by hand and the zero-shot tasks", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const folder = join(dir, "scenes");
    const choice = { mixture: "starved", control: true, train: { letters: 20 }, zeroShot: 3 };
    await drawScenes(folder, CHECKPOINT, 0.02, {}, choice);
    const { tasks, samples } = await loadDataset(folder);
    assertEquals(tasks.at(-1)!.name, "control");
    const sizes = Object.fromEntries([...samples.train].map(([task, list]) => [task, list.length]));
    assertEquals([sizes["gqa"], sizes["chart"], sizes["letters"], sizes["control"]], [40, 16, 20, 16]);
    const zeroShot = await loadDataset(join(folder, ZERO_SHOT_FOLDER), { splits: ["test"] });
    assertEquals(zeroShot.samples.test.get("vqa-pairs")!.length, 3);
    await drawScenes(folder, CHECKPOINT, 0.02, {}, choice); // stays
    await assertRejects(() => drawScenes(folder, CHECKPOINT, 0.02, {}), InputError, "other settings");
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

test("checkSceneTasks: the mixture's tasks, and no others", () => {
  checkSceneTasks(["reading"]);
  checkSceneTasks(["letters", "vqa-full", "control"], { mixture: "conflict", control: true });
  checkSceneTasks(undefined, { mixture: "paper" });
  assertThrows(() => checkSceneTasks(["letters"]), InputError, '"letters"');
  assertThrows(() => checkSceneTasks(["control"], { mixture: "paper" }), InputError, '"control"');
  assertThrows(() => checkSceneTasks(undefined, { mixture: "fair" }), InputError, '"fair"');
});

Deno.test("checkSameScenes: a run that goes on keeps its scenes, and says which option asks for others", () => {
  const before = { mixture: "default", control: false, train: {}, scale: 0.5 } as ResolvedOptions;
  checkSameScenes(before, { scale: 0.5, mixture: "default" }, "runs/a");
  const of = (given: TuneOptions) => () => checkSameScenes(before, given, "runs/a");
  assertThrows(
    of({ scale: 0.1 }),
    InputError,
    "--resume: expected the scenes of the run in runs/a, but scale was 0.5",
  );
  assertThrows(of({ scale: 0.5, control: true }), InputError, "control was false and is now true");
  assertThrows(of({ scale: 0.5, mixture: "equal" }), InputError, 'mixture was "default" and is now "equal"');
  assertThrows(of({ scale: 0.5, train: { vqa: 50 } }), InputError, 'train was {} and is now {"vqa":50}');
});

test("options that are refused leave no scenes behind, so that mended ones find the folder empty", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const place = { out: join(dir, "run"), resume: false, root: ".", versions: { cotbal: "0" } };
    const options: TuneOptions = { scale: 0.02, methods: ["ew", "fixed"], lambda: { caption: 1 } };
    await assertRejects(() => tune(fakeEngine(), options, place), InputError, "--lambda");
    assert(!(await exists(place.out)));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
