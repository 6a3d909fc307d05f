import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type BalanceValues,
  lowestTemperature,
  WEIGHT_BAND,
  weightsAtTemperature,
} from "../../../src/balance/cotbal/temperature.ts";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";
import academic from "../../../data/paper/weights-academic-7b.json" with { type: "json" };
import chat from "../../../data/paper/weights-chat-7b.json" with { type: "json" };

const valuesOf = (paper: typeof academic | typeof chat): BalanceValues => ({
  out: paper.contributionOut,
  in: paper.contributionIn,
  difficulty: paper.difficulty,
});
const alpha = { out: 0.25, in: 0.25, difficulty: 0.5 };
const inBand = (weights: readonly number[]) =>
  weights.every((w) => w >= WEIGHT_BAND[0] - 1e-9 && w <= WEIGHT_BAND[1] + 1e-9);

Deno.test("lowestTemperature keeps every weight in the band, and a little less does not", () => {
  const random = new Random(7);
  for (let k = 0; k < 60; k++) {
    const n = 2 + random.int(7);
    const draw = (scale: number) => Array.from({ length: n }, () => scale * random.normal());
    const values = { out: draw(0.3), in: draw(k % 3 === 0 ? 5 : 0.3), difficulty: draw(0.4) };
    const T = lowestTemperature(values, alpha);
    for (const factor of [1, 1.001, 1.1, 2, 10]) {
      assert(
        inBand(weightsAtTemperature(values, alpha, T * factor).lambda),
        `case ${k}: out of the band at ${factor} T`,
      );
    }
    const spread = Math.max(...Object.values(values).map((x) => Math.max(...x) - Math.min(...x)));
    if (T <= 1.03e-3 * spread) continue; // no temperature leaves the band
    assert(
      !inBand(weightsAtTemperature(values, alpha, T * 0.998).lambda),
      `case ${k}: T = ${T} is not the lowest`,
    );
  }
});

Deno.test("lowestTemperature of the paper's values is at most the paper's temperature", () => {
  for (const paper of [academic, chat]) {
    const T = lowestTemperature(valuesOf(paper), alpha);
    assert(T <= paper.temperature && T > 0.1, `${T}`);
  }
});

Deno.test("lowestTemperature scales with the values", () => {
  const values = valuesOf(academic);
  const times10 = (list: readonly (number | null)[]) => list.map((x) => x === null ? null : 10 * x);
  const scaled = { out: times10(values.out), in: times10(values.in), difficulty: times10(values.difficulty) };
  const ratio = lowestTemperature(scaled, alpha) / lowestTemperature(values, alpha);
  assert(Math.abs(ratio - 10) < 0.02, `${ratio}`);
});

Deno.test("lowestTemperature does not hear a value whose share is 0", () => {
  const values = { out: [0, 1000], in: [0, 0], difficulty: [0.1, 0.5] };
  const only = { out: 0, in: 0, difficulty: 1 };
  assertEquals(lowestTemperature(values, only), lowestTemperature({ ...values, out: [0, 0] }, only));
});

Deno.test("lowestTemperature is the paper's default where no temperature matters", () => {
  assertEquals(lowestTemperature({ out: [1, 1], in: [2, 2], difficulty: [3, 3] }, alpha), 0.5);
  assertEquals(lowestTemperature({ out: [null], in: [null], difficulty: [0.5] }, alpha), 0.5);
});

Deno.test("weightsAtTemperature weights the less helped task more", () => {
  const { in: inward } = weightsAtTemperature(
    { out: [0, 0], in: [0.1, 0.9], difficulty: [0, 0] },
    alpha,
    0.5,
  );
  assert(inward[0]! > inward[1]!);
});

Deno.test("weightsAtTemperature refuses what its steps refuse", () => {
  const values = valuesOf(chat);
  assertThrows(() => weightsAtTemperature(values, alpha, 0), InputError, "temperature");
  assertThrows(() => weightsAtTemperature(values, { ...alpha, out: 1 }, 0.5), InputError, "sum to 1");
});
