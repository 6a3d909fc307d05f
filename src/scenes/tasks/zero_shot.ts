/**
 * Tasks that a model is never tuned on: pairs of colour and shape that it never saw together, and forms of
 * questions that it was never asked.
 *
 * @module
 */

import { HELD_OUT_PAIRS } from "../picture/scene.ts";
import type { SceneTask, Template } from "../templates.ts";
import { grounding } from "./grounding.ts";
import { vqa } from "./vqa.ts";

const NAMES = HELD_OUT_PAIRS.map(([colour, shape]) => `${colour} ${shape}`);
const HALVES = new Set<string>(HELD_OUT_PAIRS.flat());

/** The template, asked only about objects of a held-out pair. */
function aboutPairs(template: Template): Template {
  return {
    ...template,
    name: `${template.name}-pair`,
    keys: template.name === "size-of-object" ? template.keys : template.keys.filter((key) => HALVES.has(key)),
    questions: (scene) =>
      template.questions(scene).filter(({ subject }) => subject !== undefined && NAMES.includes(subject)),
  };
}

const ATTRIBUTES = [
  "colour-of-shape",
  "shape-of-colour",
  "size-of-object",
  "colour-at-place",
  "shape-at-place",
];

/** The same questions in words of another order; every word is known from the tasks. */
const REWORDED: readonly (readonly [RegExp, string])[] = [
  [/^what (colour|shape|size) is at (.+)\?$/, "at $2 is what $1?"],
  [/^what (colour|shape|size) is (.+)\?$/, "$2 has what $1?"],
  [/^how many (.+)\?$/, "the image has how many $1?"],
  [/^is there (.+)\?$/, "has the image $1?"],
];

function reworded(template: Template): Template {
  return {
    ...template,
    name: `${template.name}-reworded`,
    questions: (scene) =>
      template.questions(scene).map((asked) => {
        const rule = REWORDED.find(([form]) => form.test(asked.question))!;
        return { ...asked, question: asked.question.replace(rule[0], rule[1]) };
      }),
  };
}

/** The zero-shot tasks. They have a test split only. */
export const ZERO_SHOT_TASKS: readonly SceneTask[] = [
  {
    ...vqa,
    name: "vqa-pairs",
    turns: 1,
    heldOut: true,
    templates: vqa.templates.filter(({ name }) => ATTRIBUTES.includes(name)).map(aboutPairs),
  },
  { ...vqa, name: "vqa-forms", turns: 1, templates: vqa.templates.map(reworded) },
  {
    ...grounding,
    name: "grounding-pairs",
    turns: 1,
    heldOut: true,
    templates: grounding.templates.map(aboutPairs),
  },
];
