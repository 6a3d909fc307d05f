/**
 * Opens a report in a real Chromium: nothing on the console, no request, every chart drawn, no sideways scrolling on a
 * phone, readable in the dark and on paper. Without a Chromium it says so and passes: `deno task check` runs it
 * wherever there is one, and the tests in test/report need none.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script of its own, whose output is read by whoever runs the checks
import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { averageTables } from "../../src/balance/cotbal/table.ts";
import { weightsFromScores } from "../../src/balance/cotbal/weights_from_scores.ts";
import { renderReport } from "../../src/report/render_report.ts";
import { renderWeightsPage } from "../../src/report/weights_page.ts";
import { believableRun } from "../report/fixture.ts";
import { accessible } from "./accessible.ts";
import { CHROMIUM, exists, fits, readable, SWITCHES } from "./page_checks.ts";

/** What a page does is noted here. */
interface Watched {
  page: Page;
  /** Messages on the console, errors, requests other than for the page and what lies inside it. */
  noise: string[];
}

const HOSTILE = ["</script><b>", '<a href="https://example.org">x</a>', "$\\frac12$"] as const;

const REPORTS = {
  "one seed": [believableRun()],
  "three seeds": [believableRun({ seeds: [1, 2, 3] })],
  "two runs": [believableRun({ folder: "runs/a" }), believableRun({ seeds: [2], folder: "runs/b" })],
  "long names of methods": [believableRun({ methods: ["ew", "cotbal-precise", "noise-aware"] })],
  "hostile names": [believableRun({ names: [...HOSTILE] })],
  "validation while tuning": [believableRun({ evaluateEvery: 100, seeds: [1, 2] })],
  "a profile": [believableRun({ profile: true })],
  "equal weights on one task": [believableRun({ tasks: 1, methods: ["ew"] })],
};

const SCREENS: [width: number, scheme: "light" | "dark"][] = [[1280, "light"], [390, "light"]];
const DARK: typeof SCREENS[number] = [1280, "dark"];

