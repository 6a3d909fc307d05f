/**
 * Axe's rules on a page that is open in Chromium.
 *
 * @module
 */

import axe from "axe-core";
import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";

/** What of axe's result is told. */
interface Found {
  violations: { id: string; impact: string | null; help: string; nodes: { html: string }[] }[];
}

/**
 * No rule of WCAG 2.2 A and AA, nor axe's own best practice, is broken seriously.
 *
 * @param page The page, in the width and theme that are looked at.
 * @param what Names it where something is found.
 * @throws {AssertionError} Naming each rule that is broken and the first elements that break it.
 */
export async function accessible(page: Page, what: string): Promise<void> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    "axe.run(document, { preload: false, resultTypes: ['violations'] })",
  ) as Found;
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = serious.map(({ id, impact, help, nodes }) =>
    `${impact} ${id}: ${help}: ${nodes.length} times, ${
      nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(" | ")
    }`
  );
  assertEquals(told, [], `${what}: serious findings of axe`);
}
