/**
 * Turns a table of validation scores into contributions, difficulties and task weights.
 *
 * @module
 */

import { meanInterval, rankCorrelation } from "../src/balance/compare/statistics.ts";
import { parseScoresCsv, parseScoresJson } from "../src/balance/cotbal/parse_scores.ts";
import { averageTables, type BalanceTable } from "../src/balance/cotbal/table.ts";
import {
  type BalanceOptions,
  weightsFromScores,
  type WeightsReport,
} from "../src/balance/cotbal/weights_from_scores.ts";
import { InputError } from "../src/errors.ts";
import { writeWhole } from "../src/run/files.ts";
import { command, list, main } from "./lib/cli.ts";
import { packageVersion } from "./lib/package.ts";
import { alignColumns } from "./lib/table.ts";
import { alpha, fixed, numbers, temperature } from "./lib/weights_options.ts";

const FILES_HELP = `
A table is JSON, or CSV in a file named .csv. Scores: higher is better, if not said otherwise. V_j(X) is the validation score on
task j of the model tuned on X; mini is a small subset of every task, i+mini a large subset of task i and
the small ones of the others.

  JSON   {"tasks": [names], "mini": [V_j(mini)], "plus": [row i: [V_j(i+mini)]]}
         a run's validation.json and weights.json are such tables, too
  CSV    model,caption,vqa        <- the tasks
         mini,52.4,44.0           <- V_j(mini)
         caption+mini,76.8,47.0   <- V_j(caption+mini)
         vqa+mini,55.0,55.5       <- V_j(vqa+mini)

  Other forms, with the same names as keys (JSON) or rows (CSV):
    chat         tasks, base (the untuned model), alone (row i: tuned on i alone; in CSV a row TASK),
                 mini (V_i of the model tuned on a mini subset of i alone)
    precise      beside mini and plus, in JSON: miniAlone, largeAlone (V_i of the models tuned on i alone)
    vectors      tasks, contributionOut, contributionIn, difficulty
    floor        beside scores: what counts as nothing learnt, one a task; see --floor
    directions   losses, error rates: "lowerIsBetter": ["loss"] in JSON, loss:lower in the header of a CSV, or
                 --lower-is-better loss. C then counts falls instead of rises, which is the same ratio, and
                 D = 1 - V_i(i+mini) / V_i(mini); with a floor f, D = 1 - (f - V_i(mini)) / (f - V_i(i+mini))
  Several files, or a JSON list of tables, are seeds: their scores are averaged.

Examples:
  deno task weights data/examples/scores.csv
  deno task weights data/examples/scores.json --temperature auto --json
  deno task weights data/examples/losses.csv --html weights.html
  deno task weights runs/a/seed-1/validation.json runs/a/seed-2/validation.json`;

const program = command("weights", "Turn a table of validation scores into task weights, by CoTBal.")
  .argument("<files...>", "tables of scores, JSON or CSV; several are seeds")
  .option(
    "--temperature <T>",
    "T of the softmax, or auto: the lowest that keeps every weight in [0.5, 2]",
    temperature,
    0.5,
  )
  .option(
    "--alpha <out,in,difficulty>",
    "shares of the three weights, summing to 1; fractions such as 1/3 will do (default: 0.25,0.25,0.5)",
    alpha,
  )
  .option("--fixed <task=weight,...>", "tasks outside the balancing, with their weights", fixed)
  .option(
    "--floor <scores>",
    "not in the paper: scores that count as nothing learnt (blank image, majority answer), one a task",
    numbers,
  )
  .option(
    "--least-gain <points>",
    "not in the paper: own gains up to this leave contributions undefined; one number, or one a task",
    numbers,
  )
  .option(
    "--lower-is-better <tasks>",
    "not in the paper: tasks whose scores are better lower, beside those the tables name",
    list,
  )
  .option("--html <file>", "write a page with contributions, difficulties and weights, too")
  .option("--json", "write the weights as JSON (the content of weights.json)")
  .addHelpText("after", FILES_HELP);

