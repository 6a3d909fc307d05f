import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type PlayParts, renderPlayPage } from "../../../src/play/page/play_page.ts";

const PARTS: PlayParts = {
  models: { packed: { texts: [], weights: [], models: [] }, beside: [] },
  model: "the model of <i>",
  tasks: ["vqa", "</script><b>"],
  examples: [],
  presets: [{ name: "equal weights", weights: [1, 1] }, { name: "vqa alone", weights: [1, 0] }],
  version: "0.0.0",
};

const policyOf = (page: string) => /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;

Deno.test("the page asks nobody for anything, and may start its worker", async () => {
  const page = await renderPlayPage(PARTS);
  const policy = policyOf(page);
  assertStringIncludes(policy, "default-src &#39;none&#39;");
  assertStringIncludes(policy, "worker-src blob:");
  assertEquals(policy.includes("connect-src"), false);
  assertEquals(page, await renderPlayPage(PARTS), "the same parts give the same bytes");
  const files = [{ name: "config.json", size: 3 }];
  const packed = { ...PARTS.models.packed, served: { name: "large", files } };
  const served = await renderPlayPage({ ...PARTS, models: { packed, beside: [] } });
  assertStringIncludes(policyOf(served), "connect-src &#39;self&#39;");
  assertStringIncludes(served, '"served":{"name":"large"');
});

Deno.test("names cannot be markup", async () => {
  const page = await renderPlayPage(PARTS);
  const text = page.replace(/<script[^>]*>.*?<\/script>/gs, "");
  assertEquals(text.includes("<i>"), false);
  assertEquals(text.includes("</script>"), false);
});

Deno.test("every slider has a name, a value, and a place in the order of the tasks", async () => {
  const page = await renderPlayPage(PARTS);
  for (const t of [0, 1]) {
    assert(new RegExp(`<label for="weight-${t}">`).test(page));
    assert(new RegExp(`<input\\s+id="weight-${t}"\\s+type="range"`).test(page));
    assert(new RegExp(`<output\\s+for="weight-${t}"\\s+id="weight-${t}-value">1.00<`).test(page));
  }
  assertStringIncludes(page, 'data-weights="1 0"');
});

Deno.test("a page of a site leads back to it", async () => {
  const home = { name: "Documentation", href: "../index.html" };
  assertStringIncludes(await renderPlayPage({ ...PARTS, home }), '<a href="../index.html">Documentation</a>');
});
