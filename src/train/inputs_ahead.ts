/**
 * What a run's model is given of each image, made when it is about to be needed: for runs whose images are too many, or too
 * large, to hold what the model is given of all of them.
 *
 * @module
 */

import { tilesTogether } from "./encode_tiles.ts";
import type { EngineModel } from "./engine.ts";
import type { FeatureFile } from "./feature_file.ts";
import type { ImageInputs, Readied } from "./image_inputs.ts";

/** What inputs are made of. */
export interface AheadOptions {
  /** The images, each once. */
  paths: readonly string[];
  /** How many tiles each has. */
  tileCounts: ArrayLike<number>;
  /** Reads an image and makes its tiles, each [3, S, S]. */
  tiles: (path: string) => Promise<Float32Array[]>;
  /** Side of a tile, in pixels. */
  imageSize: number;
  /** What the model is given of a blank tile. */
  blankTile: Float32Array;
  /**
   * Keeps features; undefined where the model is given pixels. Features are rounded to float16 whether they are kept or not, so
   * that results do not depend on how many are.
   */
  features?: FeatureFile | undefined;
  /** Gives back what else was opened. */
  close?: () => void;
}

/** An image that somebody waits for or uses. */
interface Held {
  /** How many do. */
  users: number;
  /** Once it is there. */
  values: Float32Array[] | undefined;
  /** When its tiles, or its features, have been read. */
  read: Promise<unknown>;
  /** When `values` are there. */
  done: Promise<void>;
}

/** Tiles that wait for the tower. */
interface Arrived {
  tiles: Float32Array[];
  done: (features: Float32Array[]) => void;
  failed: (error: unknown) => void;
}

/**
 * Inputs that are there from {@linkcode ImageInputs.ready} until they are released.
 *
 * @param options What they are made of.
 * @returns The store.
 */
export function inputsAhead(options: AheadOptions): ImageInputs & Required<Pick<ImageInputs, "ready">> {
  const { paths, tileCounts, blankTile, features } = options;
  const numbers = new Map(paths.map((path, i) => [path, i]));
  const held = new Map<string, Held>();
  const encode = tower(tilesTogether(options.imageSize));

  const numberOf = (path: string) => {
    const number = numbers.get(path);
    if (number === undefined) throw new Error(`nothing is known of the image ${path}`);
    return number;
  };

  const make = (path: string, model: Pick<EngineModel, "encodeImages">): Held => {
    const number = numberOf(path);
    const kept = features?.get(number, tileCounts[number]!);
    if (kept !== undefined) {
      const values = kept.map((tile) => Float32Array.from(tile));
      return { users: 0, values, read: Promise.resolve(), done: Promise.resolve() };
    }
    const read = options.tiles(path);
    const one: Held = { users: 0, values: undefined, read, done: Promise.resolve() };
    one.done = read.then(async (tiles) => {
      if (features === undefined) {
        one.values = tiles;
        return;
      }
      const rounded = (await encode(tiles, model)).map(toHalf);
      features.add(number, rounded);
      one.values = rounded.map((tile) => Float32Array.from(tile));
    });
    one.done.catch(() => {}); // whoever asked hears of it
    return one;
  };

  return {
    get(path) {
      const values = held.get(path)?.values;
      if (values === undefined) throw new Error(`the image ${path} is used before it was made ready`);
      return values;
    },
    ready(asked, model): Readied {
      const own = [...new Set(asked)];
      const all = own.map((path) => {
        let one = held.get(path);
        if (one === undefined) held.set(path, one = make(path, model));
        one.users++;
        return one;
      });
      let released = false;
      const read = Promise.all(all.map((one) => one.read)).then(() => {});
      const done = Promise.all(all.map((one) => one.done)).then(() => {});
      read.catch(() => {}); // `done` fails with it
      return {
        read,
        done,
        release() {
          if (released) return;
          released = true;
          for (const [i, path] of own.entries()) if (--all[i]!.users === 0) held.delete(path);
        },
      };
    },
    blank: (path) => new Array<Float32Array>(tileCounts[numberOf(path)]!).fill(blankTile),
    blankTile,
    close() {
      features?.close();
      options.close?.();
    },
  };
}

/** The largest number of float16: what is beyond it becomes it. */
const MOST_HALF = 65_504;

/**
 * Rounds to float16.
 *
 * @param values Any numbers.
 * @returns The nearest ones of float16, none of them infinite.
 */
export function toHalf(values: Float32Array): Float16Array {
  return Float16Array.from(values, (x) => Math.min(MOST_HALF, Math.max(-MOST_HALF, x)));
}

/** The tower, one call at a time: what arrives while it computes is computed together in the next call. */
function tower(together: number) {
  const waiting = new Map<Pick<EngineModel, "encodeImages">, Arrived[]>();
  let busy = false;
  const work = async () => {
    busy = true;
    for (let [next] = waiting; next !== undefined; [next] = waiting) {
      const [model, arrived] = next;
      const some: Arrived[] = [];
      let count = 0;
      while (arrived.length > 0 && (count === 0 || count + arrived[0]!.tiles.length <= together)) {
        const one = arrived.shift()!;
        some.push(one);
        count += one.tiles.length;
      }
      if (arrived.length === 0) waiting.delete(model);
      try {
        const all = await model.encodeImages(some.flatMap(({ tiles }) => tiles));
        let from = 0;
        for (const { tiles, done } of some) done(all.slice(from, from += tiles.length));
      } catch (error) {
        for (const { failed } of some) failed(error);
      }
    }
    busy = false;
  };
  return (tiles: Float32Array[], model: Pick<EngineModel, "encodeImages">): Promise<Float32Array[]> =>
    new Promise((done, failed) => {
      const arrived = waiting.get(model);
      if (arrived === undefined) waiting.set(model, [{ tiles, done, failed }]);
      else arrived.push({ tiles, done, failed });
      // A turn later, so that what was read at the same time comes along.
      if (!busy) setTimeout(() => busy || work(), 0);
    });
}
