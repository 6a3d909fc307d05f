/** A recorded program as a contestant. @module */
import type { Tape } from "../../autograd/tape.ts";
import type { Tensor } from "../../autograd/tensor.ts";
import type { Program } from "../../gpu/program/program.ts";
import type { Contestant, Results } from "../contestant.ts";

/** What {@linkcode recorded} needs beside the tape. */
export interface RecordedParts {
  /** Tensors that are read as results. */
  outputs: Record<string, Tensor>;
  /** Tensors that are freed at the end. */
  owned: readonly Tensor[];
  /** Puts what was read into the layout of the workload. */
  arrange?: (read: Results) => Results;
  /** Done before every run, and timed with it, such as an upload. */
  before?: (program: Program) => void;
  /** Done at the end. */
  after?: () => void;
}

/** Our name among the contestants. */
export const OURS = "cotbal";

/**
 * Compiles what a tape has recorded.
 *
 * @param tape The recording.
 * @param parts Results, and what goes with a run.
 * @returns Ready to run.
 */
export function recorded(tape: Tape, parts: RecordedParts): Contestant {
  const { outputs, owned, arrange, before, after } = parts;
  for (const tensor of Object.values(outputs)) tape.output(tensor);
  const { gpu } = tape, program = tape.compile();
  const run = () => {
    before?.(program);
    program.run();
  };
  return {
    name: OURS,
    async results() {
      run();
      const read: Results = {};
      for (const [name, tensor] of Object.entries(outputs)) read[name] = await tensor.read(gpu);
      return arrange ? arrange(read) : read;
    },
    run,
    async wait() {
      await gpu.device.queue.onSubmittedWorkDone();
      gpu.check();
    },
    destroy() {
      program.destroy();
      for (const tensor of owned) tensor.destroy(gpu);
      after?.();
    },
  };
}
