import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { loadDataset } from "../../src/data/dataset/load_dataset.ts";
import { InputError } from "../../src/errors.ts";
import { ZERO_SHOT_FOLDER } from "../../src/scenes/write/write.ts";
import type { CheckpointFiles } from "../../src/train/checkpoint_files.ts";
import { checkSceneTasks, drawScenes } from "../../src/tune/set_up.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

/** Of a checkpoint only the size of its images is read. */
const CHECKPOINT = { preprocessing: { size: 32 } } as unknown as CheckpointFiles;

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
