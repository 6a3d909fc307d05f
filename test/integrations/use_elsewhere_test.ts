// docs/use-elsewhere.md is a recipe that has been run: its Python is taken word by word from files that are run, its
// commands are run here.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import recipe from "../../docs/use-elsewhere.md" with { type: "text" };
import losses from "../../data/examples/losses.csv" with { type: "text" };
import check from "../../integrations/check.py" with { type: "text" };
import example from "../../integrations/example.py" with { type: "text" };
import { parseScoresCsv } from "../../src/balance/cotbal/parse_scores.ts";
import { DENO, needs } from "../house/permissions.ts";

const test = needs("run", "read", "write");
const root = new URL("../..", import.meta.url);

Deno.test("the recipe's Python stands in example.py or check.py", () => {
  const blocks = [...recipe.matchAll(/```python\n([\s\S]*?)```/g)].map((match) => match[1]!);
  assert(blocks.length >= 8);
  // In the files the lines stand deeper.
  const deeper = (block: string, by: number) => block.replace(/^(?=.)/gm, " ".repeat(by));
  for (const block of blocks) {
    const found = [0, 4, 8, 12].some((by) =>
      [example, check].some((file) => `\n${file}`.includes(`\n${deeper(block, by)}`))
    );
    assert(found, block);
  }
});

Deno.test("the recipe's table is the example's", () => {
  const table = losses.split("\n").filter((line) => !line.startsWith("#")).map((line) =>
    line && `    ${line}`
  );
  assertStringIncludes(recipe, table.join("\n").trimEnd());
  assertEquals(parseScoresCsv(losses, "losses.csv").tasks, ["caption", "speech", "text"]);
});

test("the recipe's commands run", async () => {
  const commands = [...recipe.matchAll(/^ {4}deno task weights (.*)$/gm)].map((match) =>
    match[1]!.split(" ")
  );
  assertEquals(commands.length, 4);
  for (const words of commands) {
    const flags = ["--quiet", "--allow-read", "--allow-env=DENO_WEBGPU_BACKEND,XDG_RUNTIME_DIR"];
    const { code, stderr } = await new Deno.Command(DENO, {
      args: ["run", ...flags, "tasks/weights.ts", ...words],
      cwd: root,
      stdin: "null",
    }).output();
    assertEquals([code, new TextDecoder().decode(stderr)], [0, ""], words.join(" "));
  }
});
