// What others build on does not change unseen: names that come and go show in `public_names.json`.

import { assertEquals } from "@std/assert";
import { read } from "./_sources.ts";
import { needs } from "./permissions.ts";
import { publicNames } from "./public_names.ts";
import stored from "./public_names.json" with { type: "json" };

const test = needs("read");

test("the public names are those in test/house/public_names.json", () => {
  assertEquals(
    publicNames(),
    stored as Record<string, string[]>,
    'public names came, went or changed: if that is meant, run "deno task update" and say so in the change',
  );
});

test("entries list their names", () => {
  const { exports } = JSON.parse(read("deno.json")) as { exports: Record<string, string> };
  for (const [entry, path] of Object.entries(exports)) {
    const loose = read(path.slice(2)).split("\n").filter((line) =>
      /^export\s+(type\s+)?\*|^export\s+(?!type\s*\{|\{)/.test(line)
    );
    assertEquals(loose, [], `${entry} (${path}): name what is exported, export { … } from "…"`);
  }
});

test("every entry is looked at by the check of documentation", () => {
  const { exports, tasks } = JSON.parse(read("deno.json")) as {
    exports: Record<string, string>;
    tasks: { check: { command: string } };
  };
  const words = tasks.check.command.split("deno doc --lint ")[1]?.split(" && ")[0]?.split(" ") ?? [];
  assertEquals(
    words.toSorted(),
    Object.values(exports).map((path) => path.slice(2)).toSorted(),
    "the task check in deno.json: deno doc --lint takes every entry of exports",
  );
});

test("no name is exported twice from one entry", () => {
  for (const [entry, names] of Object.entries(publicNames())) {
    assertEquals(names.filter((name, i) => names.indexOf(name) !== i), [], entry);
  }
});
