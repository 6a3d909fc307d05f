/** What is said while a run goes on, kept with the sitting that says it. @module */

import type { Sitting } from "../../run/records/run_info.ts";
import type { TuneCallbacks } from "../callbacks.ts";

/**
 * Keeps notes with the sitting: the report shows them.
 *
 * @param sitting This process's, in run.json; whoever has that writes it.
 * @param callbacks Who is told.
 * @returns Callbacks that keep notes and tell the same.
 */
export function keepingNotes(
  sitting: Sitting,
  callbacks: TuneCallbacks,
): TuneCallbacks & Required<Pick<TuneCallbacks, "event">> {
  return {
    ...callbacks,
    event(event) {
      if (event.kind === "note") (sitting.notes ??= []).push(event.text);
      callbacks.event?.(event);
    },
  };
}
