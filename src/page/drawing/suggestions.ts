/**
 * What can be asked about a picture that was drawn, in the words that the benchmark trains on.
 *
 * @module
 */

import { Random } from "../../random.ts";
import { isHeldOut, type Scene } from "../../scenes/picture/scene.ts";
import { SCENE_TASKS } from "../../scenes/scene_tasks.ts";
import { nameOf } from "../../scenes/templates.ts";

/** A question about a picture, with what the picture says. */
export interface Suggestion {
  /** The task of the benchmark whose question it is. */
  task: string;
  /** The question. */
  question: string;
  /** The true answer. */
  answer: string;
}

/** Questions of a task that are suggested, at most. */
const MOST = 3;

/**
 * Suggests questions.
 *
 * They are those that the benchmark's own templates ask about the scene, but for those whose answer lies outside of what
 * the template ever answers, and for those about things of which there are two alike.
 *
 * @param scene What was drawn.
 * @returns Questions, at most three a task, in the order of the tasks; the same scene gives the same.
 *
 * @example One circle
 * ```ts
 * import { addObject, EMPTY, sceneOf } from "./sketch.ts";
 * import { suggestions } from "./suggestions.ts";
 * import { assert } from "@std/assert";
 *
 * const drawn = addObject(EMPTY, { colour: "red", shape: "circle", size: "large" });
 * assert("sketch" in drawn);
 * const asked = suggestions(sceneOf(drawn.sketch));
 * assert(asked.some(({ question, answer }) => question === "what colour is the circle?" && answer === "red"));
 * ```
 */
export function suggestions(scene: Scene): Suggestion[] {
  const { objects, bars, sign } = scene;
  if (objects.length + bars.length === 0 && sign === undefined) return [];
  const doubtful = [
    ...twice(objects.map(nameOf)),
    ...twice(bars.map(({ colour }) => `${colour} bar`)),
    ...twice(bars.map(({ value }) => `height ${value}?`)),
  ];
  const random = new Random("suggestions");
  return SCENE_TASKS.flatMap(({ name, templates }) => {
    const fitting = templates.filter(({ kind }) =>
      // Signs stand among objects, of which everything can be asked that is asked without a sign.
      kind === scene.kind || (kind === "objects" && scene.kind === "sign" && objects.length > 0)
    ).filter(({ kind }) => kind !== "chart" || bars.length > 1); // the highest of one is none
    const asked = fitting.flatMap((template) => {
      const all = template.questions(scene).filter(({ question, key, subject }) =>
        (template.keys.length === 0 || template.keys.includes(key)) &&
        !doubtful.some((words) => question.includes(words) || subject === words)
      );
      return all.length === 0 ? [] : [random.pick(all)]; // of each form one
    });
    return random.shuffle(asked).slice(0, MOST)
      .map(({ question, answer }) => ({ task: name, question, answer }));
  });
}

/**
 * What a reader should know of a picture: where it is not like those that models were trained on.
 *
 * @param scene What was drawn.
 * @returns Sentences; none where the benchmark could have drawn it.
 */
export function unusual({ objects, bars, sign }: Scene): string[] {
  const names = objects.map(nameOf);
  const unseen = [...new Set(objects.filter((o) => isHeldOut(o.colour, o.shape)).map(nameOf))];
  const said: string[] = [];
  if (unseen.length > 0) {
    said.push(`No picture of the benchmark that models are tuned on shows a ${unseen.join(" or a ")}.`);
  }
  if (twice(names).length > 0 || twice(bars.map(({ colour }) => colour)).length > 0) {
    said.push(
      "Two things are alike: the benchmark has no such picture, and its questions do not tell them apart.",
    );
  }
  const most = sign === undefined ? 4 : 2;
  if (objects.length > most) {
    said.push(`The benchmark draws at most ${most} shapes${sign === undefined ? "" : " beside a sign"}.`);
  }
  if (sign !== undefined && (sign.letters.length < 2 || sign.letters.length > 3)) {
    said.push("The benchmark's signs have two or three letters.");
  }
  return said;
}

/** What occurs more than once. */
function twice(words: readonly string[]): string[] {
  return [...new Set(words.filter((word, i) => words.indexOf(word) < i))];
}
