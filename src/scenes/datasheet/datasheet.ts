/**
 * The datasheet: what the benchmark holds and why, with numbers taken from the generator itself.
 *
 * @module
 */

import { encodePng } from "../../data/images/png.ts";
import type { Split } from "../../data/types.ts";
import type { Conversation, DealtTurn } from "../deal.ts";
import { dealBenchmark } from "../deal_benchmark.ts";
import { CONTROL_CONVERSATIONS, MIXTURES } from "../mixtures.ts";
import { renderScene } from "../picture/render.ts";
import { EXTRA_TASKS, SCENE_TASKS } from "../scene_tasks.ts";
import { ZERO_SHOT_TASKS } from "../tasks/zero_shot.ts";
import type { SceneTask } from "../templates.ts";
import { baselines, topAnswers } from "./baselines.ts";
import { markdownTable, paragraph } from "./markdown.ts";
import { TASK_NOTES } from "./notes.ts";

/** The datasheet's files. */
export interface Datasheet {
  /** The page. */
  markdown: string;
  /** PNG files by their path beside the page. */
  pictures: Map<string, Uint8Array>;
}

/** Side of the examples, in pixels. */
const SIZE = 96;

/** Questions of validation and test, as `writeScenes` draws them unless told. */
const ASKED = 200;

/** Answers of a template that are listed. */
const LISTED = 9;

interface Dealt extends Record<Split, Conversation[]> {
  task: SceneTask;
}

/** All tasks, each in the size that it has in the first mixture with it: the seven as `writeScenes` draws them. */
function dealAll(): Dealt[] {
  const sizeOf = (name: string) =>
    MIXTURES.find(({ train }) => name in train)?.train[name] ?? CONTROL_CONVERSATIONS;
  const parts = [
    ...[...SCENE_TASKS, ...EXTRA_TASKS].map((task) => ({
      task,
      sizes: { train: sizeOf(task.name), val: ASKED, test: ASKED },
    })),
    ...ZERO_SHOT_TASKS.map((task) => ({ task, sizes: { test: ASKED } })),
  ];
  const dealt = new Map<SceneTask, Dealt>(
    parts.map(({ task }) => [task, { task, train: [], val: [], test: [] }]),
  );
  for (const { task, split, blocks } of dealBenchmark(0, parts)) dealt.get(task)![split] = [...blocks].flat();
  return [...dealt.values()];
}

/** Tokens that the loss counts: words, full stops and the end of an answer. A box has four. */
function answerTokens(turns: readonly DealtTurn[]): number {
  return turns.reduce(
    (sum, { answer }) => sum + answer.split(" ").length + (answer.match(/\.( |$)/g)?.length ?? 0) + 1,
    0,
  );
}

const turnsOf = (conversations: readonly Conversation[]) => conversations.flatMap(({ turns }) => turns);

/**
 * Makes the datasheet. It takes some seconds: the default mixture is drawn.
 *
 * @returns The page and its pictures; the same bytes every time.
 */
