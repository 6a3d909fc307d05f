/**
 * Tasks that answer other tasks' questions in another convention.
 *
 * Their questions are, word for word, those of vqa and of grounding. Only the picture tells the conventions apart:
 * here a sign stands beside the objects, there never one. A model that looks can serve both; one that does not answers
 * as the larger task does.
 *
 * @module
 */

import { COLUMN_NAMES, placeName, ROW_NAMES } from "../picture/place.ts";
import { nameOf, type SceneTask, type Template } from "../templates.ts";
import { grounding } from "./grounding.ts";
import { vqa } from "./vqa.ts";

const ATTRIBUTES = ["colour-of-shape", "shape-of-colour", "colour-at-place", "shape-at-place"];

/** Where vqa says "red" or "ring", this says "red ring". The subject is the object's name. */
function named(template: Template): Template {
  return {
    ...template,
    name: `${template.name}-full`,
    kind: "sign",
    questions: (scene) => template.questions(scene).map((asked) => ({ ...asked, answer: asked.subject! })),
  };
}

const PLACES = ROW_NAMES.flatMap((row) => COLUMN_NAMES.map((column) => `${row} ${column}`));

/** Where grounding gives a box, this gives the place in words. */
function placed(template: Template): Template {
  return {
    ...template,
    name: `${template.name}-words`,
    kind: "sign",
    keys: PLACES,
    questions: (scene) =>
      template.questions(scene).map((asked) => {
        const answer = placeName(scene.objects.find((object) => nameOf(object) === asked.subject)!.box);
        return { ...asked, answer, key: answer };
      }),
  };
}

/** vqa's questions about attributes, answered by colour and shape. */
export const vqaFull: SceneTask = {
  name: "vqa-full",
  metric: "exact-match",
  turns: 1,
  templates: vqa.templates.filter(({ name }) => ATTRIBUTES.includes(name)).map(named),
};

/** grounding's questions, answered by a place in words. */
export const groundingWords: SceneTask = {
  name: "grounding-words",
  metric: "exact-match",
  turns: 1,
  templates: grounding.templates.map(placed),
};
