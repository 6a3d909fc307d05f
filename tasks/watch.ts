/**
 * Serves a page that shows a run as it goes.
 *
 * @module
 */

import { Option } from "commander";
import { Feed } from "../src/watch/feed.ts";
import { checkWatchable, RunReader } from "../src/watch/run_reader.ts";
import { serveWatch } from "../src/watch/server.ts";
import { command, integer, main } from "./lib/cli.ts";

const program = command(
  "watch",
  "Show a run as it goes, on a page that is served to this machine alone: plan, losses, scores, time left, log.",
)
  .argument("<run>", "the run's folder: running, stopped, finished, or yet to begin (--wait)")
  .option("--port <n>", "the port; 0 for any that is free", integer(0, 65_535), 0)
  .option("--wait", "the folder may be missing: it is waited for")
  .addOption(new Option("--until-stdin-ends").hideHelp())
  .addHelpText(
    "after",
    `
The run's folder is read, and nothing is written there: the run goes on as if nobody watched. ctrl-C ends the watcher
alone. Several pages may be open at a time; one that lost the connection says so, and tries again.`,
  );

/** Until the process that started this one ends, or closes its end. */
async function stdinEnds(): Promise<void> {
  for await (const _ of Deno.stdin.readable);
}

await main(program, async (terminal) => {
  const [folder] = program.processedArgs;
  const { port, wait = false, untilStdinEnds } = program.opts();
  await checkWatchable(folder, wait);
  const reader = new RunReader(folder);
  const server = serveWatch(new Feed(() => reader.look()), port);
  terminal.print(server.url);
  if (untilStdinEnds) await stdinEnds();
  else {
    terminal.say(`${folder} is shown there; ctrl-C ends the watcher, not the run`);
    await new Promise<void>((resolve) => {
      if (terminal.signal.aborted) resolve();
      terminal.signal.addEventListener("abort", () => resolve());
    });
  }
  await server.close();
});
