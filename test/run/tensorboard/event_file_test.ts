import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { MetricsLine } from "../../../src/run/records/metrics_line.ts";
import { maskedCrc32c } from "../../../src/run/tensorboard/crc32c.ts";
import { encodeEvent } from "../../../src/run/tensorboard/event.ts";
import { ensureEventFile, eventFile } from "../../../src/run/tensorboard/event_file.ts";
import { scalarsOf } from "../../../src/run/tensorboard/scalars_of.ts";
import { openMetrics } from "../../../src/run/metrics_log.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read", "write");
const tasks = ["vqa", "chart"];

const line = (step: number, more: Partial<MetricsLine> = {}): MetricsLine => ({
  step,
  loss: 1 / step,
  gradNorm: 2,
  learningRate: 0.5,
  taskLoss: [1 / step, null],
  taskTokens: [4, 0],
  answerTokens: 4 * step,
  tokens: 9 * step,
  conversations: step,
  weights: [1, 1],
  seconds: step / 8,
  tokensPerSecond: 72,
  peakDeviceBytes: 4096,
  residentBytes: 8192,
  ...more,
});

/** The data of the records of a folder's one event file that holds any, their checksums looked at. */
async function recordsOf(folder: string): Promise<{ name: string; data: Uint8Array[] }> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.includes("tfevents") && Deno.statSync(join(folder, name)).size > 0);
  assertEquals(names.length, 1);
  const bytes = await Deno.readFile(join(folder, names[0]!));
  const view = new DataView(bytes.buffer);
  const data: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    assertEquals(view.getUint32(at + 8, true), maskedCrc32c(bytes.subarray(at, at + 8)));
    const own = bytes.subarray(at + 12, at += 12 + length);
    assertEquals(view.getUint32(at, true), maskedCrc32c(own));
    data.push(own);
    at += 4;
  }
  return { name: names[0]!, data };
}

function dataOf(lines: readonly MetricsLine[], began: number): Uint8Array[] {
  return [
    encodeEvent({ wallTime: began, fileVersion: "brain.Event:2" }),
    encodeEvent({ wallTime: began, step: 1, starts: true }),
    ...lines.map((line) =>
      encodeEvent({ wallTime: began + line.seconds, step: line.step, scalars: scalarsOf(line, tasks) })
    ),
  ];
}

test("an event file holds every step once, stopped or not", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const lines = [1, 2, 3, 4].map((step) => line(step));
    const first = eventFile(folder, tasks, () => 1_000_000);
    await first.open([], 0);
    await first.append(lines.slice(0, 2));
    await first.append(lines.slice(2, 3));
    const before = await recordsOf(folder);
    assertEquals(before.data, dataOf(lines.slice(0, 3), 1000));

    // Gone on with after step 2, an hour later; a record that was cut off, and a file that was not finished, are gone.
    await Deno.writeFile(join(folder, before.name), Uint8Array.of(1, 2, 3), { append: true });
    await Deno.writeTextFile(join(folder, `${before.name}.part`), "");
    const again = eventFile(folder, tasks, () => 4_600_000);
    await again.open(lines.slice(0, 2), 0.5);
    await again.append(lines.slice(2));
    const after = await recordsOf(folder);
    assertEquals(after.data, dataOf(lines, 4599.5));
    assert(after.name > before.name);

    // Twice within a second, or by a clock that was set back: still later by name.
    await eventFile(folder, tasks, () => 1_000_000).open(lines, 1);
    assert((await recordsOf(folder)).name > after.name);
    // Of those before, the last one is left, empty: a TensorBoard may stand in it.
    assertEquals([...Deno.readDirSync(folder)].length, 2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("a part that was tuned before gets its event file from metrics.jsonl, once", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const lines = [line(1), line(2)];
    await (await openMetrics(join(folder, "metrics.jsonl")))!.append(lines);
    await ensureEventFile(folder, tasks);
    const { name, data } = await recordsOf(folder);
    assertEquals(data.length, 4);
    await ensureEventFile(folder, tasks);
    assertEquals((await recordsOf(folder)).name, name);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("scalars are what a line says, by task where it is of tasks", () => {
  const evaluation = { loss: [2, 4], score: [50, 20], questions: 8, tokens: 9, seconds: 1 };
  const validation = { loss: [3, null], tokens: 9, seconds: 1 };
  assertEquals(scalarsOf(line(2, { evaluation, validation }), tasks), [
    ["training/loss", 0.5],
    ["training/gradient_norm", 2],
    ["training/learning_rate", 0.5],
    ["training/tokens_per_second", 72],
    ["memory/peak_device_bytes", 4096],
    ["memory/resident_bytes", 8192],
    ["loss/vqa", 0.5],
    ["weight/vqa", 1],
    ["weight/chart", 1],
    ["method_validation_loss/vqa", 3],
    ["validation_loss/vqa", 2],
    ["validation_loss/chart", 4],
    ["validation_score/vqa", 50],
    ["validation_score/chart", 20],
    ["validation/mean_loss", 3],
    ["validation/mean_score", 35],
  ]);
});
