import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { checkTemplate, jobScript, SLURM_TEMPLATE } from "../../src/cluster/job_script.ts";
import type { JobRequest, SubmittedJob } from "../../src/cluster/job_system.ts";
import { readQueue, slurm } from "../../src/cluster/slurm.ts";
import { InputError } from "../../src/errors.ts";
import FINISH from "./golden/finish.sh" with { type: "text" };
import PARTS from "./golden/parts.sh" with { type: "text" };
import PREPARE from "./golden/prepare.sh" with { type: "text" };
import { goldenScripts } from "./golden_scripts.ts";

const options = {
  template: SLURM_TEMPLATE,
  run: "/shared/run",
  logs: "/shared/run/jobs",
  root: "/shared/cotbal",
  deno: "/shared/deno",
  tuneLine: "",
};

Deno.test("scripts of jobs are those in golden/; a change is looked at, and written by deno task update", () => {
  const kept = { "prepare.sh": PREPARE, "parts.sh": PARTS, "finish.sh": FINISH };
  assertEquals(Object.fromEntries(goldenScripts()), kept);
});

Deno.test("jobScript leaves out lines without a value, and no line of the site's own", () => {
  const job = {
    ...options,
    name: "a-1",
    work: { kind: "parts", chains: [["x"], ["y", "z"]] },
    after: [],
  } as const;
  const template = `${
    SLURM_TEMPLATE.replace("{{work}}", "#SBATCH --account=lab\nmodule load {{name}}\n{{work}}")
  }`;
  const lines = jobScript(template, job).split("\n");
  const asked = lines.filter((line) => line.startsWith("#SBATCH"));
  assertEquals(asked.map((line) => line.split(/[ =]/)[1]), [
    "--job-name",
    "--comment",
    "--array",
    "--kill-on-invalid-dep",
    "--output",
    "--open-mode",
    "--requeue",
    "--signal",
    "--account",
  ]);
  assert(lines.includes("module load a-1"));
  assert(!lines.some((line) => /^[^#]*\{\{/.test(line)), "a word was not filled in");
});

Deno.test("jobScript refuses paths that a log cannot be written to", () => {
  const job = { ...options, name: "a", work: { kind: "finish" }, after: [] } as const;
  for (const run of ["/shared/50%", '/a"b', "/a\nb", "/it's"]) {
    assertThrows(() => jobScript(SLURM_TEMPLATE, { ...job, run }), InputError, "expected a path");
  }
});

Deno.test("checkTemplate names what is missing, and what nothing fills in", () => {
  checkTemplate(SLURM_TEMPLATE, "default");
  assertThrows(
    () => checkTemplate(SLURM_TEMPLATE.replace("{{dependency}}", "1"), "site.sh"),
    InputError,
    "site.sh: expected a template of jobs, found one without {{dependency}}",
  );
  assertThrows(() => checkTemplate(SLURM_TEMPLATE + "{{gpu}}", "site.sh"), InputError, "with {{gpu}}");
});

Deno.test("slurm submits behind what was submitted before, and tells each job as it is taken", async () => {
  const scripts: string[] = [];
  const system = slurm((program, args, stdin) => {
    assertEquals([program, args], ["sbatch", ["--parsable"]]);
    scripts.push(stdin!);
    return Promise.resolve({ code: 0, stdout: `${40 + scripts.length};main\n`, stderr: "" });
  }, options);
  const jobs: JobRequest[] = [
    {
      name: "a-1",
      work: { kind: "parts", chains: [["x"]] },
      after: [],
      afterIds: ["7_3"],
      time: "10",
      memory: "2G",
    },
    { name: "a-finish", work: { kind: "finish" }, after: ["a-1"], afterIds: [] },
  ];
  const told: SubmittedJob[] = [];
  await system.submit(jobs, (job) => Promise.resolve(void told.push(job)));
  assertEquals(told.map(({ name, id }) => [name, id]), [["a-1", "41"], ["a-finish", "42"]]);
  assert(scripts[0]!.includes("--dependency=afterok:7_3\n") && scripts[0]!.includes("--time=10\n"));
  assert(scripts[1]!.includes("--dependency=afterok:41\n") && !scripts[1]!.includes("--time"));
});

Deno.test("slurm says what Slurm says where it refuses", async () => {
  const stderr =
    "sbatch: error: invalid partition specified: gpus\nsbatch: error: Batch job submission failed\n";
  const system = slurm(() => Promise.resolve({ code: 1, stdout: "", stderr }), options);
  const job = { name: "a", work: { kind: "finish" }, after: [], afterIds: [] } as const;
  await assertRejects(
    () => system.submit([job], () => Promise.resolve()),
    InputError,
    "invalid partition specified: gpus",
  );
  await assertRejects(
    () => system.state([{ name: "a", id: "1", work: { kind: "finish" } }]),
    InputError,
    "squeue",
  );
});

Deno.test("readQueue reads what squeue wrote of arrays, single jobs and what has just ended", () => {
  const found = readQueue(
    [
      "2|1|PENDING|Dependency|afterok:1_*(unfulfilled)||N/A|a-2",
      "1|0|RUNNING|None|(null)|n1|2026-11-27T00:43:51|a-1",
      "1|1|PENDING|Resources|(null)||2026-11-27T01:00:00|a-1",
      "1|2|COMPLETING|None|(null)|n2|2026-11-27T00:43:51|a-1",
      "9|N/A|RUNNING|None|(null)|n2|2026-11-27T00:43:51|a-prepare",
      "",
    ].join("\n"),
  );
  const began = new Date(2026, 10, 27, 0, 43, 51).getTime();
  assertEquals(
    found.map(({ id, chain, state, host, since, depends }) => [id, chain, state, host, since, depends]),
    [
      ["2_1", 1, "waiting", "", null, true],
      ["1_0", 0, "running", "n1", began, false],
      ["1_1", 1, "waiting", "", null, false],
      ["1_2", 2, "ending", "n2", began, false],
      ["9", null, "running", "n2", began, false],
    ],
  );
});

Deno.test("slurm takes the arrays away of what waits", async () => {
  const calls: (readonly string[])[] = [];
  const system = slurm((program, args) => {
    calls.push([program, ...args]);
    return Promise.resolve({ code: 0, stdout: "", stderr: "" });
  });
  const state = {
    name: "a",
    state: "waiting",
    host: "",
    since: null,
    reason: "Dependency",
    depends: true,
  } as const;
  await system.cancel([{ ...state, id: "2_0", chain: 0 }, { ...state, id: "2_1", chain: 1 }, {
    ...state,
    id: "3",
    chain: null,
  }]);
  assertEquals(calls, [["scancel", "--state=PENDING", "2", "3"]]);
});
