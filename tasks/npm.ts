import { buildNpmPackage } from "./lib/npm_package.ts";
import { command, main } from "./lib/cli.ts";
import { inPackage } from "./lib/package.ts";

const FOLDER = inPackage("dist/npm");

const program = command(
  "npm",
  "Build the npm package (weights, metrics, data formats: what runs in Node and browsers) into dist/npm.",
);

await main(program, async (terminal) => {
  await Deno.remove(FOLDER, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await Deno.mkdir(FOLDER, { recursive: true });
  const dependencies = await buildNpmPackage(FOLDER);
  terminal.say(`it depends on ${dependencies.join(", ")}; npm pack ${FOLDER} makes a file of it`);
  terminal.print(FOLDER);
});
