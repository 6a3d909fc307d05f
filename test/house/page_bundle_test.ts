// What a report's page runs is what src/ says.

import { assert, assertEquals } from "@std/assert";
import { read } from "./_sources.ts";
import { bundlePage, BUNDLES } from "./page_bundle.ts";
import { needs } from "./permissions.ts";

const test = needs("read", "run");

for (const bundle of BUNDLES) {
  const { entry, kept, most } = bundle;

  test(`${kept} is the bundle of today's sources`, async () => {
    assert(
      await bundlePage(bundle) === read(kept),
      `${kept}: expected what deno bundle makes of ${entry}, found an older one: run "deno task update"`,
    );
  });

  test(`${kept} fits into a page: no Deno, no markup that ends or hides its script, not too long`, () => {
    const text = read(kept);
    assertEquals(text.match(/\bDeno\.|<!--|<\/?script/gi) ?? [], []);
    assert(text.length < most, `${kept} has ${text.length} characters`);
  });
}
