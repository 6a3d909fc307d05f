import { assert, assertAlmostEquals, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { studyFigures } from "../../src/study/figures.ts";
import { followUp, followUpSection } from "../../src/study/follow_up.ts";
import { studyPage } from "../../src/study/page.ts";
import { judgeRegret, regretFigures, regretSection, regretText } from "../../src/study/regret_check.ts";
import { record } from "./_records.ts";

const core = [
  record("conflict-core-5-6", [5, 6], { ew: 0, tla: 0 }),
  record("conflict-core-7-8", [7, 8], { ew: 0, tla: 0 }),
  record("conflict-core-1-2", [1, 2], { ew: 0, tla: 0 }),
];

Deno.test("inverse size is judged on its fresh seeds alone, beside EW's of the core", () => {
  const rest = record("conflict-rest-1-2", [1, 2], { ew: 0, "inverse-size": 9 });
  const inverse = record("conflict-inverse-5-8", [5, 6, 7, 8], { "inverse-size": 3 });
  const [found, ...others] = followUp([...core, rest, inverse]);
  assertEquals(others, []);
  assertEquals([found!.inverse!.n, found!.inverseAll!.n, found!.pooled, found!.trials], [4, 6, null, null]);
  assertAlmostEquals(found!.inverse!.mean, 3, 0.2);
  assertAlmostEquals(found!.inverseAll!.mean, 5, 0.2);
  assertStringIncludes(followUpSection([found!]).join("\n"), "inverse size is confirmed");
  const none = record("conflict-inverse-5-8", [5, 6, 7, 8], { "inverse-size": 0 });
  assertStringIncludes(followUpSection(followUp([...core, none])).join("\n"), "**not confirmed**");
  assertEquals(followUpSection(followUp(core)), []);
});

Deno.test("the best of all trials of several searches is named with its weights, and judged on fresh seeds", () => {
  const trial = (lambda: number[], score: number) => ({ lambda, scores: [score, score], errors: [1, 1] });
  const tried = [trial([1, 1], 50), trial([0.5, 1.5], 60), trial([1.5, 0.5], 40)];
  const covariance = [[0, 0, 0], [0, 1, 0], [0, 0, 1]];
  const searches = {
    ...record("conflict-trials-1-2", [1, 2], { ew: 0, search: 0 }),
    trials: [1, 2].map((seed) => ({ seed, tasks: ["a", "b"], tried, covariance })),
  };
  const pooled = record("conflict-pooled-5-8", [5, 6, 7, 8], { fixed: 2 });
  const [found] = followUp([...core, searches, pooled]);
  assertAlmostEquals(found!.pooled!.mean, 2, 0.2);
  assertEquals([found!.trials!.searches, found!.trials!.tried], [2, 6]);
  assertEquals(found!.trials!.lambda, { a: 0.5, b: 1.5 });
  assertStringIncludes(
    followUpSection([found!]).join("\n"),
    "On conflict the best of 6 trials of 2 searches, by one surface through all of them, are the weights a 0.50, b 1.50.",
  );
});

Deno.test("regret pays if it wins, gains half of what is known to be there, and loses nowhere", () => {
  const on = (gains: Record<string, number>) =>
    Object.entries(gains).map(([mixture, regret]) =>
      record(`${mixture}-twice-17-20`, [17, 18, 19, 20], { ew: 0, stl: 1, regret })
    );
  const says = (gains: Record<string, number>, searched: number) => {
    const figures = regretFigures(on(gains));
    return regretText(figures, judgeRegret(figures.checks, new Map([["conflict", searched]]), []));
  };
  assertMatch(
    says({ conflict: 3, default: 0 }, 5),
    /it wins on conflict \(by [23]\.\d\d points; half of what constant weights were seen to gain there, 2\.50, is asked for\), and by the rules \*\*it pays\*\*/,
  );
  assertMatch(
    says({ conflict: 3, default: 0 }, 7),
    /there, 3\.50, is asked for\), and by the rules \*\*it does not pay\*\*/,
  );
  assertMatch(
    says({ conflict: 3, default: -3 }, 5),
    /it wins on conflict \(by [^)]*\) and loses on default, and by the rules \*\*it does not pay\*\*/,
  );
  assertStringIncludes(
    says({ conflict: 0 }, 5),
    "it cannot be told apart from EW, and by the rules **it does not pay**",
  );
  assertStringIncludes(
    says({ conflict: 0, default: 3 }, 5),
    "wins on default (where no rule says how much is enough)",
  );
  assertEquals(regretSection({ checks: [], first: [] }, undefined), []);
});

Deno.test("the page shows regret's weights a task where it has any, and the study's own runs count by themselves", () => {
  const first = record("conflict-regret-9-12", [9, 10, 11, 12], { ew: 0, stl: 1, regret: 5 });
  const seeds = [17, 18, 19, 20];
  const regret = {
    ...record("conflict-twice-17-20", seeds, { ew: 0, stl: 1, regret: 3 }),
    regrets: seeds.map((seed) => ({
      tasks: ["a", "b"],
      alone: [50, 50],
      together: [50, seed === 17 ? 45 : 20],
      again: [50, 20],
      questions: [200, 200],
    })),
  };
  const still = record("equal-regret-9-12", [9, 10, 11, 12], { ew: 0, stl: 1, regret: 0 });
  for (const one of still.methods["regret"]!) one.lambda = [1, 1];
  assertEquals(studyFigures([...core, first, still]).regret, { checks: [], first: [] });
  const figures = studyFigures([...core, first, regret, still]);
  assertEquals(figures.records.length, core.length);
  const page = studyPage(figures).replaceAll(/ +/g, " ");
  assertStringIncludes(page, "| seeds in which a task has regret | 0 of 4 | 4 of 4 |");
  assertStringIncludes(page, "| the same, had equal weights been tuned once | 0 of 4 | 3 of 4 |");
  assertStringIncludes(
    page.replaceAll("\n", " "),
    "on conflict, where it moved weights in 4 of 4 seeds. Both together are +4.",
  );
  assertStringIncludes(page, "| conflict, test score | a | b |");
  assertStringIncludes(page, "| λ, mean over seeds | 0.50 | 1.50 |");
  assertStringIncludes(page, "so is its model, to the bit");
  assert(!page.includes("| equal, test score |"));
});
