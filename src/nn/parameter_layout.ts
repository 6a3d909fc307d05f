/** Where parameters stand when all of a model are seen as one array of floats. @module */
import { elements } from "../autograd/tensor.ts";

/** How a parameter starts: normal with a deviation, uniform within ± a bound, or constant. */
export type Init = { normal: number } | { uniform: number } | { constant: number };

/** One parameter's name, shape and start. */
export interface Spec {
  /** Hugging Face's name. */
  name: string;
  /** Sizes. */
  shape: readonly number[];
  /** How it starts. */
  init: Init;
  /** Set where the loss never reads it: it has no gradient, and no optimiser changes it. */
  idle?: boolean;
  /** Set of the matrix of a linear layer, to which low-rank matrices may be added. */
  linear?: boolean;
}

/** Parameters that lie side by side, without a gap; most bundles have one. */
export type Bundle = readonly Spec[];

/** A named, contiguous part of the model that can be frozen or have its own learning rate. */
export interface ModuleSpec {
  /** Its name. */
  name: string;
  /** Its parameters, in the order in which they lie in memory. */
  bundles: readonly Bundle[];
}

/** Where a parameter stands when all are seen as one array of floats. */
export interface Place {
  /** The parameter's name. */
  name: string;
  /** Sizes. */
  shape: readonly number[];
  /** Floats before it. */
  offset: number;
  /** Its floats. */
  size: number;
  /** True where the loss never reads it. */
  idle: boolean;
}

/** A range of floats of that array. */
export interface Range {
  /** The first. */
  start: number;
  /** The first after it. */
  end: number;
}

/** Floats that every bundle's start is a multiple of: one binding offset (256 bytes). */
export const BLOCK = 64;

/** A bundle and where it stands. */
export interface Laid extends Range {
  /** Its parameters' names as one; see {@linkcode keyOf}. */
  key: string;
  /** The module it belongs to. */
  module: string;
  /** Sizes of all its parameters as one matrix. */
  shape: number[];
  /** Its parameters. */
  places: Place[];
}

/** What {@linkcode layOut} gives. */
export interface Layout {
  /** Every parameter by name. */
  places: Map<string, Place>;
  /** The range of each module. */
  ranges: Map<string, Range>;
  /** Every bundle, in order. */
  bundles: Laid[];
  /** Floats in all, gaps included. */
  size: number;
}

/** Lays modules one after the other, their bundles at multiples of {@linkcode BLOCK}. */
export function layOut(modules: readonly ModuleSpec[]): Layout {
  const places = new Map<string, Place>(), ranges = new Map<string, Range>();
  const bundles: Laid[] = [];
  let at = 0;
  for (const module of modules) {
    const first = at;
    for (const bundle of module.bundles) {
      const start = at;
      const own = bundle.map(({ name, shape, idle = false }): Place => {
        const place = { name, shape, offset: at, size: elements(shape), idle };
        at += place.size;
        places.set(name, place);
        return place;
      });
      at = Math.ceil(at / BLOCK) * BLOCK;
      const rows = bundle.reduce((sum, { shape }) => sum + shape[0]!, 0);
      bundles.push({
        key: keyOf(bundle.map(({ name }) => name)),
        module: module.name,
        shape: [rows, ...bundle[0]!.shape.slice(1)],
        places: own,
        start,
        end: at,
      });
    }
    ranges.set(module.name, { start: first, end: at });
  }
  return { places, ranges, bundles, size: at };
}

/** The names of a bundle as one. */
export function keyOf(names: readonly string[]): string {
  return names.join("\n");
}
