import { assert, assertEquals } from "@std/assert";
import { intervalsOfProbes, weighProbes } from "../../../src/balance/methods/probes.ts";
import type { MethodSettings } from "../../../src/balance/methods/method_settings.ts";
import type { BalancePart, Part, TunePart } from "../../../src/run/part.ts";
import { planRun } from "../../../src/run/plan.ts";

const all = ["cotbal", "cotbal-chat", "cotbal-precise"];

function plan(methods: string[], settings: MethodSettings = {}, tasks = ["a", "b"]): Part[] {
  const parts = planRun({ tasks, methods, seeds: [1], ...settings });
  const files = new Set<string>();
  for (const { id, needs, file } of parts) {
    for (const needed of needs) assert(files.has(needed), `${id} needs ${needed} too early`);
    files.add(file);
  }
  return parts;
}

const probes = (parts: readonly Part[]) =>
  parts.filter((part): part is TunePart => part.kind === "tune" && part.split === "val");
const ids = (parts: readonly Part[]) => parts.map(({ id }) => id);
const find = <P extends Part>(parts: readonly Part[], id: string) =>
  parts.find((part) => part.id === id) as P;
const data = (parts: readonly Part[], id: string) => find<TunePart>(parts, id).data;

const MINI_PLUS = ["probes/mini", "probes/plus-a", "probes/plus-b"];
const ALONE = ["probes/alone-mini/a", "probes/alone-mini/b", "probes/alone/a", "probes/alone/b"];

Deno.test("the chat form tunes on one task alone, and asks the large ones about all tasks", () => {
  const parts = plan(["cotbal-chat"]);
  assertEquals(ids(probes(parts)), ALONE);
  assertEquals([data(parts, ALONE[0]!), data(parts, ALONE[2]!)], [{ a: "mini" }, { a: "large" }]);
  assertEquals(probes(parts).map(({ tasks }) => tasks.join()), ["a", "b", "a,b", "a,b"]);
  const balance = find<BalancePart>(parts, "methods/cotbal-chat/weights");
  const eval_ = (id: string) => `probes/${id}/eval.json`;
  assertEquals(balance.scores, {
    base: eval_("base"),
    alone: [eval_("alone/a"), eval_("alone/b")],
    mini: { a: eval_("alone-mini/a"), b: eval_("alone-mini/b") },
  });
  assertEquals(balance.file, "methods/cotbal-chat/weights.json");
});

Deno.test("the precise difficulty asks models of one task about that task", () => {
  const parts = plan(["cotbal-precise"]);
  assertEquals(ids(probes(parts)), [...MINI_PLUS, ...ALONE]);
  assertEquals(find<TunePart>(parts, "probes/alone/b").tasks, ["b"]);
});

Deno.test("methods in one run share their probes", () => {
  const parts = plan(all);
  assertEquals(ids(probes(parts)), [...MINI_PLUS, ...ALONE]);
  assertEquals(find<TunePart>(parts, "probes/alone/b").tasks, ["a", "b"]);
  // Whichever method is named first.
  assertEquals(find<TunePart>(plan(all.toReversed()), "probes/alone/b").tasks, ["a", "b"]);
  assertEquals(
    parts.filter(({ kind }) => kind === "balance").map(({ file }) => file),
    ["weights.json", "methods/cotbal-chat/weights.json", "methods/cotbal-precise/weights.json"],
  );
});

Deno.test("a group has one probe, and a row for each of its tasks", () => {
  const parts = plan(all, { groups: { x: ["a", "c"] } }, ["a", "b", "c"]);
  assertEquals(data(parts, "probes/plus-x"), { a: "large", b: "mini", c: "large" });
  assertEquals(data(parts, "probes/alone-mini/x"), { a: "mini", c: "mini" });
  const { scores, needs } = find<BalancePart>(parts, "balance");
  const [x, b] = ["probes/plus-x/eval.json", "probes/plus-b/eval.json"];
  assertEquals(scores.plus, [x, b, x]);
  assertEquals(needs, ["probes/base/eval.json", "probes/mini/eval.json", x, b]);
});

