/**
 * The region-caption task: what is inside a given box.
 *
 * @module
 */

import { gridBoxText } from "../box_text.ts";
import { describe, nameOf, type SceneTask } from "../templates.ts";

/** The task; like captions for RefCOCO's boxes. */
export const regionCaption: SceneTask = {
  name: "region-caption",
  metric: "cider",
  turns: 2,
  templates: [{
    name: "region",
    share: 1,
    kind: "objects",
    keys: [],
    questions: (scene) =>
      scene.objects.map((object) => ({
        question: `describe ${gridBoxText(object.box)}`,
        answer: describe(object),
        key: "",
        subject: nameOf(object),
      })),
  }],
};
