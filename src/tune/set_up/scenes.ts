/** The built-in benchmark in a run: what is drawn of it, and whether a run that goes on asks for the same. @module */

import { dirname, join } from "@std/path";
import type { Image } from "../../data/images/image.ts";
import { InputError } from "../../errors.ts";
import { MIXTURES, mixtureSizes } from "../../scenes/mixtures.ts";
import { writeScenes } from "../../scenes/write/write.ts";
import type { CheckpointFiles } from "../../train/checkpoint_files.ts";
import type { TuneOptions } from "../options/settings.ts";
import { writing } from "../../run/disk_error.ts";
import { removeIfThere } from "../../run/files.ts";
import type { TuneCallbacks } from "../callbacks.ts";
import type { ResolvedOptions } from "../../run/records/run_info.ts";

/** What is drawn of the built-in benchmark. */
export interface SceneChoice {
  /** Which tasks, and how much of each: a name of `MIXTURES`; "default", if left out. */
  mixture?: string;
  /** Whether the control task takes part; not, if left out. */
  control?: boolean;
  /** Training conversations by task, whatever the scale; a task left out has those of the mixture. */
  train?: Readonly<Record<string, number>>;
  /** Questions of each zero-shot task, in the folder `ZERO_SHOT_FOLDER` of the benchmark's; none, if left out. */
  zeroShot?: number;
}

/**
 * Unknown tasks and mixtures are found out before anything is drawn.
 *
 * @param asked The tasks that were asked for, if any.
 * @param choice What will be drawn.
 * @throws {InputError} If there is no such mixture, or it lacks a task.
 */
export function checkSceneTasks(asked: readonly string[] | undefined, choice: SceneChoice = {}): void {
  const { mixture = "default", control = false } = choice;
  const known = Object.keys(mixtureSizes(mixture, { control }));
  const unknown = asked?.find((task) => !known.includes(task));
  if (unknown !== undefined) {
    throw new InputError(`--tasks: expected some of ${known.join(", ")}, found ${JSON.stringify(unknown)}`);
  }
}

/** Pictures by the paths of their files. */
export type DrawnPictures = ReadonlyMap<string, Image>;

/** Drawn pictures that are kept in memory until they are encoded, in bytes. */
const KEPT_BYTES = 64 << 20;

/**
 * Writes the built-in benchmark into the run, unless it is there.
 *
 * @param folder Where to.
 * @param checkpoint Says how large its images are.
 * @param scale Multiplies the number of conversations.
 * @param callbacks Progress and interruption.
 * @param choice The mixture, if not the default one, and what is drawn beside it.
 * @returns What was drawn, as far as it is worth keeping: it need not be read again.
 */
export async function drawScenes(
  folder: string,
  checkpoint: CheckpointFiles,
  scale: number,
  { event, signal }: TuneCallbacks,
  choice: SceneChoice = {},
): Promise<DrawnPictures> {
  const { mixture = "default", control = false, zeroShot = 0 } = choice;
  for await (const { name } of Deno.readDir(dirname(folder))) {
    // Left by a process that was killed while it drew.
    if (/^scenes\..*\.partial$/.test(name)) await removeIfThere(join(dirname(folder), name));
  }
  const { size } = checkpoint.processor;
  const train = { ...mixtureSizes(mixture, { scale, least: 16, control }), ...choice.train };
  const asked = Math.max(20, Math.round(scale * 200));
  const drawn = new Map<string, Image>();
  const onPicture = (path: string, data: Uint8Array) => {
    if (drawn.size * data.length < KEPT_BYTES) drawn.set(path, { width: size, height: size, data });
  };
  const options = {
    size,
    mixture,
    control,
    train,
    val: asked,
    test: asked,
    zeroShot,
    onPicture,
    ...(signal && { signal }),
  };
  await writing(folder, () =>
    writeScenes(
      folder,
      options,
      (done, total) => event?.({ kind: "setup", doing: "drawing scenes", done, total }),
    ));
  return drawn;
}

/**
 * Compares what says which scenes are drawn with a run that goes on, before they are looked at.
 *
 * @param before The run's options.
 * @param given What was asked for.
 * @param out The run's folder.
 * @throws {InputError} If other scenes are asked for.
 */
export function checkSameScenes(before: ResolvedOptions, given: TuneOptions, out: string): void {
  const now = {
    mixture: given.mixture ?? MIXTURES[0]!.name,
    control: given.control ?? false,
    train: given.train ?? {},
    scale: given.scale ?? 1,
  };
  for (const key of ["mixture", "control", "train", "scale"] as const) {
    const [a, b] = [JSON.stringify(before[key]), JSON.stringify(now[key])];
    if (a === b) continue;
    throw new InputError(
      `--resume: expected the scenes of the run in ${out}, but ${key} was ${a} and is now ${b}. ` +
        "Leave the option out, or start another run with another --out",
    );
  }
}
