import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { averageTables, type BalanceTable } from "../../src/balance/cotbal/table.ts";
import { type BalanceOptions, weightsFromScores } from "../../src/balance/cotbal/weights_from_scores.ts";
import type { Chart } from "../../src/report/kit/figure.ts";
import { renderWeightsPage } from "../../src/report/weights_page.ts";

async function page(tables: BalanceTable[], options: BalanceOptions = {}): Promise<string> {
  const report = weightsFromScores(tables, options);
  return await renderWeightsPage({
    report,
    table: averageTables(tables),
    seeds: tables.length > 1 ? tables.map((table) => weightsFromScores(table, options)) : [],
    sources: tables.map((_, k) => `seed-${k + 1}.json`),
    fixed: Object.keys(options.fixed ?? {}),
    ...(options.floor && { floor: options.floor }),
    version: "0",
  });
}

/** What a reader reads: no scripts, no styles. */
const markup = (text: string) =>
  text.replace(/<script[\s\S]*?<\/script>/g, "").replace(/<style>[\s\S]*?<\/style>/, "");
const words = (text: string) => markup(text).replace(/<[^>]*>/g, "").replace(/\s+/g, " ");
const charts = (text: string): Chart[] =>
  JSON.parse(/<script type="application\/json" id="charts">([\s\S]*?)<\/script>/.exec(text)?.[1] ?? "null");
const ids = (text: string) => [...markup(text).matchAll(/\sid="([^"]*)"/g)].map((m) => m[1]!);

const SCORES = { tasks: ["vqa", "wer"], mini: [40, 20], plus: [[50, 18], [42, 10]], lowerIsBetter: ["wer"] };
const VECTORS = {
  tasks: ["a", "b"],
  contributionOut: [1, 0.5],
  contributionIn: [0.5, 1],
  difficulty: [0.2, null],
};

Deno.test("a page of weights: every chart has a caption, a name and its numbers in a table", async () => {
  const text = await page([SCORES, { ...SCORES, mini: [38, 22] }]);
  const body = markup(text);
  assertEquals(charts(text).map(({ id }) => id), [
    "weights-chart",
    "seeds-chart",
    "contribution-chart",
    "difficulty-chart",
  ]);
  assertEquals(body.match(/<figcaption/g)?.length, 4);
  assertEquals(body.match(/<summary>The numbers/g)?.length, 4);
  assertEquals(body.match(/role="group"\s+aria-label="[^"]+"/g)?.length, 4);
  const all = ids(text);
  assertEquals(new Set(all).size, all.length, "every id once");
  for (const [, target] of body.matchAll(/href="#([^"]*)"/g)) assert(all.includes(target!), target);
  for (const [, target] of body.matchAll(/aria-labelledby="([^"]*)"/g)) assert(all.includes(target!), target);
  for (const { data } of charts(text).flatMap(({ views }) => views)) {
    assert(!JSON.stringify(data).includes("NaN"));
  }
});

Deno.test("a page of weights makes no request and gives the same bytes for the same weights", async () => {
  const text = await page([SCORES]);
  assertEquals(await page([SCORES]), text);
  assertStringIncludes(text, "default-src &#39;none&#39;");
  assertEquals(markup(text).match(/\s(?:src|href)="(?!data:|#)[^"]*"/g), null);
  assertMatch(text, /<\/html>\s*$/);
});

Deno.test("a page of weights says its directions, floors, fixed tasks and warnings", async () => {
  const plain = words(await page([SCORES]));
  assertStringIncludes(plain, "lower is better: wer");
  assertStringIncludes(plain, "Lower is better for wer: there D = 1 − V(own + mini) / V(mini)");
  assertStringIncludes(plain, "Read with care");
  assertStringIncludes(plain, "is not known from one");
  assert(!plain.includes("Seed by seed"));
  const floors = words(await page([SCORES], { floor: [0, 100] }));
  assertStringIncludes(floors, "D = 1 − (V(mini) − f) / (V(own + mini) − f)");
  assert(!floors.includes("Read with care"));
  const lower = words(await page([{ ...SCORES, mini: [60, 20], lowerIsBetter: ["vqa", "wer"] }]));
  assertStringIncludes(lower, "for scores of which less is better");
  const higher = words(await page([{ tasks: ["a", "b"], mini: [1, 2], plus: [[2, 2], [1, 3]] }]));
  assertStringIncludes(higher, "higher is better");
  assert(!higher.includes("Lower is better"));
  const fixed = words(await page([SCORES], { fixed: { chat: 1.5, vqa: 1 } }));
  assertStringIncludes(fixed, "Outside the balancing: chat (λ = 1.5) and vqa (λ = 1)");
  assertStringIncludes(fixed, "There is nothing to weigh.");
});

Deno.test("a page of weights from vectors has no heat map, and no scores", async () => {
  const text = await page([VECTORS]);
  assertEquals(charts(text).map(({ id }) => id), ["weights-chart", "difficulty-chart"]);
  assertStringIncludes(words(text), "made elsewhere");
  assertStringIncludes(words(text), "Not defined (n/d) for b");
  assert(!words(text).includes("V(own + mini) floor"));
});

Deno.test("a page of weights in the chat form speaks of models tuned on one task alone", async () => {
  const text = await page([{ tasks: ["a", "b"], base: [1, 2], alone: [[3, 2.5], [1.5, 4]], mini: [2, 3] }]);
  assertStringIncludes(words(text), "D = 1 − V(mini) / V(own).");
});

Deno.test("names of tasks and files cannot become markup", async () => {
  const name = "</script><b>$x$";
  const text = await page([{ ...SCORES, tasks: [name, "<i>wer"], lowerIsBetter: ["<i>wer"] }]);
  assertEquals(text.match(/<script\b/g)?.length, 3);
  for (const bad of ["<b>", "<i>wer"]) {
    assert(!markup(text).replace(/<figcaption[^>]*><b>|<b>(?=mini|i \+ mini|\w)/g, "").includes(bad), bad);
  }
  assert(!/<(?!\\u)/.test(JSON.stringify(charts(text))), "a chart's text holds a tag");
});
