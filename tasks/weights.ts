/**
 * Turns a table of validation scores into contributions, difficulties and task weights.
 *
 * @module
 */

import { InvalidArgumentError } from "commander";
import { meanInterval, rankCorrelation } from "../src/balance/compare/statistics.ts";
import type { Alpha } from "../src/balance/cotbal/mix_weights.ts";
import { parseScoresCsv, parseScoresJson } from "../src/balance/cotbal/parse_scores.ts";
import type { BalanceTable } from "../src/balance/cotbal/table.ts";
import {
  type BalanceOptions,
  weightsFromScores,
  type WeightsReport,
} from "../src/balance/cotbal/weights_from_scores.ts";
import { InputError } from "../src/errors.ts";
import { command, main } from "./_cli.ts";
import { alignColumns } from "./_table.ts";

const FILES_HELP = `
A table is JSON, or CSV in a file named .csv. Scores: higher is better. V_j(X) is the validation score on
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
  Several files, or a JSON list of tables, are seeds: their scores are averaged.

Examples:
  deno task weights data/examples/scores.csv
  deno task weights data/examples/scores.json --temperature auto --json
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
  };
  const report = weightsFromScores(tables, options);
  if (flags.json) return terminal.json(report);

  terminal.print(weightTable(report));
  if (report.contribution.some((row) => row.some((c) => c !== null))) {
    terminal.print();
    terminal.print("Contribution of the row's task to the column's:");
    terminal.print(contributionTable(report));
  }
  if (tables.length > 1) {
    terminal.print();
    const ofSeeds = tables.map((table) =>
      weightsFromScores(table, { ...options, temperature: report.temperature })
    );
    terminal.print(`Spread over ${tables.length} seeds, each weighted alone:`);
    terminal.print(seedTable(report, ofSeeds));
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

function temperature(text: string): number | "auto" {
  if (text === "auto") return "auto";
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("Expected a number above 0, or auto.");
}

function alpha(text: string): Alpha {
  const shares = text.split(",").map((share) => {
    const [top, bottom, ...rest] = share.split("/").map(decimal);
    return rest.length > 0 ? NaN : top! / (bottom ?? 1);
  });
  const [out, inward, difficulty] = shares;
  const sum = shares.reduce((a, b) => a + b, 0);
  if (shares.length !== 3 || shares.some((x) => !(x >= 0)) || Math.abs(sum - 1) > 1e-6) {
    throw new InvalidArgumentError(
      "Expected three shares of 0 or more that sum to 1, such as 0.25,0.25,0.5.",
    );
  }
  return { out: out!, in: inward!, difficulty: difficulty! };
}

function fixed(text: string): Record<string, number> {
  const entries = text.split(",").map((entry): [string, number] => {
    const at = entry.lastIndexOf("=");
    const weight = decimal(entry.slice(at + 1));
    const name = entry.slice(0, Math.max(0, at)).trim();
    if (name === "" || !(weight >= 0) || !Number.isFinite(weight)) {
      throw new InvalidArgumentError("Expected task=weight, or several separated by commas, such as chat=1.");
    }
    return [name, weight];
  });
  return Object.fromEntries(entries);
}

function numbers(text: string): number[] {
  const values = text.split(",").map(decimal);
  if (values.every(Number.isFinite)) return values;
  throw new InvalidArgumentError("Expected numbers separated by commas.");
}

function decimal(text: string): number {
  return text.trim() === "" ? NaN : Number(text);
}
