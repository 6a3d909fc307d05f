/**
 * Answers one question about one image.
 *
 * @module
 */

import { createGpu } from "../src/gpu/gpu.ts";
import { ask } from "../src/answer/ask.ts";
import { readCheckpoint } from "../src/train/checkpoint_files.ts";
import { gpuEngine } from "../src/train/gpu_engine.ts";
import { ANSWERING, memoryNote } from "../src/train/memory_check.ts";
import { command, integer, main, number, storageType } from "./lib/cli.ts";
import { inPackage } from "./lib/package.ts";

const program = command("ask", "Answer one question about one image.")
  .argument("<image>", "a PNG, JPEG or WebP file")
  .argument("<question>", "the question, in quotes")
  .option(
    "--checkpoint <folder>",
    "a Hugging Face LLaVA folder, such as runs/scenes-1/methods/cotbal/checkpoint (default: the base that ships)",
  )
  .option("--temperature <T>", "0 = always the likeliest token", number(0), 0)
  .option("--seed <n>", "decides what is drawn at a temperature above 0", integer(0), 1)
  .option("--max-tokens <n>", "longest answer", integer(1), 64)
  .option(
    "--storage <type>",
    "how the model is held: f32, or f16 where the adapter has shader-f16",
    storageType,
    "f32",
  )
  .option("--json", "write question and answer as JSON on stdout")
  .addHelpText(
    "after",
    `
The base checkpoint only describes: it was not tuned to answer. Tune one first: deno task tune`,
  );

await main(program, async (terminal) => {
  const [image, question] = program.processedArgs;
  const { temperature, seed, maxTokens, json, checkpoint, storage } = program.opts();
  const files = await readCheckpoint(checkpoint ?? inPackage("data/base"));
  const gpu = await createGpu();
  try {
    const engine = gpuEngine(gpu);
    const note = memoryNote(engine, files, { trainable: [], storage, ...ANSWERING });
    if (note !== undefined) terminal.say(`note: ${note}`);
    const answer = await ask(engine, files, {
      storage,
      question,
      images: [image],
      temperature,
      seed,
      maxNewTokens: maxTokens,
    });
    if (json) terminal.json({ image, question, answer });
    else terminal.print(answer);
  } finally {
    gpu.destroy();
  }
}, { adapter: true });
