/**
 * Answers questions about images.
 *
 * @module
 */

import { createGpu } from "../src/gpu/gpu.ts";
import { openDialogue } from "../src/answer/open_dialogue.ts";
import { InputError } from "../src/errors.ts";
import { readCheckpoint } from "../src/train/checkpoint_files.ts";
import { gpuEngine } from "../src/train/gpu_engine.ts";
import { ANSWERING, memoryNote } from "../src/train/memory_check.ts";
import { choose, SEED } from "../src/answer/choose.ts";
import { askAndShow, type Asked, chat } from "./lib/ask.ts";
import {
  BASE,
  command,
  EXIF,
  integer,
  main,
  number,
  PIXELS,
  storageType,
  WHOLE_PICTURES,
} from "./lib/cli.ts";
import { inPackage } from "./lib/package.ts";

const program = command("ask", "Answer a question about images, or go on with questions.")
  .usage("[options] [images…] <question>\n       deno task ask --chat [options] [images…]")
  .argument("[words...]", "PNG, JPEG or WebP files, then the question in quotes; with --chat only files")
  .option(
    "--checkpoint <folder>",
    "a Hugging Face folder, such as runs/scenes-1/methods/cotbal/checkpoint (default: the base that ships)",
  )
  .option("--base <folder>", BASE)
  .option("--chat", "go on: questions from standard input, a line each")
  .option("--temperature <T>", "0 = always the likeliest token", number(0))
  .option("--top-k <n>", "draw only from the n likeliest tokens, 0 = from all", integer(0))
  .option(
    "--top-p <p>",
    "draw only from the likeliest tokens that together reach p, 1 = from all",
    number(0, 1),
  )
  .option("--repetition-penalty <x>", "above 1: what was said becomes less likely, 1 = no", number(0.01))
  .option("--seed <n>", "decides what is drawn at a temperature above 0", integer(0), SEED)
  .option("--max-tokens <n>", "longest answer", integer(1))
  .option("--whole-pictures", WHOLE_PICTURES)
  .option("--exif", EXIF)
  .option("--max-pixels <n>", PIXELS, integer(1))
  .option(
    "--storage <type>",
    "how the model is held: f32, or f16 where the adapter has shader-f16",
    storageType,
    "f32",
  )
  .option("--stats", "say tokens, tokens/s and the time to the first token on stderr")
  .option("--json", "write questions and answers as JSON on stdout, at the end")
  .addHelpText(
    "after",
    `
The repetition penalty and the longest answer (64 if it says none) are those of the checkpoint's
generation_config.json unless given, and so are temperature, top-k and top-p if it has do_sample
true; else the likeliest token is taken.

With --chat: /image PATH adds an image to the next question, /quit ends.

The base checkpoint only describes: it was not tuned to answer. Tune one first: deno task tune`,
  );

/** A word that is the name of a picture, not a question. */
const IMAGE_NAME = /^\S+\.(png|jpe?g|webp|gif|bmp|tiff?|avif)$/i;

await main(program, async (terminal) => {
  const [words] = program.processedArgs;
  const {
    base,
    checkpoint,
    chat: goesOn = false,
    json = false,
    stats = false,
    storage,
    wholePictures: whole = false,
    exif = false,
    maxPixels,
    ...flags
  } = program.opts();
  const question = goesOn ? undefined : words.at(-1);
  const images = goesOn ? words : words.slice(0, -1);
  if (!goesOn && question === undefined) {
    throw new InputError("expected a question, found none; --chat reads questions");
  }
  if (question !== undefined && words.length === 1 && IMAGE_NAME.test(question)) {
    throw new InputError(`expected a question after the images, found ${question} alone`);
  }
  const files = await readCheckpoint(checkpoint ?? inPackage("data/base"), { whole, exif, maxPixels, base });
  const { options, warnings } = choose(flags, files.generation);
  for (const warning of warnings) terminal.warn(warning);
  for (const note of files.format.notes) terminal.say(`note: ${note}`);
  const gpu = await createGpu(terminal.gpu);
  try {
    const engine = gpuEngine(gpu);
    const note = memoryNote(engine, files, { trainable: [], storage, ...ANSWERING });
    if (note !== undefined) terminal.say(`note: ${note}`);
    const dialogue = await openDialogue(engine, files, images, storage);
    try {
      const show = { json, stats };
      const turns: Asked[] = [];
      if (question === undefined) {
        try {
          await chat(terminal, Deno.stdin, dialogue, options, show, turns);
        } finally {
          // What was answered before a line that cannot be answered is not lost.
          if (json) terminal.json({ images: dialogue.images, turns });
        }
        return;
      }
      const asked = await askAndShow(terminal, dialogue, question, options, show);
      const { images } = dialogue;
      // A question about one image is said as it always was, with more.
      if (json) terminal.json({ ...(images.length === 1 ? { image: images[0] } : {}), images, ...asked });
    } finally {
      dialogue.close();
    }
  } finally {
    gpu.destroy();
  }
}, { adapter: true });
