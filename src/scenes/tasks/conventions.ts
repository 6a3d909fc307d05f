/**
 * Tasks that answer other tasks' questions in another convention.
 *
 * Their questions are, word for word, those of vqa and of grounding, about some of the same pictures: those of four
 * objects here, those of two there. Nothing in prompt or picture tells which convention is wanted, so a model
 * answers such a picture as the task does that weighs more. It is no zero-sum game: a model that gives in wins all of
 * the smaller task and loses a part of the larger one, which is asked about other pictures too.
 *
 * @module
 */

import { COLUMN_NAMES, placeName, ROW_NAMES } from "../picture/place.ts";
import type { Scene } from "../picture/scene.ts";
import { nameOf, type Question, type SceneTask, type Template } from "../templates.ts";
import { grounding } from "./grounding.ts";
import { vqa } from "./vqa.ts";

/** The template, asked only about scenes of so many objects. */
function aboutScenesOf(
  count: number,
  template: Template,
  change: (asked: Question, scene: Scene) => Question,
): Template {
  return {
    ...template,
    questions: (scene) =>
      scene.objects.length === count ? template.questions(scene).map((asked) => change(asked, scene)) : [],
  };
}

const ATTRIBUTES = ["colour-of-shape", "shape-of-colour", "colour-at-place", "shape-at-place"];

/** vqa's questions about attributes on pictures of four objects: where vqa says "red" or "ring", it says "red ring". */
export const vqaFull: SceneTask = {
  name: "vqa-full",
  metric: "exact-match",
  turns: 1,
  templates: vqa.templates.filter(({ name }) => ATTRIBUTES.includes(name)).map((template) => ({
    // The subject is the object's name.
    ...aboutScenesOf(4, template, (asked) => ({ ...asked, answer: asked.subject! })),
    name: `${template.name}-full`,
  })),
};

const PLACES = ROW_NAMES.flatMap((row) => COLUMN_NAMES.map((column) => `${row} ${column}`));

/** grounding's questions on pictures of two objects: where grounding gives a box, it gives the place in words. */
export const groundingWords: SceneTask = {
  name: "grounding-words",
  metric: "exact-match",
  turns: 1,
  templates: grounding.templates.map((template) => ({
    ...aboutScenesOf(2, template, (asked, scene) => {
      const answer = placeName(scene.objects.find((object) => nameOf(object) === asked.subject)!.box);
      return { ...asked, answer, key: answer };
    }),
    name: `${template.name}-words`,
    keys: PLACES,
  })),
};
