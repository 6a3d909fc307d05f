/**
 * Runs the whole of CoTBal: a run folder, a table of results, the report.
 *
 * @module
 */

import { basename, join, resolve } from "@std/path";
import { ew } from "../src/balance/methods/ew.ts";
import { findMethod, METHODS } from "../src/balance/methods/registry.ts";
import { InputError } from "../src/errors.ts";
import { renderReport } from "../src/report/render_report.ts";
import { summaryImage } from "../src/report/summary/summary.ts";
import { chosenSteps } from "../src/report/sections/results/evaluations.ts";
import { headline } from "../src/report/sections/results/headline.ts";
import { validationCosts } from "../src/report/sections/run/costs.ts";
import { loadRun } from "../src/run/load_run.ts";
import { TUNE_SETTINGS, type TuneOptions } from "../src/tune/options/settings.ts";
import { exists, writeWhole } from "../src/run/files.ts";
import type { TunePlace } from "../src/tune/callbacks.ts";
import { dryRun } from "../src/tune/ahead.ts";
import { prepareRun, tune } from "../src/tune/tune.ts";
import type { LoadedRun } from "../src/run/records/loaded_run.ts";
import { command, integer, main, type Terminal } from "./lib/cli.ts";
import { dryRunLines } from "./lib/dry_run_lines.ts";
import { listAdapters } from "./lib/adapters.ts";
import { shareRun } from "./lib/jobs.ts";
import { follow } from "./lib/follow.ts";
import { onGpu, placeOf } from "./lib/on_gpu.ts";
import { pageModels } from "./lib/page_models.ts";
import { SUMMARY, summaryFile } from "./lib/summary_file.ts";
import { resumeCommand, shellLine } from "./lib/resume.ts";
import { giveUpStarting, startWatcher } from "./lib/start_watcher.ts";
import { addSettings, givenSettings } from "./lib/settings.ts";
import { alignColumns } from "./lib/table.ts";

/** Characters of the longest id of a method. */
const widest = Math.max(...METHODS.map(({ id }) => id.length));

const program = command(
  "tune",
  "Run the whole of CoTBal: probes, task weights, tuning beside equal weights, scores and the report.",
);
addSettings(program, TUNE_SETTINGS);
const flags = program
  .option("--seed <n>", "the same as --seeds with one seed", integer(0))
  .option("--out <folder>", "where the run goes (default: runs/<data>-<n>, a new folder)")
  .option("--resume", "go on with an interrupted run (without --out: the latest one), to the same bits")
  .option(
    "--join <run>",
    "share the run in this folder with other processes, on this machine or others; whoever is the first prepares it",
  )
  .option(
    "--jobs <n>",
    "have so many processes share the run, on the adapters that `deno task doctor` lists in turn",
    integer(1, 64),
  )
  .option(
    "--prepare",
    "read and check all, write what the parts share, and stop: deno task part carries them out",
  )
  .option(
    "--watch [port]",
    "serve a page to this machine alone that shows the run as it goes (deno task watch does so for any run)",
    integer(0, 65_535),
  )
  .option(
    "--dry-run",
    "read and check all, say steps, tokens, memory, disk and time, and stop: no run folder is written",
  )
  .option("--no-model", "leave the tuned models out of the report, where they can be asked")
  .option("--json", "write the results, or what a dry run found, as JSON on stdout")
  .addHelpText(
    "after",
    `
Methods:
${METHODS.map(({ id, text }) => `  ${id.padEnd(widest)}  ${text}`).join("\n")}

The preset is tiny unless --preset or --checkpoint says otherwise, on any adapter: only its base checkpoint ships.
Shares may be fractions such as 1/8. The report is <out>/report.html, its summary image <out>/summary.png.

--profile times ten steps of the first part that is trained, measures what the adapter can do at most (some seconds
before the parts), writes <out>/profile.json and gives the report a section "Where the time goes". No result changes
by a bit. The adapter must offer timestamp-query; \`deno task bench --profile\` does the same for each workload.`,
  );

