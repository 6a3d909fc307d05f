import { assertEquals } from "@std/assert";
import { exactMatch, normalizeAnswer } from "../../src/metrics/exact_match.ts";

Deno.test("normalizeAnswer trims, lowers the case and drops one trailing full stop", () => {
  const forms: [text: string, normal: string][] = [
    [" Red ", "red"],
    ["Red.", "red"],
    ["red. \n", "red"],
    ["red .", "red"],
    ["red..", "red."],
    ["3.5", "3.5"],
    [".", ""],
    ["", ""],
    ["two  words", "two  words"],
    ["ÉTÉ", "été"],
    ["red!", "red!"],
  ];
  for (const [text, normal] of forms) assertEquals(normalizeAnswer(text), normal, JSON.stringify(text));
});

Deno.test("exactMatch is all or nothing", () => {
  assertEquals(exactMatch("Yes.", " yes"), 1);
  assertEquals(exactMatch("yes it is", "yes"), 0);
  assertEquals(exactMatch("", "yes"), 0);
  assertEquals(exactMatch("3", "3.0"), 0);
  assertEquals(exactMatch("", ""), 1);
});
