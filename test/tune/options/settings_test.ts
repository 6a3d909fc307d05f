import { assertEquals } from "@std/assert";
import { command } from "../../../src/report/sections/run/configuration.ts";
import { TUNE_SETTINGS } from "../../../src/tune/options/settings.ts";

const parse = (name: "groups" | "fixed" | "probes", text: string) => TUNE_SETTINGS[name].kind.parse(text);

Deno.test("--groups and --fixed read what the report's command writes", () => {
  const groups = { questions: ["vqa", "gqa"], texts: ["reading"] };
  const fixed = { chat: 1, other: 0.25 };
  assertEquals(parse("groups", "questions=vqa+gqa, texts=reading"), groups);
  assertEquals(parse("fixed", "chat=1,other=0.25"), fixed);
  assertEquals(
    command({ groups, fixed, probes: "third" }),
    "deno task tune --groups questions=vqa+gqa,texts=reading --fixed chat=1,other=0.25 --probes third",
  );
});

Deno.test("--groups and --fixed refuse what is no entry, no weight, or said twice", () => {
  for (const text of ["", "a", "=a", "x=", "x=a+", "x=a,x=b", "x=a,"]) {
    assertEquals(parse("groups", text), undefined);
  }
  for (const text of ["", "a", "a=", "a=0", "a=-1", "a=x", "a=1,a=2"]) {
    assertEquals(parse("fixed", text), undefined);
  }
});
