/**
 * The scripts that Slurm runs: a site's template, filled in.
 *
 * @module
 */

import { InputError } from "../errors.ts";
import type { JobWork } from "./job_system.ts";
import SLURM_TEMPLATE from "./slurm_template.sh" with { type: "text" };
import SLURM_WORK from "./slurm_work.sh" with { type: "text" };

export { SLURM_TEMPLATE };

/** What jobs ask of a cluster. */
export interface JobResources {
  /** The partition; the site's default one if left out. */
  partition?: string | undefined;
  /** The time of a job, at most, as sbatch reads it; the partition's if left out. */
  time?: string | undefined;
  /** Memory of a job, as sbatch reads it; the partition's if left out. */
  memory?: string | undefined;
  /** Processor cores; the partition's if left out. */
  cpus?: number | undefined;
  /** GPUs of a job; none if left out. */
  gpus?: number | undefined;
  /** Jobs of an array that run at a time, at most; as many as there is room for if left out. */
  atOnce?: number | undefined;
  /** How often a job that failed is queued again; never if left out. */
  retries?: number | undefined;
}

/** A job, or an array of them. */
export interface JobScript extends JobResources {
  /** Its name in the queue. */
  name: string;
  /** What it does. */
  work: JobWork;
  /** Ids of the jobs that must have ended well before. */
  after: readonly string[];
  /** Arguments of `deno task tune` by which the run is made ready, `--out` apart, as a shell reads them. */
  tuneLine: string;
  /** The run's folder, as the nodes see it. */
  run: string;
  /** The folder with the logs, as the nodes see it. */
  logs: string;
  /** Where this package lies, as the nodes see it. */
  root: string;
  /** Deno's program. */
  deno: string;
}

/** Seconds before the end of a job's time at which it is told to save its state and stop. */
const NOTICE = 120;

/** Words that a template may have, and those that it must. */
const WORDS = [
  "name",
  "comment",
  "partition",
  "time",
  "memory",
  "cpus",
  "gpus",
  "array",
  "dependency",
  "log",
  "notice",
  "work",
] as const;
const NEEDED: readonly Word[] = ["name", "array", "dependency", "log", "work"];
type Word = typeof WORDS[number];

/**
 * Refuses a template that does not say what a job needs.
 *
 * @param template The text.
 * @param where The file it is from, for messages.
 * @throws {InputError} If a word is missing that every job needs, or one is not known.
 */
export function checkTemplate(template: string, where: string): void {
  const lines = template.split("\n").filter((line) => !isComment(line));
  const found = new Set([...lines.join("\n").matchAll(/\{\{(.*?)\}\}/g)].map(([, word]) => word!));
  const missing = NEEDED.filter((word) => !found.has(word));
  const unknown = [...found].filter((word) => !(WORDS as readonly string[]).includes(word));
  const braces = (words: readonly string[]) => words.map((word) => `{{${word}}}`).join(", ");
  if (missing.length === 0 && unknown.length === 0) return;
  throw new InputError(
    `${where}: expected a template of jobs, found one ${
      missing.length > 0 ? `without ${braces(missing)}` : `with ${braces(unknown)}, which nothing fills in`
    }. Begin from the one that --write-template writes`,
  );
}

/**
 * Fills in a template for a job.
 *
 * @param template The text, see {@linkcode checkTemplate}.
 * @param job The job.
 * @returns The script.
 * @throws {InputError} If a path cannot stand in a script.
 *
 * @example An array of two chains that runs behind another job
 * ```ts
 * import { jobScript, SLURM_TEMPLATE } from "./job_script.ts";
 * import { assert } from "@std/assert";
 *
 * const script = jobScript(SLURM_TEMPLATE, {
 *   name: "cotbal-2",
 *   work: { kind: "parts", chains: [["balance", "methods/cotbal"], ["methods/ew-blank"]] },
 *   after: ["17"],
 *   run: "/shared/run",
 *   logs: "/shared/run/jobs",
 *   root: "/shared/cotbal",
 *   deno: "/usr/bin/deno",
 *   tuneLine: "--methods ew,cotbal",
 *   time: "01:30:00",
 * });
 * assert(script.includes("#SBATCH --array=0-1\n#SBATCH --dependency=afterok:17\n"));
 * assert(script.includes("#SBATCH --time=01:30:00\n") && !script.includes("--partition"));
 * ```
 */
export function jobScript(template: string, job: JobScript): string {
  for (const path of [job.run, job.logs, job.root, job.deno]) checkPath(path);
  const { work, after } = job;
  const array = work.kind === "parts"
    ? `0-${work.chains.length - 1}${job.atOnce === undefined ? "" : `%${job.atOnce}`}`
    : undefined;
  const log = `${job.logs}/${job.name}-%${array === undefined ? "j" : "A_%a"}.log`;
  const values: Record<Word, string | undefined> = {
    name: job.name,
    comment: `"cotbal ${job.run}"`,
    partition: job.partition,
    time: job.time,
    memory: job.memory,
    cpus: job.cpus?.toString(),
    gpus: job.gpus?.toString(),
    array,
    dependency: after.length === 0 ? undefined : `afterok:${after.join(":")}`,
    log: `"${log}"`,
    notice: String(NOTICE),
    work: workLines(job).join("\n"),
  };
  const lines = template.split("\n").filter((line) =>
    !line.startsWith("#SBATCH") || words(line).every((word) => values[word] !== undefined)
  );
  return lines.map((line) =>
    isComment(line) ? line : line.replaceAll(/\{\{(\w+)\}\}/g, (_, word: Word) => values[word] ?? "")
  ).join("\n");
}

/** A comment may name words, too, and is no place for values. */
function isComment(line: string): boolean {
  return /^\s*#(?!SBATCH)/.test(line);
}

function words(line: string): Word[] {
  return [...line.matchAll(/\{\{(\w+)\}\}/g)].map(([, word]) => word as Word);
}

/** Slurm has no way to write some characters in a pattern of file names. */
function checkPath(path: string): void {
  // deno-lint-ignore no-control-regex
  const odd = path.match(/["'\\%$`\x00-\x1f]/)?.[0];
  if (odd === undefined) return;
  throw new InputError(
    `${path}: expected a path that Slurm can write logs to, found ${
      JSON.stringify(odd)
    } in it. Use another folder`,
  );
}

/** What the job does, in bash. */
function workLines({ work, run, root, deno, retries = 0, tuneLine }: JobScript): string[] {
  const task = (...words: string[]) => ["carry_out", `'${deno}'`, "task", ...words].join(" ");
  const tune = tuneLine === "" ? [] : [tuneLine];
  return [`cd '${root}' || exit 1`, `retries=${retries}`, SLURM_WORK, ...body()];

  function body(): string[] {
    switch (work.kind) {
      case "prepare":
        return [task("tune", ...tune, "--prepare", "--out", `'${run}'`)];
      case "finish":
        return [task("tune", "--join", `'${run}'`)];
      case "run":
        return [task("tune", ...tune, "--join", `'${run}'`)];
      case "parts":
        return [
          "chains=(",
          ...work.chains.map((chain) => `  '${chain.join(" ")}'`),
          ")",
          "for part in ${chains[$SLURM_ARRAY_TASK_ID]}; do",
          `  ${task("part", `'${run}'`, '"$part"')}`,
          "done",
        ];
    }
  }
}
