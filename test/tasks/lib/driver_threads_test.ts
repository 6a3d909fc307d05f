import { assertEquals } from "@std/assert";
import { dividedCores } from "../../../tasks/lib/driver_threads.ts";
import { DENO, needs } from "../../house/permissions.ts";

const test = needs("run");

/** What `dividedCores(2, 2)` gives in a process of its own with this environment. */
async function inProcess(env: Record<string, string>): Promise<unknown> {
  const file = new URL("../../../tasks/lib/driver_threads.ts", import.meta.url).href;
  const code = `const { dividedCores } = await import(${JSON.stringify(file)});
    console.log(JSON.stringify(dividedCores(2, 2)));`;
  const { stdout, success } = await new Deno.Command(DENO, { args: ["eval", code], env, stderr: "inherit" })
    .output();
  assertEquals(success, true);
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("cores are divided among processes, and one that has fewer than two of them takes no threads", () => {
  const threads = (processes: number, cores: number) => dividedCores(processes, cores)["LP_NUM_THREADS"];
  assertEquals(threads(2, 2), "0");
  assertEquals(threads(3, 2), "0");
  assertEquals(threads(2, 5), "2");
  assertEquals(threads(4, 16), "4");
});

test("the number of threads that the user has set is left as it is", async () => {
  assertEquals(await inProcess({ LP_NUM_THREADS: "3" }), {});
});
