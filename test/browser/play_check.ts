/**
 * Trains in the playground, opened from a file and from loopback in a real Chromium on SwiftShader: the losses fall and are
 * those of the same training in Deno, the same ones twice; the page answers meanwhile, and stops at once; no request leaves it.
 * Without a Chromium it says so and passes.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script of its own, whose output is read by whoever runs the checks
import { assert, assertEquals } from "@std/assert";
import type { BrowserContext, Page } from "playwright-core";
import { createGpu } from "../../src/gpu/gpu.ts";
import type { StepLog } from "../../src/lmm/trainer/trainer.ts";
import type { PackedModels } from "../../src/page/packed.ts";
import { unpackModels } from "../../src/page/unpack_models.ts";
import { sceneData, sceneSizes } from "../../src/play/data/scene_data.ts";
import type { Report } from "../../src/play/messages.ts";
import { servePlay } from "../../src/play/serve.ts";
import { openLesson } from "../../src/play/train/lesson.ts";
import { liveTraining } from "../../src/play/train/live_training.ts";
import type { LossPoint } from "../../src/report/kit/loss_panel.ts";
import type { Answer } from "../../src/run/records/part_result.ts";
import { gpuEngine } from "../../src/train/gpu_engine.ts";
import { playground } from "../../tasks/lib/playground.ts";
import { accessible } from "./accessible.ts";
import { CHROMIUM, COMPUTING, exists, fits, readable, SWITCHES } from "./page_checks.ts";

const STEPS = 100, SEED = 7;

/** The step after which the second training is stopped. */
const AGAIN = 30;

/** How long a training may take, in ms: minutes, where other work is done beside it. */
const PATIENCE = 1_500_000;

/**
 * No task on the page's own thread may take longer, in ms; unless threads wait as long here: a worker that does nothing
 * tells how late it was woken at worst, which is what the machine's other work takes.
 */
const LONGEST_TASK = 200;

/** Stopping may take so long, in ms: a second of patience, and what a busy machine needs to notice. */
const STOPPED_WITHIN = 2000;

/**
 * How far losses may be from Deno's, as a part of them: of the first step, computed alike but for the order of some sums; of
 * later ones, whose parameters Adam has moved by the signs of gradients near zero.
 */
const FIRST = 2e-5, LATER = 1e-3;

/** Notes what the worker says, and tasks that take long on the page's own thread. */
const NOTES = `
  globalThis.said = [];
  globalThis.long = [];
  const Original = Worker;
  const doingNothing = \`
    let last = performance.now(), late = 0;
    setInterval(() => {
      const now = performance.now();
      late = Math.max(late, now - last - 10);
      last = now;
    }, 10);
    onmessage = () => postMessage(late);\`;
  const idle = new Original(URL.createObjectURL(new Blob([doingNothing], { type: "text/javascript" })));
  globalThis.lateness = () => new Promise((done) => {
    idle.onmessage = ({ data }) => done(data);
    idle.postMessage(null);
  });
  globalThis.Worker = class extends Original {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => said.push(data));
    }
  };
  new PerformanceObserver((list) => long.push(...list.getEntries().map(({ startTime, duration }) => ({ startTime, duration }))))
    .observe({ type: "longtask", buffered: true });
`;

/** What came of a training. */
interface Trained {
  logs: StepLog[];
  looks: LossPoint[];
  answers: Answer[];
}

/** The same training here: the same code, the same model. */
async function trainedHere(page: string): Promise<Trained> {
  const json = /<script type="application\/json" id="models">(.*?)<\/script>/s.exec(page)![1]!;
  const [model] = await unpackModels(JSON.parse(json) as PackedModels);
  const gpu = await createGpu();
  try {
    const engine = gpuEngine(gpu), { checkpoint } = model!;
    const lesson = await openLesson(engine, checkpoint, sceneData(sceneSizes()));
    const logs: StepLog[] = [], looks: LossPoint[] = [];
    const settings = { weights: lesson.tasks.map(() => 1), steps: STEPS, seed: SEED };
    const answers = await liveTraining(engine, checkpoint, lesson, settings, {
      step: (log) => logs.push(log),
      look: (point) => looks.push(point),
    });
    return { logs, looks, answers };
  } finally {
    gpu.destroy();
  }
}

/** Begins to train on the page, with equal weights. */
async function start(page: Page): Promise<void> {
  await page.selectOption("#train-steps", `${STEPS}`);
  await page.fill("#train-seed", `${SEED}`);
  await page.click("#train-start");
}

/** Trains on the page to the end. */
async function trainedThere(page: Page): Promise<Trained> {
  await start(page);
  await page.waitForSelector("#train-start:enabled", { timeout: PATIENCE });
  assertEquals(
    await page.locator("#train-status").textContent(),
    "Trained. The curves and the answers below show what came of it.",
  );
  return trainedBy(await reports(page));
}

