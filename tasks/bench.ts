/**
 * Times the kernels and the whole training step beside their peers, on this machine's adapter.
 *
 * @module
 */

import { checkMemory, measureMemory, type MemoryRow } from "../src/bench/memory.ts";
import type { WorkloadProfile } from "../src/bench/profile.ts";
import { type BenchRow, type PeerName, PEERS, runBench } from "../src/bench/run.ts";
import { measureStorage } from "../src/bench/storage.ts";
import { label, type Workload, workloads } from "../src/bench/workloads/workload.ts";
import { InputError, RunError } from "../src/errors.ts";
import { createGpu, type Gpu } from "../src/gpu/gpu.ts";
import { measureRoofline } from "../src/gpu/profile/roofline.ts";
import { command, integer, list, main, type Terminal } from "./lib/cli.ts";
import {
  benchTable,
  digits,
  kernelTable,
  memoryTable,
  rooflineLine,
  storageTable,
} from "./lib/bench_tables.ts";

/** Asked for beside the workloads: it takes minutes and has no peers. */
const MEMORY = "memory";
/** Asked for beside the workloads: it has no peers but ourselves. */
const STORAGE = "storage";
/** Steps that the memory is watched over. */
const MEMORY_STEPS = 1000;

const NAMES = [...new Set(workloads().map((workload) => label(workload).name))];

const HELP = `
Names: ${NAMES.join(", ")}
Beginnings will do: gemm takes all three. Without names everything is measured; on a software adapter that takes
about ten minutes, most of it the peers'. They are downloaded from npm when they are asked for.
${MEMORY}, only when it is named, runs ${
  MEMORY_STEPS.toLocaleString("en-US")
} training steps, compares the live GPU bytes before and after, and what intermediate results take at
most (arena and textures) with the largest simultaneous need.
${STORAGE}, only when it is named, times the training step with activations in f32 and in f16.

Every result is checked before it is timed: ours against float64, a peer's against ours. Times are medians of runs
in turns, in one process and on one adapter, n their number; ratio is the peer's time over ours.

--profile times each kernel by the device's clock, each in a pass of its own: mean of some runs after the timed ones.
Bytes are those bound, each counted once. The roofline is measured on the same adapter before: the part of it is 100%
where a kernel computes at the adapter's peak or moves its bytes at the memory's bandwidth (above it, from caches).

Examples:
  deno task bench gemm attention
  deno task bench step --peers jax-webgpu,jax-wasm --repeat 9
  deno task bench step --peers none --profile
  deno task bench --peers none --json
  deno task bench memory
  deno task bench storage`;

const program = command("bench", "Time the kernels and the training step beside their peers.")
  .argument("[names...]", "what to measure; everything if left out")
  .option("--peers <names>", `beside whom: ${PEERS.join(", ")}, or none`, list, [...PEERS])
  .option("--repeat <n>", "times that each median is of", integer(1, 99), 5)
  .option("--profile", "time, operations and bytes of each of our kernels, beside the adapter's roofline")
  .option("--json", "write the rows as JSON on stdout")
  .addHelpText("after", HELP);

/** The peers that were asked for. */
function chosenPeers(names: readonly string[]): PeerName[] {
  if (names.join() === "none") return [];
  return names.map((name) => {
    const peer = PEERS.find((known) => known === name);
    if (!peer) throw new InputError(`--peers: expected ${PEERS.join(", ")} or none, found '${name}'`);
    return peer;
  });
}

/** Measures the workloads; tells the roofline and the kernels where they are asked for. */
async function measureRows(terminal: Terminal, gpu: Gpu, chosen: readonly Workload[]) {
  const { peers, repeat, profile } = program.opts();
  const roofline = profile ? await measureRoofline(gpu) : undefined;
  const profiles: WorkloadProfile[] = [], rows: BenchRow[] = [];
  const progress = terminal.progress("bench", chosen.length);
  const measured = runBench(gpu, {
    workloads: chosen,
    peers: chosenPeers(peers),
    repeat,
    signal: terminal.signal,
    onStart: (name, done) => progress.update(done, name),
    ...(roofline && { profile: { roofline, onProfile: (found) => profiles.push(found) } }),
  });
  for await (const row of measured) rows.push(row);
  progress.end(gpu.facts.description || `${gpu.facts.vendor} ${gpu.facts.architecture}`);
  return { rows, ...(roofline && { roofline, profiles }) };
}

/** On a device of its own, whose arena no other workload has made larger. */
async function watchMemory(terminal: Terminal): Promise<MemoryRow> {
  const gpu = await createGpu();
  const progress = terminal.progress(MEMORY, MEMORY_STEPS);
  try {
    return await measureMemory(gpu, {
      steps: MEMORY_STEPS,
      signal: terminal.signal,
      onStep: (done) => progress.update(done, `step ${done}`),
    });
  } finally {
    progress.end();
    gpu.destroy();
  }
}

await main(program, async (terminal) => {
  const [names] = program.processedArgs;
  const { repeat, json } = program.opts();
  const extra = (name: string) => name === MEMORY || name === STORAGE;
  const unknown = names.find((name) => !extra(name) && workloads([name]).length === 0);
  if (unknown !== undefined) {
    throw new InputError(
      `'${unknown}' is not measured; expected the beginning of ${NAMES.join(", ")}, or ${MEMORY}, ${STORAGE}`,
    );
  }
  const others = names.filter((name) => !extra(name));
  const chosen = names.length > 0 && others.length === 0 ? [] : workloads(others);
  const gpu = await createGpu();
  const { rows, roofline, profiles } = await measureRows(terminal, gpu, chosen);
  const { signal } = terminal;
  const storage = names.includes(STORAGE) ? await measureStorage(gpu, { repeat, signal }) : undefined;
  const memory = names.includes(MEMORY) ? await watchMemory(terminal) : undefined;
  if (json) {
    const date = new Date().toISOString().slice(0, 10);
    const head = { date, deno: Deno.version.deno, adapter: gpu.facts, repeat };
    terminal.json({
      ...head,
      rows,
      ...(roofline && { roofline, profiles }),
      ...(storage && { storage }),
      ...(memory && { memory }),
    });
  } else {
    if (rows.length > 0) { for (const line of benchTable(rows)) terminal.print(line); }
    if (roofline) { for (const line of ["", rooflineLine(roofline)]) terminal.print(line); }
    for (const profile of profiles ?? []) for (const line of kernelTable(profile)) terminal.print(line);
    if (storage) { for (const line of storageTable(storage)) terminal.print(line); }
    if (memory) { for (const line of memoryTable(memory)) terminal.print(line); }
    const step = rows.find(({ hostMs }) => hostMs !== null);
    if (step?.ours) {
      terminal.say(
        `step: ${digits(step.hostMs)} ms from its start to its submit, ` +
          `${(100 * step.hostMs! / step.ours).toFixed(1)}% of it`,
      );
    }
  }
  gpu.destroy();
  if (memory) checkMemory(memory);
  const wrong = rows.find(({ ours }) => ours === null);
  if (wrong) {
    const error = wrong.oursError.toExponential(1);
    throw new RunError(
      `${wrong.name} ${wrong.shape}: our own result is off by ${error} from float64; \`deno task doctor\` checks the adapter`,
    );
  }
}, { needed: true });
