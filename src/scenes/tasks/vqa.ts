/**
 * The vqa task: attributes of one object, counts, existence.
 *
 * @module
 */

import { placeName } from "../picture/place.ts";
import { COLOUR_NAMES, isHeldOut, SHAPES, SIZE_NAMES } from "../picture/scene.ts";
import { fitting, isUnique, nameOf, type Question, type SceneTask, type Template } from "../templates.ts";

const colourOfShape: Template = {
  name: "colour-of-shape",
  share: 0.2,
  kind: "objects",
  keys: COLOUR_NAMES,
  questions: (scene) =>
    scene.objects.filter(({ shape }) => isUnique(scene, { shape })).map((object) => ({
      question: `what colour is the ${object.shape}?`,
      answer: object.colour,
      key: object.colour,
      subject: nameOf(object),
    })),
};

const shapeOfColour: Template = {
  name: "shape-of-colour",
  share: 0.2,
  kind: "objects",
  keys: SHAPES,
  questions: (scene) =>
    scene.objects.filter(({ colour }) => isUnique(scene, { colour })).map((object) => ({
      question: `what shape is ${object.colour}?`,
      answer: object.shape,
      key: object.shape,
      subject: nameOf(object),
    })),
};

const sizeOfObject: Template = {
  name: "size-of-object",
  share: 0.12,
  kind: "objects",
  keys: SIZE_NAMES,
  questions: (scene) =>
    scene.objects.map((object) => ({
      question: `what size is the ${nameOf(object)}?`,
      answer: object.size,
      key: object.size,
      subject: nameOf(object),
    })),
};

const colourAtPlace: Template = {
  name: "colour-at-place",
  share: 0.12,
  kind: "objects",
  keys: COLOUR_NAMES,
  questions: (scene) =>
    scene.objects.map((object) => ({
      question: `what colour is at ${placeName(object.box)}?`,
      answer: object.colour,
      key: object.colour,
      subject: nameOf(object),
    })),
};

const shapeAtPlace: Template = {
  name: "shape-at-place",
  share: 0.1,
  kind: "objects",
  keys: SHAPES,
  questions: (scene) =>
    scene.objects.map((object) => ({
      question: `what shape is at ${placeName(object.box)}?`,
      answer: object.shape,
      key: object.shape,
      subject: nameOf(object),
    })),
};

const countObjects: Template = {
  name: "count-objects",
  share: 0.1,
  kind: "objects",
  keys: ["2", "3", "4"],
  questions: (scene) => {
    const answer = String(scene.objects.length);
    return [{ question: "how many objects?", answer, key: answer, subject: "count" }];
  },
};

const COLOUR_COUNTS = ["0", "1", "2"];

const countColour: Template = {
  name: "count-colour",
  share: 0.1,
  kind: "objects",
  keys: COLOUR_COUNTS,
  questions: (scene) =>
    COLOUR_NAMES.flatMap((colour): Question[] => {
      const answer = String(fitting(scene, { colour }).length);
      if (!COLOUR_COUNTS.includes(answer)) return [];
      return [{ question: `how many ${colour} objects?`, answer, key: answer, subject: `count ${colour}` }];
    }),
};

/** Colour and shape both occur in the scene, so that neither word alone gives the answer away. */
const existence: Template = {
  name: "existence",
  share: 0.06,
  kind: "objects",
  keys: ["yes", "no"],
  questions: (scene) => {
    const colours = new Set(scene.objects.map((object) => object.colour));
    const shapes = new Set(scene.objects.map((object) => object.shape));
    if (colours.size < 2 || shapes.size < 2) return [];
    return [...colours].flatMap((colour) =>
      [...shapes].filter((shape) => !isHeldOut(colour, shape)).map((shape) => {
        const answer = fitting(scene, { colour, shape }).length > 0 ? "yes" : "no";
        return {
          question: `is there a ${colour} ${shape}?`,
          answer,
          key: answer,
          subject: `${colour} ${shape}`,
        };
      })
    );
  },
};

/** The task; like VQAv2. */
export const vqa: SceneTask = {
  name: "vqa",
  metric: "exact-match",
  turns: 3,
  templates: [
    colourOfShape,
    shapeOfColour,
    sizeOfObject,
    colourAtPlace,
    shapeAtPlace,
    countObjects,
    countColour,
    existence,
  ],
};
