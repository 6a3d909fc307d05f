/**
 * Carries out the study of data/results/study/protocol.md, and writes its page.
 *
 * @module
 */

import { join } from "@std/path";
import { Interrupted } from "../src/errors.ts";
import { writeWhole } from "../src/run/files.ts";
import { allUnits } from "../src/study/design.ts";
import { studyFigures } from "../src/study/figures.ts";
import { studyPage } from "../src/study/page.ts";
import { readRecords, runStudy } from "../src/study/run_study.ts";
import { command, integer, main, number } from "./lib/cli.ts";
import { dividedCores } from "./lib/driver_threads.ts";
import { inPackage } from "./lib/package.ts";
import { taskArgs } from "./lib/task_args.ts";

const program = command(
  "study",
  "Carry out the study of weighting methods, or go on with it, and write its page.",
)
  .option("--jobs <n>", "runs at a time: one a core", integer(1, 64), 2)
  .option("--minutes <n>", "stop after so many minutes; the next call goes on", number(0))
  .option("--runs <folder>", "where the run folders go", "runs/study")
  .option("--page", "only write docs/study.md from the records there are")
  .addHelpText(
    "after",
    `
All of it takes about twelve hours on two cores. A run that is finished leaves a record in data/results/study, a run that is
stopped goes on where it stopped; ctrl-C stops all. The protocol in that folder says what is run, and why.`,
  );

/** Runs `tune` in a process of its own, as its task does. */
async function tune(args: readonly string[], log: string, signal: AbortSignal): Promise<number> {
  const file = await Deno.open(log, { write: true, create: true, append: true });
  const child = new Deno.Command(Deno.execPath(), {
    args: [...taskArgs("tune"), ...args],
    env: dividedCores(program.opts().jobs),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  try {
    const copy = async (stream: ReadableStream<Uint8Array>) => {
      for await (const chunk of stream) await file.write(chunk);
    };
    await Promise.all([copy(child.stdout), copy(child.stderr)]);
    return (await child.status).code;
  } finally {
    signal.removeEventListener("abort", stop);
    file.close();
  }
}

await main(program, async (terminal) => {
  const { jobs, minutes, runs, page } = program.opts();
  const records = inPackage("data/results/study");
  if (!page) {
    const signals = [terminal.signal];
    if (minutes !== undefined) signals.push(AbortSignal.timeout(60_000 * minutes));
    const total = allUnits().length;
    const left = await runStudy({ records, runs }, {
      jobs,
      tune,
      event: (text) => terminal.say(text),
      signal: AbortSignal.any(signals),
    });
    terminal.say(`${total - left} of ${total} runs have their records`);
    if (terminal.signal.aborted) throw new Interrupted("the study was stopped; deno task study goes on");
  }
  const path = inPackage(join("docs", "study.md"));
  await writeWhole(path, studyPage(studyFigures(await readRecords(records))));
  terminal.print(path);
});