Deno.test("a task with a fixed weight is in the minis, has no probe, and no part in probes of one task", () => {
  const parts = plan(all, { fixed: { b: 1 } }, ["a", "b", "c"]);
  assertEquals(data(parts, "probes/mini"), { a: "mini", b: "mini", c: "mini" });
  assertEquals(data(parts, "probes/plus-a"), { a: "large", b: "mini", c: "mini" });
  assertEquals(find(parts, "probes/plus-b"), undefined);
  assertEquals(find(parts, "probes/alone/b"), undefined);
  const plus = find<BalancePart>(parts, "balance").scores.plus as string[];
  assertEquals(plus[1], "probes/mini/eval.json");
});

Deno.test("continued probes start from the mini's model, on what is new to it", () => {
  const parts = plan(all, { probes: "continued" });
  const mini = find<TunePart>(parts, "probes/mini");
  const plus = find<TunePart>(parts, "probes/plus-a");
  assertEquals([mini.keep, mini.from], [true, undefined]);
  assertEquals([plus.from, plus.keep, plus.needs], ["probes/mini", false, [mini.file]]);
  assertEquals(plus.data, { a: "rest" });
  const alone = find<TunePart>(parts, "probes/alone/a");
  assertEquals([alone.from, alone.data], ["probes/alone-mini/a", { a: "rest" }]);
});

Deno.test("probes of a third make a third of the passes; full ones say nothing of passes", () => {
  for (const part of probes(plan(all, { probes: "third" }))) assertEquals(part.passes, 1 / 3);
  for (const part of probes(plan(all))) {
    assertEquals(["passes" in part, "from" in part, part.keep], [false, false, false]);
  }
  assertEquals(plan(all, { probes: "full" }), plan(all));
});

Deno.test("intervals hold groups together, leave fixed weights as they are, and are the paper's without both", () => {
  const tasks = ["a", "b", "c"];
  const right = (n: number) => Array.from({ length: 60 }, (_, q) => (7 * q) % 60 < n ? 100 : 0);
  const [mini, own] = [[right(12), right(20), right(30)], [right(40), right(30), right(50)]];
  const row = (...large: number[]) => mini.map((points, j) => large.includes(j) ? own[j]! : points);
  const mean = (rows: readonly number[][]) => rows.map((row) => row.reduce((a, b) => a + b) / row.length);
  const intervals = (settings: MethodSettings, plus: number[][][]) =>
    intervalsOfProbes([{ tasks, mini: mean(mini), plus: plus.map(mean) }], settings, [{ mini, plus }]);

  const grouped = intervals({ groups: { pair: ["a", "b"] } }, [row(0, 1), row(0, 1), row(2)]);
  assertEquals(grouped.lambda[0], grouped.lambda[1]);
  assertEquals(grouped.difficulty[0], grouped.difficulty[1]);
  assertEquals(grouped.contribution[0]![1], null);
  const { lambda } = weighProbes(
    [{ tasks, mini: mean(mini), plus: [row(0, 1), row(0, 1), row(2)].map(mean) }],
    { groups: { pair: ["a", "b"] } },
  );
  lambda.forEach((w, i) => {
    const [low, high] = grouped.lambda[i]!;
    assert(low <= w && w <= high && low < high, `${tasks[i]}: ${low} to ${high} around ${w}`);
  });

  const fixed = intervals({ fixed: { c: 1.5 } }, [row(0), row(1), row()]);
  assertEquals([fixed.lambda[2], fixed.difficulty[2]], [[1.5, 1.5], null]);
  assert(fixed.lambda[0]![0] < fixed.lambda[0]![1]);

  const plain = [row(0), row(1), row(2)];
  assertEquals(intervals({}, plain), intervals({ fixed: {} }, plain));
});
