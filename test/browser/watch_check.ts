/**
 * Opens the page of a watched run in a real Chromium: nothing on the console, no request but to the watcher, no sideways
 * scrolling on a phone, readable in the dark; what is new comes in without moving the reader; a lost connection is said,
 * and taken up again. Without a Chromium it says so and passes.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script of its own, whose output is read by whoever runs the checks
import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { Feed } from "../../src/watch/feed.ts";
import type { RunView } from "../../src/watch/run_view.ts";
import { serveWatch } from "../../src/watch/server.ts";
import { viewAt } from "../watch/_view.ts";
import { accessible } from "./accessible.ts";
import { CHROMIUM, exists, fits, readable, SWITCHES } from "./page_checks.ts";

const SCREENS: [width: number, scheme: "light" | "dark"][] = [[1280, "light"], [1280, "dark"], [
  390,
  "light",
]];

async function check(): Promise<void> {
  // Playwright asks whether it runs under WSL by a file that only --allow-all may look at; this keeps it from asking.
  Deno.env.set("__IS_WSL_TEST__", "no");
  const { chromium } = await import("playwright-core");
  const folder = await Deno.makeTempDir({ prefix: "cotbal-watch-" });
  const context = await chromium.launchPersistentContext(`${folder}/profile`, {
    executablePath: CHROMIUM,
    headless: true,
    args: SWITCHES.split(" "),
  });
  let view: RunView = viewAt(40);
  const serve = (port: number) => serveWatch(new Feed(() => Promise.resolve(view), 20), port);
  let server = serve(0);
  const { url } = server;
  const open = async (width: number, colorScheme: "light" | "dark"): Promise<Page> => {
    const page = await context.newPage();
    page.on("console", (message) => noise.push(`console ${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => noise.push(`error: ${error.message}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(url) && !/^data:/.test(request.url())) noise.push(request.url());
    });
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 844 });
    await page.goto(url);
    await page.waitForSelector('html[data-shown="live"]', { timeout: 60_000 });
    return page;
  };
  const noise: string[] = [];
  try {
    for (const [width, scheme] of SCREENS) {
      const page = await open(width, scheme);
      await fits(page, width);
      if (width === 1280) await readable(page);
      await accessible(page, `a watched run, ${width} px`);
      assertEquals(await page.locator("a:not([href^='#'])").count(), 0);
      assertEquals(await page.locator("svg.loss").count(), 2);
      assertEquals(noise, [], `${width} px, ${scheme}`);
      await page.close();
      console.log(`ok: ${width} px, ${scheme}`);
    }

    const page = await open(1280, "light");
    const table = page.locator("#parts .scroll");
    await table.focus();
    await page.locator("#losses summary").click();
    await table.focus();
    view = viewAt(41);
    await page.getByText("is at step 41.").waitFor();
    assert(await table.evaluate((element) => element.ownerDocument.activeElement === element), "focus moved");
    assertEquals(await page.locator("#losses details[open]").count(), 1);
    assertEquals(noise, [], "what is new");
    console.log("ok: what is new comes in without moving the reader");

    const connection = page.locator("#connection");
    await server.close();
    await connection.getByText("The connection to the watcher is lost").waitFor();
    view = viewAt(42);
    server = serve(Number(new URL(url).port));
    await page.getByText("is at step 42.").waitFor();
    await page.waitForFunction("document.getElementById('connection').textContent === ''");
    view = viewAt(42, { state: "finished" });
    await page.getByText("The run is finished").waitFor();
    await server.close();
    await connection.getByText("The watcher has ended; the run was finished").waitFor();
    console.log("ok: a lost connection is said, and taken up again");
  } finally {
    await context.close();
    await server.close();
    await Deno.remove(folder, { recursive: true });
  }
}

if (await exists(CHROMIUM)) await check();
else console.log(`no ${CHROMIUM} here: the page of a watched run was not opened in a browser`);
