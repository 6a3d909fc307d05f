/**
 * A run on the terminal as it goes.
 *
 * @module
 */

import type { TuneEvent } from "../../src/tune/callbacks.ts";
import type { TaskScore } from "../../src/run/records/part_result.ts";
import type { Progress, Terminal } from "./cli.ts";

function scoreLine(scores: readonly TaskScore[]): string {
  return scores.map(({ task, score }) => `${task} ${score.toFixed(1)}`).join(" · ");
}

/**
 * Shows events: one bar for the whole run, one line for each finished part.
 *
 * @param terminal Where.
 * @returns What is to be told of events.
 */
export function follow(terminal: Terminal): (event: TuneEvent) => void {
  let began = 0;
  let setup: { doing: string; progress: Progress } | undefined;
  let bar: Progress | undefined;
  return (event) => {
    if (event.kind !== "setup" || event.doing !== setup?.doing) {
      setup?.progress.end();
      setup = undefined;
    }
    switch (event.kind) {
      case "note":
        return terminal.say(`note: ${event.text}`);
      case "setup":
        setup ??= { doing: event.doing, progress: terminal.progress(event.doing, event.total) };
        return setup.progress.update(event.done);
      case "part": {
        if (event.before) return;
        const scores = event.scores.length === 0 ? "done" : scoreLine(event.scores);
        const by = event.elsewhere === true ? ", by another process" : "";
        return terminal.say(
          `[${event.index}/${event.parts}] ${decodeURIComponent(event.part)}${by}: ${scores}`,
        );
      }
      case "progress": {
        if (bar === undefined) {
          bar = terminal.progress("tuning", 1);
          began = performance.now();
        }
        const elapsed = (performance.now() - began) / 1000;
        const loss = event.loss === null ? "" : `, loss ${event.loss.toFixed(3)}`;
        const note = `${decodeURIComponent(event.part)} ${event.doing} ${event.step}/${event.steps}${loss}`;
        // The bar tells the time left from the part that is done: here by time, as the parts differ in speed.
        bar.update(event.secondsLeft === null ? 0 : elapsed / (elapsed + event.secondsLeft), note);
      }
    }
  };
}
