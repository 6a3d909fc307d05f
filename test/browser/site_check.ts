/**
 * Opens pages of the built site in a real Chromium, in the light and, as wide as a phone, in the dark: nothing on the console, no request
 * elsewhere, no sideways scrolling, nothing serious by axe's rules. The API's pages are `deno doc`'s and not looked at. Without
 * a Chromium or without a site (`deno task docs`) it says so and passes.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script of its own, whose output is read by whoever runs the checks
import { assertEquals } from "@std/assert";
import { accessible } from "./accessible.ts";
import { CHROMIUM, exists, fits, SWITCHES } from "./page_checks.ts";

const SITE = new URL("../../site/", import.meta.url).pathname;
const SCREENS: [width: number, scheme: "light" | "dark"][] = [[1280, "light"], [390, "dark"]];

async function check(): Promise<void> {
  // Playwright asks whether it runs under WSL by a file that only --allow-all may look at; this keeps it from asking.
  Deno.env.set("__IS_WSL_TEST__", "no");
  const { chromium } = await import("playwright-core");
  const profile = await Deno.makeTempDir({ prefix: "cotbal-site-" });
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: SWITCHES.split(" "),
  });
  try {
    const pages = ["", "docs/", "play/"].flatMap((folder) =>
      [...Deno.readDirSync(SITE + folder)].map(({ name }) => folder + name)
    ).filter((name) => name.endsWith(".html")).sort();
    for (const name of pages) {
      for (const [width, colorScheme] of SCREENS) {
        const page = await context.newPage();
        const noise: string[] = [];
        page.on("console", (message) => noise.push(`console ${message.type()}: ${message.text()}`));
        page.on("pageerror", (error) => noise.push(`error: ${error.message}`));
        page.on("request", (request) => {
          if (!/^(file|data|blob):/.test(request.url())) noise.push(`request: ${request.url()}`);
        });
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 844 });
        await page.goto(`file://${SITE}${name}`);
        const what = `${name}, ${width} px, ${colorScheme}`;
        await fits(page, width);
        await accessible(page, what);
        assertEquals(noise, [], what);
        await page.close();
      }
      console.log(`ok: ${name}`);
    }
  } finally {
    await context.close();
    await Deno.remove(profile, { recursive: true });
  }
}

if (!await exists(CHROMIUM)) console.log(`no ${CHROMIUM} here: the site was not opened in a browser`);
else if (!await exists(SITE)) console.log("no site here: `deno task docs` builds one");
else await check();
