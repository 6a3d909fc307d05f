import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { InputError } from "../../src/errors.ts";
import type { Chart } from "../../src/report/kit/figure.ts";
import { renderReport } from "../../src/report/render_report.ts";
import type { LoadedRun } from "../../src/run/records/loaded_run.ts";
import { believableRun } from "./fixture.ts";

/** A page without its scripts, styles and pictures: what a reader reads. */
function markup(page: string): string {
  return page.replace(/<script[\s\S]*?<\/script>/g, "").replace(/<style>[\s\S]*?<\/style>/, "")
    .replaceAll(/;base64,[^"]*"/g, '"');
}

function policyOf(page: string): string {
  const found = /Content-Security-Policy"\s+content="([^"]+)"/.exec(page);
  return (found?.[1] ?? "").replaceAll("&#39;", "'");
}

function charts(page: string): Chart[] {
  const found = /<script type="application\/json" id="charts">([\s\S]*?)<\/script>/.exec(page);
  return JSON.parse(found?.[1] ?? "null");
}

Deno.test("the same run gives the same bytes, another run another nonce", async () => {
  const nonce = (page: string) => /'nonce-([^']+)'/.exec(policyOf(page))?.[1];
  const first = await renderReport([believableRun()]);
  assertEquals(await renderReport([believableRun()]), first);
  assertMatch(nonce(first) ?? "", /^[A-Za-z0-9+/]{43}=$/);
  assertNotEquals(nonce(await renderReport([believableRun({ seeds: [2] })])), nonce(first));
});

Deno.test("the page forbids requests and makes none", async () => {
  const page = await renderReport([believableRun()]);
  const policy = policyOf(page);
  assertStringIncludes(policy, "default-src 'none'; script-src 'nonce-");
  for (const part of ["img-src data: blob:", "base-uri 'none'", "form-action 'none'"]) {
    assertStringIncludes(policy, part);
  }
  for (const forbidden of ["unsafe-eval", "http:", "https:", "*"]) {
    assert(!policy.includes(forbidden), forbidden);
  }
  // All scripts that run carry the nonce; nothing is loaded by address, nothing runs from an attribute.
  const scripts = page.match(/<script\b[^>]*>/g) ?? [];
  assertEquals(scripts.length, 3);
  for (const tag of scripts) assertMatch(tag, /type="application\/json"|nonce="/);
  const body = markup(page);
  assertEquals(body.match(/\s(?:src|href)="(?!data:|#)[^"]*"/g), null);
  assertEquals(body.match(/\son[a-z]+=/gi), null);
});

Deno.test("no text of a run becomes markup", async () => {
  const name = "</script><b>%{x} \u2028'\"&";
  const run = believableRun({ names: [name, "<img src=x onerror=alert(1)>"] });
  run.results.warnings.push("<i>careful</i>");
  run.run.given = { data: "<u>it's</u>" };
  for (const example of run.examples) {
    example.question = "<script>1</script>";
    example.images.push({ url: "https://example.org/x.png", size: 10 });
    example.images.push({ url: '"><b>', size: 10 });
  }
  const page = await renderReport([run]);
  const body = markup(page);
  assertEquals(page.match(/<script\b/g)?.length, 3);
  for (const bad of ["<b>%", "<img src=x", "<i>careful", "<u>it", "https://example.org"]) {
    assert(!body.includes(bad), bad);
  }
  assertStringIncludes(body, "&lt;/script&gt;&lt;b&gt;%{x}");
  // Plotly reads tags in its texts too.
  const texts = JSON.stringify(charts(page));
  assert(!/<(?!\\u)/.test(texts), "a chart's text holds a tag");
  assertStringIncludes(texts, "&lt;/script&gt;&lt;b&gt;");
});

Deno.test("missing parts leave sentences, never NaN", async (t) => {
  const cases: Record<string, LoadedRun> = {
    "no STL": believableRun({ methods: ["ew", "cotbal"] }),
    "no base at all": believableRun({ methods: ["cotbal"] }),
    "one task": believableRun({ tasks: 1 }),
    "equal weights only": believableRun({ methods: ["ew"] }),
    "no method": believableRun({ methods: [] }),
    "an unknown method": believableRun({ methods: ["ew", "cotbal", "mystery"] }),
    "three seeds": believableRun({ seeds: [1, 2, 3] }),
    "a profile": believableRun({ profile: true }),
    "a profile of three seeds": believableRun({ profile: true, seeds: [1, 2, 3] }),
    "a profile without times": withoutTimes(believableRun({ profile: true })),
    "holes": withHoles(believableRun()),
    "nothing kept": { ...believableRun(), balances: [], curves: [], examples: [] },
  };
  for (const [name, run] of Object.entries(cases)) {
    await t.step(name, async () => {
      const page = await renderReport([run]);
      const body = markup(page);
      for (const bad of ["NaN", "undefined</", "Infinity", "[object", ">null<"]) {
        assert(!body.includes(bad), bad);
      }
      assert(!/\bInfinity\b|NaN/.test(JSON.stringify(charts(page))));
      const ids = [...body.matchAll(/\sid="([^"]*)"/g)].map((m) => m[1]);
      assertEquals(new Set(ids).size, ids.length, "an id occurs twice");
      for (const [, target] of body.matchAll(/href="#([^"]*)"/g)) assert(ids.includes(target), `#${target}`);
      for (const { id } of charts(page)) assert(ids.includes(id), id);
    });
  }
});

Deno.test("a section says what it lacks", async () => {
  const equal = markup(await renderReport([believableRun({ methods: ["ew"] })]));
  assertStringIncludes(equal, "No probes ran");
  assert(!equal.includes("Weights λ that methods tuned with"));
  const own = believableRun({ methods: ["ew"], tasks: 2 });
  own.results.methods["ew"]!.seeds[0]!.lambda = [0.5, 1.5];
  assertStringIncludes(markup(await renderReport([own])), "Weights λ that methods tuned with");
  const noStl = markup(await renderReport([believableRun({ methods: ["ew", "cotbal"] })]));
  assertStringIncludes(noStl, "since STL did not run");
  assertStringIncludes(noStl, "change of the score against EW".replace("change", "Change"));
});

Deno.test("every figure has a caption with a finding, every chart a table", async () => {
  const body = markup(await renderReport([believableRun()]));
  const figures = body.match(/<figure[\s\S]*?<\/figure>/g) ?? [];
  assertEquals(figures.length, 8);
  for (const figure of figures) {
    assertMatch(figure, /<figcaption[^>]*>\s*<b>[^<]{10,}/);
    assertMatch(figure, /<table/);
  }
});

Deno.test("where the time goes: only where the run was profiled, and as it was", async () => {
  const without = markup(await renderReport([believableRun()]));
  assert(!without.includes("Where the time goes") && !without.includes("Roofline"));

  const run = believableRun({ profile: true });
  const page = await renderReport([run]);
  const body = markup(page);
  const part = /<section id="profile"[\s\S]*?<\/section>/.exec(body)?.[0] ?? "";
  const figures = part.match(/<figure[\s\S]*?<\/figure>/g) ?? [];
  assertEquals(figures.length, 2);
  for (const figure of figures) {
    assertMatch(figure, /<figcaption[^>]*>\s*<b>[^<]{10,}/);
    assertMatch(figure, /<table/);
  }
  const { rows, ms } = run.profile!;
  const sum = rows.filter(({ kernel }) => kernel === "gemm").reduce((sum, row) => sum + row.ms, 0);
  assertStringIncludes(part, `gemm takes ${(100 * sum / ms).toFixed(0)}%, adamw`);
  assertStringIncludes(part, "steps 21 to 30 of <code>probes/mini</code>");
  assertStringIncludes(part, "75.0 ms by the clock on the wall");
  assertStringIncludes(part, "at most 135 GFLOP/s and 18.9 GB/s");
  assertStringIncludes(part, "7.31 MB in the arena, 3.4 MB in textures");
  for (const { variant } of rows) assertStringIncludes(part, `>${variant}<`);
  // What a bar's two parts are together is the kernel's time.
  const { data } = charts(page).find(({ id }) => id === "profile-chart")!.views[0]!;
  const [least, beyond] = data.map(({ x }) => x as number[]);
  assert(Math.abs(least![0]! + beyond![0]! - sum) < 1e-9 && least![0]! > 0 && beyond![0]! > 0);
});

Deno.test("undefined contributions are marked and explained", async () => {
  // The fixture's gqa loses from its own data with odd seeds.
  const body = markup(await renderReport([believableRun({ seeds: [1] })]));
  assertStringIncludes(body, "not defined, because gqa gained nothing (or lost) from its own data");
  assertStringIncludes(body, "<td>n/d</td>");
  const some = markup(await renderReport([believableRun({ seeds: [1, 2] })]));
  assertStringIncludes(some, "defined with some of the seeds only");
});

Deno.test("boxes are drawn, the truth dashed", async () => {
  const body = markup(await renderReport([believableRun()]));
  const card = body.match(/<article class="sample"[\s\S]*?<\/article>/g)?.find((c) =>
    c.includes("Where is the")
  );
  assertMatch(card ?? "", /<rect[^>]*class="dashed"/);
  assertMatch(card ?? "", /--on-image-(blue|vermillion)/);
  assertMatch(card ?? "", /✓ right|✗ wrong/);
});

Deno.test("several runs are compared, each has its own ids", async () => {
  const runs = [
    believableRun({ seeds: [1], methods: ["ew", "cotbal"], folder: "runs/a" }),
    believableRun({ seeds: [2, 3], methods: ["ew", "cotbal"], folder: "elsewhere/a" }),
  ];
  const body = markup(await renderReport(runs));
  assertStringIncludes(body, "The runs differ in nothing but their seeds. Over 3 paired seeds together");
  assertStringIncludes(body, "a (2)");
  assertStringIncludes(body, 'id="run-2-scores-chart"');
  const twice = markup(await renderReport([runs[0]!, runs[0]!]));
  assertStringIncludes(twice, "Some seeds occur in more than one run");
});

Deno.test("without a run there is no report", async () => {
  await assertRejects(() => renderReport([]), InputError, "found none");
});

/** A profile in which no kernel took any time, as on a clock that is too coarse, and none counts its operations. */
function withoutTimes(run: LoadedRun): LoadedRun {
  run.profile!.ms = 0;
  for (const row of run.profile!.rows) {
    Object.assign(row, { ms: 0, operations: null, gflops: null, gbs: null, fraction: null });
  }
  run.curves = [];
  return run;
}

/** Every number that may be missing is. */
function withHoles(run: LoadedRun): LoadedRun {
  const { results } = run;
  for (const method of Object.values(results.methods)) {
    method.deltaI = null;
    method.deltaE = null;
    method.scores[2] = NaN;
  }
  results.references.chance = results.tasks.map(() => null);
  results.references.majorityPerTemplate = results.tasks.map(() => null);
  results.blank = null;
  results.zeroShot = results.tasks.map(() => NaN);
  results.totals.all.seconds = 0;
  results.totals.probes.seconds = 0;
  for (const { weights, validation } of run.balances) {
    weights.contribution = weights.contribution.map((row) => row.map(() => null));
    weights.contributionOut = results.tasks.map(() => null);
    weights.contributionIn = results.tasks.map(() => null);
    weights.difficulty = results.tasks.map(() => null);
    weights.lambda[0] = NaN;
    validation.plus[0] = [];
    validation.questions = [];
  }
  for (const { lines } of run.curves) for (const line of lines) line.taskLoss[1] = null;
  for (const example of run.examples) example.answers = {};
  run.run.sittings = [{ ...run.run.sittings[0]!, end: null, start: "once" }];
  return run;
}
