/**
 * What a dry run found, as lines of text.
 *
 * @module
 */

import { bytes, count, duration, fixed, list, plural } from "../../src/report/kit/numbers.ts";
import type { DryRun } from "../../src/tune/dry_run.ts";
import { passWords } from "../../src/tune/longest_check.ts";
import { alignColumns } from "./table.ts";

/**
 * Puts a dry run into words.
 *
 * @param found What it found.
 * @returns The lines.
 */
export function dryRunLines(found: DryRun): string[] {
  const { parts, totals, longest, memory, disk, time } = found;
  const seconds = (value: number | null) => value === null ? "" : `~${duration(value)}`;
  const some = (value: number) => value === 0 ? "" : count(value);
  const rows = parts.map((part) => [
    decodeURIComponent(part.part) + (part.keep ? " (kept)" : ""),
    some(part.steps),
    some(part.conversations),
    some(part.tokens),
    some(part.longest),
    some(part.questions),
    seconds(part.seconds),
  ]);
  const all = parts.length === 0 ? [] : [
    "all",
    some(totals.steps),
    some(totals.conversations),
    some(totals.tokens),
    "",
    some(totals.questions),
    "",
  ];
  const lines = [
    ...alignColumns([
      ["part", "steps", "conversations", "tokens", "longest pass", "questions", "time"],
      ...rows,
      ...(all.length > 0 ? [all] : []),
    ]),
    "",
  ];
  if (longest !== null) {
    lines.push(`Longest pass: ${passWords(longest)}; ${longest.size.rows} rows with padding.`);
  }
  if (memory !== null) {
    lines.push(
      `On the device: ${bytes(memory.device)}: parameters ${
        bytes(memory.parameters)
      }, gradients and moments ${bytes(memory.training)}, and in turns the longest pass ${
        bytes(memory.step)
      } (as it is recorded), answering ${bytes(memory.answering)}. Beside it: ${bytes(memory.host)}.`,
    );
  }
  lines.push(
    `On the disk: ${bytes(disk.kept)} stay (${
      list([
        ...(disk.checkpoints > 0
          ? [
            `${plural(Math.round(disk.checkpoints / disk.checkpoint), "checkpoint")} of ${
              bytes(disk.checkpoint)
            }`,
          ]
          : []),
        ...(disk.scenes > 0 ? [`the scenes ${bytes(disk.scenes)}`] : []),
        `records ${bytes(disk.records)}`,
      ])
    }); up to ${bytes(disk.most)} while it runs (state ${bytes(disk.state)}, cached images ${
      bytes(disk.cache)
    }).`,
  );
  if (time === null) {
    lines.push("Time: not estimated, as nothing is left to train.");
    return lines;
  }
  const { measured: m } = time;
  lines.push(
    `Time: about ${duration(time.seconds)}, likely ${duration(time.low)} to ${duration(time.high)}: reading ${
      duration(time.reading)
    }, images ${duration(time.images)}, training ${duration(time.training)}, ${
      time.validating === 0 ? "" : `looks at validation questions ${duration(time.validating)}, `
    }answering ${duration(time.answering)}, loading and compiling ${
      duration(time.loading + time.compiling)
    }.`,
    `Timed here and now: ${plural(m.steps, "step")} of ${count(m.tokens)} tokens (${
      fixed(1 / m.secondsAToken, 0)
    } tokens/s${m.steps > 1 ? `, ± ${fixed(100 * m.spread, 0)}% from step to step` : ""}), ${
      plural(m.questions, "answer")
    } of the untuned base (${
      fixed(1 / m.secondsAQuestion, 1)
    } a second; tuned models say when they are done, so that theirs may take less), ${
      plural(m.tiles, "tile")
    } of images. A machine that is busier later takes longer.`,
  );
  return lines;
}
