/**
 * Writes the built-in benchmark to a folder.
 *
 * @module
 */

import { SCENE_TASKS } from "../src/scenes/tasks/mod.ts";
import { type ScenesFile, TRAIN_CONVERSATIONS, writeScenes } from "../src/scenes/write.ts";
import { command, integer, main, number } from "./_cli.ts";

const program = command("scenes", "Write the built-in benchmark to a folder: seven tasks in LLaVA's form.")
  .argument("[folder]", "where to write; missing or empty", "scenes")
  .option("--seed <n>", "seed of all that is drawn", integer(0), 0)
  .option("--size <pixels>", "width and height of the pictures", integer(16, 2048), 32)
  .option("--scale <factor>", "multiply the number of training conversations", number(1e-6), 1)
  .option("--val <n>", "validation questions a task", integer(1), 200)
  .option("--test <n>", "test questions a task", integer(1), 200)
  .option(
    "--zero-shot <n>",
    "questions of each zero-shot task, in the folder zero-shot (0: none)",
    integer(0),
    0,
  )
  .option("--json", "write the contents of scenes.json to stdout");

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

await main(program, async (terminal) => {
  const [folder] = program.processedArgs;
  const { seed, size, scale, val, test, zeroShot, json } = program.opts();
  const train = Object.fromEntries(
    SCENE_TASKS.map(({ name }) => [name, Math.max(1, Math.round(TRAIN_CONVERSATIONS[name]! * scale))]),
  );
  let progress: ReturnType<typeof terminal.progress> | undefined;
  const file = await writeScenes(
    folder,
    { seed, size, train, val, test, zeroShot, signal: terminal.signal },
    (done, total) => (progress ??= terminal.progress("drawing", total)).update(done),
  );
  if (progress === undefined) terminal.say(`${folder}: was there already, made with the same settings`);
  else progress.end(folder);
  if (json) terminal.json(file);
  else terminal.print(table(file));
});
