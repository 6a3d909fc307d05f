import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { JobRequest, JobSystem, SubmittedJob } from "../../src/cluster/job_system.ts";
import { localProcesses } from "../../src/cluster/local_processes.ts";
import { planSubmission, type SubmitContext, submitPlan } from "../../src/cluster/submit_run.ts";
import { readSubmissions } from "../../src/cluster/submissions.ts";
import { InputError } from "../../src/errors.ts";
import { isEarly } from "../../src/run/early_files.ts";
import { planRun } from "../../src/run/plan.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

const plan = planRun({ tasks: ["a"], methods: ["ew", "cotbal"], seeds: [1] });

/** A system that takes so many jobs and then is killed. */
function fake(takes = Infinity): JobSystem {
  let taken = 0;
  return {
    name: "fake",
    async submit(jobs, told) {
      for (const { name, work } of jobs) {
        if (++taken > takes) throw new Error("killed");
        await told({ name, id: String(taken), work });
      }
    },
    state: () => Promise.resolve([]),
    cancel: () => Promise.resolve(),
  };
}

async function context(run: string, system: JobSystem): Promise<SubmitContext> {
  return {
    run,
    stand: { plan, done: new Set(), prepared: false, finished: false },
    system,
    submissions: await readSubmissions(run),
    prefix: "cotbal-x",
    tuneArgs: ["--scale", "0.1"],
    ask: (job: JobRequest) => job,
    at: new Date(0),
  };
}

const names = (jobs: readonly SubmittedJob[]) => jobs.map(({ name, id }) => [name, id]);

test("submitPlan writes down what it submits, before it is taken and as it is", async () => {
  const run = await Deno.makeTempDir();
  const first = await context(run, fake(2));
  await assertRejects(async () => submitPlan(await planSubmission(first), first), Error, "killed");
  const [found] = await readSubmissions(run);
  assertEquals([found!.number, found!.prefix, found!.tuneArgs], [1, "cotbal-x", ["--scale", "0.1"]]);
  assertEquals(names(found!.jobs), [
    ["cotbal-x-1-prepare", "1"],
    ["cotbal-x-1-1", "2"],
    ["cotbal-x-1-2", null],
    ["cotbal-x-1-finish", null],
  ]);

  const second = await context(run, fake());
  await submitPlan(await planSubmission(second), second);
  assertEquals((await readSubmissions(run)).map(({ number }) => number), [1, 2]);
  assertEquals(names((await readSubmissions(run))[1]!.jobs)[0], ["cotbal-x-2-prepare", "1"]);
  for await (const { name } of Deno.readDir(run)) assertEquals(isEarly(name), true, name);
  await Deno.remove(run, { recursive: true });
});

test("readSubmissions names a record that is none, and passes over the logs beside it", async () => {
  const run = await Deno.makeTempDir();
  await Deno.mkdir(join(run, "jobs"));
  await Deno.writeTextFile(join(run, "jobs", "cotbal-1-2_0.log"), "");
  assertEquals(await readSubmissions(run), []);
  await Deno.writeTextFile(join(run, "jobs", "submission-3.json"), "{}");
  await assertRejects(
    () => readSubmissions(run),
    InputError,
    "submission-3.json: expected what was submitted",
  );
  await Deno.remove(run, { recursive: true });
});

test("local processes share all of a run, and are known by their command", async () => {
  const run = await Deno.makeTempDir();
  let command = `deno task tune --join ${run}`;
  const local = localProcesses(() => Promise.resolve({ code: 0, stdout: command, stderr: "" }), {
    run,
    host: "here",
    count: 2,
    start: (_, place) => Promise.resolve(77 + place),
  });
  const first = await context(run, local);
  await submitPlan(await planSubmission(first), first);
  const { jobs } = (await readSubmissions(run))[0]!;
  assertEquals(names(jobs), [["cotbal-x-1-process-1", "77@here"], ["cotbal-x-1-process-2", "78@here"]]);
  assertEquals((await planSubmission(await context(run, local))).requests, []);
  command = "another program with the same number";
  assertEquals((await planSubmission(await context(run, local))).requests.length, 4);
  await Deno.remove(run, { recursive: true });
});
