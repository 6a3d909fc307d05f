// What a report's page runs is what src/ says.

import { assert, assertEquals } from "@std/assert";
import { read } from "./_sources.ts";
import { BUNDLE, bundlePage, ENTRY } from "./page_bundle.ts";
import { needs } from "./permissions.ts";

const test = needs("read", "run");

test("the bundle of the page is that of today's sources", async () => {
  assert(
    await bundlePage() === read(BUNDLE),
    `${BUNDLE}: expected what deno bundle makes of ${ENTRY}, found an older one: run "deno task update"`,
  );
});

test("the bundle fits into a page: no Deno, no markup that ends or hides its script, not too long", () => {
  const text = read(BUNDLE);
  assertEquals(text.match(/\bDeno\.|<!--|<\/?script/gi) ?? [], []);
  assert(text.length < 450_000, `${BUNDLE} has ${text.length} characters`);
});
