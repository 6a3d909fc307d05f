/**
 * Deals a task's questions over scenes, so that within every template all answers occur equally often.
 *
 * First the questions are planned: so many of every template, so many of every answer, a few for each
 * conversation. Then scenes are drawn for each conversation until one can be asked all that is planned. A plan that
 * no scene fulfils swaps a question with another conversation's.
 *
 * @module
 */

import type { Split } from "../data/types.ts";
import { RunError } from "../errors.ts";
import type { Random } from "../random.ts";
import { generateScene } from "./picture/generate.ts";
import type { Scene } from "./picture/scene.ts";
import { sceneKey } from "./picture/scene_key.ts";
import type { Question, SceneTask, Template } from "./templates.ts";

/** One question and answer of a conversation. */
export interface DealtTurn {
  /** The question's text. */
  question: string;
  /** The true answer. */
  answer: string;
  /** The template's name. */
  template: string;
}

/** A scene and what is asked about it. */
export interface Conversation {
  /** What the picture shows. */
  scene: Scene;
  /** The questions in the order in which they are asked. */
  turns: DealtTurn[];
}

/** What `dealConversations` needs to know. */
export interface DealOptions {
  /** How many conversations. */
  count: number;
  /** Questions a conversation; the task's own number, if left out. */
  turns?: number;
  /** The split to whose scenes the conversations are limited. */
  split: Split;
  /** Keys of scenes that are used elsewhere and must not occur again. The scenes dealt are added. */
  seen: Set<string>;
}

interface Planned {
  template: Template;
  key: string;
}

/** Scenes drawn for a plan before it counts as one that no scene fulfils. */
const TRIES = 400;

/**
 * Makes the conversations of one task and split.
 *
 * @param task The task.
 * @param random The stream to draw from.
 * @param options How many, from which split.
 * @returns The conversations. Counts of a template's answers differ by one at most.
 * @throws {RunError} If no scenes can be found; more were asked for than there are.
 *
 * @example Twelve questions, six of each size
 * ```ts
 * import { dealConversations } from "./deal.ts";
 * import { vqa } from "./tasks/vqa.ts";
 * import { Random } from "../random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = { ...vqa, templates: vqa.templates.filter(({ name }) => name === "size-of-object") };
 * const options = { count: 12, turns: 1, split: "train", seen: new Set<string>() } as const;
 * const answers = dealConversations(task, new Random(0), options).map(({ turns }) => turns[0]!.answer);
 * assertEquals(answers.filter((answer) => answer === "large").length, 6);
 * ```
 */
export function dealConversations(task: SceneTask, random: Random, options: DealOptions): Conversation[] {
  const { count, seen } = options;
  const perConversation = options.turns ?? task.turns;
  const questions = plan(task, count * perConversation, random);
  // Columns, each shuffled by itself: a template seldom meets itself in a conversation.
  const columns = Array.from(
    { length: perConversation },
    (_, column) => random.shuffle(questions.slice(column * count, (column + 1) * count)),
  );
  const plans = Array.from({ length: count }, (_, i) => columns.map((column) => column[i]!));
  const done = new Array<Conversation | undefined>(count).fill(undefined);
  const open = Array.from({ length: count }, (_, i) => count - 1 - i);
  let failures = 0;
  while (open.length > 0) {
    const i = open.pop()!;
    const conversation = findScene(task, plans[i]!, random, options);
    if (conversation !== undefined) {
      done[i] = conversation;
      seen.add(sceneKey(conversation.scene));
      continue;
    }
    if (++failures > 20 + 2 * count) {
      throw new RunError(
        `scenes, task ${task.name}, split ${options.split}: found no scene for ` +
          plans[i]!.map(({ template, key }) => `${template.name} ${key}`).join(" + ") +
          ` after ${failures} plans; expected a task that its templates can fill: ask for fewer conversations`,
      );
    }
    open.push(i);
    const other = random.int(count);
    if (other === i) continue;
    const [a, b] = [random.int(perConversation), random.int(perConversation)];
    [plans[i]![a], plans[other]![b]] = [plans[other]![b]!, plans[i]![a]!];
    const undone = done[other];
    if (undone !== undefined) {
      seen.delete(sceneKey(undone.scene));
      done[other] = undefined;
      open.push(other);
    }
  }
  return done.map((conversation) => conversation!);
}

