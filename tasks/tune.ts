/**
 * Runs the whole of CoTBal: a run folder, a table of results, the report.
 *
 * @module
 */

import { InvalidArgumentError } from "commander";
import { basename, join, resolve } from "@std/path";
import { InputError } from "../src/errors.ts";
import { createGpu } from "../src/gpu/gpu.ts";
import { renderReport } from "../src/report/render_report.ts";
import { headline } from "../src/report/sections/headline.ts";
import { gpuEngine } from "../src/train/gpu_engine.ts";
import { loadRun } from "../src/run/load_run.ts";
import type { TuneOptions } from "../src/tune/options.ts";
import { presets } from "../src/train/presets.ts";
import { exists, writeWhole } from "../src/run/files.ts";
import { tune, type TuneEvent } from "../src/tune/tune.ts";
import type { LoadedRun } from "../src/run/records/loaded_run.ts";
import type { TaskScore } from "../src/run/records/part_result.ts";
import { command, integer, list, main, number, type Progress, type Terminal } from "./_cli.ts";
import { inPackage, packageVersion } from "./_package.ts";
import { resumeCommand } from "./_resume.ts";
import { alignColumns } from "./_table.ts";

const program = command(
  "tune",
  "Run the whole of CoTBal: probes, task weights, tuning beside equal weights, scores and the report.",
)
  .option("--data <path>", "a folder or file of your own in LLaVA form (default: the built-in scenes)")
  .option(
    "--preset <name>",
    `settings and base checkpoint: ${presets.map(({ name }) => name).join(", ")}`,
    "tiny",
  )
  .option("--checkpoint <folder>", "base checkpoint, a Hugging Face LLaVA folder (default: the preset's)")
  .option("--tasks <names>", "tasks, separated by commas (default: all)", list)
  .option("--methods <names>", "some of ew, cotbal, stl, tla (default: ew,cotbal)", list)
  .option("--seeds <numbers>", "seeds, separated by commas (default: 1)", seeds)
  .option("--seed <n>", "the same as --seeds with one seed", integer(0))
  .option("--mini <share>", "part of a task's samples in its mini subset (default: 1/8)", share)
  .option("--large <share>", "part of a task's samples in its large subset (default: 1/2)", share)
  .option("--temperature <T>", 'temperature of the weights, or "auto" (default: 0.5)', temperature)
  .option("--alpha <out,in,difficulty>", "shares of the three weights (default: 0.25,0.25,0.5)", alpha)
  .option(
    "--freeze <parts>",
    "of vision, projector, language: not trained; none: all are (default: the preset's)",
    list,
  )
  .option("--rates <part=x,...>", "factors on the learning rate of parts, such as vision=0.1", rates)
  .option(
    "--storage <type>",
    "how activations and frozen matrices are stored in training: f32, or f16 where shader-f16 is (default: f32)",
  )
  .option("--epochs <n>", "passes over the training samples (default: 1; up to 10 on small data)", number(0))
  .option("--steps <n>", "steps of a final tuning, in place of --epochs", integer(1))
  .option("--batch <n>", "conversations a step (default: the preset's)", integer(1))
  .option("--lr <rate>", "highest learning rate (default: the preset's)", number(0))
  .option("--validation <n>", "questions a task in validation (default: the preset's)", integer(1))
  .option("--test <n>", "questions a task in the test (default: all)", integer(1))
  .option("--max-tokens <n>", "longest conversation, in tokens (default: the preset's)", integer(1))
  .option("--scale <x>", "size of the built-in scenes: 0.1 = a tenth of the conversations", number(0))
  .option(
    "--profile",
    "time the kernels of some steps by the adapter's clock, for the report (results stay the same)",
  )
  .option("--out <folder>", "where the run goes (default: runs/<data>-<n>, a new folder)")
  .option("--resume", "go on with an interrupted run (without --out: the latest one), to the same bits")
  .option("--json", "write the results as JSON on stdout")
  .addHelpText(
    "after",
    `
The preset is tiny unless --preset or --checkpoint says otherwise, on any adapter: only its base checkpoint ships.
Shares may be fractions such as 1/8. The report is <out>/report.html.

--profile times ten steps of the first part that is trained, measures what the adapter can do at most (some seconds
before the parts), writes <out>/profile.json and gives the report a section "Where the time goes". No result changes
by a bit. The adapter must offer timestamp-query; \`deno task bench --profile\` does the same for each workload.`,
  );

function seeds(text: string): number[] {
  return list(text).map(integer(0));
}

function share(text: string): number {
  const [above, below, ...rest] = text.split("/");
  if (rest.length > 0) throw new InvalidArgumentError("Expected a share such as 0.125 or 1/8.");
  return below === undefined ? number(0, 1)(text) : number(0)(above!) / number(1)(below);
}