await main(program, async (terminal) => {
  const [files] = program.processedArgs;
  const flags = program.opts();
  const tables: BalanceTable[] = [];
  for (const file of files) tables.push(...await readTables(file));

  const options: BalanceOptions = {
    temperature: flags.temperature,
    ...(flags.alpha && { alpha: flags.alpha }),
    ...(flags.fixed && { fixed: flags.fixed }),
    ...(flags.floor && { floor: flags.floor }),
    ...(flags.leastGain && {
      leastGain: flags.leastGain.length === 1 ? flags.leastGain[0]! : flags.leastGain,
    }),
    ...(flags.lowerIsBetter && { lowerIsBetter: flags.lowerIsBetter }),
  };
  const report = weightsFromScores(tables, options);
  const seeds = tables.length < 2
    ? []
    : tables.map((table) => weightsFromScores(table, { ...options, temperature: report.temperature }));
  if (flags.html !== undefined) {
    await writePage(flags.html, report, tables, seeds, files, options);
    terminal.say(`page: ${flags.html}`);
  }
  if (flags.json) return terminal.json(report);

  terminal.print(weightTable(report));
  if (report.contribution.some((row) => row.some((c) => c !== null))) {
    terminal.print();
    terminal.print("Contribution of the row's task to the column's:");
    terminal.print(contributionTable(report));
  }
  if (report.lowerIsBetter !== undefined) {
    terminal.print();
    terminal.print(directions(report.lowerIsBetter, floorOf(tables, options) !== undefined));
  }
  if (seeds.length > 1) {
    terminal.print();
    terminal.print(`Spread over ${seeds.length} seeds, each weighted alone:`);
    terminal.print(seedTable(report, seeds));
  }
  if (report.warnings.length > 0) {
    terminal.print();
    terminal.print("Warnings:");
    for (const warning of report.warnings) terminal.print(`  ${warning}`);
  }
});

async function readTables(file: string): Promise<BalanceTable[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) throw new InputError(`${file}: expected a file, found none`);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(`${file}: expected a readable text file: ${reason}`, { cause });
  }
  return file.toLowerCase().endsWith(".csv") ? [parseScoresCsv(text, file)] : parseScoresJson(text, file);
}

/** The page is only loaded where it is asked for: it brings the library that draws its charts. */
async function writePage(
  file: string,
  report: WeightsReport,
  tables: readonly BalanceTable[],
  seeds: readonly WeightsReport[],
  sources: readonly string[],
  options: BalanceOptions,
): Promise<void> {
  const { renderWeightsPage } = await import("../src/report/weights_page.ts");
  const floor = floorOf(tables, options);
  const page = await renderWeightsPage({
    report,
    table: averageTables(tables),
    seeds,
    sources,
    fixed: Object.keys(options.fixed ?? {}),
    ...(floor && { floor }),
    version: packageVersion,
  });
  try {
    await writeWhole(file, page);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(`--html ${file}: expected a file that can be written, found: ${reason}`, { cause });
  }
}

function floorOf(tables: readonly BalanceTable[], options: BalanceOptions): readonly number[] | undefined {
  const mean = averageTables(tables);
  return options.floor ?? ("contributionOut" in mean ? undefined : mean.floor);
}

function directions(tasks: readonly string[], floor: boolean): string {
  const difficulty = floor ? "1 − (f − V(mini))/(f − V(i+mini)), f the floor" : "1 − V(i+mini)/V(mini)";
  return `Lower is better: ${tasks.join(", ")}. There a gain is a fall of the score, and D = ${difficulty}.`;
}

function weightTable(report: WeightsReport): string {
  const rows = report.tasks.map((task, i) => [
    task,
    cell(report.contributionOut[i]),
    cell(report.contributionIn[i]),
    cell(report.difficulty[i]),
    cell(report.lambdaOut[i]),
    cell(report.lambdaIn[i]),
    cell(report.lambdaDifficulty[i]),
    cell(report.lambda[i]),
  ]);
  const { out, in: inward, difficulty } = report.alpha;
  return [
    `T = ${report.temperature}   λ = ${short(out)} λ_out + ${short(inward)} λ_in + ${short(difficulty)} λ_D`,
    "",
    alignColumns([["task", "C_out", "C_in", "D", "λ_out", "λ_in", "λ_D", "λ"], ...rows]).join("\n"),
  ].join("\n");
}

function contributionTable(report: WeightsReport): string {
  const rows = report.tasks.map((task, i) => [task, ...report.contribution[i]!.map((c) => cell(c))]);
  return alignColumns([["", ...report.tasks], ...rows]).join("\n");
}

/** λ of every seed, and how far the seeds rank the tasks alike. */
function seedTable(report: WeightsReport, seeds: readonly WeightsReport[]): string {
  const rows = report.tasks.map((task, i) => {
    const values = seeds.map((seed) => seed.lambda[i]!);
    const { mean, deviation } = meanInterval(values);
    return [task, cell(mean), cell(deviation), cell(Math.min(...values)), cell(Math.max(...values))];
  });
  const table = alignColumns([["task", "mean λ", "deviation", "lowest", "highest"], ...rows]).join("\n");
  const correlations = seeds.flatMap((a, i) =>
    seeds.slice(i + 1).map((b) => rankCorrelation(a.lambda, b.lambda)).filter((r) => r !== null)
  );
  if (correlations.length === 0) return table;
  return `${table}\nMean rank correlation of λ between two seeds: ${
    meanInterval(correlations).mean.toFixed(2)
  }`;
}

function cell(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(4);
}

function short(value: number): string {
  return String(Number(value.toFixed(4)));
}
