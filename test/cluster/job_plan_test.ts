import { assertEquals } from "@std/assert";
import { planJobs, type RunStand } from "../../src/cluster/job_plan.ts";
import type { JobState, SubmittedJob } from "../../src/cluster/job_system.ts";
import { planRun } from "../../src/run/plan.ts";

const plan = planRun({ tasks: ["a"], methods: ["ew", "cotbal"], seeds: [1] });
const begun: RunStand = {
  plan,
  done: new Set(),
  prepared: true,
  finished: false,
  jobs: [],
  states: [],
};
const first = ["methods/base", "probes/base", "probes/mini", "probes/plus-a"];

/** The jobs of a first submission. */
function submitted(): SubmittedJob[] {
  return planJobs({ ...begun, prepared: false }, "run-1").requests.map(({ name, work }, i) => ({
    name,
    id: String(i + 1),
    work,
  }));
}

function state(name: string, chain: number | null, more: Partial<JobState> = {}): JobState {
  const number = submitted().findIndex((job) => job.name === name) + 1;
  const id = chain === null ? String(number) : `${number}_${chain}`;
  return { name, id, chain, state: "running", host: "n1", since: 0, reason: "", depends: false, ...more };
}

const waits: Partial<JobState> = {
  state: "waiting",
  host: "",
  since: null,
  reason: "Dependency",
  depends: true,
};

const names = (stand: RunStand) => planJobs(stand, "run-2").requests.map(({ name }) => name);

Deno.test("planJobs leaves a run alone whose jobs are all there", () => {
  const states = [
    state("run-1-prepare", null),
    ...[0, 1, 2, 3, 4].map((chain) => state("run-1-1", chain, waits)),
    state("run-1-2", 0, waits),
    state("run-1-finish", null, waits),
  ];
  const found = planJobs({ ...begun, prepared: false, jobs: submitted(), states }, "run-2");
  assertEquals([found.requests, found.doomed], [[], []]);
  assertEquals(found.underWay.size, plan.length);
});

Deno.test("planJobs submits what failed, and takes away what waits for it, while others go on", () => {
  const states = [state("run-1-1", 3), state("run-1-2", 0, waits), state("run-1-finish", null, waits)];
  const done = new Set(first.slice(0, 2));
  const found = planJobs({ ...begun, done, jobs: submitted(), states }, "run-2");
  assertEquals(found.doomed.map(({ id }) => id), ["3_0", "4"]);
  assertEquals(found.requests, [
    {
      name: "run-2-1",
      work: { kind: "parts", chains: [["probes/mini"], ["methods/ew", "methods/ew-blank"]] },
      after: [],
      afterIds: [],
    },
    {
      name: "run-2-2",
      work: { kind: "parts", chains: [["balance", "methods/cotbal"]] },
      after: ["run-2-1"],
      afterIds: ["2_3"],
    },
    { name: "run-2-finish", work: { kind: "finish" }, after: ["run-2-1", "run-2-2"], afterIds: ["2_3"] },
  ]);
});

Deno.test("planJobs does not take what is being ended for work under way", () => {
  const states = [state("run-1-1", 2, { state: "ending" })];
  assertEquals(names({ ...begun, jobs: submitted(), states }), ["run-2-1", "run-2-2", "run-2-finish"]);
});

Deno.test("planJobs submits what is left: the results alone, or nothing", () => {
  const done = new Set(plan.map(({ id }) => id));
  assertEquals(names({ ...begun, done }), ["run-2-finish"]);
  assertEquals(names({ ...begun, done, finished: true }), []);
  const states = [state("run-1-finish", null)];
  assertEquals(names({ ...begun, done, jobs: submitted(), states }), []);
});

Deno.test("planJobs waits for a job that makes the run ready, and does not submit another", () => {
  const stand = { ...begun, prepared: false, jobs: submitted(), states: [state("run-1-prepare", null)] };
  const { requests } = planJobs(stand, "run-2");
  assertEquals(requests.map(({ name, afterIds }) => [name, afterIds]), [
    ["run-2-1", ["1"]],
    ["run-2-2", ["1"]],
    ["run-2-finish", ["1"]],
  ]);
});

Deno.test("planJobs cuts an array that would be longer than Slurm takes", () => {
  const tasks = Array.from({ length: 1200 }, (_, i) => `t${i}`);
  const many = planRun({ tasks, methods: ["stl"], seeds: [1] });
  const { requests } = planJobs({ ...begun, plan: many }, "run-1");
  assertEquals(
    requests.map(({ name, work, after }) => [name, work.kind === "parts" ? work.chains.length : 0, after]),
    [
      ["run-1-1-1", 1000, []],
      ["run-1-1-2", 201, []],
      ["run-1-2", 1, ["run-1-1-1", "run-1-1-2"]],
      ["run-1-finish", 0, ["run-1-1-1", "run-1-1-2", "run-1-2"]],
    ],
  );
});

Deno.test("planJobs leaves all to processes that carry out the whole run", () => {
  const jobs: SubmittedJob[] = [{ name: "run-1-run", id: "77@here", work: { kind: "run" } }];
  const states = [state("run-1-run", null, { id: "77@here" })];
  assertEquals(names({ ...begun, prepared: false, jobs, states }), []);
  assertEquals(names({ ...begun, jobs, states: [] }), ["run-2-1", "run-2-2", "run-2-finish"]);
});
