// What .ci/run counts on: of its two runs each test is run by exactly one, and examples by the one with permissions.

import { assertEquals } from "@std/assert";
import { ROOT } from "./_sources.ts";
import { DENO, needs } from "./permissions.ts";

const test = needs("read", "run");

const FILES = ["test/without_permissions_test.ts", "test/balance/cotbal/units_test.ts"];
const EXAMPLES = "src/balance/cotbal/units.ts";

/** How every test ended that a run of `deno test` tells of. */
async function ends(...args: string[]): Promise<string[]> {
  const { stdout } = await new Deno.Command(DENO, {
    args: ["test", "--no-check", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stderr: "null",
  }).output();
  const lines = new TextDecoder().decode(stdout).matchAll(/^(.+) \.\.\. (ok|ignored|FAILED) \(/gm);
  return [...lines].map(([, name, end]) => `${name}: ${end}`).toSorted();
}

test("every test runs either without permissions or with them, every example with them", async () => {
  const [bare, needing] = await Promise.all([
    ends(...FILES),
    ends("--doc", "-P", "--preload=test/house/only_needing.ts", ...FILES, EXAMPLES),
  ]);
  const example = (text: string) => text.startsWith("file://");
  const other = (text: string) =>
    text.endsWith(": ok") ? text.replace(/ok$/, "ignored") : text.replace(/ignored$/, "ok");
  assertEquals(needing.filter((text) => !example(text)), bare.map(other).toSorted());
  assertEquals(bare.filter((text) => text.endsWith(": ok")).length, 2);
  assertEquals(needing.filter(example).map((text) => text.replace(/.*: /, "")), ["ok"]);
});
