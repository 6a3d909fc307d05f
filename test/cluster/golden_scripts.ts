// The scripts of a run's jobs that are kept in golden/, so that a review sees how they change; `deno task update` writes
// them anew.

import { planJobs } from "../../src/cluster/job_plan.ts";
import { SLURM_TEMPLATE } from "../../src/cluster/job_script.ts";
import { slurmScript } from "../../src/cluster/slurm.ts";
import { shellLine } from "../../tasks/lib/resume.ts";
import { planRun } from "../../src/run/plan.ts";

/** Names of the files, and what they hold. */
export function goldenScripts(): Map<string, string> {
  const plan = planRun({ tasks: ["vqa", "it's 50%"], methods: ["ew", "cotbal"], seeds: [1] });
  const stand = { plan, done: new Set<string>(), prepared: false, finished: false, jobs: [], states: [] };
  const { requests } = planJobs(stand, "cotbal-0-1");
  const options = {
    template: SLURM_TEMPLATE,
    partition: "gpu",
    time: "01:30:00",
    memory: "8G",
    cpus: 4,
    gpus: 1,
    atOnce: 8,
    retries: 3,
    run: "/shared/my runs/a",
    logs: "/shared/my runs/a/jobs",
    root: "/shared/cotbal",
    deno: "/shared/bin/deno",
    tuneLine: shellLine(["--data", "/shared/it's data", "--methods=ew,cotbal"]),
  };
  const ids = new Map(requests.map(({ name }, i) => [name, String(101 + i)]));
  const [prepare, first, , finish] = requests;
  const script = (job: typeof first) => slurmScript(job!, options, (name) => ids.get(name)!);
  return new Map([["prepare.sh", script(prepare)], ["parts.sh", script(first)], [
    "finish.sh",
    script(finish),
  ]]);
}