export function datasheet(): Datasheet {
  const dealt = dealAll();
  const pictures = new Map<string, Uint8Array>();
  for (const { task, test } of dealt) {
    pictures.set(`scenes/${task.name}.png`, encodePng(renderScene(test[0]!.scene, SIZE), SIZE, SIZE));
  }
  const markdown = [
    "# The built-in benchmark: scenes",
    paragraph(
      "Written by `deno task scenes --datasheet`: every number here comes from the generator itself.",
    ),
    "## How it is made",
    paragraph(
      "A scene is a graph of facts: two to four objects with colour, shape, size and place, or a sign with letters " +
        "beside one or two objects, or a bar chart. Picture, questions and answers are derived from it " +
        "(`src/scenes`), so answers are right by construction. Everything is drawn from one seed; the same seed gives " +
        "the same bytes on every machine.",
    ),
    [
      "A scene belongs to train, val or test by a hash of what it shows, across all tasks, all seeds, and pretraining.",
      "No two conversations of a folder share a scene.",
      "Within each template all answers occur equally often: the answers are planned first, and scenes are drawn until one fits.",
      "Three pairs of colour and shape occur in no scene but the zero-shot tasks'.",
      "Val and test ask one question a picture. A task's questions there are drawn apart from the mixture's sizes, so that " +
      "mixtures are scored on the same questions, but for a scene that another task has taken.",
    ].map((text) => paragraph(`- ${text}`, "  ")).join("\n"),
    "## Mixtures",
    paragraph("Training conversations, and below them thousands of answer tokens (which the loss counts)."),
    sizes(dealt),
    "## Why these mixtures",
    paragraph(
      "They were chosen for the reasons given here, which were written down before any method was run on them, " +
        "and are not changed for what a method scores. `--train task=n,...` sets sizes by hand.",
    ),
    ...MIXTURES.flatMap(({ name, summary, reasons }) => [
      `### ${name}`,
      paragraph(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`),
      ...reasons.map((reason) => paragraph(reason)),
    ]),
    "## What needs no picture",
    paragraph(
      `Points on ${ASKED} test questions a task (per cent, CIDEr times 10). Chance: an answer drawn by lot from the ` +
        "template's, or another question's answer where it is open. Majority: the best constant answer. A template: " +
        "the best constant answer to each template. Words: the most frequent training answer to the very same words. A " +
        "model that sees a blank image should come to little more than the last two.",
    ),
    scores(dealt),
    "## Tasks",
    ...dealt.flatMap(section),
    "## The negative control",
    paragraph(
      `\`--control\` adds the task control to any mixture (${CONTROL_CONVERSATIONS} conversations). The other tasks stay ` +
        "as they are to the byte. Every scene can be asked every question with every answer, so neither picture " +
        "nor question tells anything about the answer.",
    ),
    "## The zero-shot tasks",
    paragraph(
      "`deno task scenes --zero-shot 200` writes them to the folder `zero-shot` inside the benchmark's: a dataset of its own " +
        "with a test split only. `deno task eval --data scenes/zero-shot` scores a checkpoint on it; in a program, " +
        '`loadDataset("scenes/zero-shot", { splits: ["test"] })` reads it.',
    ),
  ].join("\n\n") + "\n";
  return { markdown, pictures };
}

/** Conversations and answer tokens of each task in each mixture. */
function sizes(dealt: readonly Dealt[]): string {
  const tasks = dealt.filter(({ train, task }) => train.length > 0 && task.name !== "control");
  const tokens = ({ train }: Dealt, count: number) =>
    answerTokens(turnsOf(train)) / train.length * count / 1000;
  const rows = (cell: (of: Dealt, count: number) => string) =>
    tasks.map((of) => [
      of.task.name,
      ...MIXTURES.map(({ train }) => {
        const count = train[of.task.name];
        return count === undefined ? "" : cell(of, count);
      }),
    ]);
  const all = MIXTURES.map(({ train }) => String(Object.values(train).reduce((sum, n) => sum + n, 0)));
  const names = MIXTURES.map(({ name }) => name);
  return [
    markdownTable([["conversations", ...names], ...rows((_, n) => String(n)), ["all", ...all]]),
    markdownTable([["answer tokens, thousands", ...names], ...rows((of, n) => tokens(of, n).toFixed(1))]),
  ].join("\n\n");
}

function scores(dealt: readonly Dealt[]): string {
  const rows = dealt.map(({ task, train, test }) => {
    // The zero-shot tasks have nothing to choose on but what they are scored on.
    const { chance, majority, template, words } = baselines(
      task,
      turnsOf(train.length > 0 ? train : test),
      turnsOf(test),
    );
    const blind = train.length > 0
      ? [majority, template, words].map((points) => points.toFixed(1))
      : ["", "", ""];
    return [task.name, task.metric, chance.toFixed(1), ...blind];
  });
  return markdownTable([["task", "metric", "chance", "majority", "a template", "words"], ...rows]);
}

/** One task: an example, what to know, its templates and their most frequent answers. */
function section({ task, train, test }: Dealt): string[] {
  const turns = turnsOf(train.length > 0 ? train : test);
  const { question, answer } = test[0]!.turns[0]!;
  const rows = task.templates.map(({ name, keys }) => {
    const own = turns.filter(({ template }) => template === name);
    const top = topAnswers(own);
    const listed = keys.length === 0
      ? `open: ${top.length} different`
      : top.slice(0, LISTED).map(({ answer, count }) => `${answer} ${count}`).join(", ") +
        (top.length > LISTED ? `, … (${top.length})` : "");
    return [name, String(own.length), listed];
  });
  return [
    `### ${task.name}`,
    `![An example of ${task.name}](scenes/${task.name}.png)`,
    `_${question}_ ${answer}`,
    paragraph(TASK_NOTES[task.name] ?? ""),
    markdownTable([["template", "questions", "answers"], ...rows]),
  ];
}
