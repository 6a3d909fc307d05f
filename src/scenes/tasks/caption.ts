/**
 * The caption task: a sentence for every object, sign or bar, in reading order.
 *
 * @module
 */

import type { SceneKind } from "../picture/scene.ts";
import { type SceneTask, sentences, type Template } from "../templates.ts";

function template(kind: SceneKind, share: number): Template {
  return {
    name: `caption-${kind}`,
    share,
    kind,
    keys: [],
    questions: (scene) => {
      const answer = sentences(scene).join(" ");
      return [{ question: "describe the image", answer, key: "" }];
    },
  };
}

/** The task; like ShareGPT4V's captions. */
export const caption: SceneTask = {
  name: "caption",
  metric: "cider",
  turns: 1,
  templates: [template("objects", 0.7), template("sign", 0.15), template("chart", 0.15)],
};
