/**
 * Task weights that the user gives, in the command or in a file.
 *
 * @module
 */

import { lambdaOf } from "../../balance/methods/fixed.ts";
import { InputError } from "../../errors.ts";
import type { ResolvedOptions } from "../../run/records/run_info.ts";
import type { TuneOptions } from "./settings.ts";

/**
 * The weights given by hand, checked against the tasks.
 *
 * @param options What the user asks.
 * @param tasks Names of the run's tasks.
 * @returns Task -> weight, in the order of the tasks; undefined where none are given.
 * @throws {InputError} If the file cannot be used, or its tasks are not the run's.
 */
export async function weightsByHand(
  { lambda, weights: file }: Pick<TuneOptions, "lambda" | "weights">,
  tasks: readonly string[],
): Promise<ResolvedOptions["lambda"]> {
  if (lambda === undefined && file === undefined) return undefined;
  const where = file === undefined ? "--lambda" : `--weights ${file}`;
  const list = lambdaOf(lambda ?? await readWeights(file!), tasks, where);
  return Object.fromEntries(tasks.map((task, i) => [task, list[i]!]));
}

/** What a JSON file holds that the user names: nothing is known of it yet. */
async function readWritten(file: string): Promise<{ tasks?: unknown; lambda?: unknown } | null> {
  const wrong = (found: string, cause?: unknown) =>
    new InputError(`--weights ${file}: expected a weights.json, found ${found}`, { cause });
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) throw wrong("no such file");
    if (cause instanceof Deno.errors.IsADirectory) throw wrong("a folder; name the file in it");
    throw wrong("a file that cannot be read", cause);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw wrong("no JSON");
  }
}

/** Reads a file of the form of weights.json: names of tasks, and their weights in the same order. */
async function readWeights(file: string): Promise<Record<string, number>> {
  const found = await readWritten(file);
  const { tasks, lambda } = found ?? {};
  if (!Array.isArray(tasks) || !Array.isArray(lambda) || tasks.length !== lambda.length) {
    throw new InputError(
      `--weights ${file}: expected {"tasks": [names], "lambda": [as many weights]}, found ${
        found === null || typeof found !== "object"
          ? JSON.stringify(found)
          : Object.keys(found).join(", ") || "{}"
      }`,
    );
  }
  if (new Set(tasks).size !== tasks.length) {
    throw new InputError(`--weights ${file}: expected different tasks, found ${tasks.join(", ")}`);
  }
  return Object.fromEntries(tasks.map((task, i) => [String(task), lambda[i] as number]));
}
