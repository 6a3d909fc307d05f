/**
 * Folders of a run: where a seed, a method and a task have theirs.
 *
 * @module
 */

/** The folder in a run with the records and logs of jobs that were submitted for it. */
export const JOBS_FOLDER = "jobs";

/**
 * The folder of a seed in the run, with a trailing slash: a run with one seed needs none.
 *
 * @param seeds All seeds of the run.
 * @param seed One of them.
 * @returns "" or "seed-<n>/".
 *
 * @example
 * ```ts
 * import { seedFolder } from "./folders.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([seedFolder([1], 1), seedFolder([1, 2], 2)], ["", "seed-2/"]);
 * ```
 */
export function seedFolder(seeds: readonly number[], seed: number): string {
  return seeds.length === 1 ? "" : `seed-${seed}/`;
}

/**
 * A place in the run without the folder of its seed: the same for all seeds.
 *
 * @param path A part's id or file.
 * @param seeds All seeds of the run.
 * @param seed The part's seed.
 * @returns The place within the seed's folder.
 *
 * @example
 * ```ts
 * import { withoutSeed } from "./folders.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(withoutSeed("seed-2/probes/mini", [1, 2], 2), "probes/mini");
 * ```
 */
export function withoutSeed(path: string, seeds: readonly number[], seed: number): string {
  const folder = seedFolder(seeds, seed);
  return path.startsWith(folder) ? path.slice(folder.length) : path;
}

/**
 * The folder of a method's result, which is the id of its part; "base" is the untuned base, the same for all seeds.
 *
 * @param method The method's id.
 * @param seeds All seeds of the run.
 * @param seed One of them.
 * @returns Where its test.json lies.
 *
 * @example
 * ```ts
 * import { methodFolder } from "./folders.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(methodFolder("ew", [1, 2], 2), "seed-2/methods/ew");
 * ```
 */
export function methodFolder(method: string, seeds: readonly number[], seed: number): string {
  return `${method === "base" ? "" : seedFolder(seeds, seed)}methods/${method}`;
}

/**
 * A task's name as the name of a folder: any other character than letters, digits, "-", "_" and inner dots is
 * percent-encoded, so that no name leads out of the run.
 *
 * @param task The task's name.
 * @returns The folder's name.
 *
 * @example
 * ```ts
 * import { taskFolder } from "./folders.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(taskFolder("../up"), "%2E.%2Fup");
 * ```
 */
export function taskFolder(task: string): string {
  return encodeURIComponent(task).replace(
    /^\.|[!'()*~]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
