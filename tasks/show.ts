/**
 * Shows samples as a model gets them.
 *
 * @module
 */

import { type ShownSample, showSample } from "../src/answer/show.ts";
import { loadDataset } from "../src/data/dataset/load_dataset.ts";
import { createImageStore } from "../src/data/images/image_store.ts";
import { InputError } from "../src/errors.ts";
import { readCheckpoint } from "../src/train/checkpoint_files.ts";
import {
  BASE,
  command,
  EXIF,
  hasColours,
  IMAGE_FOLDER,
  integer,
  list,
  main,
  PIXELS,
  SKIP_BAD,
  splitName,
  WHOLE_PICTURES,
} from "./lib/cli.ts";
import { inPackage } from "./lib/package.ts";
import { sampleLines } from "./lib/show_lines.ts";

const program = command("show", "Show samples as a model gets them: tokens, what is trained on, tiles.")
  .argument("<data>", "a folder or file of conversations, such as runs/scenes-32")
  .option("--checkpoint <folder>", "a Hugging Face folder (default: the base checkpoint that ships)")
  .option("--base <folder>", BASE)
  .option("--tasks <names>", "tasks, separated by commas (default: all)", list)
  .option("--split <name>", "train, val or test", splitName, "train")
  .option("--limit <n>", "samples a task", integer(1), 2)
  .option("--id <id>", "only samples of this name")
  .option("--whole-pictures", WHOLE_PICTURES)
  .option("--exif", EXIF)
  .option("--max-pixels <n>", PIXELS, integer(1))
  .option("--image-folder <path>", IMAGE_FOLDER)
  .option("--skip-bad", SKIP_BAD)
  .option("--json", "write samples as JSON on stdout")
  .addHelpText(
    "after",
    `
Tokens are parted by ·, line feeds shown as ⏎; trained ones are green, or stand between [[ and ]].`,
  );

await main(program, async (terminal) => {
  const [data] = program.processedArgs;
  const {
    base,
    checkpoint,
    tasks,
    split,
    limit,
    id,
    wholePictures: whole = false,
    exif = false,
    maxPixels,
    json,
    ...reading
  } = program.opts();
  const model = await readCheckpoint(checkpoint ?? inPackage("data/base"), { whole, exif, maxPixels, base });
  const dataset = await loadDataset(data, {
    splits: [split],
    ...(tasks && { tasks }),
    ...(maxPixels !== undefined && { maxPixels }),
    ...reading,
  });
  for (const note of [...model.format.notes, ...dataset.notes]) terminal.say(`note: ${note}`);
  const store = createImageStore(model.processor);
  const shown: ShownSample[] = [];
  for (const samples of dataset.samples[split].values()) {
    const wanted = id === undefined ? samples : samples.filter((sample) => sample.id === id);
    for (const sample of wanted.slice(0, limit)) shown.push(await showSample(model, store, sample));
  }
  if (shown.length === 0) {
    throw new InputError(`--id: expected a sample of ${data} (${split}), found none called ${id}`);
  }
  const { name, stops } = model.format;
  if (json) {
    return terminal.json({ checkpoint: model.folder, data, split, layout: name, stops, samples: shown });
  }
  terminal.say(`laid out by ${name}`);
  const colours = hasColours(Deno.stdout);
  for (const sample of shown) {
    for (const line of sampleLines(sample, colours)) terminal.print(line);
  }
});
