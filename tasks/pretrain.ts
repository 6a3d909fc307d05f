/**
 * Makes a base checkpoint for a preset.
 *
 * @module
 */

import { join } from "@std/path";
import { createGpu } from "../src/gpu/gpu.ts";
import { gpuEngine } from "../src/train/gpu_engine.ts";
import { presetByName, presets } from "../src/train/presets.ts";
import { pretrain, PRETRAIN_SETTINGS } from "../src/pretrain/pretrain.ts";
import { Interrupted } from "../src/errors.ts";
import { command, duration, integer, main, number } from "./lib/cli.ts";
import { resumeCommand } from "./lib/resume.ts";
import { addSettings, givenSettings } from "./lib/settings.ts";

const names = presets.map(({ name }) => name).join(", ");

const program = command(
  "pretrain",
  "Make a base checkpoint for a preset: a new model, vision tower and all, learns to describe scenes.",
);
addSettings(program, PRETRAIN_SETTINGS);
const flags = program
  .option("--preset <name>", `size of the model: ${names}`, "tiny")
  .option("--out <folder>", "where state, losses and checkpoint go (default: runs/pretrain-<preset>)")
  .option("--seed <n>", "decides the first parameters and the images", integer(0), 1)
  .option("--hours <n>", "stop after so many hours, as ctrl-C does", number(0))
  .option("--resume", "go on from the state in the folder, to the same bits")
  .addHelpText(
    "after",
    `
The learning rate falls to zero over the steps, so choose them first; --hours and ctrl-C only make a pause.
The checkpoint, a Hugging Face folder, is in <out>/checkpoint, as of the last saved state (every two minutes).`,
  );

await main(flags, async (terminal) => {
  const { preset: name, seed, hours, resume, out: given } = flags.opts();
  const settings = givenSettings(program, PRETRAIN_SETTINGS);
  const preset = presetByName(name);
  const out = given ?? join("runs", `pretrain-${name}`);
  terminal.resume = resumeCommand("pretrain", Deno.args, out);
  const signals = [terminal.signal];
  if (hours !== undefined) signals.push(AbortSignal.timeout(hours * 3_600_000));

  const gpu = await createGpu(terminal.gpu);
  const total = settings.steps ?? preset.pretrain.steps;
  let progress: ReturnType<typeof terminal.progress> | undefined;
  let note = "";
  try {
    const folder = await pretrain(
      gpuEngine(gpu),
      {
        preset: name,
        out,
        seed,
        resume: resume ?? false,
        ...settings,
      },
      {
        signal: AbortSignal.any(signals),
        note: (text) => terminal.say(`note: ${text}`),
        start: (step) => progress = terminal.progress("pretraining", total, { start: step }),
        progress: ({ step, loss, seconds }) => {
          note = `loss ${loss.toFixed(3)}, ${duration(1000 * seconds)} so far`;
          progress?.update(step, note);
        },
      },
    );
    progress?.end(note);
    terminal.print(folder);
  } catch (error) {
    // The time was up: a pause that was asked for, not an accident.
    if (!(error instanceof Interrupted) || terminal.signal.aborted) throw error;
    terminal.say(`${error.message}: ${terminal.resume}`);
  } finally {
    gpu.destroy();
  }
}, { adapter: true });
