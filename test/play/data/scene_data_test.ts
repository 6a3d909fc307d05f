import { assertEquals } from "@std/assert";
import { sceneData, sceneSizes, shownSizes } from "../../../src/play/data/scene_data.ts";
import { sceneExamples } from "../../../src/play/data/scene_examples.ts";
import { SHOWN, TRAINED } from "../../../src/play/data/share.ts";
import { SIZES } from "../_lesson.ts";

Deno.test("a page's training has about so many conversations, tasks in the benchmark's order", () => {
  const sizes = sceneSizes();
  assertEquals(Object.values(sizes).reduce((sum, { train }) => sum + train!, 0), TRAINED);
  assertEquals(Object.keys(sizes).slice(0, 3), ["caption", "region-caption", "vqa"]);
});

Deno.test("questions that are dealt alone are those that are dealt with all others, and their pictures", () => {
  const all = sceneData(SIZES), alone = sceneData({ vqa: { shown: 2 }, reading: { shown: 2 } });
  assertEquals(alone.samples.shown, all.samples.shown);
  for (const { images: [path] } of alone.samples.shown) assertEquals(alone.image(path!), all.image(path!));
});

Deno.test("no picture is both trained on and held out or shown", () => {
  const { samples, image } = sceneData(SIZES);
  const seen = (share: keyof typeof samples) =>
    samples[share].map(({ images: [path] }) => image(path!).data.toHex());
  const trained = new Set(seen("train"));
  assertEquals([...seen("held"), ...seen("shown")].filter((picture) => trained.has(picture)), []);
});

Deno.test("examples are the shown questions, with their pictures in the page", () => {
  const examples = sceneExamples();
  assertEquals(examples.length, SHOWN * Object.keys(shownSizes()).length);
  assertEquals(
    examples.every(({ images }) => images.every(({ url }) => url.startsWith("data:image/png;base64,"))),
    true,
  );
  assertEquals(examples[0]!.id, "caption-test-00000");
});
