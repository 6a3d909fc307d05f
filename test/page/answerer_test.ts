import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { openDialogue } from "../../src/answer/open_dialogue.ts";
import { encodePng } from "../../src/data/images/png.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import { answerer } from "../../src/page/answerer.ts";
import { addObject, EMPTY, sceneOf } from "../../src/page/drawing/sketch.ts";
import { renderScene } from "../../src/scenes/picture/render.ts";
import { readCheckpoint } from "../../src/train/checkpoint_files.ts";
import { gpuEngine } from "../../src/train/gpu_engine.ts";
import { inPackage } from "../../tasks/lib/package.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

test("a conversation about a drawing: answers as elsewhere, and where the model looked", async () => {
  const gpu = await createGpu();
  const checkpoint = await readCheckpoint(inPackage("data/base"));
  const answers = await answerer(gpu, checkpoint);
  const drawn = addObject(EMPTY, { colour: "red", shape: "circle", size: "large" });
  assert("sketch" in drawn);
  const data = renderScene(sceneOf(drawn.sketch), 32);
  const file = await Deno.makeTempFile({ suffix: ".png" });
  await Deno.writeFile(file, encodePng(data, 32, 32));
  const questions = ["describe the image", "what colour is it?"], most = { maxNewTokens: 6 };

  const live = gpu.liveBytes - gpu.sharedBytes;
  const talk = answers.begin([{ width: 32, height: 32, data }]);
  const dialogue = await openDialogue(gpuEngine(gpu), checkpoint, [file]);
  for (const [turn, question] of questions.entries()) {
    const reply = await talk.ask(question, most);
    const elsewhere = await dialogue.ask(question, { ...most, temperature: 0, seed: 1 });
    assertEquals(reply.answer, elsewhere.answer);
    assertEquals(reply.pieces.join("").trim(), reply.answer);
    assert(turn === 0 ? reply.reusedTokens === 0 : reply.reusedTokens > 0);
    const attention = await reply.attention();
    for (const token of reply.pieces.keys()) {
      const { onPictures, pictures: [heat], words } = attention.of(token);
      const cells = heat!.cells.reduce((sum, share) => sum + share, 0);
      assertAlmostEquals(cells + heat!.elsewhere, onPictures, 1e-6);
      assertAlmostEquals(words.reduce((sum, { share }) => sum + share, onPictures), 1, 1e-4);
      assertEquals(words.length, reply.promptTokens - reply.imageTokens + token);
    }
  }
  talk.end();
  dialogue.close();
  assertEquals(gpu.liveBytes - gpu.sharedBytes, live);
  await Deno.remove(file);
  answers.destroy();

  // A model that is too large for the adapter says so.
  gpu.largestBuffer = 1 << 16;
  await assertRejects(() => answerer(gpu, checkpoint), Error, "are over this adapter's largest buffer");
  gpu.destroy();
});
