/**
 * What a question template is, and the words that all templates share.
 *
 * @module
 */

import type { MetricName } from "../data/types.ts";
import { columnOf, placeName, rowOf } from "./picture/place.ts";
import type { Bar, Scene, SceneKind, SceneObject } from "./picture/scene.ts";

/** A question that a scene can be asked, with its answer. */
export interface Question {
  /** The question's text. */
  question: string;
  /** The true answer. */
  answer: string;
  /** What is balanced within the template: the answer, unless the answer names one of two things asked about. */
  key: string;
  /**
   * What the question is about, if it is one thing. Two questions about the same thing do not meet in one
   * conversation, where the first would answer the second.
   */
  subject?: string;
}

/** One form of question. */
export interface Template {
  /** Its name, of which the benchmark has no other. */
  name: string;
  /** The share of the task's questions, up to a common factor. */
  share: number;
  /** The kind of scene it is asked about. */
  kind: SceneKind;
  /** The values of `Question.key`, which all occur equally often. Empty where the answer is open. */
  keys: readonly string[];
  /** Asked after the other questions of a conversation, because its answer would give theirs away. */
  last?: boolean;
  /**
   * Every question of this form that the scene can be asked without doubt about what is meant.
   *
   * @param scene The scene.
   * @returns The questions, in a fixed order.
   */
  questions(scene: Scene): Question[];
}

/** One of the benchmark's tasks. */
export interface SceneTask {
  /** Its name, as in the names of its files. */
  name: string;
  /** How its answers are scored. */
  metric: MetricName;
  /** Questions a conversation of the training split; validation and test ask one. */
  turns: number;
  /** Whether its scenes may show the held-out pairs of colour and shape. */
  heldOut?: boolean;
  /** The fewest and the most letters of its signs; two or three, if left out. */
  letters?: readonly [least: number, most: number];
  /** Its forms of questions. */
  templates: readonly Template[];
}

/** What `fits` may ask of an object; a value left out fits any. */
export type Description = Partial<Pick<SceneObject, "colour" | "shape" | "size">>;

/**
 * The objects of a scene that a description fits.
 *
 * @param scene The scene.
 * @param description Colour, shape and size, as far as they matter.
 * @returns The objects, in reading order.
 */
export function fitting(scene: Scene, description: Description): SceneObject[] {
  return scene.objects.filter((object) =>
    (description.colour === undefined || object.colour === description.colour) &&
    (description.shape === undefined || object.shape === description.shape) &&
    (description.size === undefined || object.size === description.size)
  );
}

/**
 * Whether a description fits exactly one object of a scene.
 *
 * @param scene The scene.
 * @param description Colour, shape and size, as far as they matter.
 * @returns True if exactly one object fits.
 */
export function isUnique(scene: Scene, description: Description): boolean {
  return fitting(scene, description).length === 1;
}

/** The words of a relation, and which objects stand in it: by column or row, so that there is always a margin. */
export const RELATIONS: readonly (readonly [
  words: string,
  holds: (a: SceneObject, b: SceneObject) => boolean,
])[] = [
  ["left of", (a, b) => columnOf(a.box) < columnOf(b.box)],
  ["right of", (a, b) => columnOf(a.box) > columnOf(b.box)],
  ["above", (a, b) => rowOf(a.box) < rowOf(b.box)],
  ["below", (a, b) => rowOf(a.box) > rowOf(b.box)],
];

/** The words for the outermost object in each direction, and how far out an object is. */
export const EXTREMES: readonly (readonly [word: string, outness: (object: SceneObject) => number])[] = [
  ["leftmost", (object) => -columnOf(object.box)],
  ["rightmost", (object) => columnOf(object.box)],
  ["highest", (object) => -rowOf(object.box)],
  ["lowest", (object) => rowOf(object.box)],
];

/**
 * The one outermost object in a direction.
 *
 * @param scene The scene.
 * @param outness How far out an object is.
 * @returns The object, or undefined where two are equally far out.
 */
export function outermost(scene: Scene, outness: (object: SceneObject) => number): SceneObject | undefined {
  const most = Math.max(...scene.objects.map(outness));
  const found = scene.objects.filter((object) => outness(object) === most);
  return found.length === 1 ? found[0] : undefined;
}

/**
 * The name by which an object can be told from all others of its scene.
 *
 * @param object The object.
 * @returns Colour and shape.
 */
export function nameOf(object: SceneObject): string {
  return `${object.colour} ${object.shape}`;
}

/**
 * An object in words.
 *
 * @param object The object.
 * @returns "a", size, colour and shape.
 */
export function describe(object: SceneObject): string {
  return `a ${object.size} ${object.colour} ${object.shape}`;
}

/**
 * A sentence for everything in a scene: objects and signs in reading order, bars from the left.
 *
 * @param scene The scene.
 * @returns The sentences.
 */
export function sentences(scene: Scene): string[] {
  const things = scene.objects.map((object) => ({
    at: 3 * rowOf(object.box) + columnOf(object.box),
    text: `${describe(object)} at ${placeName(object.box)}.`,
  }));
  if (scene.sign !== undefined) {
    const { box, letters } = scene.sign;
    things.push({ at: 3 * rowOf(box) + columnOf(box), text: `a sign with ${letters.join(" ")}.` });
    things.sort((a, b) => a.at - b.at);
  }
  return [...things.map((thing) => thing.text), ...scene.bars.map(barSentence)];
}

function barSentence(bar: Bar): string {
  return `a ${bar.colour} bar of height ${bar.value}.`;
}
