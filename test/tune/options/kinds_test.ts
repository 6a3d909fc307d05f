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

Deno.test("--evaluate-every is a number of steps or a part, as the report's command writes it", () => {
  const { kind } = TUNE_SETTINGS.evaluateEvery;
  assertEquals(["50", " 10% ", "12.5%"].map(kind.parse), [50, "10%", "12.5%"]);
  assertEquals(["", "x", "1.5", "0", "-3"].map(kind.parse), [
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  for (const text of ["x%", "%", "0%", "101%", "1e1%"] as const) {
    assertEquals(kind.good!(text as "1%"), false, text);
  }
  assertEquals(
    command({ evaluateEvery: "10%", bestBy: "loss", patience: 3, tensorboard: true }),
    "deno task tune --evaluate-every 10% --best-by loss --patience 3 --tensorboard",
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

Deno.test("seeds are numbers, ranges, or both", () => {
  const { parse } = TUNE_SETTINGS.seeds.kind;
  assertEquals(parse("1..4"), [1, 2, 3, 4]);
  assertEquals(parse("7, 1..3,12"), [7, 1, 2, 3, 12]);
  assertEquals(parse("5..5"), [5]);
  assertEquals(parse("0..999")?.length, 1000);
  for (
    const wrong of [
      "",
      "4..1",
      "1..",
      "..3",
      "1...3",
      "1..2..3",
      "1..3,2",
      "1.5",
      "-1",
      "0..1e9",
      "1..1000,0",
    ]
  ) {
    assertEquals(parse(wrong), undefined, wrong);
  }
});

Deno.test("--lambda is a weight for every task", () => {
  const parse = TUNE_SETTINGS.lambda.kind.parse;
  assertEquals(parse("vqa=0.5, a=b=1"), { vqa: 0.5, "a=b": 1 });
  for (const text of ["", "vqa", "vqa=", "=1", "vqa=x", "vqa=1,vqa=2"]) assertEquals(parse(text), undefined);
});