function trainedBy(said: readonly Report[]): Trained {
  return {
    logs: said.flatMap((report) => report.kind === "step" ? [report.log] : []),
    looks: said.flatMap((report) => report.kind === "look" ? [report.point] : []),
    answers: said.flatMap((report) =>
      report.kind === "answers" && report.of === "equal" ? report.answers : []
    ),
  };
}

const reports = (page: Page) => page.evaluate("said.splice(0)") as Promise<Report[]>;

/**
 * The longest task of the page's own thread since it was loaded, how many took longer than 50 ms, and how late a thread
 * that does nothing was woken at worst; times in ms.
 */
async function longTasks(page: Page): Promise<{ longest: number; count: number; late: number }> {
  const all = await page.evaluate("long.map(({ duration }) => duration)") as number[];
  return {
    longest: Math.max(0, ...all),
    count: all.length,
    late: await page.evaluate("lateness()") as number,
  };
}

/** How far numbers are from others, as a part of these, at most. */
function off(found: readonly number[], expected: readonly number[]): number {
  assertEquals(found.length, expected.length);
  return Math.max(...found.map((x, i) => Math.abs(x - expected[i]!) / Math.abs(expected[i]!)));
}

async function check(): Promise<void> {
  // Playwright asks whether it runs under WSL by a file that only --allow-all may look at; this keeps it from asking.
  Deno.env.set("__IS_WSL_TEST__", "no");
  const { chromium } = await import("playwright-core");
  const folder = await Deno.makeTempDir({ prefix: "cotbal-play-" });
  const opened: BrowserContext[] = [];
  const { page: text } = await playground();
  const server = servePlay(text, 0);
  const file = `file://${folder}/index.html`;
  await Deno.writeTextFile(`${folder}/index.html`, text);
  const noise: string[] = [];
  const open = async (switches: string, url: string, script: string): Promise<Page> => {
    const context = await chromium.launchPersistentContext(`${folder}/profile-${opened.length}`, {
      executablePath: CHROMIUM,
      headless: true,
      args: switches.split(" "),
    });
    opened.push(context);
    const page = await context.newPage();
    page.on("console", (message) => noise.push(`console ${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => noise.push(`error: ${error.message}`));
    context.on("request", (request) => {
      if (request.url() !== url && !/^(data|blob):/.test(request.url())) {
        noise.push(`request: ${request.url()}`);
      }
    });
    await page.addInitScript(script);
    await page.goto(url);
    return page;
  };
  try {
    const page = await open(COMPUTING, server.url, NOTES);
    const began = performance.now();
    const there = await trainedThere(page);
    const { longest, count, late } = await longTasks(page);
    const seconds = (performance.now() - began) / 1000;
    console.log(
      `ok: ${STEPS} steps in ${seconds.toFixed(0)} s; ${count} long tasks on the page's thread, ` +
        `the longest ${longest.toFixed(0)} ms; a thread that does nothing was ${
          late.toFixed(0)
        } ms late at worst`,
    );
    assert(longest <= Math.max(LONGEST_TASK, late), `a task of ${longest} ms held the page up`);
    await falls(page, there.looks);
    await page.selectOption("#train-preset", { index: 1 });
    await page.click("#train-start");
    await stopped(page, 'report.kind === "look" && report.run === "yours" && report.point.step > 0');
    await twoCurves(page);
    for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [390, "light"]] as const) {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme });
      await fits(page, width);
      await readable(page);
      await accessible(page, `${width} px, ${colorScheme}`);
    }
    console.log("ok: light, dark and 390 pixels wide, with nothing serious by axe's rules");
    await opened.pop()!.close();

    const again = await open(COMPUTING, file, NOTES);
    await byKeyboard(again);
    await sameAgain(again, there);
    await opened.pop()!.close();
    console.log("ok: opened from a file, a second training has the same losses, bit by bit");
    assertEquals(noise, []);
    console.log("ok: no request leaves the page, an empty console");

    agrees(there, await trainedHere(text));

    const without = await open(SWITCHES, file, "delete Navigator.prototype.gpu");
    assertEquals(await without.locator("#train-form").isVisible(), false);
    assert((await without.locator("#train-missing").textContent())!.includes("WebGPU"));
    assertEquals(await without.locator(".sample").count(), 14);
    console.log("ok: without WebGPU the page says what to do");
    assertEquals(noise, []);
  } finally {
    for (const context of opened) await context.close();
    await server.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** The loss of every task falls, and the page shows by how much. */
async function falls(page: Page, looks: readonly LossPoint[]): Promise<void> {
  const first = looks[0]!, last = looks.at(-1)!;
  const names = await page.locator("#train-curves .panel-title").allTextContents();
  const told = names.map((name, t) => {
    const [from, to] = [first.loss[t]!, last.loss[t]!];
    assert(to < from, `the loss of ${name} went from ${from} to ${to}`);
    return `${name.trim().split(" ")[0]} ${from.toFixed(2)} → ${to.toFixed(2)}`;
  });
  assertEquals([first.step, last.step], [0, STEPS]);
  console.log(`ok: held-out losses ${told.join(", ")}`);
}

/** Stops a training once it said something; in ms, how long that took. */
async function stopped(page: Page, said: string): Promise<number> {
  const until = performance.now() + PATIENCE;
  // By evaluation from outside: the page's policy refuses a predicate that is evaluated inside.
  while (!(await page.evaluate(`said.some((report) => ${said})`))) {
    const status = (await page.locator("#train-status").textContent())!;
    assert(!/failed/.test(status), status);
    assert(performance.now() < until, `waited in vain for a report with ${said}`);
    await page.waitForTimeout(20);
  }
  const began = performance.now();
  await page.click("#train-stop");
  await page.waitForSelector("#train-start:enabled");
  const took = performance.now() - began;
  assert(took < STOPPED_WITHIN, `stopping took ${took} ms`);
  const status = (await page.locator("#train-status").textContent())!;
  assert(/stopped/.test(status), status);
  console.log(`ok: stopped within ${took.toFixed(0)} ms: "${status}"`);
  return took;
}

/** The same training again, as far as {@linkcode AGAIN}: the same losses, bit by bit. */
async function sameAgain(page: Page, first: Trained): Promise<void> {
  await start(page);
  await stopped(page, `report.kind === "look" && report.point.step === ${AGAIN}`);
  const { logs, looks } = trainedBy(await reports(page));
  assert(logs.length >= AGAIN && looks.length > 1);
  assertEquals(logs, first.logs.slice(0, logs.length), "losses of a second training");
  assertEquals(looks, first.looks.slice(0, looks.length), "held-out losses of a second training");
}

/** Equal weights are the thin line, the visitor's the thick one; screen readers are told of both. */
async function twoCurves(page: Page): Promise<void> {
  const panel = page.locator("#train-curves svg.loss").first();
  assertEquals(await panel.locator("polyline").count(), 2);
  assertEquals(await panel.locator("polyline.thin").count(), 1);
  const said = await panel.getAttribute("aria-label");
  assert(/equal weights: .*your weights: /.test(said!), said!);
  await page.locator("#train-curves summary").click();
  assertEquals(await page.locator("#train-curves table").count(), 2);
}

/** Weights can be set without a mouse, and are named. */
async function byKeyboard(page: Page): Promise<void> {
  const slider = page.getByRole("slider", { name: "chart", exact: true });
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  assertEquals(await slider.inputValue(), "1.05");
  assertEquals(await page.locator("#weight-4-value").textContent(), "1.05");
  assertEquals(await page.locator("#train-own").evaluate((option) => option.selected), true);
  await page.locator("#train-preset").focus();
  await page.keyboard.press("Home");
  assertEquals(await slider.inputValue(), "1");
  for (const name of ["Begin with", "Steps"]) assert(await page.getByRole("combobox", { name }).isVisible());
  assert(await page.getByRole("spinbutton", { name: "Seed" }).isVisible());
}

/** Losses in the browser are those of the same training in Deno. */
function agrees(there: Trained, here: Trained): void {
  const of = ({ logs }: Trained) => logs.map(({ loss }) => loss);
  const held = ({ looks }: Trained, k: number) => looks.at(k)!.loss.map((loss) => loss!);
  const first = Math.max(
    off(of(there).slice(0, 1), of(here).slice(0, 1)),
    off(held(there, 0), held(here, 0)),
  );
  const steps = off(of(there), of(here)), last = off(held(there, -1), held(here, -1));
  const same = there.answers.filter(({ answer }, i) => answer === here.answers[i]!.answer).length;
  console.log(
    `ok: losses as in Deno: at first ${first.toExponential(1)} of them off, over ${STEPS} steps ${
      steps.toExponential(1)
    }, held out at the end ${last.toExponential(1)}; ${same} of ${here.answers.length} answers the same`,
  );
  assert(first < FIRST, `the first losses are ${first} of Deno's off`);
  assert(steps < LATER && last < LATER, `losses are ${steps}, held out ${last} of Deno's off`);
}

if (await exists(CHROMIUM)) await check();
else console.log(`no ${CHROMIUM} here: nothing was trained in the playground`);
