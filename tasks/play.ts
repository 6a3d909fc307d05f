import { servePlay } from "../src/play/serve.ts";
import { command, integer, main } from "./lib/cli.ts";
import { playground } from "./lib/playground.ts";

const program = command(
  "play",
  "Serve the playground to this machine alone: ask a model, set task weights, watch it learn in the browser.",
)
  .argument("[checkpoint]", "a model's folder (default: the shipped base)")
  .option(
    "--data <folder>",
    "a dataset to train on and ask about (default: scenes that the page draws itself)",
  )
  .option("--port <n>", "the port; 0 for any that is free", integer(0, 65_535), 0)
  .addHelpText(
    "after",
    `
Everything is computed in the browser, which needs WebGPU. Nothing is written. ctrl-C ends the server.`,
  );

await main(program, async (terminal) => {
  const [checkpoint] = program.processedArgs;
  const { data, port } = program.opts();
  const note = (text: string) => terminal.say(`note: ${text}`);
  const { page, files } = await playground({ checkpoint, data, note });
  const server = servePlay(page, port, files);
  terminal.print(server.url);
  terminal.say("the playground is there; ctrl-C ends it");
  await new Promise<void>((resolve) => {
    if (terminal.signal.aborted) resolve();
    terminal.signal.addEventListener("abort", () => resolve());
  });
  await server.close();
});
