/**
 * The pretraining stream: pictures with dense captions, from which a base model learns to see and to name.
 *
 * Some captions tell the picture cell by cell. The others are a series of short facts: each names first what it is
 * about (a box, a place, an object, a bar), then what can only be known from the picture. The words, the names of
 * objects and the boxes are those of the tasks, but no question of theirs occurs: tuning teaches the questions, not
 * the seeing.
 *
 * @module
 */

import type { Random } from "../random.ts";
import { gridBoxText } from "./box_text.ts";
import { generateScene, LETTER_CELL } from "./picture/generate.ts";
import { placeName } from "./picture/place.ts";
import { barBox, renderScene } from "./picture/render.ts";
import { COLOUR_NAMES, type Scene, type SceneObject, type Sign, UNITS } from "./picture/scene.ts";
import {
  describe,
  EXTREMES,
  fitting,
  isUnique,
  nameOf,
  outermost,
  RELATIONS,
  sentences,
} from "./templates.ts";

/** The prompts before a dense caption. They say nothing, so that a caption's words can come only from the picture. */
export const DENSE_PROMPTS = ["look", "tell", "image"] as const;

/** Facts are added to the lists until a caption has this many words, full stops apart. */
const ENOUGH_WORDS = 32;

/** A series of facts has no more words than this. */
const MOST_WORDS = 60;

/** The share of captions that tell the picture cell by cell. */
const GRID_SHARE = 0.4;

/** Rows and columns of cells. */
const CELLS = 4;

/** A cell shows what covers at least this share of it. */
const LEAST_COVER = 0.12;

/**
 * Draws a dense caption of a scene.
 *
 * @param scene The scene.
 * @param random The stream to draw from.
 * @returns A prompt of one word, and a series of facts.
 *
 * @example Every scene has something to tell
 * ```ts
 * import { denseCaption } from "./pretrain.ts";
 * import { generateScene } from "./picture/generate.ts";
 * import { Random } from "../random.ts";
 * import { assert } from "@std/assert";
 *
 * const random = new Random(3);
 * const { answer } = denseCaption(generateScene(random), random);
 * assert(answer.split(" ").length >= 12);
 * ```
 */
export function denseCaption(scene: Scene, random: Random): { question: string; answer: string } {
  const question = random.pick(DENSE_PROMPTS);
  if (random.next() < GRID_SHARE) return { question, answer: grids(scene, random).join(" ") };
  const chart = scene.kind === "chart";
  const groups: string[][] = [chart ? barList(scene, random) : objectList(scene, random)];
  const facts = chart
    ? barFacts(scene, random)
    : random.shuffle([...objectFacts(scene, random), ...countFacts(scene, random)]);
  if (scene.sign !== undefined) {
    groups.push([`sign ${scene.sign.letters.join(" ")}.`]);
    facts.unshift(...signFacts(scene.sign, random)); // never left out
  }
  let words = groups.flat().join(" ").split(" ").length;
  for (const fact of facts) {
    const length = fact.split(" ").length;
    if (words >= ENOUGH_WORDS || words + length > MOST_WORDS) break;
    groups.push([fact]);
    words += length;
  }
  // Facts stand before, between and after the lists, so that they cannot always be copied from them.
  return { question, answer: random.shuffle(groups).flat().join(" ") };
}

/**
 * The picture cell by cell, row by row: the colour, the shape or the letter in each of 4 × 4 cells, or "no".
 *
 * A word's distance to the part of the picture that it names is the same for all cells, so this is the easiest text to
 * learn to see from.
 */
function grids(scene: Scene, random: Random): string[] {
  const cell = UNITS / CELLS;
  const things = [
    ...scene.objects.map(({ box, colour, shape }) => ({ box, colour, shape })),
    ...scene.bars.map(({ colour, value }, i) => ({ box: barBox(i, value), colour, shape: "bar" })),
  ];
  const cells = Array.from({ length: CELLS * CELLS }, (_, i) => {
    const x = cell * (i % CELLS);
    const y = cell * Math.floor(i / CELLS);
    let most = LEAST_COVER * cell * cell;
    let found: typeof things[number] | undefined;
    for (const thing of things) {
      const [x1, y1, x2, y2] = thing.box;
      const width = Math.min(x2, x + cell) - Math.max(x1, x);
      const height = Math.min(y2, y + cell) - Math.max(y1, y);
      if (width <= 0 || height <= 0 || width * height < most) continue;
      most = width * height;
      found = thing;
    }
    const [left, top] = scene.sign?.box ?? [0, 0];
    const letter = y === top ? scene.sign?.letters[(x - left) / LETTER_CELL] : undefined;
    return { colour: found?.colour ?? "no", shape: found?.shape ?? "no", letter: letter ?? "no" };
  });
  const told = [
    `in colour ${cells.map(({ colour }) => colour).join(" ")}.`,
    `in shape ${cells.map(({ shape }) => shape).join(" ")}.`,
  ];
  if (scene.sign === undefined) return random.shuffle(told);
  return random.shuffle([`in letters ${cells.map(({ letter }) => letter).join(" ")}.`, random.pick(told)]);
}

