/**
 * What tells scenes apart, and which split each belongs to.
 *
 * @module
 */

import type { Split } from "../../data/types.ts";
import type { Scene } from "./scene.ts";
import { textOf } from "./things.ts";

/** A text for each thing that the scene shows. */
function keyParts({ objects, sign, bars }: Scene): string[] {
  const parts = objects.map(textOf);
  if (sign !== undefined) parts.push(`sign ${sign.letters.join("")} ${sign.box.join(" ")}`);
  for (const bar of bars) parts.push(textOf(bar));
  return parts;
}

/**
 * A text that two scenes share if, and only if, they show the same things at the same places.
 *
 * @param scene The scene.
 * @returns The text; the background and the noise have no part in it.
 */
export function sceneKey(scene: Scene): string {
  return keyParts(scene).join("|");
}

/**
 * The split that a scene belongs to, by a hash of what it shows: a tenth of all scenes can only ever be used for
 * test, a tenth for val, the rest for train and for pretraining. So no scene is shared between splits, whatever the
 * seeds, and none that a model was pretrained on is ever validated or tested.
 *
 * @param scene The scene.
 * @returns Its split.
 */
export function splitOf(scene: Scene): Split {
  let hash = 0x811c9dc5;
  const take = (code: number) => hash = Math.imul(hash ^ code, 0x01000193);
  // The hash of the key, without making it.
  for (const [i, part] of keyParts(scene).entries()) {
    if (i > 0) take(BAR);
    for (let k = 0; k < part.length; k++) take(part.charCodeAt(k));
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  const tenth = ((hash ^ (hash >>> 12)) >>> 0) % 10;
  return tenth === 0 ? "test" : tenth === 1 ? "val" : "train";
}

/** What parts the things in a key. */
const BAR = "|".charCodeAt(0);
