/** The conversations of a case, laid out here and compared with the tokens that its processor made of them. @module */
import { readChatFormat } from "../data/text/read_chat_format.ts";
import { loadTokenizer } from "../data/text/tokenizer.ts";
import type { Sample, Turn } from "../data/types.ts";
import { InputError } from "../errors.ts";
import { imageTokenCount } from "../lmm/config/lmm_config.ts";
import { type Quantity, quantity } from "./measure.ts";
import { type StoredCase, within } from "./stored_case.ts";
import type { StoredMessage, StoredPrompt } from "./stored_prompts.ts";

/**
 * Compares the conversations of a case: ids, which of them are trained, and the prompt of the last answer.
 *
 * @param of The case, whose folder says how conversations are laid out.
 * @param prompts Its conversations.
 * @returns How many tokens of a conversation differ at most, and where. Where it is not known how pictures were cut, the
 * layout counts that comes closest.
 * @throws {InputError} If the files say of no layout, or it refuses a conversation.
 */
export function verifyPrompts(
  { folder, files, config }: Pick<StoredCase, "folder" | "files" | "config">,
  prompts: readonly StoredPrompt[],
): Quantity {
  const text = (name: string) => {
    const bytes = files.get(name);
    if (bytes !== undefined) return new TextDecoder().decode(bytes);
    throw new InputError(`expected ${name} beside prompts.json, found no such file`);
  };
  const format = within(folder, () => {
    const tokenizer = loadTokenizer(text("tokenizer.json"));
    return readChatFormat(files, JSON.parse(text("config.json")), tokenizer, imageTokenCount(config));
  });
  const parts = prompts.map((stored, at) => {
    const sample = sampleOf(stored.messages, `${folder}/prompts.json`, at);
    const options = { maxTokens: Infinity };
    const tried = stored.grids.map((grids) => {
      const { ids, mask } = format.encode(sample, grids, options);
      const prompt = format.promptOf(sample, sample.turns.length - 1, grids, options).ids;
      const differences = [
        differing("ids", ids, stored.ids),
        differing("mask", mask, stored.mask),
        differing("prompt", prompt, stored.prompt),
      ];
      const error = differences.reduce((sum, { count }) => sum + count, 0);
      return { error, where: `conversation ${at}, ${differences.find(({ count }) => count > 0)?.where}` };
    });
    return tried.reduce((best, next) => next.error < best.error ? next : best);
  });
  return quantity("prompts", parts, 0, "tokens");
}

function differing(name: string, found: ArrayLike<number>, expected: ArrayLike<number>) {
  let count = 0, first = -1;
  for (let i = 0; i < Math.max(found.length, expected.length); i++) {
    if (found[i] === expected[i]) continue;
    count++;
    if (first < 0) first = i;
  }
  return {
    count,
    where: `${name} ${first}: expected ${expected[first] ?? "none"}, found ${found[first] ?? "none"}`,
  };
}

/** Messages as a sample: what the system says, then a question and an answer a turn. */
function sampleOf(messages: readonly StoredMessage[], file: string, at: number): Sample {
  const sample: Sample = { id: String(at), task: "prompts", images: [], turns: [], file };
  const [first] = messages;
  const system = first?.role === "system" ? said(first) : undefined;
  if (system !== undefined) sample.system = system.text;
  const rest = messages.slice(system === undefined ? 0 : 1);
  for (let m = 0; m < rest.length; m += 2) {
    const [asked, answered] = [rest[m]!, rest[m + 1]];
    if (asked.role !== "user" || answered?.role !== "assistant") {
      throw new InputError(
        `${file}, conversation ${at}: expected user and assistant to take turns, found ${
          messages.map(({ role }) => role).join(", ")
        }`,
      );
    }
    const { text, places } = said(asked);
    for (const _ of places) sample.images.push(`picture ${sample.images.length}`);
    const turn: Turn = { question: text, answer: said(answered).text, places };
    sample.turns.push(turn);
  }
  return sample;
}

function said({ content }: StoredMessage): { text: string; places: number[] } {
  let text = "";
  const places: number[] = [];
  for (const part of content) {
    if (part.type === "text") text += part.text;
    else places.push(text.length);
  }
  return { text, places };
}
