/**
 * metrics.jsonl while a part is trained: lines are appended, and cut back to those that a saved state speaks of.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { dirname } from "@std/path";
import { RunError } from "../errors.ts";
import { diskError, writing } from "./disk_error.ts";
import { exists } from "./files.ts";
import { parseMetrics } from "./metrics_file.ts";
import { filePieces, sha256OfFile } from "./sha256.ts";
import { statFile } from "./stat_file.ts";

/** The beginning of a metrics file. */
export interface MetricsMark {
  /** Its length. */
  bytes: number;
  /** Its SHA-256, in hexadecimal. */
  sha256: string;
}

/** A metrics file that is written to. */
export interface MetricsWriter<T> {
  /** The lines that were there when it was opened. */
  readonly lines: T[];
  /** Appends lines. */
  append(lines: readonly T[]): Promise<void>;
  /** Makes sure that all is on the disk, and says what that is. */
  mark(): Promise<MetricsMark>;
  /**
   * Makes sure that the file holds what was written to it, and nothing else.
   *
   * @throws {RunError} If another process wrote to it as well.
   */
  verify(): Promise<void>;
}

/**
 * Opens a metrics file to go on with it; lines behind a mark are cut off.
 *
 * @typeParam T What a line holds.
 * @param path The file; made if missing, with its folder.
 * @param mark What to keep; nothing if left out.
 * @param guard Called before lines are appended; throws where the file is no longer this process's.
 * @returns The log; undefined if the file does not begin as the mark says.
 * @throws {RunError} If the disk is full, the folder vanished, and the like.
 */
export async function openMetrics<T>(
  path: string,
  mark?: MetricsMark,
  guard?: () => Promise<void>,
): Promise<MetricsWriter<T> | undefined> {
  const hash = createHash("sha256");
  const kept = new Uint8Array(await lengthOf(path, mark));
  let bytes = 0;
  if (kept.length > 0) {
    for await (const piece of filePieces(path, kept.length)) {
      hash.update(piece);
      kept.set(piece, bytes);
      bytes += piece.length;
    }
  }
  if (mark !== undefined && (bytes !== mark.bytes || hash.copy().digest("hex") !== mark.sha256)) {
    return undefined;
  }
  const lines = parseMetrics<T>(kept, path);
  if (await exists(path)) await statFile(path);
  await writing(path, async () => {
    await Deno.mkdir(dirname(path), { recursive: true });
    using file = await Deno.open(path, { write: true, create: true });
    await file.truncate(bytes);
  });
  return {
    lines,
    async append(fresh) {
      if (fresh.length === 0) return;
      await guard?.();
      const added = new TextEncoder().encode(fresh.map((line) => JSON.stringify(line) + "\n").join(""));
      // Not made anew: a file that has gone with its folder is missed.
      await writing(path, async () => {
        using file = await Deno.open(path, { write: true });
        await file.seek(bytes, Deno.SeekMode.Start);
        for (let done = 0; done < added.length;) done += await file.write(added.subarray(done));
      });
      hash.update(added);
      bytes += added.length;
    },
    async mark() {
      await writing(path, async () => {
        using file = await Deno.open(path, { write: true });
        await file.sync();
      });
      return { bytes, sha256: hash.copy().digest("hex") };
    },
    async verify() {
      if (await sha256OfFile(path) === hash.copy().digest("hex")) return;
      throw new RunError(
        `${path}: expected the lines that this training wrote, found others: another process, or a program, wrote there ` +
          "too. Go on with --resume: the training goes on from its last state, or begins again",
      );
    },
  };
}

/** How much of the file is kept, if it is long enough. */
async function lengthOf(path: string, mark: MetricsMark | undefined): Promise<number> {
  if (mark === undefined) return 0;
  try {
    return Math.min(mark.bytes, (await Deno.stat(path)).size);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return 0;
    throw diskError(path, error);
  }
}
