/**
 * What every page that is opened in Chromium is looked at for.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";

/** Where Chromium is, where there is one. */
export const CHROMIUM = "/usr/bin/chromium";
/** How it is started. */
export const SWITCHES =
  "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync";
/** The same for computing on Dawn. */
export const COMPUTING =
  "--headless --no-sandbox --no-first-run --disable-background-networking --enable-unsafe-webgpu";

/** Whether a file is there. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** The page is no wider than the screen. */
export async function fits(page: Page, width: number): Promise<void> {
  const scroll = await page.locator("html").evaluate((root) => root.scrollWidth);
  assert(scroll <= width, `the page is ${scroll} pixels wide on a screen of ${width}`);
}

/** Text stands out from the page by WCAG's 4.5 : 1, in the theme that is on. */
export async function readable(page: Page): Promise<void> {
  const pairs = await page.locator("p, li, dt, dd, td, th, figcaption, summary, .mark, small").evaluateAll(
    (all) => {
      const view = all[0]?.ownerDocument.defaultView;
      return all.map((element) => {
        let ground = element;
        const background = (e: typeof element) => view!.getComputedStyle(e).backgroundColor;
        while (background(ground) === "rgba(0, 0, 0, 0)" && ground.parentElement) {
          ground = ground.parentElement;
        }
        return {
          text: (element.textContent ?? "").trim().slice(0, 40),
          pair: [view!.getComputedStyle(element).color, background(ground)] as const,
        };
      });
    },
  );
  const poor = pairs.filter(({ text, pair }) => text !== "" && contrast(...pair) < 4.5);
  assertEquals(poor.slice(0, 3), [], "text with too little contrast");
}

function contrast(a: string, b: string): number {
  const [high = 1, low = 1] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** WCAG's relative luminance of a computed colour such as "rgb(1, 2, 3)". */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map(Number).map((value) => {
    const c = value / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
