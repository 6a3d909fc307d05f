import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { type CaseFacts, isIds, parseCaseFacts } from "../../src/verify/case_facts.ts";

const FACTS: CaseFacts = {
  loss: 2,
  losses: [2, 1],
  gradNorms: [3, 2],
  lr: 0.1,
  warmup: 1,
  betas: [0.9, 0.99],
  weightDecay: 0,
  clip: 1,
  greedy: [[1, 2], []],
};

Deno.test("case.json is read as it stands", () => {
  assertEquals(parseCaseFacts(JSON.stringify(FACTS), "case.json"), FACTS);
  const none = { ...FACTS, losses: [], gradNorms: [] };
  assertEquals(parseCaseFacts(JSON.stringify(none), "case.json"), none, "no steps");
});

Deno.test("errors of case.json name the file, the field and both sides", () => {
  const wrong: [Record<string, unknown>, string][] = [
    [{ loss: "2" }, 'case.json: loss: expected a number, found "2"'],
    [{ losses: undefined }, "case.json: losses: expected a number a step"],
    [{ losses: [2, null] }, "found [2,null]"],
    [{ gradNorms: [3] }, "case.json: gradNorms: expected 2 numbers, as many as losses, found [3]"],
    [{ rates: [3] }, "case.json: rates: expected 2 numbers"],
    [{ warmup: 0.5 }, "case.json: warmup: expected a number of steps, found 0.5"],
    [{ betas: [0.9] }, "case.json: betas: expected two numbers"],
    [{ greedy: [[1, -2]] }, "case.json: greedy: expected a list of token ids a row"],
    [{ greedy: {} }, "found {}"],
  ];
  for (const [change, message] of wrong) {
    assertThrows(
      () => parseCaseFacts(JSON.stringify({ ...FACTS, ...change }), "case.json"),
      InputError,
      message,
    );
  }
  assertThrows(() => parseCaseFacts("{", "case.json"), InputError, "case.json: expected JSON, found");
  assertThrows(() => parseCaseFacts("[]", "case.json"), InputError, "case.json: expected an object");
});

Deno.test("token ids are whole and not negative", () => {
  assertEquals([[0, 3], [], [0.5], [-1], ["1"], 3].map(isIds), [true, true, false, false, false, false]);
});
