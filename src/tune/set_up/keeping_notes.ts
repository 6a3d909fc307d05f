/** What is said while a run goes on, kept with the sitting that says it. @module */

import type { RunInfo } from "../../run/records/run_info.ts";
import type { TuneCallbacks } from "../callbacks.ts";

/**
 * Keeps notes with the sitting: the report shows them.
 *
 * @param run run.json; whoever has it writes it.
 * @param callbacks Who is told.
 * @returns Callbacks that keep notes and tell the same.
 */
export function keepingNotes(
  run: RunInfo,
  callbacks: TuneCallbacks,
): TuneCallbacks & Required<Pick<TuneCallbacks, "event">> {
  const sitting = run.sittings.at(-1)!;
  return {
    ...callbacks,
    event(event) {
      if (event.kind === "note") (sitting.notes ??= []).push(event.text);
      callbacks.event?.(event);
    },
  };
}
