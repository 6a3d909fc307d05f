import { assert, assertAlmostEquals, assertStringIncludes } from "@std/assert";
import type { WeightsFile } from "../../src/run/records/validation.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");

/** What a run with `deno task scenes --control` said of the control, seed by seed. */
async function control(name: string, seeds: readonly number[]) {
  return await Promise.all(seeds.map(async (seed) => {
    const file = new URL(`../../data/results/control/${name}-seed-${seed}.json`, import.meta.url);
    const { tasks, lambda, contributionOut, warnings } = JSON.parse(
      await Deno.readTextFile(file),
    ) as WeightsFile;
    const at = tasks.indexOf("control");
    return { weight: lambda[at]!, out: contributionOut[at]!, warnings };
  }));
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

test("the README's figures of the negative control: it gains no weight and contributes nothing, but in the chat form", async () => {
  const paper = await control("weights", [1, 2, 3, 4]);
  const aware = await control("weights-noise-aware", [1, 2]);
  const chat = await control("weights-chat", [1, 2, 3, 4]);
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const said = (values: readonly number[]) =>
    values.map((x) => x.toFixed(2).replace("-", "−")).join(", ").replace(/, (?=[^,]*$)/, " and ");
  assertStringIncludes(readme, said(paper.map(({ weight }) => weight)));
  assertStringIncludes(readme, said(aware.map(({ weight }) => weight)));
  assertAlmostEquals(mean(paper.map(({ out }) => out)), -0.14, 0.006);
  for (const seeds of [paper, aware]) {
    assert(mean(seeds.map(({ weight }) => weight)) < 1);
    assert(Math.abs(mean(seeds.map(({ out }) => out))) < 0.2);
  }
  for (const { weight, warnings } of chat) {
    assertAlmostEquals(weight, 1.6, 0.1);
    assert(warnings.some((text) => text.startsWith("control: the difficulty is 1")));
  }
});
