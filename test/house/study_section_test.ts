// What the README and docs/study.md say of the study is what its records say.

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { studyPage } from "../../src/study/page.ts";
import { resultsSection } from "../../src/study/results_section.ts";
import { read } from "./_sources.ts";
import { needs } from "./permissions.ts";
import { sectionOf, today, withStudySection } from "./study_section.ts";

const test = needs("read");

test("the study's page and its section in the README are made from today's records", async () => {
  const figures = await today();
  assert(
    studyPage(figures) === read("docs/study.md"),
    'docs/study.md: expected what the records say, found an older page: run "deno task study --page"',
  );
  assertEquals(
    sectionOf(read("README.md").split("\n")),
    resultsSection(figures),
    'README.md: the section on the study is older than its records: run "deno task update"',
  );
  // As if the seeds that are there were all that the design asks for.
  const whole = { ...figures, runs: figures.records.length, left: [] };
  const texts = [studyPage(whole), resultsSection(whole).join("\n")];
  for (const text of texts.map((text) => text.replaceAll(/\s+/g, " "))) {
    assert(!text.includes("not finished"));
    assertMatch(text, /So the default of `tune` is \*\*.+?\*\*: /);
    assert(!/NaN|undefined|Infinity/.test(text), text);
  }
});

Deno.test("a section is put in the place of the one that is there", () => {
  const page = ["# a", "### Does balancing pay?", "", "old", "", "### next", "text"];
  const other = withStudySection(page, ["new", "", "lines"]);
  assertEquals(other, ["# a", "### Does balancing pay?", "", "new", "", "lines", "", "### next", "text"]);
  assertEquals(sectionOf(other), ["new", "", "lines"]);
  assertEquals(withStudySection(other, ["new", "", "lines"]), other);
  assertThrows(() => withStudySection(["# a"], []), Error, "expected the heading");
});
