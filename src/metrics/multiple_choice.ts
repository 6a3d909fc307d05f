/**
 * Multiple choice: which option an answer names.
 *
 * @module
 */

import { normalizeAnswer } from "./exact_match.ts";

/** Forms that options are written in, the surest first; the letter is the first group. */
const MARKS = [
  /(?:^|\n)[ \t]*([A-Z])[.):][ \t]*(?=\S)/g, // a line each: "A. red", "A) red", "A: red"
  /(?<![\p{L}\p{N}])\(([A-Z])\)\s*(?=\S)/gu, // anywhere: "(A) red (B) blue"
  /(?<!\S)([A-Z])[.):]\s+(?=\S)/g, // in a row: "A. red B. blue"
];

/**
 * The options that a question lists: "A. red", "A) red", "A: red" on a line each or in a row, or "(A) red" anywhere.
 * Letters begin at A and follow one another, two at least; where there are several lists, the last one counts, as
 * worked examples stand in front of the question.
 *
 * @param question The question.
 * @returns Text by letter, in order; empty if it lists none.
 *
 * @example
 * ```ts
 * import { parseOptions } from "./multiple_choice.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const options = parseOptions("What colour is it?\nA. red\nB. dark blue\nAnswer with the letter.");
 * assertEquals([...options], [["A", "red"], ["B", "dark blue"]]);
 * assertEquals([...parseOptions("Which one? (A) a cat, (B) a dog")], [["A", "a cat"], ["B", "a dog"]]);
 * assertEquals(parseOptions("What colour is it?").size, 0);
 * ```
 */
export function parseOptions(question: string): Map<string, string> {
  for (const mark of MARKS) {
    let options = new Map<string, string>();
    const marks = [...question.matchAll(mark)];
    let run: RegExpMatchArray[] = [];
    const close = (end: number) => {
      if (run.length < 2) return;
      options = new Map(run.map((found, i) => {
        const text = question.slice(found.index! + found[0].length, run[i + 1]?.index ?? end);
        return [found[1]!, text.split("\n")[0]!.trim().replace(/[,;]?(?:\s+(?:or|and))?$/, "")];
      }));
    };
    for (const found of marks) {
      if (found[1] === letter(run.length)) run.push(found);
      else if (found[1] === "A") {
        close(found.index);
        run = [found];
      } // a letter out of turn is no option
    }
    close(question.length);
    if (options.size > 0) return options;
  }
  return new Map();
}

/**
 * The option that an answer names. Read in this order, the first that fits counts:
 *
 * 1. only a letter: "B", "b.", "(B)", "[b]", "**B**"
 * 2. a letter and its sign in front: "B. red", "B) red", "(B) red", "B: red", "B - red"
 * 3. an option's text, as exact match compares it: "red", "Red."; with its letter in front: "B red"
 * 4. a statement: "The answer is B", "Answer: (b)", "the correct option is B because …", "The answer is red"; what is
 *    called the answer goes before what is called an option or choice, and the last one counts
 * 5. a single letter in brackets anywhere: "I would say (B), as it is red"
 *
 * Case matters where a letter could be a word: "The answer is a cat" names no option A. A letter that the question
 * does not list names none.
 *
 * @param answer The answer.
 * @param options The options by letter, as {@linkcode parseOptions} gives them; without, any letter is one.
 * @returns The letter, in upper case; `null` if it names none, or several.
 *
 * @example
 * ```ts
 * import { parseChoice, parseOptions } from "./multiple_choice.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const options = parseOptions("What colour is it?\nA. red\nB. blue");
 * for (const answer of ["B", "b.", "(B)", "B) blue", "The answer is B", "Blue."]) {
 *   assertEquals(parseChoice(answer, options), "B");
 * }
 * assertEquals(parseChoice("green", options), null);
 * assertEquals(parseChoice("C", options), null);
 * ```
 */
