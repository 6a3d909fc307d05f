/**
 * The negative control: a task that teaches nothing.
 *
 * Its answers are drawn by lot. They depend neither on the picture nor on the question, and they are words that
 * are no answer, and stand in no question, of any other task. What this task seems to contribute to others is noise,
 * and what more steps of training do by themselves: a contribution of another task counts where it exceeds these.
 *
 * @module
 */

import { COLOUR_NAMES, isHeldOut, SHAPES } from "../picture/scene.ts";
import type { Question, SceneTask } from "../templates.ts";

/** The answers. */
export const CONTROL_ANSWERS = ["and", "are", "look", "tell"] as const;

/** Every question with every answer, whatever the scene. */
const QUESTIONS: readonly Question[] = COLOUR_NAMES.flatMap((colour) =>
  SHAPES.filter((shape) => !isHeldOut(colour, shape)).flatMap((shape) =>
    CONTROL_ANSWERS.map((answer) => ({ question: `what has the ${colour} ${shape}?`, answer, key: answer }))
  )
);

/** The task; unlike anything. */
export const control: SceneTask = {
  name: "control",
  metric: "exact-match",
  turns: 3,
  templates: [{
    name: "lot",
    share: 1,
    kind: "objects",
    keys: CONTROL_ANSWERS,
    questions: () => [...QUESTIONS],
  }],
};