/** The options that were given; the folder remembers those of a run that is resumed. */
function given(): TuneOptions {
  const options = givenSettings(program, TUNE_SETTINGS);
  const { seed } = flags.opts();
  if (seed !== undefined && options.seeds !== undefined) {
    throw new InputError("expected --seed or --seeds, found both");
  }
  return seed === undefined ? options : { ...options, seeds: [seed] };
}

/** A new folder, or the latest one that is not finished. */
async function chooseFolder(data: string | undefined, resume: boolean): Promise<string> {
  const name = data === undefined
    ? "scenes"
    : basename(resolve(data), ".json").replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[.-]+/, "") || "data";
  let n = 1;
  while (await exists(join("runs", `${name}-${n}`))) n++;
  return join("runs", `${name}-${resume ? Math.max(1, n - 1) : n}`);
}

function resultLines({ results }: LoadedRun): string[] {
  const { references, methods, tasks } = results;
  const number = (x: number | null) => x === null ? "–" : x.toFixed(1);
  const rows: [string, (number | null)[]][] = [
    ["chance", references.chance],
    ["majority", references.majority],
    ["majority a template", references.majorityPerTemplate],
    [`blank image (${ew.name})`, results.blank ?? tasks.map(() => null)],
    ["base, untuned", results.zeroShot],
    ...Object.entries(methods).map(([name, { scores }]): [string, number[]] => [name, scores]),
  ];
  const delta = (name: string) =>
    methods[name] === undefined ? ["", ""] : [
      number(methods[name].deltaI),
      number(methods[name].deltaE),
    ];
  return alignColumns([
    ["", ...tasks, "ΔI%", "ΔE%"],
    ...rows.map(([name, scores]) => [name, ...scores.map(number), ...delta(name)]),
  ]);
}

/** Scores on tasks never tuned on, where they were asked for. */
function zeroShotLines({ results: { zeroShotTasks: found } }: LoadedRun): string[] {
  if (found === undefined) return [];
  const number = (x: number | null) => x === null ? "–" : x.toFixed(1);
  const methods = Object.entries(found.methods);
  return alignColumns([
    ["never tuned on", ...found.tasks, "ΔI_zero%"],
    ["base, untuned", ...found.base.map(number), ""],
    ...methods.map(([name, { scores, deltaI }]) => [name, ...scores.map(number), number(deltaI)]),
  ]);
}

/**
 * Starts the page, before any data are read: the right to start processes is given back at once, unless they are to share
 * the run.
 */
async function startWatching(terminal: Terminal, out: string, later: boolean): Promise<void> {
  const { watch } = flags.opts();
  const giveUp = async () => {
    if (!later) await giveUpStarting();
  };
  if (watch === undefined || flags.opts().dryRun) return await giveUp();
  const url = await startWatcher(out, watch === true ? 0 : watch, (text) => terminal.say(text));
  await giveUp();
  terminal.say(`The run is shown on ${url}`);
}

/** How many adapters the processes that share a run take in turn: the first ones, as far as they are no CPU. */
async function hardwareCount(): Promise<number> {
  const all = await listAdapters();
  const software = all.findIndex(({ isFallbackAdapter }) => isFallbackAdapter);
  return Math.max(1, software < 0 ? all.length : software);
}

/** Which folder, and how. */
async function choosePlace(data: string | undefined): Promise<TunePlace> {
  const { resume = false, out, join: joined, prepare = false } = flags.opts();
  if (joined === undefined) {
    const folder = out ?? await chooseFolder(data, resume);
    return placeOf(folder, { resume, join: prepare && !resume });
  }
  const other = out !== undefined ? "--out" : resume ? "--resume" : undefined;
  if (other !== undefined) {
    throw new InputError(`expected --join RUN, which names the run's folder, without ${other}; found both`);
  }
  return placeOf(joined, { resume: true, join: true });
}