export function parseChoice(answer: string, options: ReadonlyMap<string, string> = new Map()): string | null {
  const text = answer.trim();
  const among = (found: string | undefined): string | null => {
    const upper = found?.toUpperCase();
    return upper !== undefined && (options.size === 0 || options.has(upper)) ? upper : null;
  };
  const alone = /^[(["'*]*([A-Za-z])[)\].:,;"'*]*$/.exec(text);
  const front = HEDGED.test(text) ? null : among(
    alone?.[1] ??
      (/^\(([A-Za-z])\)[.:,]?(?=\s|$)/.exec(text) ?? /^([A-Za-z])[.):](?=\s)/.exec(text) ??
        /^([A-Z])(?:\s+[-–—]|,)\s/.exec(text) ?? /^([A-Z])[).:](?=[^\s.]{2})/.exec(text))?.[1],
  );
  if (front !== null) return front;
  const named = byText(text, options);
  if (named !== null) return named;

  const statements = [...text.matchAll(STATEMENT)];
  const statement = statements.findLast(([found]) => /^answer/i.test(found)) ?? statements.at(-1);
  if (statement !== undefined) {
    const rest = text.slice(statement.index + statement[0].length);
    const stated = HEDGED.test(rest)
      ? null
      : among((/^\(?([a-zA-Z])\)(?![\p{L}\p{N}])/u.exec(rest) ?? letterFirst(rest))?.[1]);
    if (stated !== null) return stated;
    const said = byText(rest.split("\n")[0]!, options);
    if (said !== null) return said;
  }
  const bracketed = new Set(Array.from(text.matchAll(/\(([A-Z])\)/g), ([, found]) => among(found)));
  bracketed.delete(null);
  return bracketed.size === 1 ? [...bracketed][0]! : null;
}

/** Two letters where one is asked for: "B or C". */
const HEDGED = /^\W*[A-Za-z]\W*\s(?:or|and)\s+\W*[A-Za-z](?![\p{L}\p{N}])/u;

/** Up to where the choice is said. */
const STATEMENT = new RegExp(
  String
    .raw`(?<![\p{L}\p{N}])(?:answer|option|choice)(?:\s+(?:is|are|would\s+be|should\s+be|must\s+be)(?![\p{L}\p{N}]))?` +
    String.raw`\s*:?\s*(?:(?:the\s+)?(?:option|choice|letter)\s+)?["'*\s]*(?=\S)`,
  "giu",
);

/** A capital letter that is no word: "A" and "I" only at the end or before a sign. */
function letterFirst(text: string): RegExpExecArray | null {
  return /^([B-HJ-Z])(?![\p{L}\p{N}'’])/u.exec(text) ??
    /^([AI])(?=\s*$|[).,:;"*!?\]]|\s+(?:[-–—(]|because\b|as\b|since\b))/.exec(text);
}

/** The one option whose text this is, with or without its letter in front. */
function byText(text: string, options: ReadonlyMap<string, string>): string | null {
  const said = words(text);
  const found = [...options].filter(([key, option]) =>
    option !== "" && (said === words(option) || said === `${key.toLowerCase()} ${words(option)}`)
  );
  return found.length === 1 ? found[0]![0] : null;
}

function words(text: string): string {
  return normalizeAnswer(text).replace(/\s+/g, " ");
}

function letter(index: number): string {
  return String.fromCharCode(65 + index);
}

/** Whether an answer names the true option. */
export interface ChoiceResult {
  /** 1 if it does, else 0. */
  right: number;
  /** Whether it names an option at all. */
  parsed: boolean;
}

/**
 * Whether an answer names the same option as the true one. Where the true answer itself names none (an option's text,
 * and a question that lists no options), the two texts are compared as exact match does.
 *
 * @param prediction The model's answer.
 * @param truth The true answer: a letter, an option's text, or both.
 * @param question The question, for the options it lists.
 * @returns Whether it is right, and whether it names an option.
 *
 * @example
 * ```ts
 * import { multipleChoice } from "./multiple_choice.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const question = "What colour is it?\nA. red\nB. blue";
 * assertEquals(multipleChoice("(B) blue", "B", question), { right: 1, parsed: true });
 * assertEquals(multipleChoice("B", "blue", question), { right: 1, parsed: true });
 * assertEquals(multipleChoice("I cannot see it.", "B", question), { right: 0, parsed: false });
 * ```
 */
export function multipleChoice(prediction: string, truth: string, question = ""): ChoiceResult {
  const options = parseOptions(question);
  const chosen = parseChoice(prediction, options);
  const wanted = parseChoice(truth, options);
  const same = words(prediction) === words(truth);
  const right = wanted === null || chosen === null ? same : chosen === wanted;
  return { right: right ? 1 : 0, parsed: chosen !== null || same };
}