function temperature(text: string): number | "auto" {
  return text === "auto" ? text : number(0)(text);
}

function alpha(text: string): NonNullable<TuneOptions["alpha"]> {
  const parts = text.split(",").map(share);
  const [out, inward, difficulty] = parts;
  if (parts.length !== 3 || out === undefined || inward === undefined || difficulty === undefined) {
    throw new InvalidArgumentError("Expected three shares, such as 0.25,0.25,0.5.");
  }
  return { out, in: inward, difficulty };
}

/** Names are checked with all other options. */
function parts(names: readonly string[]): NonNullable<TuneOptions["freeze"]> {
  return (names.join() === "none" ? [] : names) as NonNullable<TuneOptions["freeze"]>;
}

function rates(text: string): NonNullable<TuneOptions["rates"]> {
  return Object.fromEntries(
    list(text).map((entry) => {
      const [part, factor, ...rest] = entry.split("=");
      if (factor === undefined || rest.length > 0) {
        throw new InvalidArgumentError("Expected part=factor, such as vision=0.1,projector=2.");
      }
      return [part, number(0)(factor)];
    }),
  );
}

/** The options that were given; the folder remembers those of a run that is resumed. */
function given(): TuneOptions {
  const options = program.opts();
  if (options.seed !== undefined && options.seeds !== undefined) {
    throw new InputError("expected --seed or --seeds, found both");
  }
  const asked = (key: "preset") => program.getOptionValueSource(key) === "cli";
  const all: { [K in keyof TuneOptions]: TuneOptions[K] | undefined } = {
    preset: asked("preset") ? options.preset : undefined,
    data: options.data,
    checkpoint: options.checkpoint,
    tasks: options.tasks,
    methods: options.methods,
    seeds: options.seeds ?? (options.seed === undefined ? undefined : [options.seed]),
    mini: options.mini,
    large: options.large,
    temperature: options.temperature,
    alpha: options.alpha,
    freeze: options.freeze === undefined ? undefined : parts(options.freeze),
    rates: options.rates,
    storage: options.storage as TuneOptions["storage"], // checked with all other options
    epochs: options.epochs,
    steps: options.steps,
    batch: options.batch,
    learningRate: options.lr,
    validationLimit: options.validation,
    testLimit: options.test,
    maxTokens: options.maxTokens,
    scale: options.scale,
    profile: options.profile,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
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

function scoreLine(scores: readonly TaskScore[]): string {
  return scores.map(({ task, score }) => `${task} ${score.toFixed(1)}`).join(" · ");
}

/** Shows events: one bar for the whole run, one line for each finished part. */
function follow(terminal: Terminal): (event: TuneEvent) => void {
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
        return terminal.say(`[${event.index}/${event.parts}] ${decodeURIComponent(event.part)}: ${scores}`);
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

function resultLines({ results }: LoadedRun): string[] {
  const { references, methods, tasks } = results;
  const number = (x: number | null) => x === null ? "–" : x.toFixed(1);
  const rows: [string, (number | null)[]][] = [
    ["chance", references.chance],
    ["majority", references.majority],
    ["majority a template", references.majorityPerTemplate],
    ["blank image (EW)", results.blank ?? tasks.map(() => null)],
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

await main(program, async (terminal) => {
  const { resume = false, json, out: wanted } = program.opts();
  const options = given();
  const out = wanted ?? await chooseFolder(options.data, resume);
  terminal.resume = resumeCommand("tune", Deno.args, out);
  terminal.heading(resume ? `Going on with the run in ${out}` : `A run in ${out}`);
  const began = performance.now();
  const gpu = await createGpu();
  try {
    const versions = { cotbal: packageVersion, ...Deno.version };
    await tune(gpuEngine(gpu), options, { out, resume, root: inPackage(""), versions }, {
      event: follow(terminal),
      signal: terminal.signal,
    });
  } finally {
    gpu.destroy();
  }
  const run = await loadRun(out);
  const report = join(out, "report.html");
  await writeWhole(report, await renderReport([run]));

  if (json) return terminal.json(run.results);
  for (const line of resultLines(run)) terminal.print(line);
  terminal.print("");
  terminal.print(run.results.baseNote);
  for (const { seed, weights } of run.balances) {
    const label = run.balances.length === 1 ? "" : ` (seed ${seed})`;
    const each = weights.tasks.map((task, i) => `${task} ${weights.lambda[i]!.toFixed(3)}`);
    terminal.print(`Weights λ${label}: ${each.join(" · ")}`);
  }
  terminal.print(headline(run).sentence);
  terminal.print(`Report: ${report}`);
  terminal.say(`${((performance.now() - began) / 60_000).toFixed(1)} minutes`);
}, { adapter: true });
