/**
 * Scores a checkpoint on a dataset.
 *
 * @module
 */

import { join } from "@std/path";
import { loadDataset } from "../src/data/dataset/load_dataset.ts";
import { createGpu } from "../src/gpu/gpu.ts";
import { writeScenes } from "../src/scenes/write/write.ts";
import { bootstrapInterval } from "../src/metrics/interval.ts";
import { readCheckpoint } from "../src/train/checkpoint_files.ts";
import { evaluateCheckpoint } from "../src/answer/evaluate_checkpoint.ts";
import { UNFINISHED_ADVICE, unfinishedAnswers } from "../src/answer/unfinished.ts";
import { gpuEngine } from "../src/train/gpu_engine.ts";
import { ANSWERING, memoryNote } from "../src/train/memory_check.ts";
import {
  BASE,
  command,
  EXIF,
  IMAGE_FOLDER,
  integer,
  list,
  main,
  PIXELS,
  type Progress,
  SKIP_BAD,
  splitName,
  storageType,
  type Terminal,
  WHOLE_PICTURES,
} from "./lib/cli.ts";
import { inPackage } from "./lib/package.ts";
import { alignColumns } from "./lib/table.ts";

const program = command("eval", "Score a checkpoint on a dataset.")
  .option("--checkpoint <folder>", "a Hugging Face folder (default: the base checkpoint that ships)")
  .option("--base <folder>", BASE)
  .option("--data <path>", "a folder or file in LLaVA form (default: the built-in scenes)")
  .option("--tasks <names>", "tasks, separated by commas (default: all)", list)
  .option("--split <name>", "train, val or test", splitName, "test")
  .option("--limit <n>", "questions a task (default: all)", integer(1))
  .option(
    "--max-tokens <n>",
    "longest conversation, in tokens (default: all that the model reads)",
    integer(1),
  )
  .option(
    "--max-new-tokens <n>",
    "longest answer, in tokens (default: the longest true answer of the task, and four more)",
    integer(1),
  )
  .option(
    "--storage <type>",
    "how the model is held: f32, or f16 where the adapter has shader-f16",
    storageType,
    "f32",
  )
  .option("--whole-pictures", WHOLE_PICTURES)
  .option("--exif", EXIF)
  .option("--max-pixels <n>", PIXELS, integer(1))
  .option("--image-folder <path>", IMAGE_FOLDER)
  .option("--skip-bad", SKIP_BAD)
  .option("--blank", "replace every image by a blank one: what the questions alone give away")
  .option("--answers", "with --json: every answer, too")
  .option("--json", "write the scores as JSON on stdout")
  .addHelpText("after", "\nIntervals are from the choice of questions: a bootstrap over them, with seed 0.");

await main(program, async (terminal) => {
  const {
    base,
    split,
    limit,
    blank,
    tasks,
    wholePictures: whole = false,
    exif = false,
    maxPixels,
    imageFolder,
    skipBad = false,
    json,
    answers,
    maxTokens,
    maxNewTokens,
    storage,
    ...options
  } = program.opts();
  const checkpoint = await readCheckpoint(options.checkpoint ?? inPackage("data/base"), {
    whole,
    exif,
    maxPixels,
    base,
  });
  const gpu = await createGpu(terminal.gpu);
  let bar: ReturnType<typeof terminal.progress> | undefined;
  try {
    const engine = gpuEngine(gpu);
    const need = memoryNote(engine, checkpoint, { trainable: [], storage, ...ANSWERING });
    if (need !== undefined) terminal.say(`note: ${need}`);
    const { size } = checkpoint.processor;
    const data = options.data ?? join("runs", `scenes-${size}`);
    if (options.data === undefined) await drawScenes(terminal, data, size);
    const dataset = await loadDataset(data, {
      splits: [split],
      skipBad,
      nameLater: true,
      ...(tasks && { tasks }),
      ...(imageFolder !== undefined && { imageFolder }),
      ...(maxPixels !== undefined && { maxPixels }),
    });
    for (const note of [...checkpoint.format.notes, ...dataset.notes]) terminal.say(`note: ${note}`);
    const said = dataset.notes.length;

    const { scores: found, answers: given, seconds } = await evaluateCheckpoint(
      engine,
      checkpoint,
      dataset,
      {
        split,
        limit: limit ?? null,
        blank: blank ?? false,
        maxTokens: maxTokens ?? Infinity,
        maxNewTokens,
        storage,
        skipBad,
        signal: terminal.signal,
        progress: (done, total) => {
          bar ??= terminal.progress("answering", total);
          bar.update(done);
        },
      },
    );
    bar?.end();
    for (const note of dataset.notes.slice(said)) terminal.say(`note: ${note}`);
    const byTask = Map.groupBy(given, ({ task }) => task);
    const scores = found.map((of) => ({
      ...of,
      interval: bootstrapInterval(byTask.get(of.task)!.map(({ score }) => score)),
    }));
    if (json) {
      return terminal.json({
        checkpoint: checkpoint.folder,
        data,
        split,
        scores,
        seconds,
        ...(answers && { answers: given }),
      });
    }
    const rows = scores.map(({ task, metric, score, interval: { low, high }, questions, others }) => [
      task,
      metric,
      score.toFixed(1),
      `${low.toFixed(1)} to ${high.toFixed(1)}`,
      `${questions}`,
      Object.entries(others).map(([name, value]) => `${name} ${value.toFixed(1)}`).join(", "),
    ]);
    for (
      const line of alignColumns([
        ["task", "metric", "points", "95% interval", "questions", "beside it"],
        ...rows,
      ])
    ) {
      terminal.print(line);
    }
    const cut = unfinishedAnswers(scores);
    if (cut !== undefined) terminal.say(`note: Answers that did not end: ${cut}. ${UNFINISHED_ADVICE}`);
  } finally {
    gpu.destroy();
  }
}, { adapter: true });

/** The built-in benchmark, unless it is there: large pictures take minutes. */
async function drawScenes(terminal: Terminal, folder: string, size: number): Promise<void> {
  let bar: Progress | undefined;
  await writeScenes(folder, { size, signal: terminal.signal }, (done, total) => {
    bar ??= terminal.progress("drawing scenes", total);
    bar.update(done);
  });
  bar?.end();
}
