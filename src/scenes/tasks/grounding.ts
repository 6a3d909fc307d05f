/**
 * The grounding task: the box of a described object.
 *
 * @module
 */

import { gridBoxText } from "../box_text.ts";
import type { Scene, SceneObject } from "../picture/scene.ts";
import { isUnique, nameOf, type SceneTask, type Template } from "../templates.ts";

function template(
  name: string,
  share: number,
  isMeant: (scene: Scene, object: SceneObject) => boolean,
  words: (object: SceneObject) => string,
): Template {
  return {
    name,
    share,
    kind: "objects",
    keys: [],
    questions: (scene) =>
      scene.objects.filter((object) => isMeant(scene, object)).map((object) => ({
        question: `where is the ${words(object)}?`,
        answer: gridBoxText(object.box),
        key: "",
        subject: nameOf(object),
      })),
  };
}

/** The task; like RefCOCO's boxes. */
export const grounding: SceneTask = {
  name: "grounding",
  metric: "iou",
  turns: 2,
  templates: [
    template("box-of-object", 0.5, () => true, nameOf),
    template("box-of-shape", 0.25, (scene, { shape }) => isUnique(scene, { shape }), ({ shape }) => shape),
    template(
      "box-of-colour",
      0.25,
      (scene, { colour }) => isUnique(scene, { colour }),
      ({ colour }) => `${colour} object`,
    ),
  ],
};
