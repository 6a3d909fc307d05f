/**
 * What `deno task ask` shows: answers as they are made, what they took, and a conversation by lines.
 *
 * @module
 */

import type { Dialogue, Reply, ReplyOptions } from "../../src/answer/dialogue.ts";
import { InputError } from "../../src/errors.ts";
import { lines } from "./lines.ts";
import { duration, type Terminal } from "./terminal.ts";

/** What is shown of an answer. */
export interface Show {
  /** Nothing on stdout until the end. */
  json: boolean;
  /** What the answer took. */
  stats: boolean;
}

/** A question and its answer, for JSON; times only where they were asked for. */
export type Asked = Omit<Reply, "seconds"> & { question: string; seconds?: Reply["seconds"] };

/**
 * Asks a question and shows the answer as it is made.
 *
 * @param terminal Where.
 * @param dialogue The conversation.
 * @param question The question.
 * @param options How it is to be answered.
 * @param show What is shown.
 * @returns What JSON says of it.
 */
export async function askAndShow(
  terminal: Terminal,
  dialogue: Dialogue,
  question: string,
  options: ReplyOptions,
  { json, stats }: Show,
): Promise<Asked> {
  const { seconds, ...reply } = await dialogue.ask(question, {
    ...options,
    ...(json ? {} : { onText: (piece: string) => terminal.write(piece) }),
    signal: terminal.signal,
  });
  if (!json) terminal.print();
  if (reply.ended === "length") {
    terminal.warn(`the answer was cut after ${reply.tokens} tokens; --max-tokens allows longer ones`);
  }
  if (stats) terminal.say(statistics({ seconds, ...reply }));
  return { question, ...reply, ...(stats ? { seconds } : {}) };
}

/** What an answer took, in a line. */
export function statistics({ promptTokens, imageTokens, reusedTokens, tokens, seconds }: Reply): string {
  const { first, all } = seconds;
  const parts = [
    `prompt ${promptTokens} tokens (${imageTokens} of images, ${reusedTokens} known before)`,
    `first token after ${duration(1000 * first)}`,
    `${tokens} tokens in ${duration(1000 * all)}`,
  ];
  // The first token belongs to the prompt.
  if (tokens > 1 && all > first) parts.push(`${((tokens - 1) / (all - first)).toFixed(1)} tokens/s`);
  return parts.join(" · ");
}

/** Where questions come from: standard input, or a stand-in for it in a test. */
export interface Input {
  /** What is typed. */
  readonly readable: ReadableStream<Uint8Array>;
  /** Whether a person types it. */
  isTerminal(): boolean;
}

/**
 * Answers line by line until the end of the input or `/quit`. Where a person types, a line that cannot be answered is
 * told and the next one is read; else it ends the work.
 *
 * @param terminal Where answers are shown.
 * @param input Where questions come from.
 * @param dialogue The conversation.
 * @param options How questions are answered.
 * @param show What is shown.
 * @param turns Takes questions and answers as they are.
 * @throws {InputError} If a line cannot be answered and nobody types.
 */
export async function chat(
  terminal: Terminal,
  input: Input,
  dialogue: Dialogue,
  options: ReplyOptions,
  show: Show,
  turns: Asked[],
) {
  const typed = input.isTerminal();
  const next = () => typed ? terminal.prompt("> ") : undefined;
  if (typed) terminal.say("Ask a question a line; /image PATH adds an image to the next one, /quit ends.");
  next();
  for await (const line of lines(input.readable, terminal.signal)) {
    const text = line.trim();
    if (text === "/quit") return;
    try {
      if (/^\/image(\s|$)/.test(text)) await addImage(dialogue, text.slice("/image".length).trim());
      else if (text.startsWith("/")) {
        throw new InputError(`${text}: expected /image PATH, /quit or a question`);
      } else if (text !== "") turns.push(await askAndShow(terminal, dialogue, text, options, show));
    } catch (error) {
      if (!typed || !(error instanceof InputError)) throw error;
      terminal.error(error.message);
    }
    next();
  }
}

async function addImage(dialogue: Dialogue, path: string) {
  if (path === "") throw new InputError("/image: expected the path of an image after it, found none");
  await dialogue.add(path);
}
