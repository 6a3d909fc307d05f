/**
 * Reads damaged files until the time is over: `deno task fuzz`.
 *
 * Every input must be read or refused with an error that names a file, within five seconds, without looking outside of
 * its folder and without taking 300 MB. What does otherwise is kept as a folder, and the exit code is 1.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { Random } from "../../src/random.ts";
import { command, integer, list, main, number } from "../../tasks/lib/cli.ts";
import { type Files, mutate } from "./mutate.ts";
import { type FuzzedReader, MOST_BYTES, MOST_MS, type Verdict } from "./reader.ts";
import { READERS } from "./readers.ts";

const program = command(
  "fuzz",
  "Read damaged files: every reader must read or refuse them, soon and in little memory.",
)
  .option("--readers <names>", `some of ${READERS.map(({ name }) => name).join(", ")} (default: all)`, list)
  .option("--seconds <n>", "for each reader", number(0), 60)
  .option("--inputs <n>", "at most so many for each reader", integer(1))
  .option("--seed <n>", "decides how files are damaged", integer(0), 1)
  .option("--keep <folder>", "where inputs that break a reader are kept", "runs/fuzz");

/** What may be wrong with an input. */
interface Finding {
  reader: string;
  what: string;
  folder: string;
}

/** A reader in a worker that may read the input and the project, and nothing else. */
class Reading {
  #worker: Worker | undefined;

  constructor(readonly reader: FuzzedReader, readonly folder: string) {}

  async #open(): Promise<Worker> {
    const root = new URL("../..", import.meta.url).pathname;
    const read = [this.folder, root, await Deno.realPath(join(root, "node_modules"))];
    const worker = new Worker(new URL("worker.ts", import.meta.url), {
      type: "module",
      // @ts-ignore: the types of this option come with an unstable flag
      deno: {
        permissions: { read, env: false, net: false, run: false, sys: false, write: false, ffi: false },
      },
    });
    await new Promise((resolve) => worker.onmessage = resolve);
    return worker;
  }

  /** Reads the folder; undefined if that takes too long. */
  async read(): Promise<Verdict | undefined> {
    const worker = this.#worker ??= await this.#open();
    const answer = Promise.withResolvers<Verdict | undefined>();
    const timer = setTimeout(() => answer.resolve(undefined), MOST_MS);
    worker.onmessage = ({ data }) => answer.resolve(data as Verdict);
    worker.onerror = (event) => {
      event.preventDefault();
      answer.resolve({ kind: "crash", message: event.message });
      this.close();
    };
    worker.postMessage({ reader: this.reader.name, folder: this.folder });
    const verdict = await answer.promise;
    clearTimeout(timer);
    if (verdict === undefined) this.close();
    return verdict;
  }

  close() {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

async function write(folder: string, files: Files): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  for (const [name, bytes] of files) {
    await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
    await Deno.writeFile(join(folder, name), bytes);
  }
}

/** What is wrong with a verdict, or undefined. */
function complaint(
  verdict: Verdict | undefined,
  files: Files,
  folder: string,
  taken: number,
): string | undefined {
  if (verdict === undefined) return `hangs: not done after ${MOST_MS / 1000} s`;
  if (verdict.kind === "crash") return `crashes: ${verdict.message}`;
  if (taken > MOST_BYTES) return `takes ${Math.round(taken / 2 ** 20)} MB`;
  if (verdict.kind === "read") return undefined;
  const named = verdict.message.includes(folder) ||
    [...files.keys()].some((name) => verdict.message.includes(name));
  return named ? undefined : `names no file: ${verdict.message}`;
}

await main(program, async (terminal) => {
  const { readers, seconds, inputs = Infinity, seed, keep } = program.opts();
  const unknown = readers?.find((name) => !READERS.some((reader) => reader.name === name));
  if (unknown !== undefined) {
    throw new InputError(
      `--readers: expected some of ${READERS.map(({ name }) => name).join(", ")}, found ${unknown}`,
    );
  }
  const findings: Finding[] = [];
  for (const reader of READERS.filter(({ name }) => readers?.includes(name) ?? true)) {
    const parent = await Deno.makeTempDir({ prefix: "fuzz-" });
    const folder = join(parent, "input");
    const reading = new Reading(reader, folder);
    const seeds = await reader.seeds();
    const random = new Random(seed).fork(reader.name);
    const seen = new Map<string, number>();
    const until = performance.now() + 1000 * seconds;
    let tried = 0, refused = 0, slowest = 0;
    for (const files of seeds) {
      await write(folder, files);
      const verdict = await reading.read();
      if (verdict?.kind === "crash") throw new Error(`${reader.name}: whole files: ${verdict.message}`);
    }
    while (performance.now() < until && tried < inputs && !terminal.signal.aborted) {
      const { files, damaged } = mutate(seeds[tried % seeds.length]!, random);
      await write(folder, files);
      const before = Deno.memoryUsage().rss, began = performance.now();
      const verdict = await reading.read();
      slowest = Math.max(slowest, performance.now() - began);
      tried++;
      if (verdict?.kind === "refused") refused++;
      const what = complaint(verdict, files, folder, Deno.memoryUsage().rss - before);
      if (what === undefined) continue;
      // One of a kind is enough: the same place, whatever the values.
      const kind = what.replaceAll(folder, "").replace(/\d+|"[^"]*"/g, "#").slice(0, 300);
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      if (seen.get(kind)! > 1) continue;
      const kept = join(keep, `${reader.name}-${seed}-${tried}`);
      await write(kept, files);
      findings.push({ reader: reader.name, what, folder: kept });
      terminal.say(`${reader.name}, ${damaged}: ${what}\n  kept: ${kept}`);
    }
    reading.close();
    await Deno.remove(parent, { recursive: true });
    terminal.print(
      `${reader.name}: ${tried} inputs, ${refused} refused, ${
        [...seen.values()].reduce((a, b) => a + b, 0)
      } wrong of ` +
        `${seen.size} kinds, slowest ${Math.round(slowest)} ms`,
    );
  }
  if (findings.length > 0) throw new Error(`${findings.length} kinds of inputs break readers; see ${keep}`);
});
