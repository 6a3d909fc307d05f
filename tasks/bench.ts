/**
 * Times the kernels and the whole training step beside their peers, on this machine's adapter.
 *
 * @module
 */

import { type BenchRow, label, type PeerName, PEERS, runBench, workloads } from "../src/bench/mod.ts";
import { InputError, RunError } from "../src/errors.ts";
import { createGpu } from "../src/gpu/gpu.ts";
import { command, integer, list, main } from "./_cli.ts";
import { alignColumns } from "./_table.ts";

const NAMES = [...new Set(workloads().map((workload) => label(workload).name))];

const HELP = `
Names: ${NAMES.join(", ")}
Beginnings will do: gemm takes all three. Without names everything is measured; on a software adapter that takes
about ten minutes, most of it the peers'. They are downloaded from npm when they are asked for.

Every result is checked before it is timed: ours against float64, a peer's against ours. Times are medians of runs
in turns, in one process and on one adapter; ratio is the peer's time over ours.

Examples:
  deno task bench gemm attention
  deno task bench step --peers jax-webgpu,jax-wasm --repeat 9
  deno task bench --peers none --json`;

const program = command("bench", "Time the kernels and the training step beside their peers.")
  .argument("[names...]", "what to measure; everything if left out")
  .option("--peers <names>", `beside whom: ${PEERS.join(", ")}, or none`, list, [...PEERS])
  .option("--repeat <n>", "times that each median is of", integer(1, 99), 5)
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

/** Three digits that count. */
function digits(x: number | null): string {
  if (x === null) return "–";
  return x >= 100 ? Math.round(x).toLocaleString("en-US") : x.toPrecision(3);
}

function span(of: [number, number] | null): string {
  return of ? `${digits(of[0])}–${digits(of[1])}` : "";
}

/** What the last column says: nothing where all is well. */
function verdict({ correct, note, peerError, oursError, peer }: BenchRow): string {
  if (correct !== false) return note;
  const error = peer === null ? oursError : peerError;
  return error === null || Number.isNaN(error) ? `FAILED (${note})` : `${note}, by ${error.toExponential(1)}`;
}

function table(rows: readonly BenchRow[]): string[] {
  const head = ["name", "shape", "ours ms", "min–max", "GFLOP/s", "peer", "peer ms", "min–max", "ratio", ""];
  const cells = rows.map((row) => [
    row.name,
    row.shape,
    digits(row.ours),
    span(row.oursRange),
    digits(row.gflops),
    row.peer ?? "–",
    digits(row.peerMs),
    span(row.peerRange),
    row.ratio === null ? "–" : `${digits(row.ratio)}×`,
    verdict(row),
  ]);
  return alignColumns([head, ...cells]);
}

await main(program, async (terminal) => {
  const [names] = program.processedArgs;
  const { peers, repeat, json } = program.opts();
  const unknown = names.find((name) => workloads([name]).length === 0);
  if (unknown !== undefined) {
    throw new InputError(`'${unknown}' is not measured; expected the beginning of ${NAMES.join(", ")}`);
  }
  const chosen = workloads(names);
  const beside = chosenPeers(peers);
  const gpu = await createGpu();
  const rows: BenchRow[] = [];
  const progress = terminal.progress("bench", chosen.length);
  const measured = runBench(gpu, {
    workloads: chosen,
    peers: beside,
    repeat,
    signal: terminal.signal,
    onStart: (name, done) => progress.update(done, name),
  });
  for await (const row of measured) rows.push(row);
  progress.end(gpu.facts.description || `${gpu.facts.vendor} ${gpu.facts.architecture}`);
  if (json) {
    const date = new Date().toISOString().slice(0, 10);
    terminal.json({ date, deno: Deno.version.deno, adapter: gpu.facts, repeat, rows });
  } else {
    for (const line of table(rows)) terminal.print(line);
    const step = rows.find(({ hostMs }) => hostMs !== null);
    if (step?.ours) {
      terminal.say(
        `step: ${digits(step.hostMs)} ms from its start to its submit, ` +
          `${(100 * step.hostMs! / step.ours).toFixed(1)}% of it`,
      );
    }
  }
  gpu.destroy();
  const wrong = rows.find(({ ours }) => ours === null);
  if (wrong) {
    const error = wrong.oursError.toExponential(1);
    throw new RunError(
      `${wrong.name} ${wrong.shape}: our own result is off by ${error} from float64; \`deno task doctor\` checks the adapter`,
    );
  }
}, { adapter: true });
