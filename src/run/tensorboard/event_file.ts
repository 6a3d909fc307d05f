/**
 * TensorBoard's event file of a part of a run: what its metrics.jsonl says, written while the part trains.
 *
 * @module
 */

import { join } from "@std/path";
import { exists, removeIfThere, writeWhole } from "../files.ts";
import { readMetrics } from "../metrics_file.ts";
import type { MetricsLine } from "../records/metrics_line.ts";
import { encodeEvent, encodeRecord, type Event } from "./event.ts";
import { scalarsOf } from "./scalars_of.ts";

/** Every file's first record. */
const VERSION = "brain.Event:2";
const PREFIX = "events.out.tfevents.";

/** An event file that is written to. */
export interface EventFile {
  /**
   * Begins a file with all lines so far; the one before is emptied: no step is there twice, however often the training was
   * killed. It says first that all steps begin anew, so that a TensorBoard that looks on forgets what it read of the file
   * before.
   *
   * @param lines The lines of earlier sittings.
   * @param seconds Seconds of training so far: the moment of each line is counted back from now.
   */
  open(lines: readonly MetricsLine[], seconds: number): Promise<void>;
  /**
   * Adds lines.
   *
   * @param lines Lines that metrics.jsonl has.
   */
  append(lines: readonly MetricsLine[]): Promise<void>;
}

/**
 * The event file of a part. TensorBoard takes the part's folder for a run of its own, so that the parts of a run folder are
 * drawn side by side: `tensorboard --logdir <run>`.
 *
 * @param folder The part's folder.
 * @param tasks Names of the tasks.
 * @param now Gives the time, in milliseconds since 1970.
 * @returns The file; it is there once it is opened.
 */
export function eventFile(
  folder: string,
  tasks: readonly string[],
  now: () => number = Date.now,
): EventFile {
  let path = "", began = 0;
  const eventsOf = (lines: readonly MetricsLine[]) =>
    lines.map((line): Event => ({
      wallTime: began + line.seconds,
      step: line.step,
      scalars: scalarsOf(line, tasks),
    }));
  return {
    async open(lines, seconds) {
      began = now() / 1000 - seconds;
      const before = await eventFiles(folder);
      // Later by name than those before, as TensorBoard expects of the next file of a run.
      const last = Math.max(0, ...before.map((name) => Number(name.slice(PREFIX.length).split(".")[0])));
      const stamp = Math.max(Math.floor(now() / 1000), last + 1);
      path = join(folder, `${PREFIX}${String(stamp).padStart(10, "0")}.cotbal`);
      const first: Event[] = [
        { wallTime: began, fileVersion: VERSION },
        { wallTime: began, step: 1, starts: true },
      ];
      await writeWhole(path, bytesOf([...first, ...eventsOf(lines)]));
      const latest = before.filter((name) => !name.endsWith(".part")).sort().at(-1);
      for (const name of before) {
        // A TensorBoard that stands in a file goes on to the next one at its end, but never where it is gone.
        if (name === latest) await Deno.truncate(join(folder, name));
        else await removeIfThere(join(folder, name));
      }
    },
    append: (lines) => Deno.writeFile(path, bytesOf(eventsOf(lines)), { append: true }),
  };
}

/**
 * Writes the event file of a part that is finished, if it has none: it was tuned before anybody asked for one.
 *
 * @param folder The part's folder.
 * @param tasks Names of the tasks.
 */
export async function ensureEventFile(folder: string, tasks: readonly string[]): Promise<void> {
  if ((await eventFiles(folder)).some((name) => !name.endsWith(".part"))) return;
  const lines = await readMetrics<MetricsLine>(join(folder, "metrics.jsonl"));
  await eventFile(folder, tasks).open(lines, lines.at(-1)?.seconds ?? 0);
}

/** Names of a folder's event files, and of what a kill left of one. */
async function eventFiles(folder: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) if (name.startsWith(PREFIX)) names.push(name);
  return names;
}

function bytesOf(events: readonly Event[]): Uint8Array {
  const records = events.map((event) => encodeRecord(encodeEvent(event)));
  const bytes = new Uint8Array(records.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const record of records) {
    bytes.set(record, at);
    at += record.length;
  }
  return bytes;
}
