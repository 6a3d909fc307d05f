/**
 * Kinds of values that only a tuning's options have.
 *
 * @module
 */

import { parseSizes } from "../../scenes/parse_sizes.ts";
import { type Kind, positive, share } from "../../settings.ts";
import type { Alpha } from "../../balance/cotbal/mix_weights.ts";

/** A number above 0, or "auto". */
export const temperature: Kind<number | "auto"> = {
  expected: 'a number above 0, or "auto"',
  parse: (text) => text === "auto" ? text : positive.parse(text),
  good: (value) => value === "auto" || positive.good!(value),
};

/** Three shares; that they sum to 1 is checked with all other settings. */
export const alpha: Kind<Alpha> = {
  expected: "three shares, such as 0.25,0.25,0.5",
  parse(text) {
    const shares = text.split(",").map((part) => part.trim() === "0" ? 0 : share.parse(part));
    const [out, inward, difficulty] = shares;
    if (out === undefined || inward === undefined || difficulty === undefined) return undefined;
    return shares.length === 3 ? { out, in: inward, difficulty } : undefined;
  },
};

/** Entries such as a=1, separated by commas, each name once. */
function entriesOf<T>(expected: string, value: (text: string) => T | undefined): Kind<Record<string, T>> {
  return {
    expected,
    parse(text) {
      const entries = text.split(",").map((entry): [string, T | undefined] => {
        const at = entry.lastIndexOf("=");
        return [entry.slice(0, Math.max(0, at)).trim(), value(entry.slice(at + 1))];
      });
      const known = entries.flatMap(([name, value]): [string, T][] =>
        name === "" || value === undefined ? [] : [[name, value]]
      );
      const whole = known.length === entries.length &&
        new Set(known.map(([name]) => name)).size === known.length;
      return whole ? Object.fromEntries(known) : undefined;
    },
  };
}

/** Groups of tasks; that the tasks are there is checked once the data is known. */
export const groups: Kind<Record<string, string[]>> = entriesOf(
  "groups of tasks, such as questions=vqa+gqa,texts=caption+reading",
  (text) => {
    const names = text.split("+").map((name) => name.trim());
    return names.includes("") ? undefined : names;
  },
);

/** Tasks outside the balancing, each with its weight. */
export const fixed: Kind<Record<string, number>> = entriesOf(
  "tasks with weights above 0, such as chat=1",
  positive.parse,
);

/** Mixing weights by task; that the tasks match is checked once the data are known. */
export const mix: Kind<Record<string, number>> = entriesOf(
  "task=weight above 0 for every task, such as vqa=3,chart=1",
  positive.parse,
);

/** Conversations by task; tasks and numbers are checked where they are read. */
export const sizes: Kind<Readonly<Record<string, number>>> = {
  expected: "task=n, such as vqa=1200,chart=95",
  parse: (text) => parseSizes(text),
};

/** Weights by task; that the tasks match is checked once the data are known. */
export const lambda: Kind<Readonly<Record<string, number>>> = {
  expected: "task=weight for every task, such as vqa=0.5,chart=1.5",
  parse(text) {
    const pairs = text.split(",").map((pair) => {
      const at = pair.lastIndexOf("=");
      return [pair.slice(0, Math.max(0, at)).trim(), pair.slice(at + 1).trim()] as const;
    });
    const good = pairs.every(([task, weight]) =>
      task !== "" && weight !== "" && Number.isFinite(Number(weight))
    );
    if (!good || new Set(pairs.map(([task]) => task)).size !== pairs.length) return undefined;
    return Object.fromEntries(pairs.map(([task, weight]) => [task, Number(weight)]));
  },
};

/** One seed. */
export const seed: Kind<number> = {
  expected: "whole numbers of 0 or more",
  parse: (text) => {
    const value = Number(text);
    return text.trim() !== "" && seed.good!(value) ? value : undefined;
  },
  good: (x) => Number.isInteger(x) && x >= 0,
};

/** More seeds than this are a slip of the fingers. */
const MOST_SEEDS = 1000;

/** Seeds, and ranges of them: 1,2,5 or 1..12 or 1..4,9. */
export const seeds: Kind<number[]> = {
  expected: "different whole numbers of 0 or more, separated by commas, or ranges such as 1..12",
  parse(text) {
    const found: number[] = [];
    for (const piece of text.split(",").map((each) => each.trim()).filter((each) => each !== "")) {
      const [from, to, ...rest] = piece.split("..").map(seed.parse);
      const last = piece.includes("..") ? to : from;
      if (from === undefined || last === undefined || rest.length > 0 || last < from) return undefined;
      if (found.length + last - from >= MOST_SEEDS) return undefined;
      for (let value = from; value <= last; value++) found.push(value);
    }
    return found.length > 0 && new Set(found).size === found.length ? found : undefined;
  },
};
