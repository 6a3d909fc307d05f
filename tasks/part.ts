/**
 * Carries out one part of a run that was prepared, or says how its parts stand.
 *
 * @module
 */

import { holderName } from "../src/run/claims/holder.ts";
import { type PartState, partStates } from "../src/run/part_states.ts";
import { createGpu } from "../src/gpu/gpu.ts";
import { gpuEngine } from "../src/train/gpu_engine.ts";
import { carryOutPart, type PartOutcome } from "../src/tune/tune.ts";
import { command, EXIT, main, needAdapter, type Terminal } from "./lib/cli.ts";
import { follow } from "./lib/follow.ts";
import { placeOf } from "./lib/on_gpu.ts";
import { shellLine } from "./lib/resume.ts";

const program = command(
  "part",
  "Carry out one part of a run that was prepared (tune --prepare), and nothing else.",
)
  .argument("<run>", "the run's folder")
  .argument(
    "[part]",
    "the part's id, as in the plan (probes/mini, seed-1/methods/ew); without it, all parts with their states",
  )
  .option("--json", "write the part and its state, or all of them, as JSON on stdout")
  .addHelpText(
    "after",
    `
            ${EXIT.finishedBefore} the part was finished before, ${EXIT.claimed} another process has it, ${EXIT.notReady} it needs parts that are not finished.

Several processes, on one machine or many, may carry out parts of one run at a time: nothing else than the folder need be
shared. deno task tune --join RUN takes part after part, and makes results and report in the end.`,
  );

/** A state in words. */
function sentence(state: PartState | PartOutcome): string {
  switch (state.state) {
    case "done":
      return "finished before";
    case "claimed":
      return `claimed by ${holderName(state.holder)} since ${state.holder.since}`;
    case "not ready":
      return `not ready: needs ${state.missing.map(({ file, part }) => `${file} (of ${part})`).join(", ")}`;
    default:
      return state.state;
  }
}

const CODES = {
  "done now": EXIT.done,
  done: EXIT.finishedBefore,
  claimed: EXIT.claimed,
  "not ready": EXIT.notReady,
} as const satisfies Record<PartOutcome["state"], number>;

async function carryOut(id: string, run: string, terminal: Terminal): Promise<PartOutcome> {
  let close = () => {};
  const open = async () => {
    await needAdapter();
    const gpu = await createGpu(terminal.gpu);
    close = () => gpu.destroy();
    return gpuEngine(gpu);
  };
  terminal.resume = shellLine(["deno", "task", "part", run, id]);
  try {
    return await carryOutPart(open, id, placeOf(run, { resume: true, join: true }), {
      event: follow(terminal),
      signal: terminal.signal,
    });
  } finally {
    close();
  }
}

await main(program, async (terminal) => {
  const [run, id] = program.processedArgs;
  const { json } = program.opts();
  if (id === undefined) {
    const parts = await partStates(run);
    if (json) {
      return terminal.json(parts.map(({ part: { id, kind }, state }) => ({ part: id, kind, ...state })));
    }
    for (const { part, state } of parts) terminal.print(`${part.id}: ${sentence(state)}`);
    return;
  }
  const found = await carryOut(id, run, terminal);
  if (json) terminal.json({ part: id, ...found });
  else terminal.print(`${id}: ${sentence(found)}`);
  return CODES[found.state];
}, { adapter: true, needed: false });