await main(flags, async (terminal) => {
  const { json, dryRun: dry, model: carried, prepare = false, join: joined, jobs } = flags.opts();
  const options = given();
  const place = await choosePlace(options.data);
  const { out, resume } = place;
  if (jobs !== undefined && (dry || prepare || joined !== undefined)) {
    throw new InputError(
      "expected --jobs for a run of one's own, found --dry-run, --prepare or --join beside it",
    );
  }
  await startWatching(terminal, out, jobs !== undefined);
  const callbacks = { event: follow(terminal), signal: terminal.signal };
  if (dry) {
    const found = await onGpu(terminal.gpu, (engine) => dryRun(engine, options, place, callbacks));
    if (json) return terminal.json(found);
    for (const line of dryRunLines(found)) terminal.print(line);
    return;
  }
  terminal.resume = joined === undefined
    ? resumeCommand("tune", Deno.args, out)
    : shellLine(["deno", "task", "tune", ...Deno.args]);
  if (prepare) {
    terminal.heading(`Preparing a run in ${out}`);
    const { parts, finished } = await onGpu(
      terminal.gpu,
      (engine) => prepareRun(engine, options, place, callbacks),
    );
    if (json) return terminal.json({ run: out, parts, finished });
    terminal.print(`${out} is prepared: ${parts} parts, ${finished} finished`);
    return;
  }
  terminal.heading(
    joined !== undefined
      ? `Taking part in the run in ${out}`
      : resume
      ? `Going on with the run in ${out}`
      : `A run in ${out}`,
  );
  const began = performance.now();
  const report = join(out, "report.html");
  const finish = async () => {
    const run = await loadRun(out);
    const note = (text: string) => terminal.say(`note: ${text}`);
    await writeWhole(
      report,
      await renderReport([run], carried ? await pageModels(run, undefined, note) : undefined, SUMMARY),
    );
    await writeWhole(summaryFile(report), await summaryImage(run));
  };
  const finished = async () => await exists(report) && await exists(summaryFile(report));
  if (jobs === undefined) {
    await onGpu(terminal.gpu, (engine) => tune(engine, options, place, { ...callbacks, finish, finished }));
  } else {
    await onGpu(terminal.gpu, (engine) => prepareRun(engine, options, place, callbacks));
    const chosen = terminal.adapter === undefined ? [] : ["--adapter", terminal.adapter];
    await shareRun({
      count: jobs,
      out,
      args: [...carried ? [] : ["--no-model"], ...chosen],
      adapters: chosen.length > 0 ? 1 : await hardwareCount(),
      say: (text) => terminal.say(text),
      signal: terminal.signal,
    });
    await giveUpStarting();
  }
  const run = await loadRun(out);

  if (json) return terminal.json(run.results);
  for (const line of resultLines(run)) terminal.print(line);
  terminal.print("");
  terminal.print(run.results.baseNote);
  for (const line of zeroShotLines(run)) terminal.print(line);
  const first = { method: undefined, balances: run.balances };
  for (const { method, balances } of [first, ...run.furtherBalances ?? []]) {
    for (const { seed, weights } of balances) {
      const of = method === undefined ? "" : ` of ${method}`;
      const label = of + (balances.length === 1 ? "" : ` (seed ${seed})`);
      const each = weights.tasks.map((task, i) => `${task} ${weights.lambda[i]!.toFixed(3)}`);
      terminal.print(`Weights λ${label}: ${each.join(" · ")}`);
    }
  }
  const nameOf = (id: string) => findMethod(id)?.name ?? id;
  for (const text of chosenSteps(run, nameOf)) terminal.print(text);
  for (const text of validationCosts(run.results, nameOf)) terminal.print(text);
  terminal.print(headline(run).sentence);
  terminal.print(`Report: ${report}`);
  terminal.print(`Summary image: ${summaryFile(report)}`);
  terminal.say(`${((performance.now() - began) / 60_000).toFixed(1)} minutes`);
}, { adapter: true });