/** All objects, told one way, half of the time in reading order. */
function objectList(scene: Scene, random: Random): string[] {
  const way = random.int(8);
  if (way === 0) return sentences(scene).filter((text) => !text.startsWith("a sign"));
  const tell = (object: SceneObject): string => {
    const box = gridBoxText(object.box);
    switch (way) {
      case 1:
      case 2:
        return `${keyOf(scene, object, random)} ${box}.`;
      case 3:
      case 4:
        return `${box} ${describe(object)}.`;
      case 5:
        return `${placeName(object.box)} ${describe(object)}.`;
      case 6:
        return `${placeName(object.box)} ${object.shape} ${object.colour}.`;
      default:
        return `${nameOf(object)} ${object.size} ${placeName(object.box)}.`;
    }
  };
  const objects = random.next() < 0.5 ? scene.objects : random.shuffle([...scene.objects]);
  return objects.map(tell);
}

/** A name by which an object can be told from all others: often its colour or its shape alone will do. */
function keyOf(scene: Scene, object: SceneObject, random: Random): string {
  const { colour, shape } = object;
  const choice = random.int(4);
  if (choice === 0 && isUnique(scene, { shape })) return shape;
  if (choice === 1 && isUnique(scene, { colour })) return `${colour} object`;
  return nameOf(object);
}

/**
 * Facts about single objects: what is asked about, then what the picture says. Colour, shape and size of an object
 * are told once at most, by a key drawn from those that point at it.
 */
function objectFacts(scene: Scene, random: Random): string[] {
  const facts = scene.objects.flatMap((object) => {
    const { colour, shape, size } = object;
    const keys = [placeName(object.box)];
    for (const anchor of scene.objects) {
      for (const [words, holds] of RELATIONS) {
        if (!holds(object, anchor)) continue;
        const meant = scene.objects.filter((other) => other !== anchor && holds(other, anchor));
        if (meant.length === 1) keys.push(`${words} ${nameOf(anchor)}`);
      }
    }
    for (const [word, outness] of EXTREMES) {
      if (scene.objects.length > 1 && outermost(scene, outness) === object) keys.push(word);
    }
    const byShape = isUnique(scene, { shape }) && random.next() < 0.4;
    const byColour = isUnique(scene, { colour }) && random.next() < 0.4;
    return [
      `colour ${byShape ? shape : random.pick(keys)} ${colour}.`,
      `shape ${byColour ? colour : random.pick(keys)} ${shape}.`,
      `size ${nameOf(object)} ${size}.`,
    ];
  });
  return facts;
}

/** How many objects there are, or how many of one colour. */
function countFacts(scene: Scene, random: Random): string[] {
  const colour = random.pick(COLOUR_NAMES);
  return [`objects ${scene.objects.length}.`, `${colour} objects ${fitting(scene, { colour }).length}.`];
}

function signFacts({ letters, box }: Sign, random: Random): string[] {
  const facts = [`first letter ${letters[0]!}.`, `last letter ${letters.at(-1)!}.`];
  if (random.next() < 0.3) facts.push(`sign ${gridBoxText(box)}.`);
  return facts;
}

/** All bars, told one way. */
function barList(scene: Scene, random: Random): string[] {
  const way = random.int(4);
  if (way === 0) return sentences(scene);
  const bars = way === 1 ? scene.bars : random.shuffle([...scene.bars]);
  return bars.map(({ colour, value }) =>
    way === 3 ? `height ${value} ${colour}.` : `${colour} bar ${value}.`
  );
}

/** How the bars compare. */
function barFacts(scene: Scene, random: Random): string[] {
  const byValue = scene.bars.toSorted((a, b) => a.value - b.value);
  const [a, b] = random.shuffle([...scene.bars]);
  const [high, low] = a!.value > b!.value ? [a!, b!] : [b!, a!];
  return [
    `highest bar ${byValue.at(-1)!.colour}.`,
    `lowest bar ${byValue[0]!.colour}.`,
    `${high.colour} higher than ${low.colour}.`,
    `bars ${scene.bars.length}.`,
  ];
}

/** One picture of the pretraining stream. */
export interface PretrainSample {
  /** What the picture shows. */
  scene: Scene;
  /** `size` × `size` pixels of three bytes. */
  rgb: Uint8Array;
  /** One of `DENSE_PROMPTS`. */
  question: string;
  /** The dense caption. */
  answer: string;
}

/** What `pretrainSample` may be told. */
export interface PretrainSampleOptions {
  /** Width and height of the picture in pixels; 32, if left out. */
  size?: number;
}

/**
 * Draws a picture with a dense caption. The scene belongs to the training split (`splitOf`), so no picture of the
 * validation and test splits is ever seen, and shows no held-out pair.
 *
 * @param random The stream to draw from.
 * @param options The size of the picture.
 * @returns Scene, pixels, prompt and caption.
 */
export function pretrainSample(random: Random, options: PretrainSampleOptions = {}): PretrainSample {
  const scene = generateScene(random, { split: "train" });
  const rgb = renderScene(scene, options.size ?? UNITS);
  return { scene, rgb, ...denseCaption(scene, random) };
}
