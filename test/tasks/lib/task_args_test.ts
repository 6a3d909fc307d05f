import { assert, assertEquals } from "@std/assert";
import { inPackage } from "../../../tasks/lib/package.ts";
import { taskArgs } from "../../../tasks/lib/task_args.ts";
import configuration from "../../../deno.json" with { type: "json" };
import { needs } from "../../house/permissions.ts";

const test = needs("read");

test("a task's file is started with the flags that deno.json has, the shell's part filled in", () => {
  assertEquals(taskArgs("tune"), [
    "run",
    "--v8-flags=--expose-gc",
    "--allow-read",
    "--allow-write",
    "--allow-env=DENO_WEBGPU_BACKEND,LP_NUM_THREADS,VK_DRIVER_FILES,XDG_RUNTIME_DIR",
    "--allow-sys=hostname,osRelease,systemMemoryInfo",
    `--allow-run=${Deno.execPath()}`,
    inPackage("tasks/tune.ts"),
  ]);
  for (const name of Object.keys(configuration.tasks) as (keyof typeof configuration.tasks)[]) {
    if (!configuration.tasks[name].command.includes(" tasks/")) continue;
    const args = taskArgs(name);
    assertEquals(args[0], "run", name);
    assert(!args.join(" ").includes("$("), `${name}: ${args.join(" ")}`);
    assert(Deno.statSync(args.at(-1)!).isFile, name);
  }
});
