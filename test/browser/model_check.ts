/**
 * Asks the models in a report, opened from a file in a real Chromium on SwiftShader: their answers are those of
 * `deno task ask`, in a conversation too, about pictures that are drawn there by keyboard and mouse, and where they looked is
 * shown; no request leaves the page, the console is empty. It prints how long what took. Without a Chromium it says so and
 * passes.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script of its own, whose output is read by whoever runs the checks
import { assert, assertEquals } from "@std/assert";
import type { BrowserContext, Page } from "playwright-core";
import { ask } from "../../src/answer/ask.ts";
import { openDialogue } from "../../src/answer/open_dialogue.ts";
import { choose, SEED } from "../../src/answer/choose.ts";
import { decodeImage } from "../../src/data/images/image.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import { readSafetensors, writeSafetensors } from "../../src/lmm/safetensors.ts";
import { memoryFile } from "../../src/lmm/weights.ts";
import { type NamedCheckpoint, packModels } from "../../src/page/pack_models.ts";
import { renderReport } from "../../src/report/render_report.ts";
import { readCheckpoint } from "../../src/train/checkpoint_files.ts";
import { gpuEngine } from "../../src/train/gpu_engine.ts";
import { believableRun } from "../report/fixture.ts";
import { accessible } from "./accessible.ts";
import { CHROMIUM, exists, fits, readable, SWITCHES } from "./page_checks.ts";

/** WebGPU on Chromium's own driver for machines without a graphics card. */
const WEBGPU = `${SWITCHES.replace(" --disable-gpu", "")} --enable-unsafe-webgpu ` +
  "--use-webgpu-adapter=swiftshader --enable-features=Vulkan";

/** The largest page of a default run, in bytes. */
const MOST = 6e6;

/** Pictures of which a page must see the very pixels. */
const PICTURES = [
  ...["alpha.png", "bit.png", "gray.png", "gray_alpha.png", "interlaced.png", "palette.png", "rgb16.png"],
  ...["baseline.jpg", "gray.jpg", "orientation.jpg", "progressive.jpg"],
  ...["alpha.webp", "lossy.webp", "still.gif", "rgba.bmp"],
];

/** Samples of the fixture that are asked about, and a question of one's own. */
const ASKED: [sample: number, question?: string][] = [[0], [8, "What colour is the cube?"], [17]];

/** The base, and one like it that answers otherwise. */
async function twoModels(): Promise<NamedCheckpoint[]> {
  const base = await readCheckpoint("data/base");
  const [file] = base.weights;
  const tensors = readSafetensors(await file!.read(0, file!.size));
  for (const [name, { values }] of tensors) {
    if (/language_model.*norm\.weight$/.test(name)) values.forEach((x, i) => values[i] = 1.3 * x);
  }
  const other = { ...base, weights: [memoryFile("model.safetensors", writeSafetensors(tensors))] };
  return [{ name: "CoTBal", checkpoint: base }, { name: "EW", checkpoint: other }];
}

/** Writes a model, its weights rounded as in a page, as a folder. */
async function write(model: NamedCheckpoint, folder: string): Promise<void> {
  await Deno.mkdir(folder);
  const { packed } = await packModels([model]);
  for (const [name, at] of Object.entries(packed.models[0]!.files)) {
    await Deno.writeTextFile(`${folder}/${name}`, packed.texts[at]!);
  }
  await Deno.writeFile(`${folder}/model.safetensors`, Uint8Array.fromBase64(packed.weights[0]!));
}

interface Question {
  sample: number;
  question: string;
  /** The file of its picture. */
  picture: string;
}

/** What `deno task ask` answers: the command for the first question, and what it calls for the others. */
async function expected(folders: readonly string[], questions: readonly Question[]): Promise<string[][]> {
  const gpu = await createGpu();
  try {
    const engine = gpuEngine(gpu);
    const all: string[][] = questions.map(() => []);
    for (const folder of folders) {
      const checkpoint = await readCheckpoint(folder);
      const { options } = choose({ seed: SEED }, checkpoint.generation);
      for (const [i, { question, picture }] of questions.entries()) {
        all[i]!.push(await ask(engine, checkpoint, { ...options, question, images: [picture] }));
      }
      const [{ question, picture }] = questions as [Question];
      assertEquals(await command(folder, picture, question), all[0]!.at(-1), "deno task ask");
    }
    return all;
  } finally {
    gpu.destroy();
  }
}

