/**
 * What was submitted for a run: `jobs/` in its folder, where the jobs' logs go, too.
 *
 * @module
 */

import { join } from "@std/path";
import { InputError } from "../errors.ts";
import { readJson, writeJson } from "../run/files.ts";
import { JOBS_FOLDER } from "../run/folders.ts";
import type { SubmittedJob } from "./job_system.ts";

/** One call of `deno task submit`. */
export interface Submission {
  /** Its number, from 1. */
  number: number;
  /** When, ISO 8601. */
  at: string;
  /** What carries the jobs out. */
  system: string;
  /** How the names of the run's jobs begin: the same for all its submissions. */
  prefix: string;
  /** The arguments of `tune` that the run is to be made ready with; none where it was ready. */
  tuneArgs: readonly string[];
  /** The jobs. */
  jobs: SubmittedJob[];
}

const FILE = /^submission-(\d+)\.json$/;

/**
 * Reads what was submitted for a run.
 *
 * @param run The run's folder.
 * @returns The submissions, the latest last.
 * @throws {InputError} If a record is no such.
 */
export async function readSubmissions(run: string): Promise<Submission[]> {
  const folder = join(run, JOBS_FOLDER);
  const numbers: number[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const number = FILE.exec(name)?.[1];
      if (number !== undefined) numbers.push(Number(number));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  numbers.sort((a, b) => a - b);
  return await Promise.all(numbers.map(async (number) => {
    const path = submissionPath(run, number);
    const found = await readJson<Partial<Submission>>(path);
    if (typeof found?.prefix === "string" && Array.isArray(found.tuneArgs) && Array.isArray(found.jobs)) {
      return { ...found, number } as Submission;
    }
    throw new InputError(
      `${path}: expected what was submitted, found another file. Remove it; jobs that it named are then not known`,
    );
  }));
}

/**
 * Writes a submission's record, whole or not at all.
 *
 * @param run The run's folder.
 * @param submission What was submitted.
 */
export async function writeSubmission(run: string, submission: Submission): Promise<void> {
  await writeJson(submissionPath(run, submission.number), submission);
}

function submissionPath(run: string, number: number): string {
  return join(run, JOBS_FOLDER, `submission-${number}.json`);
}
