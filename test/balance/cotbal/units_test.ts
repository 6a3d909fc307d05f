import { assertEquals, assertThrows } from "@std/assert";
import { balancedUnits } from "../../../src/balance/cotbal/units.ts";
import { InputError } from "../../../src/errors.ts";

const tasks = ["a", "b", "c", "constructor"];

Deno.test("balancedUnits: every task by itself, groups where their first task stands, fixed tasks nowhere", () => {
  const names = (settings: Parameters<typeof balancedUnits>[1]) =>
    balancedUnits(tasks, settings).map(({ name, tasks }) => `${name}=${tasks.join("+")}`);
  assertEquals(names({}), ["a=a", "b=b", "c=c", "constructor=constructor"]);
  assertEquals(names({ groups: { x: ["c", "a"] } }), ["x=a+c", "b=b", "constructor=constructor"]);
  assertEquals(names({ groups: { a: ["a", "b"] }, fixed: { c: 0.5 } }), ["a=a+b", "constructor=constructor"]);
});

Deno.test("balancedUnits says what does not fit", () => {
  const wrong: [Parameters<typeof balancedUnits>[1], string][] = [
    [{ groups: { x: ["a", "z"] } }, '--groups: expected some of a, b, c, constructor, found "z"'],
    [{ groups: { x: ["a"], y: ["b", "a"] } }, "--groups: expected a once, found it in x and y"],
    [{ groups: { x: [] } }, 'expected tasks in "x", found none'],
    [{ groups: { b: ["a", "c"] } }, "found b, a task outside that group"],
    [{ groups: { x: ["a"] }, fixed: { a: 1 } }, "found a, which --fixed names"],
    [{ fixed: { z: 1 } }, '--fixed: expected some of a, b, c, constructor, found "z"'],
    [{ fixed: { a: 0 } }, "--fixed: expected a weight above 0 for a, found 0"],
  ];
  for (const [settings, message] of wrong) {
    assertThrows(() => balancedUnits(tasks, settings), InputError, message);
  }
});
