/**
 * Checks a model against stored results of another implementation.
 *
 * @module
 */

import { createGpu } from "../src/gpu/gpu.ts";
import { RunError } from "../src/errors.ts";
import type { Quantity } from "../src/verify/measure.ts";
import { verify } from "../src/verify/verify.ts";
import { command, main, number } from "./lib/cli.ts";
import { verifyLine } from "./lib/verify_line.ts";

const program = command(
  "verify",
  "Check a model against stored results: logits, gradients, steps, answers, inputs.",
)
  .argument(
    "<folder>",
    "a Hugging Face folder with case.safetensors and case.json; prompts.json and pictures/ are checked where present",
  )
  .option(
    "--tolerance <factor>",
    "multiply every tolerance, such as for results in float32 at true size",
    number(0),
    1,
  )
  .option("--json", "write all quantities as JSON on stdout")
  .addHelpText(
    "after",
    `
A line a quantity: its largest relative difference, the tolerance, whether it passes, and where the difference is.
Exit code 1 when one does not pass.`,
  );

await main(program, async (terminal) => {
  const [folder] = program.processedArgs;
  const { tolerance: factor, json } = program.opts();
  const gpu = await createGpu(terminal.gpu);
  let found: Quantity[];
  try {
    found = await verify(gpu, folder, {
      factor,
      signal: terminal.signal,
      ...(!json && { report: (quantity) => terminal.print(verifyLine(quantity)) }),
    });
  } finally {
    gpu.destroy();
  }
  const failed = found.filter(({ ok }) => !ok);
  if (json) terminal.json({ folder, ok: failed.length === 0, quantities: found });
  if (failed.length > 0) {
    throw new RunError(
      `${folder}: ${failed.length} of ${found.length} quantities are past their tolerance: ` +
        failed.map(({ name }) => name).join(", "),
    );
  }
}, { adapter: true });
