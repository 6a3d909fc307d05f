import { assertEquals, assertStringIncludes } from "@std/assert";
import { lossPanel } from "../../../src/report/kit/loss_panel.ts";

Deno.test("a curve rises from 0 at the lower edge to its highest loss at the upper one", () => {
  const points = [{ step: 0, loss: [2, null] }, { step: 10, loss: [0, 1] }];
  const { text } = lossPanel("vqa", [{ points }], 0);
  assertStringIncludes(text, 'points="0.0,1.0 240.0,99.0"');
  assertStringIncludes(text, "Loss of vqa: 2.00 at step 0, 0.00 at step 10.");
  const alone = lossPanel("gqa", [{ points }], 1).text;
  assertStringIncludes(alone, 'points="0,1.0 240.0,1.0"');
});

Deno.test("curves share both axes, and a training that goes on leaves room for its steps", () => {
  const curve = (name: string, losses: number[], thin = false) => ({
    name,
    thin,
    points: losses.map((loss, i) => ({ step: 5 * i, loss: [loss] })),
  });
  const curves = [curve("equal", [4, 2, 1], true), curve("yours", [4, 1])];
  const { text } = lossPanel("vqa", curves, 0, { end: 20 });
  assertStringIncludes(text, '<polyline class="thin" points="0.0,1.0 60.0,50.0 120.0,74.5"');
  assertStringIncludes(text, '<polyline points="0.0,1.0 60.0,74.5"');
  assertStringIncludes(text, "step 20");
});

Deno.test("a task without a loss says so", () => {
  assertStringIncludes(lossPanel("<b>", [], 0).text, "not in this training");
  assertEquals(lossPanel("<b>", [{ points: [{ step: 1, loss: [null] }] }], 0).text.includes("<svg"), false);
});
