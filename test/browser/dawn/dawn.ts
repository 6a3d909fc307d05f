/**
 * Runs the tests of all code that browsers run, the kernels first of all, in Chromium: `deno task test:dawn`. The same
 * test files as `deno test` runs, bundled: WebGPU is there Dawn, on SwiftShader, instead of wgpu. docs/dawn.md says what differs.
 *
 * Without a Chromium it says so, and nothing is run.
 *
 * @module
 */
import { RunError } from "../../../src/errors.ts";
import { command, duration, integer, main, number, type Terminal } from "../../../tasks/lib/cli.ts";
import { CHROMIUM, exists } from "../page_checks.ts";
import { Browser } from "./browser.ts";
import { bundle } from "./bundle.ts";
import { differences } from "./differences.ts";
import { KNOWN, LEFT_OUT, testFiles } from "./rooms.ts";
import { begun, count, note, type Outcome, outOfTime, summary } from "./summary.ts";

const program = command("test:dawn", "Run the tests of the kernels and the model in Chromium.")
  .option("--filter <text>", "only tests whose file or name holds this")
  .option("--patience <s>", "a test of which nothing is heard for so long is given up", integer(1), 240)
  .option(
    "--minutes <n>",
    "begin no test after so long; what is left is told and not passed",
    number(0),
  )
  .option("--jobs <n>", "browsers at the same time", integer(1), Math.min(navigator.hardwareConcurrency, 4))
  .option("--differences", "run no test: tell what arithmetic is here on wgpu and there on Dawn, as JSON")
  .option("--steps", "tell of every step");

/** Where tests run, and what they have come to. */
interface Run {
  /** When to begin no more, by `performance.now()`. */
  until: number;
  browser: Browser;
  features: readonly string[];
  outcomes: Outcome[];
  terminal: Terminal;
}

/** Runs the tests of a file that the filter lets through. */
async function runFile(
  { until, browser, features, outcomes, terminal }: Run,
  file: string,
): Promise<void> {
  const { filter, patience, steps } = program.opts();
  const tests = await browser.open(file);
  const wanted = tests.map((test, index) => ({ ...test, index }))
    .filter(({ name }) => filter === undefined || `${file} ${name}`.includes(filter));
  let good = true;
  for (const { name, ignored, index } of wanted) {
    terminal.signal.throwIfAborted();
    const outcome = begun(file, name);
    outcomes.push(outcome);
    if (ignored) outcome.complaints.push("it needs more than a page has: say so in rooms.ts");
    else if (performance.now() > until) outOfTime(outcome);
    else {
      if (!good) await browser.open(file);
      const began = performance.now();
      const ran = await browser.run(index, 1000 * patience, (ended) => {
        note(outcome, ended, features, KNOWN[`${file}: ${name}`] ?? {});
        if (steps) terminal.print(`  ${ended.path.slice(1).join(" > ")} ${duration(ended.ms)}`);
      });
      outcome.ms = performance.now() - began;
      if (ran.lost !== undefined) {
        outcome.ended = "failed";
        outcome.complaints.push(ran.lost);
        await browser.close();
      } else if (!ran.good) await browser.leave();
      good = ran.good;
    }
    terminal.print(`${file}: ${name} ... ${outcome.ended} (${duration(outcome.ms)})`);
    for (const complaint of outcome.complaints) terminal.print(complaint.replaceAll(/^/gm, "    "));
  }
}

/** Tells what the table of docs/dawn.md is made from. */
async function compare(terminal: Terminal): Promise<void> {
  const browser = new Browser(await bundle([]));
  try {
    terminal.json({ wgpu: await differences(), dawn: await browser.differences() });
  } finally {
    await browser.close();
  }
}

await main(program, async (terminal) => {
  if (!await exists(CHROMIUM)) {
    return terminal.print(`no ${CHROMIUM} here: no test was run on Dawn (Debian: apt-get install chromium)`);
  }
  if (program.opts().differences) return await compare(terminal);
  const began = performance.now();
  const { minutes } = program.opts();
  const until = minutes === undefined ? Infinity : began + 60_000 * minutes;
  const files = await testFiles(), script = await bundle(files);
  const browsers = Array.from({ length: program.opts().jobs }, () => new Browser(script));
  const outcomes: Outcome[] = [];
  const closeAll = () => Promise.all(browsers.map((browser) => browser.close()));
  terminal.signal.addEventListener("abort", closeAll);
  try {
    const adapter = await browsers[0]!.adapter();
    if (!adapter) {
      throw new RunError(`${CHROMIUM} has no WebGPU adapter: expected SwiftShader, which comes with it`);
    }
    terminal.print(`${adapter.vendor} ${adapter.architecture}: ${adapter.features.join(", ")}`);
    // Every other browser begins at the end: neighbours run the same kernels, which a browser compiles once.
    const left = [...files];
    await Promise.all(browsers.map(async (browser, i) => {
      const next = () => i % 2 === 0 ? left.shift() : left.pop();
      for (let file = next(); file !== undefined; file = next()) {
        terminal.signal.throwIfAborted();
        await runFile({ until, browser, features: adapter.features, outcomes, terminal }, file);
      }
    }));
  } finally {
    await closeAll();
  }
  for (const [file, reason] of Object.entries(LEFT_OUT)) terminal.print(`not run: ${file}: ${reason}`);
  for (const { file, name, lacking, known, late } of outcomes) {
    if (late) terminal.print(`not run: ${file}: ${name}: the ${minutes} minutes were over`);
    for (const { step, reason } of known) {
      terminal.print(`known to fail: ${file}: ${[name, ...step].join(" > ")}: ${reason}`);
    }
    for (const { step, feature } of lacking) {
      terminal.print(`not run: ${file}: ${[name, ...step].join(" > ")}: needs ${feature}`);
    }
  }
  terminal.print(summary(outcomes, performance.now() - began));
  const { failed } = count(outcomes);
  if (failed > 0) throw new RunError(`${failed} tests failed on Dawn`);
});
