/**
 * Answers of a part on the disk while it asks, so that a kill costs one chunk of questions and not all of them.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import type { Sequence } from "../../lmm/batch.ts";
import type { GenerateOptions } from "../../lmm/generation/options.ts";
import { writing } from "../../run/disk_error.ts";
import { readIfThere } from "../../run/files.ts";
import { withoutSeed } from "../../run/folders.ts";
import type { ScoringPart } from "../../run/part.ts";
import { checkThere } from "../../run/run_files.ts";
import { sha256 } from "../../run/sha256.ts";
import type { EngineModel } from "../../train/engine.ts";
import type { PartContext } from "./context.ts";

/** A model whose answers are kept. */
export interface KeptAnswers {
  /** Gives the answers that an earlier sitting heard, in the order in which they were asked for, and then its own. */
  model: EngineModel;
  /** Seconds that earlier sittings took for the answers that were taken from them. */
  readonly seconds: number;
}

/** A line of the file: the answers to one chunk of questions. */
interface Line {
  /** The run and the part, the place of the chunk, and what was asked: the answers of no other may be taken. */
  asked: string;
  /** Tokens of each answer. */
  ids: number[][];
  seconds: number;
}

/**
 * Where a part's answers are while it asks; the file goes once the part's own is written.
 *
 * @param part The part.
 * @returns The file, relative to the run.
 */
export function answersFile({ file }: Pick<ScoringPart, "file">): string {
  return file.replace(/\.json$/, ".answers.jsonl");
}

/**
 * Keeps what a model answers.
 *
 * @param model The model.
 * @param part The part that asks; a resumed one asks the same in the same order.
 * @param context Where the run is.
 * @returns The model to be asked.
 */
export async function keepAnswers(
  model: EngineModel,
  part: ScoringPart,
  context: Pick<PartContext, "folder" | "runId" | "guard" | "options">,
): Promise<KeptAnswers> {
  const { folder, runId = "", options: { seeds } } = context;
  const path = join(folder, answersFile(part));
  const owner = `run ${runId}, ${withoutSeed(part.file, seeds, part.seed)}, seed ${part.seed}`;
  const { lines, there } = await readLines(path);
  let next = 0, end = 0, seconds = 0;
  let made = there;

  const append = async (line: Line) => {
    const text = new TextEncoder().encode(JSON.stringify({ ...line, sha256: await hashOf(line) }) + "\n");
    await (made ? context.guard?.() : checkThere(context, path));
    await writing(path, async () => {
      if (!made) await Deno.mkdir(dirname(path), { recursive: true });
      using file = await Deno.open(path, { write: true, create: !made });
      made = true;
      await file.truncate(end);
      await file.seek(end, Deno.SeekMode.Start);
      for (let done = 0; done < text.length;) done += await file.write(text.subarray(done));
    });
    end += text.length;
  };
  const generate = async (prompts: readonly Sequence[], options: GenerateOptions): Promise<Int32Array[]> => {
    const { maxNewTokens, stops } = options;
    const asked = await sha256(
      JSON.stringify([owner, next, maxNewTokens, stops, prompts.map(({ ids }) => [...ids])]),
    );
    const known = lines[next++];
    if (known !== undefined) {
      if (known.line.asked === asked) {
        seconds += known.line.seconds;
        end = known.end;
        return known.line.ids.map((ids) => Int32Array.from(ids));
      }
      lines.length = 0; // neither this one nor what is behind it
    }
    const began = performance.now();
    const answers = await model.generate(prompts, options);
    await append({ asked, ids: answers.map((ids) => [...ids]), seconds: (performance.now() - began) / 1000 });
    return answers;
  };
  return {
    model: Object.create(model, { generate: { value: generate } }) as EngineModel,
    get seconds() {
      return seconds;
    },
  };
}

const hashOf = ({ asked, ids, seconds }: Line) => sha256(JSON.stringify([asked, ids, seconds]));

/** The lines up to the first one that is not whole, and where each ends. */
async function readLines(path: string): Promise<{ lines: { line: Line; end: number }[]; there: boolean }> {
  const file = await readIfThere(path);
  const lines: { line: Line; end: number }[] = [];
  for (let at = 0; file !== undefined && at < file.length;) {
    const end = file.indexOf(10, at) + 1;
    const line = end === 0 ? undefined : parsed(file.subarray(at, end));
    if (line === undefined || await hashOf(line) !== line.sha256) break;
    lines.push({ line, end });
    at = end;
  }
  return { lines, there: file !== undefined };
}

function parsed(bytes: Uint8Array): Line & { sha256: string } | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? value as Line & { sha256: string } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
