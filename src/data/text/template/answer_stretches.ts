/**
 * Where in a rendered conversation its answers stand, for templates that do not say it themselves.
 *
 * @module
 */

import type { Stretch } from "../encode_rendered.ts";
import { TemplateError } from "./bounds.ts";
import type { Marks } from "./chat_template.ts";
import type { Message } from "./messages.ts";

/** Renders messages; `open`: so that an answer can follow. */
export type Render = (messages: readonly Message[], open: boolean) => string;

/**
 * Finds each answer and the token that ends it.
 *
 * An answer's text is found by rendering the conversation once more with marks around it. What is trained begins where the
 * prompt for it ends, or behind the question as much as the prompt writes there. It ends with the first special token of
 * what stands behind the text whether or not more messages follow: what a template writes at the end of a whole conversation
 * ends no answer before. Where the marks change what else is rendered, because the template looks at an answer's
 * letters, the conversation must begin with what is rendered of its first turns.
 *
 * @param messages The conversation.
 * @param render Renders it.
 * @param marks Characters that stand nowhere in it.
 * @param specials Finds special tokens.
 * @returns One stretch an answer, in UTF-16 units of the rendered conversation.
 * @throws {TemplateError} If it cannot be told where an answer begins and ends.
 */
export function answerStretches(
  messages: readonly Message[],
  render: Render,
  marks: Marks,
  specials: RegExp,
): Stretch[] {
  const all = render(messages, false);
  const answers = messages.flatMap(({ role }, at) => role === "assistant" ? [at] : []);
  const marked = messages.map((message) =>
    message.role === "assistant" ? surrounded(message, marks) : message
  );
  const written = withoutMarks(render(marked, false), marks, answers.length);
  const texts = written?.text === all ? written.stretches : undefined;
  return answers.map((at, i) => {
    const before = render(messages.slice(0, at), true);
    const fail = (part: string, whole: string): never => {
      throw new TemplateError(
        `it cannot be told where answer ${i + 1} begins and ends, because ${
          differing(part, whole)
        }. Put {% generation %} and {% endgeneration %} around what is to be trained in the template`,
      );
    };
    const last = at === messages.length - 1;
    if (texts === undefined) {
      const after = last ? all : render(messages.slice(0, at + 1), false);
      if (!all.startsWith(after)) fail(after, all);
      if (!after.startsWith(before)) fail(before, after);
      return [before.length, endOfTurn(before.length, after, specials)];
    }
    const [begin, end] = texts[i]!;
    const from = all.startsWith(before)
      ? before.length
      : afterQuestion(messages, at, before, all, begin, render, marks) ?? fail(before, all);
    let own = all.slice(end);
    if (!last) {
      const closed = render(marked.slice(0, at + 1), false);
      const alone = withoutMarks(closed, marks, i + 1) ?? fail(closed, all);
      own = sharedBeginning(own, alone.text.slice(alone.stretches[i]![1]), specials);
    }
    if (from >= end) fail(before, all);
    return [from, endOfAnswer(all, end, own, specials)];
  });
}

/** A message with marks around what it says, the white space before and after left outside, where it may be trimmed. */
function surrounded(message: Message, { begin, end }: Marks): Message {
  const { role, content } = message;
  const before = (text: string) => text.replace(/\S/, (letter) => begin + letter);
  const after = (text: string) => text.trimEnd() + end + text.slice(text.trimEnd().length);
  if (typeof content === "string") return { role, content: after(before(content)) };
  const says = content.map((part) => part.type === "text" && part.text.trim() !== "");
  const [first, last] = [says.indexOf(true), says.lastIndexOf(true)];
  return {
    role,
    content: content.map((part, i) => {
      if (part.type !== "text") return part;
      const text = i === first ? before(part.text) : part.text;
      return { ...part, text: i === last ? after(text) : text };
    }),
  };
}

/** A rendered text without its marks. */
interface Unmarked {
  text: string;
  /** What stood between marks. */
  stretches: Stretch[];
}

/** Takes the marks out; undefined if they do not come in as many pairs as expected. */
function withoutMarks(marked: string, { begin, end }: Marks, pairs: number): Unmarked | undefined {
  const stretches: Stretch[] = [];
  let text = "", from = -1;
  for (const piece of marked.split(new RegExp(`([${begin}${end}])`))) {
    if (piece !== begin && piece !== end) text += piece;
    else if ((piece === begin) !== (from < 0)) return undefined;
    else if (piece === begin) from = text.length;
    else {
      stretches.push([from, text.length]);
      from = -1;
    }
  }
  return from < 0 && stretches.length === pairs ? { text, stretches } : undefined;
}

/**
 * Where an answer begins, if the prompt for it is not what the conversation begins with: after what the prompt writes behind
 * the question, if the conversation writes it there too.
 */
function afterQuestion(
  messages: readonly Message[],
  at: number,
  before: string,
  all: string,
  answer: number,
  render: Render,
  marks: Marks,
): number | undefined {
  const marked = messages.map((message, i) => i === at - 1 ? surrounded(message, marks) : message);
  const whole = withoutMarks(render(marked, false), marks, 1);
  const prompt = withoutMarks(render(marked.slice(0, at), true), marks, 1);
  if (whole?.text !== all || prompt?.text !== before) return undefined;
  const asked = whole.stretches[0]![1];
  const behind = before.slice(prompt.stretches[0]![1]);
  return all.slice(asked, answer).startsWith(behind) ? asked + behind.length : undefined;
}

/** What two texts begin with, without a special token that stands only in one of them. */
function sharedBeginning(a: string, b: string, specials: RegExp): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  for (const text of [a, b]) {
    for (const { index, 0: token } of text.matchAll(specials)) {
      if (index < length && index + token.length > length) length = index;
    }
  }
  return a.slice(0, length);
}

/** The end of the first special token after an answer, or of what follows on it but line feeds. */
function endOfAnswer(all: string, end: number, own: string, specials: RegExp): number {
  for (const { index, 0: token } of own.matchAll(specials)) return end + index + token.length;
  return all.slice(0, end + own.length).replace(/\n+$/, "").length;
}

/** The end of a turn: without the white space after a special token, or without line feeds where there is none. */
function endOfTurn(from: number, after: string, specials: RegExp): number {
  const trimmed = after.trimEnd();
  const special = new RegExp(`(?:${specials.source})$`, "u").test(trimmed);
  return trimmed.length > from && special ? trimmed.length : Math.max(from, after.replace(/\n+$/, "").length);
}

/** Where a text is not what another begins with. */
function differing(part: string, all: string): string {
  let at = 0;
  while (at < part.length && part[at] === all[at]) at++;
  const shown = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 10), at + 20));
  return `it writes ${shown(part)} for the first messages and ${shown(all)} when more follow`;
}
