/** A run in the midst of its probes, as a page may have to show it. */

import type { RunView } from "../../src/watch/run_view.ts";

/** Names that look like markup. */
export const HOSTILE = ["</script><b>", '<a href="https://example.org">x</a>', "a-very-long-name-".repeat(8)];

/**
 * A view.
 *
 * @param step Steps that were trained.
 * @param own What differs.
 */
export function viewAt(step: number, own: Partial<RunView> = {}): RunView {
  const points = Array.from({ length: step }, (_, i) => ({
    step: i + 1,
    loss: [3 / (i + 1), i % 2 === 0 ? 2 : null, null],
  }));
  const none = { scores: [null, null, null], seconds: null };
  return {
    folder: "runs/<i>scenes</i>-1",
    state: "running",
    heard: 0,
    error: null,
    tasks: HOSTILE,
    methods: ["ew", "cotbal"],
    seeds: [1],
    began: "2026-11-26T21:00:00.000Z",
    sittings: 2,
    parts: [
      { id: "methods/base", kind: "evaluate", state: "finished", scores: [1.26, 0, 100], seconds: 75 },
      { id: "probes/base", kind: "evaluate", state: "damaged", ...none },
      { id: "probes/plus-%3Cb%3E", kind: "tune", state: "at hand", ...none },
      { id: "balance", kind: "balance", state: "open", ...none },
    ],
    doing: { part: "probes/plus-%3Cb%3E", what: "training", done: step, of: 1000 },
    secondsLeft: 100,
    losses: { part: "probes/plus-%3Cb%3E", step, points },
    log: [{ at: 0, text: "process 1 began to work on the run" }, { at: 61_000, text: `note: ${HOSTILE[0]}` }],
    ...own,
  };
}
