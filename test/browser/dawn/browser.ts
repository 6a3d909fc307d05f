/** A Chromium with WebGPU on Dawn, and pages in it that run tests. @module */
import type { BrowserContext, Page } from "playwright-core";
import { RunError } from "../../../src/errors.ts";
import { answer } from "./files.ts";
import type { Differences } from "./differences.ts";
import type { Adapter, Ended, Found } from "./page.ts";
import { CHROMIUM, COMPUTING } from "../page_checks.ts";

/**
 * Has Dawn clear workgroup memory by a loop. Where a driver offers to do it, as SwiftShader does, Dawn leaves it to that, and
 * SwiftShader compiles a store for each element: most of the time of these tests.
 */
const CLEARING = "--disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension";

/** A host that no name resolves to: its pages are secure contexts, and every request is answered here. */
const ORIGIN = "http://tests.localhost/";

/** The browser; pages whose device or script is gone are replaced by fresh ones. */
export class Browser {
  readonly #script: string;
  #folder = "";
  #context: BrowserContext | undefined;
  #page: Page | undefined;
  #onEnded: (ended: Ended) => void = () => {};

  /** @param script The tests, see bundle.ts. */
  constructor(script: string) {
    this.#script = script;
  }

  /**
   * Has a file declare its tests in the page that is open, or in a fresh one after {@linkcode leave}.
   *
   * @param file Its path below the repository.
   */
  async open(file: string): Promise<Found[]> {
    this.#page ??= await this.#fresh();
    return await this.#page.evaluate(`cotbal.testsOf(cotbal.FILES[${JSON.stringify(file)}])`) as Found[];
  }

  /**
   * Runs a test of the file that is open.
   *
   * @param index Its place in the file.
   * @param patience Ms without the end of a step after which it is given up.
   * @param onEnded Is told of each step and of the test itself.
   * @returns Whether the page is good for another test; where the test did not come to its end, why.
   */
  async run(
    index: number,
    patience: number,
    onEnded: (ended: Ended) => void,
  ): Promise<{ good: boolean; lost?: string }> {
    const page = this.#page!;
    const { promise: silent, resolve } = Promise.withResolvers<{ good: boolean; lost: string }>();
    const give = (lost: string) => resolve({ good: false, lost });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => give(`nothing was heard of it for ${patience / 1000} s`), patience);
    };
    this.#onEnded = (ended) => {
      wait();
      onEnded(ended);
    };
    wait();
    page.once("crash", () => give("the page crashed"));
    page.once("close", () => give("the page closed"));
    try {
      const ran = page.evaluate(`cotbal.runTest(${index})`) as Promise<{ good: boolean; lost?: string }>;
      return await Promise.race([ran.catch((error) => ({ good: false, lost: `${error}` })), silent]);
    } finally {
      clearTimeout(timer);
      this.#onEnded = () => {};
    }
  }

  /** What the adapter says of itself; undefined where there is none. */
  async adapter(): Promise<Adapter | undefined> {
    const page = await this.#fresh();
    const facts = await page.evaluate("cotbal.adapterFacts()");
    await page.close();
    return facts as Adapter | undefined;
  }

  /** What this implementation makes of arithmetic. */
  async differences(): Promise<Differences> {
    const page = await this.#fresh();
    const found = await page.evaluate("cotbal.differences()");
    await page.close();
    return found as Differences;
  }

  /** Gives the whole browser up: a test that hangs may hold the process that all pages share. */
  async close(): Promise<void> {
    this.#page = undefined;
    await this.#context?.close();
    this.#context = undefined;
    if (this.#folder !== "") await Deno.remove(this.#folder, { recursive: true });
    this.#folder = "";
  }

  /** A page with the script; what that throws when it is evaluated is thrown here. */
  async #fresh(): Promise<Page> {
    const page = await (await this.#running()).newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(`${error}`));
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(ORIGIN);
    if (!await page.evaluate("'cotbal' in globalThis")) {
      throw new RunError(`the page of tests does not run: ${complaints.join("; ")}`);
    }
    return page;
  }

  /** Closes the page, with what a test that failed may have left there. */
  async leave(): Promise<void> {
    await this.#page?.close().catch(() => {});
    this.#page = undefined;
  }

  async #running(): Promise<BrowserContext> {
    if (this.#context) return this.#context;
    // Playwright asks whether it runs under WSL by a file that only --allow-all may look at; this keeps it from asking.
    Deno.env.set("__IS_WSL_TEST__", "no");
    const { chromium } = await import("playwright-core");
    this.#folder = await Deno.makeTempDir({ prefix: "cotbal-dawn-" });
    const context = await chromium.launchPersistentContext(`${this.#folder}/profile`, {
      executablePath: CHROMIUM,
      headless: true,
      args: [...COMPUTING.split(" "), CLEARING],
    });
    await context.route(`${ORIGIN}**`, async (route) => {
      const { body, ...head } = await answer(new URL(route.request().url()), this.#script);
      const { Buffer } = await import("node:buffer");
      await route.fulfill({ ...head, body: typeof body === "string" ? body : Buffer.from(body) });
    });
    await context.exposeFunction("tell", (ended: Ended) => this.#onEnded(ended));
    return this.#context = context;
  }
}
