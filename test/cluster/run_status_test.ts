import { assertEquals } from "@std/assert";
import type { JobState, SubmittedJob } from "../../src/cluster/job_system.ts";
import { type Known, runStatus } from "../../src/cluster/run_status.ts";
import { planRun } from "../../src/run/plan.ts";

const plan = planRun({ tasks: ["a"], methods: ["ew", "cotbal"], seeds: [1] });
const jobs: SubmittedJob[] = [
  { name: "r-1-prepare", id: "1", work: { kind: "prepare" } },
  {
    name: "r-1-1",
    id: "2",
    work: {
      kind: "parts",
      chains: [["methods/base"], ["probes/base"], ["probes/mini"], ["probes/plus-a"], [
        "methods/ew",
        "methods/ew-blank",
      ]],
    },
  },
  { name: "r-1-2", id: "3", work: { kind: "parts", chains: [["balance", "methods/cotbal"]] } },
  { name: "r-1-finish", id: "4", work: { kind: "finish" } },
];
const known: Known = {
  plan,
  done: new Set(["methods/base", "methods/ew"]),
  holders: new Map([["probes/base", { host: "node-1", process: 9, since: "2026-01-02T03:04:05Z" }]]),
  jobs,
  states: [
    job("r-1-1", "2_1", 1, { state: "running", host: "n1", since: 0 }),
    job("r-1-1", "2_3", 3, { reason: "Resources" }),
    job("r-1-1", "2_4", 4, { state: "running", host: "n2", since: 1000 }),
    job("r-1-2", "3_0", 0, { reason: "Dependency", depends: true }),
    job("r-1-finish", "4", null, { reason: "Dependency", depends: true }),
  ],
  answered: true,
  prepared: true,
  logs: new Set(["r-1-prepare-1.log", ...[0, 1, 2, 4].map((chain) => `r-1-1-2_${chain}.log`)]),
};

function job(name: string, id: string, chain: number | null, more: Partial<JobState>): JobState {
  return { name, id, chain, state: "waiting", host: "", since: null, reason: "", depends: false, ...more };
}

const brief = (known: Known) =>
  runStatus(known).map(({ part, state, job, host }) => [part, state, job, host]);

Deno.test("runStatus tells parts that are done, at work, waiting for room or for others, and failed", () => {
  assertEquals(brief(known), [
    ["methods/base", "done", "2_0", ""],
    ["probes/base", "running", "2_1", "node-1"],
    ["probes/mini", "failed", "2_2", ""],
    ["probes/plus-a", "ready", "2_3", ""],
    ["balance", "waiting", "3_0", ""],
    ["methods/ew", "done", "2_4", ""],
    ["methods/ew-blank", "running", "2_4", "n2"],
    ["methods/cotbal", "waiting", "3_0", ""],
    ["finish", "waiting", "4", ""],
  ]);
});

Deno.test("runStatus goes by the latest job of a part, and calls the first open part of a chain failed, no other", () => {
  const again: SubmittedJob = {
    name: "r-2-1",
    id: "5",
    work: { kind: "parts", chains: [["probes/mini"], ["balance", "methods/cotbal"]] },
  };
  const found = brief({
    ...known,
    jobs: [...jobs, again],
    states: [],
    holders: new Map(),
    logs: new Set(["r-1-1-2_2.log", "r-2-1-5_1.log"]),
  });
  assertEquals(found.filter(([, state]) => state !== "done"), [
    ["probes/base", "open", "2_1", ""],
    ["probes/mini", "open", "5_0", ""],
    ["probes/plus-a", "open", "2_3", ""],
    ["balance", "failed", "5_1", ""],
    ["methods/ew-blank", "open", "2_4", ""],
    ["methods/cotbal", "open", "5_1", ""],
  ]);
});

Deno.test("runStatus calls nothing failed while nobody says what became of the jobs", () => {
  const found = brief({ ...known, states: [], answered: false });
  assertEquals(found.find(([part]) => part === "probes/mini")![1], "unknown");
  assertEquals(found.some(([, state]) => state === "failed"), false);
});

Deno.test("runStatus shows a run that could not be made ready, and one that only its results miss", () => {
  const early = { ...known, plan: [], done: new Set<string>(), prepared: false, states: [] };
  assertEquals(brief(early), [["prepare", "failed", "1", ""]]);
  const done = new Set(plan.map(({ id }) => id));
  const logs = new Set(["r-1-finish-4.log"]);
  const late = brief({ ...known, done, states: [], holders: new Map(), logs });
  assertEquals(late.at(-1), ["methods/cotbal", "done", "3_0", ""]);
});
