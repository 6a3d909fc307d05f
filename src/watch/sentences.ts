/**
 * How a run stands, in words.
 *
 * @module
 */

import { plural } from "../report/kit/numbers.ts";
import type { RunView } from "./run_view.ts";

/**
 * How it goes with a run: what a screen reader says when it changes.
 *
 * @param view The run.
 * @returns A sentence or two.
 */
export function stateSentence(view: RunView): string {
  const { state, folder, heard, parts } = view;
  const goOn = `deno task tune --out ${folder} --resume`;
  switch (state) {
    case "waiting":
      return "No run has begun in this folder yet. It will be shown here as soon as one does.";
    case "preparing":
      return "The run is being prepared: data are read and checked.";
    case "running": {
      const at = parts.findIndex(({ state }) => state === "at hand");
      if (at < 0) return "The run is going on.";
      return `The run is going on: part ${at + 1} of ${parts.length}, ${decodeURIComponent(parts[at]!.id)}.`;
    }
    case "silent":
      return `Nothing was heard of the run since ${
        clock(heard ?? 0)
      } UTC: its process was killed, or is busy. ` +
        `If it was killed, go on with: ${goOn}`;
    case "stopped":
      return `The run is stopped after ${
        plural(finished(view), "part")
      } of ${parts.length}. Go on with: ${goOn}`;
    case "failed":
      return `The run failed: ${view.error ?? "it did not say why"}. Go on with: ${goOn}`;
    case "finished":
      return `The run is finished, all ${
        plural(parts.length, "part")
      } of it. Its report: ${folder}/report.html`;
    case "unreadable":
      return `The run cannot be read. ${view.error ?? ""}`;
  }
}

/**
 * Parts that are finished.
 *
 * @param view The run.
 * @returns How many.
 */
export function finished({ parts }: RunView): number {
  return parts.filter(({ state }) => state === "finished").length;
}

/**
 * A time of day.
 *
 * @param at Ms since 1970.
 * @returns Hours, minutes and seconds in UTC.
 */
export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}
