/**
 * Writes the built-in benchmark to a folder.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { datasheet } from "../src/scenes/datasheet/datasheet.ts";
import { MIXTURES, mixtureSizes } from "../src/scenes/mixtures.ts";
import { parseSizes } from "../src/scenes/parse_sizes.ts";
import type { ScenesFile } from "../src/scenes/write/scenes_file.ts";
import { writeScenes } from "../src/scenes/write/write.ts";
import { command, integer, main, number, type Terminal } from "./lib/cli.ts";

const program = command("scenes", "Write the built-in benchmark to a folder, in LLaVA's form.")
  .argument("[folder]", "where to write; missing or empty", "scenes")
  .option("--seed <n>", "seed of all that is drawn", integer(0), 0)
  .option("--size <pixels>", "width and height of the pictures", integer(16, 2048), 32)
  .option(
    "--mixture <name>",
    `tasks and sizes: ${MIXTURES.map(({ name }) => name).join(", ")}`,
    "default",
  )
  .option("--scale <factor>", "multiply the mixture's numbers of training conversations", number(1e-6), 1)
  .option("--train <sizes>", "training conversations of some tasks, task=n,task=n, whatever the scale")
  .option("--control", "add a task that teaches nothing: its answers are drawn by lot")
  .option("--val <n>", "validation questions a task", integer(1), 200)
  .option("--test <n>", "test questions a task", integer(1), 200)
  .option(
    "--zero-shot <n>",
    "questions of each zero-shot task, in the folder zero-shot (0: none)",
    integer(0),
    0,
  )
  .option("--datasheet [file]", "write no benchmark but its datasheet (default: docs/scenes.md)")
  .option("--json", "write the contents of scenes.json to stdout")
  .addHelpText(
    "after",
    `
Mixtures:
${MIXTURES.map(({ name, summary }) => `  ${name.padEnd(9)} ${summary}`).join("\n")}
Their reasons, and what each task is, are in docs/scenes.md.

The folder zero-shot is a dataset of its own: deno task eval --data <folder>/zero-shot`,
  );

/** One line a task: name, metric, conversations of each split, points by chance. */
function table({ tasks, zeroShot }: ScenesFile): string {
  const rows = [
    ["task", "metric", "train", "val", "test", "chance"],
    ...Object.entries({ ...tasks, ...zeroShot }).map(([name, task]) => [
      name,
      task.metric,
      ...(["train", "val", "test"] as const).map((split) => String(task.conversations[split] ?? "-")),
      task.chance.points.toFixed(1),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const pad = (cell: string, column: number) =>
    column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
  return rows.map((row) => row.map(pad).join("  ")).join("\n");
}

/** The page, and its pictures in a folder beside it. */
async function writeDatasheet(file: string, terminal: Terminal): Promise<void> {
  const { markdown, pictures } = datasheet();
  for (const [path, bytes] of pictures) {
    const picture = join(dirname(file), path);
    await Deno.mkdir(dirname(picture), { recursive: true });
    await Deno.writeFile(picture, bytes);
  }
  await Deno.writeTextFile(file, markdown);
  terminal.print(file);
}

await main(program, async (terminal) => {
  const [folder] = program.processedArgs;
  const { seed, size, mixture, scale, val, test, zeroShot, json, ...options } = program.opts();
  if (options.datasheet !== undefined) {
    return await writeDatasheet(options.datasheet === true ? "docs/scenes.md" : options.datasheet, terminal);
  }
  const control = options.control ?? false;
  const byHand = options.train === undefined ? {} : parseSizes(options.train);
  const train = { ...mixtureSizes(mixture, { scale, control }), ...byHand };
  let progress: ReturnType<typeof terminal.progress> | undefined;
  const file = await writeScenes(
    folder,
    { seed, size, mixture, control, train, val, test, zeroShot, signal: terminal.signal },
    (done, total) => (progress ??= terminal.progress("drawing", total)).update(done),
  );
  if (progress === undefined) terminal.say(`${folder}: was there already, made with the same settings`);
  else progress.end(folder);
  if (json) terminal.json(file);
  else terminal.print(table(file));
});