async function command(checkpoint: string, picture: string, question: string): Promise<string> {
  const { stdout, stderr } = await new Deno.Command("deno", {
    args: ["task", "--quiet", "ask", "--checkpoint", checkpoint, "--json", picture, question],
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (text === "") throw new Error(new TextDecoder().decode(stderr));
  return (JSON.parse(text) as { answer: string }).answer;
}

/** Answers of `deno task ask` that goes on with questions. */
async function conversation(
  folder: string,
  picture: string,
  questions: readonly string[],
): Promise<string[]> {
  const gpu = await createGpu();
  const checkpoint = await readCheckpoint(folder);
  const dialogue = await openDialogue(gpuEngine(gpu), checkpoint, [picture]);
  try {
    const { options } = choose({ seed: SEED }, checkpoint.generation);
    const answers: string[] = [];
    for (const question of questions) answers.push((await dialogue.ask(question, options)).answer);
    return answers;
  } finally {
    dialogue.close();
    gpu.destroy();
  }
}

/** Answers of the last turn on the page, model after model. */
async function lastTurn(page: Page): Promise<string[]> {
  const cells = page.locator("#ask-turns table").last().locator("tbody td:nth-child(2)");
  const texts = await cells.evaluateAll((all) => all.map((cell) => cell.firstChild?.textContent ?? ""));
  return texts.map((text) => text === "(nothing)" ? "" : text);
}

/** Clicks, and waits until all is answered. */
async function answered(page: Page, button: string): Promise<string[]> {
  await page.click(button);
  await page.waitForSelector("#ask-submit:enabled", { timeout: PATIENCE });
  assertEquals(await page.locator("#ask-status").textContent(), "Answered.");
  return await lastTurn(page);
}

/** How long a busy machine without a graphics card may take for anything, in milliseconds. */
const PATIENCE = 300_000;

/** Counts the kernels that are compiled. */
const COUNTING = `{
  globalThis.compiled = 0;
  const { prototype } = globalThis.GPUDevice ?? {};
  for (const name of prototype ? ["createComputePipeline", "createComputePipelineAsync"] : []) {
    const create = prototype[name];
    prototype[name] = function (...given) {
      globalThis.compiled++;
      return create.apply(this, given);
    };
  }
}`;

/** What the page measured of itself since the last time, in order, and how many kernels it had compiled. */
async function measures(page: Page): Promise<string> {
  const found = await page.evaluate(
    "performance.getEntriesByType('measure').map(({ name, duration }) => [name, duration])",
  ) as [string, number][];
  const compiled = await page.evaluate("globalThis.compiled");
  await page.evaluate("globalThis.compiled = 0; performance.clearMeasures()");
  return [
    ...found.map(([name, ms]) => `${name.replace("cotbal: ", "")} ${(ms / 1000).toFixed(2)} s`),
    `${compiled} kernels compiled`,
  ].join(", ");
}

/** When text and charts were on the screen, in seconds. */
async function firstSight(page: Page): Promise<string> {
  const [first, largest, chart, all] = await page.evaluate(`new Promise((resolve) => {
    const seen = [];
    new PerformanceObserver((list) => seen.push(...list.getEntries())).observe({ type: "largest-contentful-paint", buffered: true });
    setTimeout(() => resolve([
      performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
      seen.at(-1)?.startTime,
      performance.getEntriesByName("cotbal: first chart")[0]?.startTime,
      performance.getEntriesByName("cotbal: all charts")[0]?.startTime,
    ]), 200);
  })`) as number[];
  const seconds = (ms: number | undefined) => ms === undefined ? "–" : `${(ms / 1000).toFixed(2)} s`;
  return `first text ${seconds(first)}, largest text ${seconds(largest)}, first chart ${
    seconds(chart)
  }, all charts ${seconds(all)} after the page was opened`;
}

/** A picture is drawn by keyboard and mouse, and asked about. */
async function drawAndAsk(page: Page, folder: string, folders: readonly string[]): Promise<void> {
  const things = page.locator(".things button"), said = page.locator(".drawing .said");
  const names = () => things.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  await page.selectOption("#ask-sample", "draw");
  await page.waitForSelector(".things button");
  const begun = await names();
  assertEquals(begun.length, 2);
  // By keyboard alone: the thing is focused, moved, restyled, removed, and all is undone.
  await things.nth(0).focus();
  await page.keyboard.press("ArrowRight");
  const moved = await names();
  assert(moved[0] !== begun[0], "the arrow key moved nothing");
  assertEquals(await said.textContent(), `${moved[0]}.`);
  await page.getByLabel("Colour").selectOption("purple");
  assert((await names())[0]!.includes("purple"));
  await things.nth(0).focus();
  await page.keyboard.press("Delete");
  assertEquals((await names()).length, 1);
  for (let i = 0; i < 3; i++) await page.keyboard.press("Control+z");
  assertEquals(await names(), begun);
  // By mouse: one is dragged, others are added.
  await page.locator("#ask-stage").scrollIntoViewIfNeeded();
  const from = (await things.nth(1).boundingBox())!,
    stage = (await page.locator("#ask-stage").boundingBox())!;
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(stage.x + 20, stage.y + stage.height - 20, { steps: 6 });
  await page.mouse.up();
  const dragged = await names();
  assert(dragged[1]!.includes("bottom left"), `dragged to the lower left corner, found ${dragged[1]}`);
  await page.keyboard.press("Control+z"); // the whole movement
  assertEquals(await names(), begun);
  await page.getByRole("button", { name: "Add shape" }).click();
  await page.getByRole("button", { name: "Set sign" }).click();
  assertEquals((await names()).length, 4);
  const asked = page.locator("#ask-suggestions button").first();
  const question = (await asked.textContent())!;
  await asked.click();
  assertEquals(await page.inputValue("#ask-question"), question);
  const answers = await answered(page, "#ask-submit");
  assert((await page.locator("#ask-turns .truth").textContent())!.includes("by the drawing"));
  // The same picture as a file gives the same answers: what is drawn is what is asked about.
  // The page's policy forbids it to fetch even its own pictures: it is drawn off the screen.
  const bytes = await page.evaluate(`(async () => {
    const image = document.getElementById("ask-image");
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    canvas.getContext("2d").drawImage(image, 0, 0);
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  })()`) as number[];
  const picture = `${folder}/drawn.png`;
  await Deno.writeFile(picture, Uint8Array.from(bytes));
  for (const [i, of] of folders.entries()) {
    assertEquals(answers[i], (await conversation(of, picture, [question]))[0], `drawn: ${question}`);
  }
}

/** Where a model looked: a veil, a sentence and numbers, for each token and layer. */
async function lookAt(page: Page): Promise<void> {
  await page.locator("#ask-turns .where-button").first().click();
  await page.waitForSelector("#ask-attention:not([hidden])", { timeout: PATIENCE });
  const panel = page.locator("#ask-attention"), sentence = panel.locator("p[role=status]");
  const cells = await page.locator("#ask-stage .veil rect").count();
  assert(cells >= 16, `the veil has ${cells} cells`);
  const first = await sentence.textContent();
  assert(/of the attention went to the picture/.test(first ?? ""), first ?? "nothing said");
  const shares = await panel.locator("td").allTextContents();
  const sum = shares.reduce((sum, text) => sum + (parseFloat(text) || 0), 0);
  assert(Math.abs(sum - 100) < 5, `the shares add up to ${sum}%`); // rounded to a tenth each
  await panel.getByLabel("Layers").selectOption("0");
  assert(await sentence.textContent() !== first, "another layer says the same");
  await panel.locator("summary").click();
}

/** Asks on the page; the answers model after model, and the seconds until the last. */
async function asked(
  page: Page,
  { sample, question }: Question,
): Promise<[answers: string[], seconds: number]> {
  await page.selectOption("#ask-sample", `${sample}`);
  await page.fill("#ask-question", question);
  const began = performance.now();
  const answers = await answered(page, "#ask-submit");
  return [answers, (performance.now() - began) / 1000];
}

/** Pixels as a page gets them are those of the project's own decoders. */
async function samePixels(page: Page): Promise<void> {
  const { stdout } = await new Deno.Command("deno", {
    args: ["bundle", "--quiet", "--platform", "browser", "src/page/pixels.js"],
  }).output();
  const module = new TextDecoder().decode(stdout);
  for (const name of PICTURES) {
    const bytes = await Deno.readFile(`test/data/images/fixtures/${name}`);
    const [width, height, data] = await page.evaluate(async ([module, picture]) => {
      const url = URL.createObjectURL(new Blob([module!], { type: "text/javascript" }));
      const { pixels } = await import(url);
      const { width, height, data } = await pixels(new Blob([Uint8Array.fromBase64(picture!)]));
      return [width, height, [...data]];
    }, [module, bytes.toBase64()]);
    const image = await decodeImage(bytes);
    assertEquals({ width, height, data: Uint8Array.from(data) }, image, name);
  }
}

async function check(): Promise<void> {
  // Playwright asks whether it runs under WSL by a file that only --allow-all may look at; this keeps it from asking.
  Deno.env.set("__IS_WSL_TEST__", "no");
  const { chromium } = await import("playwright-core");
  const folder = await Deno.makeTempDir({ prefix: "cotbal-model-" });
  const opened: BrowserContext[] = [];
  try {
    const run = believableRun(), models = await twoModels();
    const { packed, left } = await packModels(models);
    assertEquals(left, []);
    const file = `${folder}/report.html`;
    const page = await renderReport([run], { packed, beside: [] });
    await Deno.writeTextFile(file, page);
    assert(page.length < MOST, `the page has ${page.length} bytes`);

    const questions: Question[] = [];
    for (const [sample, own] of ASKED) {
      const { question, images: [image] } = run.examples[sample]!;
      const picture = `${folder}/${sample}.png`;
      await Deno.writeFile(picture, Uint8Array.fromBase64(image!.url.split(",")[1]!));
      questions.push({ sample, question: own ?? question, picture });
    }
    const folders = models.map(({ name }) => `${folder}/${name}`);
    for (const [i, model] of models.entries()) await write(model, folders[i]!);
    const answers = await expected(folders, questions);
    assert(answers.some(([first, second]) => first !== second), "the models cannot be told apart");

    const open = async (switches: string) => {
      const context = await chromium.launchPersistentContext(`${folder}/profile`, {
        executablePath: CHROMIUM,
        headless: true,
        args: switches.split(" "),
      });
      opened.push(context);
      const page = await context.newPage();
      const noise: string[] = [];
      page.on("console", (message) => noise.push(`console ${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => noise.push(`error: ${error.message}`));
      page.on("request", (request) => {
        const url = request.url();
        if (url !== `file://${file}` && !/^(data|blob):/.test(url)) noise.push(`request: ${url}`);
      });
      page.setDefaultTimeout(PATIENCE);
      await page.addInitScript(COUNTING);
      await page.goto(`file://${file}`, { timeout: PATIENCE });
      await page.waitForSelector('html[data-charts="drawn"]');
      return { page, noise };
    };

    const { page: tab, noise } = await open(WEBGPU);
    console.log(`${(page.length / 1e6).toFixed(1)} MB: ${await firstSight(tab)}`);
    await tab.waitForSelector('#ask-form[data-models="ready"]');
    console.log(`before anybody asks: ${await measures(tab)}`);
    for (const [i, question] of questions.entries()) {
      const [found, seconds] = await asked(tab, question);
      assertEquals(found, answers[i], question.question);
      console.log(`ok: "${question.question}", both models: ${seconds.toFixed(2)} s`);
      console.log(`    ${await measures(tab)}`);
    }
    await lookAt(tab);
    console.log(`ok: where a model looked; ${await measures(tab)}`);
    const further = "Describe the image.", { picture, question: before } = questions.at(-1)!;
    await tab.fill("#ask-question", further);
    const followed = await answered(tab, "#ask-on");
    for (const [i, of] of folders.entries()) {
      assertEquals(followed[i], (await conversation(of, picture, [before, further]))[1], "a follow-up");
    }
    assert(followed.some((answer) => answer !== ""), "nothing was said further on");
    assertEquals(await tab.locator("#ask-turns table").count(), 2);
    await tab.fill("#ask-question", "what ".repeat(3000));
    await tab.click("#ask-on");
    await tab.waitForSelector("#ask-submit:enabled");
    const room = await tab.locator("#ask-room").textContent();
    assert(/^Of 2048 tokens .* takes \d+\./.test(room ?? ""), room ?? "");
    const limit = (await tab.locator("#ask-status").textContent())!;
    assert(limit.includes("which is all that the model reads"), limit);
    assertEquals(await tab.locator("#ask-turns table").count(), 2);
    console.log("ok: a follow-up answered as in a conversation elsewhere; its limit is said");
    // Another picture in the middle of an answer: it is forgotten, and no harm comes of it.
    await tab.fill("#ask-question", further);
    await tab.click("#ask-submit");
    await tab.selectOption("#ask-sample", `${questions[0]!.sample}`);
    await tab.waitForSelector("#ask-submit:enabled");
    assertEquals(await tab.locator("#ask-turns table").count(), 0);
    await drawAndAsk(tab, folder, folders);
    console.log("ok: a picture drawn by keyboard and mouse");
    await tab.setInputFiles("#ask-own", questions[0]!.picture);
    await tab.fill("#ask-question", questions[0]!.question);
    const own = await answered(tab, "#ask-submit");
    assertEquals(own, answers[0], "a picture of one's own");
    const files = [...Deno.readDirSync(folders[1]!)].map(({ name }) => `${folders[1]}/${name}`);
    await tab.locator("#ask-form > details > summary").click();
    await tab.setInputFiles("#ask-files", files);
    await tab.waitForSelector("#ask-submit:enabled");
    const [three] = await asked(tab, questions[1]!);
    assertEquals(three, [...answers[1]!, answers[1]![1]], "a model of one's own");
    // All there is at the same time: the editor, a conversation, where a model looked.
    await tab.selectOption("#ask-sample", "draw");
    await tab.fill("#ask-question", "describe the image");
    await answered(tab, "#ask-submit");
    await lookAt(tab);
    for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [390, "light"]] as const) {
      await tab.setViewportSize({ width, height: 844 });
      await tab.emulateMedia({ colorScheme });
      await fits(tab, width);
      await readable(tab);
      await accessible(tab, `${width} px, ${colorScheme}`);
    }
    assertEquals(noise, []);
    await opened.pop()!.close();
    console.log("ok: a picture and a model from files; no request, an empty console");

    const hurried = await open(WEBGPU);
    const [atOnce, all] = await asked(hurried.page, questions[0]!);
    assertEquals(atOnce, answers[0], "asked at once");
    console.log(`ok: asked as soon as the charts stand, both models: ${all.toFixed(2)} s`);
    console.log(`    ${await measures(hurried.page)}`);
    assertEquals(hurried.noise, []);
    await opened.pop()!.close();

    const without = await open(SWITCHES);
    // A browser may have WebGPU and no adapter, which shows when somebody asks; it says so on its console as well.
    await without.page.click("#ask-submit");
    await without.page.waitForSelector("#ask-submit:enabled");
    assert((await without.page.locator("#ask-status").textContent())!.includes("WebGPU"));
    assertEquals(without.noise.filter((said) => !said.includes("No available adapters")), []);
    await without.page.addInitScript("delete Navigator.prototype.gpu");
    await without.page.reload();
    await without.page.waitForSelector('html[data-charts="drawn"]');
    assertEquals(await without.page.locator("#ask-form").isVisible(), false);
    assert((await without.page.locator("#ask-missing").textContent())!.includes("WebGPU"));
    await Deno.writeTextFile(`${folder}/empty.html`, "<!doctype html><title>pixels</title>");
    await without.page.goto(`file://${folder}/empty.html`);
    await samePixels(without.page);
    console.log("ok: pixels as elsewhere");
    console.log("ok: without WebGPU the page says what to do");
  } finally {
    for (const context of opened) await context.close();
    await Deno.remove(folder, { recursive: true });
  }
}

if (await exists(CHROMIUM)) await check();
else console.log(`no ${CHROMIUM} here: the models in a report were not asked in a browser`);
