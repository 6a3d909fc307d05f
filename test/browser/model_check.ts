/**
 * Asks the models in a report, opened from a file in a real Chromium on SwiftShader: their answers are those of
 * `deno task ask`, no request leaves the page, the console is empty. Without a Chromium it says so and passes.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script of its own, whose output is read by whoever runs the checks
import { assert, assertEquals } from "@std/assert";
import type { BrowserContext, Page } from "playwright-core";
import { ask } from "../../src/answer/ask.ts";
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

/** Asks on the page; the answers model after model, and the seconds until the last. */
async function asked(
  page: Page,
  { sample, question }: Question,
): Promise<[answers: string[], seconds: number]> {
  await page.selectOption("#ask-sample", `${sample}`);
  await page.fill("#ask-question", question);
  const began = performance.now();
  await page.click("#ask-submit");
  await page.waitForSelector("#ask-submit:enabled", { timeout: 120_000 });
  assertEquals(await page.locator("#ask-status").textContent(), "Answered.");
  const answers = await page.locator("#ask-answers tr td:nth-child(2)").allTextContents();
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
      await page.goto(`file://${file}`);
      await page.waitForSelector('html[data-charts="drawn"]', { timeout: 60_000 });
      return { page, noise };
    };

    const { page: tab, noise } = await open(WEBGPU);
    for (const [i, question] of questions.entries()) {
      const [found, seconds] = await asked(tab, question);
      assertEquals(found, answers[i], question.question);
      console.log(`ok: "${question.question}", both models: ${seconds.toFixed(2)} s`);
    }
    await tab.setInputFiles("#ask-own", questions[0]!.picture);
    await tab.fill("#ask-question", questions[0]!.question);
    await tab.click("#ask-submit");
    await tab.waitForSelector("#ask-submit:enabled");
    const own = await tab.locator("#ask-answers tr td:nth-child(2)").allTextContents();
    assertEquals(own, answers[0], "a picture of one's own");
    const files = [...Deno.readDirSync(folders[1]!)].map(({ name }) => `${folders[1]}/${name}`);
    await tab.locator("#ask-form summary").click();
    await tab.setInputFiles("#ask-files", files);
    await tab.waitForSelector("#ask-submit:enabled");
    const [three] = await asked(tab, questions[1]!);
    assertEquals(three, [...answers[1]!, answers[1]![1]], "a model of one's own");
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
