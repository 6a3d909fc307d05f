import { assertEquals } from "@std/assert";
import { plannedWork, ratesOf, timeOf, withNeeds } from "../../src/cluster/estimates.ts";
import { forecast } from "../../src/cluster/forecast.ts";
import { planRun } from "../../src/run/plan.ts";
import type { DatasetSummary, ResolvedOptions } from "../../src/run/records/run_info.ts";

const options = {
  tasks: ["a", "b"],
  methods: ["ew", "cotbal", "ew-budget"],
  seeds: [1],
  mini: 0.25,
  large: 0.5,
  epochs: 2,
  validationLimit: 10,
  testLimit: null,
} as unknown as ResolvedOptions;
const dataset = {
  tasks: [{ name: "a" }, { name: "b" }],
  tokens: [1000, 400],
  questions: { train: [0, 0], val: [30, 5], test: [40, 6] },
} as unknown as DatasetSummary;
const plan = planRun(options);
const work = (id: string) => plannedWork(plan.find((part) => part.id === id)!, options, dataset);

Deno.test("plannedWork counts tokens by share and pass, and questions by split and limit", () => {
  assertEquals(work("methods/base"), { tokens: 0, questions: 46 });
  assertEquals(work("probes/mini"), { tokens: 2 * 0.25 * 1400, questions: 15 });
  assertEquals(work("probes/plus-a"), { tokens: 2 * (0.5 * 1000 + 0.25 * 400), questions: 15 });
  assertEquals(work("methods/ew"), { tokens: 2 * 1400, questions: 46 });
  // R_large + N·R_mini passes more.
  assertEquals(work("methods/ew-budget"), { tokens: 2 * 1400 * (1 + 0.5 + 2 * 0.25), questions: 46 });
  assertEquals(work("balance"), { tokens: 0, questions: 0 });
});

Deno.test("ratesOf takes the slowest, and says nothing where nothing was trained", () => {
  const cost = { part: "", conversations: 0, steps: 0, answerTokens: 0 };
  const answered = { cost: { ...cost, tokens: 0, trainSeconds: 0, evaluateSeconds: 10 }, questions: 5 };
  const trained = (seconds: number) => ({
    cost: { ...cost, tokens: 100, trainSeconds: seconds, evaluateSeconds: 1 },
    questions: 1,
  });
  assertEquals(ratesOf([answered], "slowest"), undefined);
  assertEquals(ratesOf([answered, trained(1), trained(3)], "slowest"), {
    parts: 3,
    token: 0.03,
    question: 2,
  });
});

Deno.test("withNeeds asks for the longest chain's time; by hand wins; without rates the system decides", () => {
  const job = {
    name: "j",
    work: { kind: "parts", chains: [["x", "y"], ["z"]] },
    after: [],
    afterIds: [],
  } as const;
  const needs = {
    work: new Map(["x", "y", "z"].map((id) => [id, { tokens: 60_000, questions: 0 }])),
    rates: { parts: 1, token: 0.1, question: 1 },
  };
  assertEquals(withNeeds(job, needs).time, "05:05:00");
  assertEquals(withNeeds(job, { ...needs, time: "90", memory: "2G" }), { ...job, time: "90", memory: "2G" });
  assertEquals(withNeeds(job, { ...needs, rates: undefined }), job);
  assertEquals(withNeeds({ ...job, work: { kind: "finish" } }, needs).time, undefined);
  assertEquals(timeOf([], () => 0), "00:05:00");
});

Deno.test("forecast is bounded by the longest way and by the sum over slots, and counts a start for each job", () => {
  const open = new Set(plan.map(({ id }) => id));
  const seconds = (part: { id: string }) => 5 + part.id.length;
  for (const slots of [1, 2, 3, 100]) {
    const found = forecast(plan, open, seconds, { slots, start: 7 });
    const least = Math.max(found.criticalPath, found.total / slots);
    assertEquals(found.seconds >= least - 1e-9, true, `${slots} slots`);
    if (slots === 1) assertEquals([found.seconds, found.busy], [found.total, 1]);
    if (slots === 100) assertEquals(found.seconds >= found.criticalPath, true);
  }
  assertEquals(forecast(plan, new Set(), seconds, { slots: 4 }).seconds, 0);
});
