/**
 * Measures a tuning on a large folder: memory, time to the first step, and what of the training was spent waiting for images.
 * `deno task scale --help` says how.
 *
 * @module
 */

import { join } from "@std/path";
import { resourceUsage } from "node:process";
import { createGpu } from "../../src/gpu/gpu.ts";
import type { MetricsLine } from "../../src/run/records/metrics_line.ts";
import { gpuEngine } from "../../src/train/gpu_engine.ts";
import { tune } from "../../src/tune/tune.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { command, integer, main, number } from "../../tasks/lib/cli.ts";
import { inPackage } from "../../tasks/lib/package.ts";
import { makeFolder } from "./make_folder.ts";

const flags = command("scale", "Measure a tuning on a large folder, which is made if it is not there.")
  .option("--data <folder>", "the folder; temporary, if left out")
  .option("--count <n>", "training conversations, a picture each", integer(8), 200_000)
  .option("--side <n>", "width and height of the pictures", integer(16), 64)
  .option("--distinct <n>", "different pictures; the rest are links to them", integer(8), 4000)
  .option("--steps <n>", "steps that are trained", integer(1), 200)
  .option("--cache-gb <n>", "disk for features, in GB", number(0))
  .option("--train-tower", "train the vision tower too");

await main(flags, async (terminal) => {
  const { data: given, count, side, distinct, steps, cacheGb, trainTower } = flags.opts();
  const temporary = await Deno.makeTempDir();
  try {
    const data = given ?? join(temporary, "data");
    if (!(await isFolder(data))) await makeFolder(data, { count, side, distinct });
    const out = join(temporary, "run");
    const options: TuneOptions = {
      data,
      methods: ["ew"],
      steps,
      testLimit: 20,
      validationLimit: 20,
      ...(cacheGb !== undefined && { cacheGb }),
      ...(trainTower === true && { frozen: [] }),
    };
    const stages = new Map<string, number>();
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1000;
    let begun: number | undefined, highest = NaN;
    const gpu = await createGpu();
    const place = { out, resume: false, root: inPackage("."), versions: {} };
    await tune(gpuEngine(gpu), options, place, {
      event(event) {
        if (event.kind === "setup") stages.set(event.doing, seconds());
        if (event.kind !== "progress" || event.doing !== "training" || begun !== undefined) return;
        const [line] = lines(out);
        // The first look is some steps after the first one.
        begun = seconds() - line!.seconds;
        highest = peak();
      },
    });
    gpu.destroy();
    const last = lines(out).at(-1)!;
    const share = (last.waiting ?? 0) / last.seconds;
    for (const [doing, at] of stages) terminal.print(`${doing}: done after ${at.toFixed(1)} s`);
    terminal.print(`first step after ${begun?.toFixed(1)} s; resident memory by then at most ${highest} MB`);
    terminal.print(
      `${last.step} steps in ${last.seconds.toFixed(1)} s, waiting for images ${percent(share)}`,
    );
    const looks = lines(out).filter(({ step }) => step % 20 === 0);
    terminal.print(
      `seconds of waiting up to every 20th step: ${
        looks.map(({ waiting = 0 }) => waiting.toFixed(2)).join(" ")
      }`,
    );
    terminal.print(`resident memory at most ${peak()} MB`);
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}, { needed: true });

function lines(out: string): MetricsLine[] {
  for (const part of walk(out)) {
    if (part.endsWith("metrics.jsonl")) {
      return Deno.readTextFileSync(part).trim().split("\n").map((line) => JSON.parse(line));
    }
  }
  return [];
}

function* walk(dir: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(dir)) {
    if (isDirectory) yield* walk(join(dir, name));
    else yield join(dir, name);
  }
}

/** The most memory that was resident so far, in MB. */
function peak(): number {
  return Math.round(resourceUsage().maxRSS * 1024 / 1e6);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}
