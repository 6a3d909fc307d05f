/**
 * Runs the tests of all code that browsers run, the kernels first of all, in Chromium: `deno task test:dawn`. The same
 * test files as `deno test` runs, bundled: WebGPU is there Dawn, on SwiftShader, instead of wgpu. docs/dawn.md says what differs.
 *
 * Without a Chromium it says so, and nothing is run.
 *
 * @module
 */
import { RunError } from "../../../src/errors.ts";
import { command, duration, integer, main, type Terminal } from "../../../tasks/lib/cli.ts";
import { Browser, CHROMIUM } from "./browser.ts";
import { bundle } from "./bundle.ts";
import { LEFT_OUT, testFiles } from "./rooms.ts";
import { count, type Outcome, summary } from "./summary.ts";

const program = command("test:dawn", "Run the tests of the kernels and the model in Chromium.")
  .option("--filter <text>", "only tests whose file or name holds this")
  .option("--patience <s>", "a test of which nothing is heard for so long is given up", integer(1), 240)
  .option("--steps", "tell of every step");

/** Runs the tests of a file that the filter lets through. */
async function runFile(
  browser: Browser,
  file: string,
  outcomes: Outcome[],
  terminal: Terminal,
): Promise<void> {
  const { filter, patience, steps } = program.opts();
  const tests = await browser.open(file);
  const wanted = tests.map((test, index) => ({ ...test, index }))
    .filter(({ name }) => filter === undefined || `${file} ${name}`.includes(filter));
  let good = true;
  for (const { name, ignored, index } of wanted) {
    const outcome: Outcome = {
      file,
      name,
      ended: ignored ? "ignored" : "failed",
      steps: 0,
      complaints: [],
      ms: 0,
    };
    outcomes.push(outcome);
    if (!ignored) {
      if (!good) await browser.open(file);
      const began = performance.now();
      const { lost, ...ran } = await browser.run(index, 1000 * patience, ({ path, ms, error }) => {
        if (path.length > 1) outcome.steps++;
        else if (error === undefined) outcome.ended = "passed";
        if (error !== undefined) outcome.complaints.push(`${path.slice(1).join(" > ")}: ${error}`);
        if (steps) terminal.print(`  ${path.slice(1).join(" > ")} ${duration(ms)}${error ? " FAILED" : ""}`);
      });
      outcome.ms = performance.now() - began;
      if (lost !== undefined) {
        outcome.ended = "failed";
        outcome.complaints.push(lost);
        await browser.close();
      }
      good = ran.good;
    }
    terminal.print(`${file}: ${name} ... ${outcome.ended} (${duration(outcome.ms)})`);
    for (const complaint of outcome.complaints) terminal.print(complaint.replaceAll(/^/gm, "    "));
  }
}

await main(program, async (terminal) => {
  if (!await Deno.stat(CHROMIUM).then(() => true, () => false)) {
    return terminal.print(`no ${CHROMIUM} here: no test was run on Dawn (Debian: apt-get install chromium)`);
  }
  const began = performance.now();
  const files = await testFiles();
  const browser = new Browser(await bundle(files));
  const outcomes: Outcome[] = [];
  try {
    const adapter = await browser.adapter();
    if (!adapter) {
      throw new RunError(`${CHROMIUM} has no WebGPU adapter: expected SwiftShader, which comes with it`);
    }
    terminal.print(`${adapter.description}: ${adapter.features.join(", ")}`);
    for (const file of files) {
      terminal.signal.throwIfAborted();
      await runFile(browser, file, outcomes, terminal);
    }
  } finally {
    await browser.close();
  }
  for (const [file, reason] of Object.entries(LEFT_OUT)) terminal.print(`not run: ${file}: ${reason}`);
  terminal.print(summary(outcomes, performance.now() - began));
  const { failed, ignored } = count(outcomes);
  if (failed > 0) throw new RunError(`${failed} tests failed on Dawn`);
  if (ignored > 0) {
    throw new RunError(`${ignored} tests need what a page has not: name their files in rooms.ts`);
  }
});
