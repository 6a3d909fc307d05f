/**
 * Merges a LoRA adapter into its base.
 *
 * @module
 */

import { InputError } from "../src/errors.ts";
import { createGpu } from "../src/gpu/gpu.ts";
import { isEmptyFolder } from "../src/run/files.ts";
import { readCheckpoint } from "../src/train/checkpoint_files.ts";
import { mergeAdapter } from "../src/train/merge_adapter.ts";
import { BASE, command, main, saveType } from "./lib/cli.ts";

const program = command("merge", "Merge a LoRA adapter into its base: a checkpoint of its own.")
  .argument("<adapter>", "a LoRA adapter in PEFT's form, such as runs/scenes-1/methods/cotbal/checkpoint")
  .argument("<folder>", "where the merged checkpoint goes, a new or empty folder")
  .option("--base <folder>", BASE)
  .option("--save-dtype <type>", "f32, or base for the types of the base checkpoint", saveType, "base")
  .option("--json", "write how far the logits are apart as JSON on stdout")
  .addHelpText(
    "after",
    `
The logits of a picture and some tokens are computed before and after, and of what was written: they
must be those of base and adapter up to rounding, else nothing is written.`,
  );

await main(program, async (terminal) => {
  const [adapter, folder] = program.processedArgs;
  const { base, saveDtype, json } = program.opts();
  const checkpoint = await readCheckpoint(adapter, { base });
  if (!(await isEmptyFolder(folder))) {
    throw new InputError(`${folder}: expected a new or empty folder, found files in it; choose another`);
  }
  const gpu = await createGpu(terminal.gpu);
  try {
    const errors = await mergeAdapter(gpu, checkpoint, folder, saveDtype);
    if (json) return terminal.json(errors);
    terminal.print(`Merged: ${folder}`);
    terminal.print(
      `Logits differ from those of base and adapter by ${errors.merged.toExponential(1)} in 32 bits, by ` +
        `${errors.saved.toExponential(1)} as written (norm of the difference over the norm).`,
    );
  } finally {
    gpu.destroy();
  }
}, { adapter: true });