/** Conversations of a block: as many scenes as are held in memory at once. */
export const BLOCK = 10_000;

/**
 * Makes the conversations of one task and split block by block, so that no more than a block is held in memory. Up
 * to `BLOCK` conversations they are those of `dealConversations`; beyond, answers are balanced within each block.
 *
 * @param task The task.
 * @param random The stream to draw from.
 * @param options How many, from which split.
 * @returns The blocks, each of `BLOCK` conversations but the last.
 * @throws {RunError} If no scenes can be found; more were asked for than there are.
 *
 * @example Twenty thousand and one, in three blocks
 * ```ts
 * import { dealBlocks } from "./deal.ts";
 * import { caption } from "./tasks/caption.ts";
 * import { Random } from "../random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const options = { count: 20_001, split: "train", seen: new Set<string>() } as const;
 * const sizes = [...dealBlocks(caption, new Random(0), options)].map((block) => block.length);
 * assertEquals(sizes, [10_000, 10_000, 1]);
 * ```
 */
export function* dealBlocks(
  task: SceneTask,
  random: Random,
  options: DealOptions,
): Generator<Conversation[]> {
  const { count } = options;
  for (let from = 0; from < count; from += BLOCK) {
    const stream = count <= BLOCK ? random : random.fork(`block ${from / BLOCK}`);
    yield dealConversations(task, stream, { ...options, count: Math.min(BLOCK, count - from) });
  }
}

/** So many questions of each template as its share says, and within it as many of each key. */
function plan(task: SceneTask, total: number, random: Random): Planned[] {
  const whole = task.templates.reduce((sum, { share }) => sum + share, 0);
  const exact = task.templates.map(({ share }) => total * share / whole);
  const counts = exact.map(Math.floor);
  const byRest = exact.map((value, i) => ({ i, rest: value - counts[i]! })).sort((a, b) => b.rest - a.rest);
  const missing = total - counts.reduce((sum, n) => sum + n, 0);
  for (const { i } of byRest.slice(0, missing)) counts[i]!++;
  return task.templates.flatMap((template, i) => {
    const keys = template.keys.length === 0 ? [""] : random.shuffle([...template.keys]);
    const planned = Array.from({ length: counts[i]! }, (_, n) => ({ template, key: keys[n % keys.length]! }));
    return random.shuffle(planned);
  });
}

function findScene(
  task: SceneTask,
  planned: readonly Planned[],
  random: Random,
  { split, seen }: DealOptions,
): Conversation | undefined {
  const { kind } = planned[0]!.template;
  // The rarer form first: it is more often the one that a scene cannot be asked.
  const rareFirst = planned.toSorted((a, b) => a.template.share - b.template.share);
  const options = {
    kind,
    split,
    heldOut: task.heldOut ?? false,
    ...(task.letters !== undefined && { letters: task.letters }),
  };
  for (let tries = 0; tries < TRIES; tries++) {
    const scene = generateScene(random, options);
    const asked: { template: Template; question: Question }[] = [];
    for (const { template, key } of rareFirst) {
      const fitting = template.questions(scene).filter((question) =>
        question.key === key &&
        asked.every((earlier) =>
          earlier.question.question !== question.question &&
          (question.subject === undefined || earlier.question.subject !== question.subject)
        )
      );
      if (fitting.length === 0) break;
      // Most scenes fail at the first template: only for the others it is worth making their key.
      if (asked.length === 0 && seen.has(sceneKey(scene))) break;
      asked.push({ template, question: random.pick(fitting) });
    }
    if (asked.length < planned.length) continue;
    random.shuffle(asked).sort((a, b) => Number(a.template.last ?? false) - Number(b.template.last ?? false));
    return {
      scene,
      turns: asked.map(({ template, question: { question, answer } }) => ({
        question,
        answer,
        template: template.name,
      })),
    };
  }
  return undefined;
}
