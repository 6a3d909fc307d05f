/**
 * Values of the template library: made, held in the place of a template's parts, and measured.
 *
 * @module
 */

import type { Interpreter } from "@huggingface/jinja";
import { MAX_DEPTH, TemplateError } from "./bounds.ts";

/** A part of a parsed template. */
export type Node = NonNullable<Parameters<Interpreter["evaluate"]>[0]>;
/** What a part gives. */
export type Value = ReturnType<Interpreter["evaluate"]>;
/** The fields of a part, by name; the library does not offer the types of its parts. */
export type Fields = Record<string, unknown>;

/** A value in the place of a part of a template. */
export class Held {
  /** "Held", which the parser makes none of. */
  readonly type = "Held";
  /** Holds a value. */
  constructor(readonly value: Value) {}
}

/** A part of a template that the parser did not make. */
export function partOf(fields: Fields & { type: string }): Node {
  return fields as unknown as Node;
}

/** The same kind of value with other contents; the library does not offer its kinds for making. */
export function copyOf(value: Value, contents: unknown): Value {
  return new (value.constructor as new (contents: unknown) => Value)(contents);
}

/** How large a value is, all that it holds included. */
export interface Measure {
  /** Characters and parts. */
  size: number;
  /** Steps that it takes to look at all of it. */
  work: number;
  /** How deep its lists and dictionaries nest. */
  depth: number;
}

/** Measures values; each list is looked through once, however often it is held. */
export class Measures {
  readonly #known = new WeakMap<object, Measure>();

  /**
   * Measures a value.
   *
   * @throws {TemplateError} If it nests too deeply, or holds a namespace: what can change cannot be measured once, and
   * could come to hold itself.
   */
  of(value: Value): Measure {
    const inner = value.value as unknown;
    if (typeof inner === "string") return { size: 1 + inner.length, work: 1 + (inner.length >> 4), depth: 0 };
    if (typeof inner !== "object" || inner === null) return { size: 1, work: 1, depth: 0 };
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    let size = 1, work = 1, depth = 0;
    const add = (part: Value) => {
      if (part.type === "NamespaceValue") {
        throw new TemplateError("it puts a namespace into a list, a dictionary or another namespace");
      }
      const measured = this.of(part);
      size += measured.size;
      work += measured.work;
      depth = Math.max(depth, measured.depth + 1);
    };
    if (inner instanceof Map) {
      for (const [key, part] of inner as Map<string, Value>) {
        size += key.length;
        add(part);
      }
    } else for (const part of inner as Value[]) add(part);
    if (depth > MAX_DEPTH) throw new TemplateError(`it nests lists more than ${MAX_DEPTH} levels deep`);
    const measured = { size, work, depth };
    if (value.type !== "NamespaceValue") this.#known.set(value, measured);
    return measured;
  }
}
