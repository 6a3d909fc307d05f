/**
 * A sample as the messages that templates are given.
 *
 * @module
 */

import type { Sample } from "../../types.ts";
import { cutAtImages, imagePlaces } from "../conversation.ts";

/** A part of what is said. */
export type Part = { type: "image" } | { type: "text"; text: string };

/** What one side says: parts, or one text for templates that take no parts. */
export interface Message {
  /** "system", "user" or "assistant". */
  role: string;
  /** What it says. */
  content: Part[] | string;
}

/** How messages are made. */
export interface MessageOptions {
  /** What an image is in a text, for templates that take no parts. */
  asText?: string | undefined;
  /** Whether the system's words are a text even where questions and answers are parts. */
  systemAsText?: boolean | undefined;
  /** What is done to each text beforehand. */
  escape(text: string): string;
}

/**
 * The messages of a sample's first turns.
 *
 * @param sample The sample.
 * @param turns How many.
 * @param options How messages are made.
 * @returns The system's message, if it says something, then a question and an answer a turn.
 * @throws {InputError} If its images' places cannot be used.
 */
export function messagesOf(
  sample: Sample,
  turns: number,
  { asText, systemAsText = false, escape }: MessageOptions,
): Message[] {
  const say = (role: string, texts: readonly string[], gap: string): Message => {
    const said = texts.map(escape);
    if (asText !== undefined) return { role, content: said.join(asText + gap) };
    const parts = said.flatMap((text, i): Part[] => [
      ...(i > 0 ? [{ type: "image" as const }] : []),
      ...(text !== "" || said.length === 1 ? [{ type: "text" as const, text }] : []),
    ]);
    return { role, content: parts };
  };
  const places = imagePlaces(sample);
  const placed = sample.turns.some((turn) => turn.places !== undefined);
  const { system } = sample;
  const messages = system === undefined
    ? []
    : [systemAsText ? { role: "system", content: escape(system) } : say("system", [system], "")];
  for (const [t, { question, answer }] of sample.turns.slice(0, turns).entries()) {
    // Without places, an image has a line of its own before the question.
    messages.push(say("user", cutAtImages(question, places[t]!), placed ? "" : "\n"));
    messages.push(say("assistant", [answer], ""));
  }
  return messages;
}
