/**
 * The gqa task: relations, superlatives, comparisons, two hops.
 *
 * @module
 */

import { columnOf } from "../picture/place.ts";
import { COLOUR_NAMES, type Scene, type SceneObject, SHAPES } from "../picture/scene.ts";
import {
  EXTREMES,
  fitting,
  isUnique,
  nameOf,
  outermost,
  type Question,
  RELATIONS,
  type SceneTask,
  type Template,
} from "../templates.ts";

/** For every object and relation with exactly one object on the other side: the words and that one object. */
function related(scene: Scene): { words: string; object: SceneObject }[] {
  return scene.objects.flatMap((anchor) =>
    RELATIONS.flatMap(([words, holds]) => {
      const found = scene.objects.filter((other) => other !== anchor && holds(other, anchor));
      return found.length === 1 ? [{ words: `${words} the ${nameOf(anchor)}`, object: found[0]! }] : [];
    })
  );
}

const relationColour: Template = {
  name: "relation-colour",
  share: 0.26,
  kind: "objects",
  keys: COLOUR_NAMES,
  questions: (scene) =>
    related(scene).map(({ words, object }) => ({
      question: `what colour is ${words}?`,
      answer: object.colour,
      key: object.colour,
      subject: nameOf(object),
    })),
};

const relationShape: Template = {
  name: "relation-shape",
  share: 0.18,
  kind: "objects",
  keys: SHAPES,
  questions: (scene) =>
    related(scene).map(({ words, object }) => ({
      question: `what shape is ${words}?`,
      answer: object.shape,
      key: object.shape,
      subject: nameOf(object),
    })),
};

/** The outermost objects of a scene, in the directions that have one. */
function extremes(scene: Scene): { word: string; object: SceneObject }[] {
  return EXTREMES.flatMap(([word, outness]) => {
    const object = outermost(scene, outness);
    return object === undefined ? [] : [{ word, object }];
  });
}

const extremeColour: Template = {
  name: "extreme-colour",
  share: 0.18,
  kind: "objects",
  keys: COLOUR_NAMES,
  questions: (scene) =>
    extremes(scene).map(({ word, object }) => ({
      question: `what colour is the ${word} object?`,
      answer: object.colour,
      key: object.colour,
      subject: nameOf(object),
    })),
};

const extremeShape: Template = {
  name: "extreme-shape",
  share: 0.14,
  kind: "objects",
  keys: SHAPES,
  questions: (scene) =>
    extremes(scene).map(({ word, object }) => ({
      question: `what shape is the ${word} object?`,
      answer: object.shape,
      key: object.shape,
      subject: nameOf(object),
    })),
};

/** Exactly two objects share a colour; one is named by its shape, which no third object has. */
const sameColour: Template = {
  name: "same-colour-shape",
  share: 0.08,
  kind: "objects",
  keys: SHAPES,
  questions: (scene) =>
    scene.objects.flatMap((anchor): Question[] => {
      const alike = fitting(scene, { colour: anchor.colour });
      if (alike.length !== 2 || !isUnique(scene, { shape: anchor.shape })) return [];
      const object = alike.find((other) => other !== anchor)!;
      return [{
        question: `what shape has the colour of the ${anchor.shape}?`,
        answer: object.shape,
        key: object.shape,
        subject: nameOf(object),
      }];
    }),
};

const side: Template = {
  name: "side",
  share: 0.06,
  kind: "objects",
  keys: ["left", "right"],
  questions: (scene) =>
    pairs(scene).filter(([a, b]) => columnOf(a.box) !== columnOf(b.box)).map(([a, b]) => {
      const answer = columnOf(a.box) < columnOf(b.box) ? "left" : "right";
      return {
        question: `is the ${nameOf(a)} left or right of the ${nameOf(b)}?`,
        answer,
        key: answer,
        subject: `side ${[nameOf(a), nameOf(b)].sort().join()}`,
      };
    }),
};

/** The answer is one of the two colours named; which of them, the first or the second, is balanced. */
const larger: Template = {
  name: "larger",
  share: 0.06,
  kind: "objects",
  keys: ["first", "second"],
  questions: (scene) =>
    pairs(scene)
      .filter(([a, b]) =>
        a.size !== b.size && isUnique(scene, { colour: a.colour }) && isUnique(scene, { colour: b.colour })
      )
      .map(([a, b]) => ({
        question: `what is larger: ${a.colour} or ${b.colour}?`,
        answer: a.size === "large" ? a.colour : b.colour,
        key: a.size === "large" ? "first" : "second",
        subject: `larger ${[a.colour, b.colour].sort().join()}`,
      })),
};

const sameSize: Template = {
  name: "same-size",
  share: 0.04,
  kind: "objects",
  keys: ["yes", "no"],
  questions: (scene) =>
    pairs(scene)
      .filter(([a, b]) => isUnique(scene, { colour: a.colour }) && isUnique(scene, { colour: b.colour }))
      .map(([a, b]) => {
        const answer = a.size === b.size ? "yes" : "no";
        return {
          question: `has ${a.colour} the size of ${b.colour}?`,
          answer,
          key: answer,
          subject: `same-size ${[a.colour, b.colour].sort().join()}`,
        };
      }),
};

/** All ordered pairs of two objects. */
function pairs(scene: Scene): [SceneObject, SceneObject][] {
  return scene.objects.flatMap((a) =>
    scene.objects.filter((b) => b !== a).map((b): [SceneObject, SceneObject] => [a, b])
  );
}

/** The task; like GQA. */
export const gqa: SceneTask = {
  name: "gqa",
  metric: "exact-match",
  turns: 3,
  templates: [
    relationColour,
    relationShape,
    extremeColour,
    extremeShape,
    sameColour,
    side,
    larger,
    sameSize,
  ],
};
