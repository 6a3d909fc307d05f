/**
 * Large folders of conversations and JPEG files, for measuring.
 *
 * @module
 */

import encodeJpeg from "@jsquash/jpeg/encode.js";
import { join } from "@std/path";
import { Random } from "../../src/random.ts";
import { dealConversations } from "../../src/scenes/deal.ts";
import { renderScene } from "../../src/scenes/picture/render.ts";
import { sceneTask } from "../../src/scenes/scene_tasks.ts";

/** What is made. */
export interface FolderOptions {
  /** Training conversations, each with a picture of its own name. */
  count: number;
  /** Width and height of the pictures, in pixels. */
  side: number;
  /** Different pictures; further names are links to them. */
  distinct: number;
}

const TASKS = ["vqa", "gqa", "chart", "region-caption"];
/** Validation and test questions a task. */
const ASKED = 50;
/** Files of a folder. */
const PER_FOLDER = 1000;

/**
 * Makes a folder.
 *
 * @param dir Where to; missing.
 * @param options How much.
 */
export async function makeFolder(dir: string, { count, side, distinct }: FolderOptions): Promise<void> {
  const each = Math.floor(distinct / TASKS.length);
  const seen = new Set<string>();
  for (const [t, name] of TASKS.entries()) {
    const task = sceneTask(name), random = new Random(`scale/${name}`);
    const wanted = Math.floor(count / TASKS.length) + (t < count % TASKS.length ? 1 : 0);
    for (const split of ["train", "val", "test"] as const) {
      const number = split === "train" ? wanted : ASKED;
      const dealt = dealConversations(task, random.fork(split), {
        count: Math.min(number, split === "train" ? each : ASKED),
        split,
        seen,
      });
      const first: string[] = [];
      let text = "";
      using file = await Deno.open(join(dir, `${name}_${split}.jsonl`), await created(dir));
      for (let i = 0; i < number; i++) {
        const { scene, turns } = dealt[i % dealt.length]!;
        const image = `images/${name}/${split}/${Math.floor(i / PER_FOLDER)}/${i}.jpg`;
        const path = join(dir, image);
        if (i % PER_FOLDER === 0) await Deno.mkdir(join(path, ".."), { recursive: true });
        if (i < dealt.length) await Deno.writeFile(path, await jpeg(renderScene(scene, side), side));
        else await Deno.link(first[i % dealt.length]!, path);
        if (i < dealt.length) first.push(path);
        const conversations = turns.flatMap(({ question, answer }, turn) => [
          { from: "human", value: turn === 0 ? `<image>\n${question}` : question },
          { from: "gpt", value: answer },
        ]);
        text += JSON.stringify({ id: `${name}-${split}-${i}`, image, conversations }) + "\n";
        if (text.length > 1 << 20 || i === number - 1) {
          await write(file, text);
          text = "";
        }
      }
    }
  }
  const metrics = Object.fromEntries(TASKS.map((name) => [name, { metric: sceneTask(name).metric }]));
  await Deno.writeTextFile(join(dir, "tasks.json"), JSON.stringify(metrics));
}

async function created(dir: string): Promise<Deno.OpenOptions> {
  await Deno.mkdir(dir, { recursive: true });
  return { write: true, create: true, truncate: true };
}

async function write(file: Deno.FsFile, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}

async function jpeg(rgb: Uint8Array, side: number): Promise<Uint8Array> {
  const data = new Uint8ClampedArray(4 * side * side).fill(255);
  for (let i = 0; i < side * side; i++) data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  return new Uint8Array(await encodeJpeg(new ImageData(data, side, side)));
}
