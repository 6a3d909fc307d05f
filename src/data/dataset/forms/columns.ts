/**
 * One question and its answer in fields of their own: question and answer, query and response, instruction, input and
 * output, prompt and completion.
 *
 * @module
 */

import { readContent } from "./content.ts";
import { asFields, type Fields, type Form, isGiven, type Message, type Role, type Wrong } from "./form.ts";
import { readTurns } from "./turn_list.ts";

/** Fields that hold what is asked. */
const ASKED = ["question", "query", "instruction", "prompt"];
/** Fields that hold what is answered. */
const ANSWERED = ["answer", "response", "output", "completion"];
/** Fields that say that the answer is not to be taken alone. */
const OTHERS = ["chosen", "rejected", "choices", "options"];

const filled = (fields: Fields, names: readonly string[]) =>
  names.filter((name) => isGiven(fields[name]) && fields[name] !== "");

/** Question and answer in fields. */
export const columns: Form = {
  list: "the fields",
  words: { user: "user", assistant: "assistant" },
  fits: (fields) =>
    filled(fields, [...ASKED, "input"]).length > 0 && filled(fields, [...ANSWERED, "answers"]).length > 0,
  read(fields, wrong) {
    const [ask, answer] = [filled(fields, ASKED), filled(fields, ANSWERED)];
    const others = filled(fields, OTHERS);
    if (ask.length > 1 || answer.length > 1 || others.length > 0) {
      throw wrong(
        "one field with the question and one with the answer",
        [...ask, ...answer, ...others],
        "say which are meant: write the sample as messages of role and content",
      );
    }
    const [asked, answered] = [fields[ask[0] ?? "input"], fields[answer[0] ?? "answers"]];
    const said: Message[] = [];
    const say = (role: Role, name: string, text: unknown) =>
      said.push({ role, pieces: readContent(text, role, name, "value", wrong) });
    if (isGiven(fields.system) && fields.system !== "") say("system", "system", fields.system);
    said.push(...history(fields.history, wrong));
    if (isMessages(asked) || isMessages(answered)) {
      // Lists of messages on both sides, or a text on one.
      const side = (value: unknown, role: Role, name: string) => {
        if (isMessages(value)) said.push(...readTurns(value, { ...columns, list: name }, wrong));
        else say(role, name, value);
      };
      side(asked, "user", ask[0] ?? "input");
      side(answered, "assistant", answer[0] ?? "answers");
      return said;
    }
    // Alpaca's form: what the instruction is about stands in `input`.
    const input = ask.length > 0 && isGiven(fields.input) && fields.input !== "" ? fields.input : undefined;
    if (input !== undefined && typeof asked === "string" && typeof input === "string") {
      say("user", ask[0]!, `${asked}\n${input}`);
    } else say("user", ask[0] ?? "input", asked);
    const listed = isGiven(fields.answers) ? answerList(fields.answers, wrong) : undefined;
    const first = answer.length > 0 ? spelt(answered) : mostFrequent(listed!);
    say("assistant", answer[0] ?? "answers", Array.isArray(first) ? answerList(first, wrong)[0] : first);
    const references = listed ?? (Array.isArray(first) ? answerList(first, wrong) : undefined);
    if (references !== undefined) said.at(-1)!.references = references;
    return said;
  },
};

function isMessages(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && asFields(value[0])?.role !== undefined;
}

/** Earlier turns, as pairs. */
function history(value: unknown, wrong: Wrong): Message[] {
  if (!isGiven(value)) return [];
  const pairs = Array.isArray(value) ? value : [value];
  return pairs.flatMap((pair: unknown): Message[] => {
    if (Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === "string")) {
      return (["user", "assistant"] as const).map((role, i) => ({
        role,
        pieces: readContent(pair[i], role, "history", "value", wrong),
      }));
    }
    throw wrong("history to be a list of [question, answer]", pair, "mend it, or write messages");
  });
}

/** A number as its digits: counts are often written so. */
function spelt(value: unknown): unknown {
  return typeof value === "number" && Number.isFinite(value) ? String(value) : value;
}

/** All answers: texts or numbers, or `{answer}` each as VQA writes them. */
function answerList(value: unknown, wrong: Wrong): string[] {
  const list = Array.isArray(value) ? value : [value];
  const answers = list.map((entry: unknown) => spelt(asFields(entry)?.answer ?? entry));
  if (answers.length > 0 && answers.every((answer) => typeof answer === "string")) return answers as string[];
  throw wrong("answers to be a list of texts", value, "mend it");
}

/** The answer that most people gave, the first of equals. */
function mostFrequent(answers: readonly string[]): string {
  const counts = Map.groupBy(answers, (answer) => answer);
  return [...counts].reduce((best, entry) => entry[1].length > best[1].length ? entry : best)[0];
}
