/** A small dataset and a checkpoint for the fake engine, on disk. */

import { join } from "@std/path";
import { encodePng } from "../../src/data/images/png.ts";
import { buildTokenizer } from "../../src/data/text/build_tokenizer.ts";
import { newCompanions } from "../../src/train/companions.ts";
import { FAKE_CONFIG, fakeWeights } from "../train/fake_engine.ts";

const colours = ["red", "green", "blue"];
const words = ["what", "is", "this?", "colour", "number", "count", ...colours, "one", "two", "three"];

/** Writes a folder that holds `data/` and `base/`. */
export async function fakeFolder(): Promise<string> {
  const folder = await Deno.makeTempDir();
  const data = join(folder, "data");
  await Deno.mkdir(join(data, "images"), { recursive: true });
  const tasks: Record<string, string[]> = { colour: colours, number: ["one", "two", "three"] };
  let picture = 0;
  for (const [task, answers] of Object.entries(tasks)) {
    for (const [split, count] of [["train", 48], ["val", 9], ["test", 12]] as const) {
      const samples = [];
      for (let i = 0; i < count; i++) {
        const image = `images/${picture++}.png`;
        await Deno.writeFile(join(data, image), encodePng(new Uint8Array(48).fill(i * 5), 4, 4));
        // The first answer is the most frequent by far.
        const answer = answers[i % 4 === 3 ? 1 + i % 2 : 0]!;
        samples.push({
          id: `${task}-${split}-${i}`,
          image,
          conversations: [
            { from: "human", value: `<image>\nwhat ${task} is this?` },
            { from: "gpt", value: answer },
            ...(i % 3 === 0
              ? [{ from: "human", value: `count ${task}` }, { from: "gpt", value: answer }]
              : []),
          ],
        });
      }
      await Deno.writeTextFile(join(data, `${task}_${split}.json`), JSON.stringify(samples));
    }
  }
  await Deno.writeTextFile(
    join(data, "tasks.json"),
    JSON.stringify({ colour: { metric: "exact-match" }, number: { metric: "exact-match" } }),
  );

  const base = join(folder, "base");
  await Deno.mkdir(base);
  await Deno.writeTextFile(join(base, "config.json"), FAKE_CONFIG);
  await Deno.writeFile(join(base, "model.safetensors"), fakeWeights());
  const half = [0.5, 0.5, 0.5];
  for (const [name, bytes] of newCompanions(buildTokenizer(words), { size: 4, mean: half, std: half })) {
    await Deno.writeFile(join(base, name), bytes);
  }
  return folder;
}