async function check(): Promise<void> {
  // Playwright asks whether it runs under WSL by a file that only --allow-all may look at; this keeps it from asking.
  Deno.env.set("__IS_WSL_TEST__", "no");
  const { chromium } = await import("playwright-core");
  const folder = await Deno.makeTempDir({ prefix: "cotbal-report-" });
  const context = await chromium.launchPersistentContext(`${folder}/profile`, {
    executablePath: CHROMIUM,
    headless: true,
    args: SWITCHES.split(" "),
  });
  const open = async (file: string, width: number, colorScheme: "light" | "dark"): Promise<Watched> => {
    const page = await context.newPage();
    const noise: string[] = [];
    page.on("console", (message) => noise.push(`console ${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => noise.push(`error: ${error.message}`));
    page.on("request", (request) => {
      const url = request.url();
      if (url !== `file://${file}` && !/^(data|blob):/.test(url)) noise.push(`request: ${url}`);
    });
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 844 });
    await page.goto(`file://${file}`);
    await page.waitForSelector('html[data-charts="drawn"]', { timeout: 60_000 });
    return { page, noise };
  };
  try {
    for (const [name, runs] of Object.entries(REPORTS)) {
      const file = `${folder}/${name.replaceAll(" ", "-")}.html`;
      await Deno.writeTextFile(file, await renderReport(runs));
      for (const [width, scheme] of ["one seed", "a profile"].includes(name) ? [...SCREENS, DARK] : SCREENS) {
        const { page, noise } = await open(file, width, scheme);
        await allDrawn(page);
        await fits(page, width);
        if (width === 1280) await readable(page);
        await accessible(page, `${name}, ${width} px, ${scheme}`);
        if (scheme === "light") await works(page);
        assertEquals(noise, [], `${name}, ${width} px, ${scheme}`);
        await page.close();
      }
      if (name === "hostile names") await literal(await open(file, 1280, "light"));
      console.log(`ok: ${name}`);
    }
    const weights = `${folder}/weights.html`;
    await Deno.writeTextFile(weights, await weightsPage());
    for (const [width, scheme] of [...SCREENS, DARK]) {
      const { page, noise } = await open(weights, width, scheme);
      await allDrawn(page);
      await fits(page, width);
      if (width === 1280) await readable(page);
      await accessible(page, `weights, ${width} px, ${scheme}`);
      assertEquals(noise, [], `weights, ${width} px, ${scheme}`);
      await page.close();
    }
    console.log("ok: a page of weights");
    const { page, noise } = await open(`${folder}/one-seed.html`, 1280, "dark");
    await onPaper(page);
    assertEquals(noise, []);
    console.log("ok: on paper");
  } finally {
    await context.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Weights of two seeds, with a score that is better lower, a task that cannot be measured, and hostile names. */
async function weightsPage(): Promise<string> {
  const seed = (mini: number[]) => ({
    tasks: [...HOSTILE],
    mini,
    plus: [[60, 2, 30], [45, 1, 31], [44, 2.5, 29]],
    lowerIsBetter: [HOSTILE[1]],
  });
  const tables = [seed([40, 3, 30]), seed([42, 3.5, 30])];
  return await renderWeightsPage({
    report: weightsFromScores(tables),
    table: averageTables(tables),
    seeds: tables.map((table) => weightsFromScores(table)),
    sources: ["1.csv", "2.csv"],
    fixed: [],
    version: "0",
  });
}

/** Every chart holds a picture with something in it. */
async function allDrawn(page: Page): Promise<void> {
  const empty = await page.locator(".chart").evaluateAll((charts) =>
    charts.filter((c) =>
      c.querySelectorAll(".scatterlayer path, .barlayer path, .heatmaplayer image").length === 0
    ).map((
      c,
    ) => c.id)
  );
  assertEquals(empty, [], "charts without content");
  assertEquals(await page.locator(".modebar-btn[data-title*='Share']").count(), 0);
  const broken = await page.locator("img").evaluateAll((images) =>
    images.filter((i) => !(i as unknown as { naturalWidth: number }).naturalWidth).length
  );
  assertEquals(broken, 0, "pictures that do not show");
}

/** Names that look like markup are shown as they are, in charts too. */
async function literal({ page, noise }: Watched): Promise<void> {
  const ticks = await page.locator("#scores-chart .ytick text").allTextContents();
  assertEquals(ticks.slice(0, 3), [...HOSTILE]);
  assertEquals(await page.locator("script").count(), 3);
  assertEquals(await page.locator("a:not([href^='#'])").count(), 0);
  assertEquals(noise, []);
  await page.close();
}

/** The selects do what they say. */
async function works(page: Page): Promise<void> {
  const loss = page.locator("select[data-chooser]").first();
  if (await loss.count() > 0) {
    const curve = page.locator(".panels .chart .scatterlayer path.js-line").first();
    const before = await curve.getAttribute("d");
    await loss.selectOption("1");
    await page.waitForTimeout(300);
    assert(await curve.getAttribute("d") !== before, "another choice shows the same losses");
    assertEquals(
      await page.locator("[data-legend]:visible").count(),
      await page.locator("select[data-chooser]").count(),
    );
  }
  const cards = page.locator("[data-samples]").first().locator("article:visible");
  const filter = page.locator("select[data-by=task]").first();
  await filter.selectOption("");
  const all = await cards.count();
  await filter.selectOption("few");
  assert(await cards.count() < all, "a few samples of each task are fewer than all");
}

/** Printing from the dark gives light paper, everything unfolded, and goes back afterwards. */
async function onPaper(page: Page): Promise<void> {
  const ground = () =>
    page.locator("body").evaluate((b) => b.ownerDocument.defaultView!.getComputedStyle(b).backgroundColor);
  const closed = () => page.locator("details:not([open])").count();
  const [dark, folded] = [await ground(), await closed()];
  const event = (name: string) =>
    page.locator("html").evaluate((root, name) => {
      root.ownerDocument.defaultView!.dispatchEvent(new Event(name));
    }, name);
  await event("beforeprint");
  assertEquals(await ground(), "rgb(255, 255, 255)");
  assertEquals(await closed(), 0);
  await event("afterprint");
  assertEquals([await ground(), await closed()], [dark, folded]);
  assert((await page.pdf({ format: "A4" })).length > 100_000);
}

if (await exists(CHROMIUM)) await check();
else console.log(`no ${CHROMIUM} here: the report was not opened in a browser`);
