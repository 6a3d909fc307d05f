/**
 * What the writing of the benchmark may be told, and what that comes to.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { CONTROL_CONVERSATIONS, mixtureByName } from "../mixtures.ts";
import { UNITS } from "../picture/scene.ts";

/** What `writeScenes` may be told. */
export interface WriteOptions {
  /** Seed of all that is drawn; 0, if left out. */
  seed?: number;
  /** Width and height of the pictures in pixels; 32, if left out. */
  size?: number;
  /** Which tasks, and how much of each: a name of `MIXTURES`; "default", if left out. */
  mixture?: string;
  /** Whether the control task, whose answers are drawn by lot, takes part; not, if left out. */
  control?: boolean;
  /** Training conversations by task; a task left out has those of the mixture. */
  train?: Readonly<Record<string, number>>;
  /** Validation questions a task; 200, if left out. */
  val?: number;
  /** Test questions a task; 200, if left out. */
  test?: number;
  /** Questions of each zero-shot task, written to the folder `zero-shot`; 0 (none of them), if left out. */
  zeroShot?: number;
  /** Threads that draw; as many as there are cores if there is much to draw, if left out; 0 for none. Changes no byte. */
  workers?: number;
  /** Told of each picture's file and pixels (red, green, blue, row by row), so that it need not be read again. */
  onPicture?: (path: string, rgb: Uint8Array) => void;
  /** Stops the writing; nothing is left behind. */
  signal?: AbortSignal;
}

/** The options as they are kept in scenes.json, nothing left out. */
export interface ScenesSettings {
  /** Seed of all that was drawn. */
  seed: number;
  /** Width and height of the pictures in pixels. */
  size: number;
  /** The mixture from which the sizes came; absent for the default one. */
  mixture?: string;
  /** Training conversations by task, in the order in which the tasks are shown. */
  train: Record<string, number>;
  /** Validation questions a task. */
  val: number;
  /** Test questions a task. */
  test: number;
  /** Questions of each zero-shot task. */
  zeroShot: number;
}

/**
 * Checks the options and fills in what was left out.
 *
 * @param options The options.
 * @returns The settings.
 * @throws {InputError} If an option is out of range, or names a mixture or task that there is not.
 *
 * @example The tasks of a mixture, and those of a size of one's own
 * ```ts
 * import { resolveSettings } from "./settings.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { train } = resolveSettings({ mixture: "starved", train: { letters: 50 } });
 * assertEquals([train["letters"], train["chart"]], [50, 150]);
 * ```
 */
export function resolveSettings(options: WriteOptions): ScenesSettings {
  const whole = (name: string, value: number, least: number): number => {
    if (Number.isInteger(value) && value >= least) return value;
    throw new InputError(`scenes: expected ${name} to be a whole number from ${least} on, found ${value}`);
  };
  const mixture = mixtureByName(options.mixture ?? "default");
  const train: Record<string, number> = {
    ...mixture.train,
    ...(options.control === true && { control: CONTROL_CONVERSATIONS }),
  };
  for (const [task, count] of Object.entries(options.train ?? {})) {
    if (!Object.hasOwn(train, task)) {
      throw new InputError(
        `scenes: expected a task of the mixture ${mixture.name} (${Object.keys(train).join(", ")}), ` +
          `found "${task}"; name one of them, or another mixture`,
      );
    }
    train[task] = whole(`the training conversations of ${task}`, count, 1);
  }
  return {
    seed: whole("the seed", options.seed ?? 0, 0),
    size: whole("the picture size", options.size ?? UNITS, 16),
    ...(mixture.name !== "default" && { mixture: mixture.name }),
    train,
    val: whole("the number of validation questions", options.val ?? 200, 1),
    test: whole("the number of test questions", options.test ?? 200, 1),
    zeroShot: whole("the number of zero-shot questions", options.zeroShot ?? 0, 0),
  };
}
