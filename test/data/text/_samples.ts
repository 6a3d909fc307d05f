import { join } from "@std/path";
import type { ChatFormat } from "../../../src/data/text/chat_format.ts";
import { readChatFormat } from "../../../src/data/text/read_chat_format.ts";
import { type ChatTokenizer, loadTokenizer } from "../../../src/data/text/tokenizer.ts";
import type { Sample, Turn } from "../../../src/data/types.ts";

/** A sample of turns; images are named by their number. */
export function sampleOf(turns: Turn[], images = 0, system?: string): Sample {
  return {
    id: "s1",
    task: "vqa",
    file: "vqa_train.json",
    images: Array.from({ length: images }, (_, i) => `${i}.png`),
    turns,
    ...(system !== undefined && { system }),
  };
}

/** A folder's layout with its files, some of them changed; undefined takes one away. */
export async function openFormat(
  name: string,
  tileTokens: number,
  changes: Record<string, string | undefined> = {},
): Promise<{ format: ChatFormat; tokenizer: ChatTokenizer }> {
  const files = await fixtureFiles(name);
  for (const [file, text] of Object.entries(changes)) {
    if (text === undefined) files.delete(file);
    else files.set(file, new TextEncoder().encode(text));
  }
  const text = (file: string) => new TextDecoder().decode(files.get(file));
  const tokenizer = loadTokenizer(text("tokenizer.json"));
  return { format: readChatFormat(files, JSON.parse(text("config.json")), tokenizer, tileTokens), tokenizer };
}

/** The small files of a fixture. */
export async function fixtureFiles(name: string): Promise<Map<string, Uint8Array>> {
  const folder = new URL(`../../fixtures/${name}`, import.meta.url).pathname;
  const files = new Map<string, Uint8Array>();
  for await (const { name } of Deno.readDir(folder)) {
    if (/\.(json|jinja)$/.test(name)) files.set(name, await Deno.readFile(join(folder, name)));
  }
  return files;
}
