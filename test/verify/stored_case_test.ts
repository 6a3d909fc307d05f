import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { readStoredCase } from "../../src/verify/stored_case.ts";
import { fixture } from "../lmm/_case.ts";
import { needs } from "../house/permissions.ts";
import { changeFacts, changeTensors, withCopy } from "./_folder.ts";

const test = needs("read", "write");

test("a stored case: rows without padding, each with its tiles and its weight", async () => {
  const { rows, weights, files } = await readStoredCase(fixture("llava"));
  assertEquals(rows.map(({ ids }) => ids.length), [19, 9, 28]);
  assertEquals(rows.map(({ images }) => images.length), [1, 0, 2]);
  assertEquals(rows.map(({ mask }) => mask.reduce((sum, x) => sum + x, 0)), [5, 4, 3]);
  assertEquals(weights, [1.5, Math.fround(0.4), Math.fround(0.9)]);
  assertEquals([...files.keys()], ["config.json", "model.safetensors"]);
});

test("errors of a broken case name the file, what was expected and what was found", async () => {
  type Change = (folder: string) => Promise<void>;
  const tensors = (change: Parameters<typeof changeTensors>[1]): Change => (folder) =>
    changeTensors(join(folder, "case.safetensors"), change);
  const wrong: [Change, string][] = [
    [(folder) => Deno.remove(join(folder, "case.json")), "case.json: expected the stored results"],
    [
      (folder) => Deno.remove(join(folder, "case.safetensors")),
      "case.safetensors: expected the stored results",
    ],
    [(folder) => Deno.remove(join(folder, "config.json")), "config.json: expected a Hugging Face folder"],
    [(folder) => Deno.writeTextFile(join(folder, "config.json"), "{"), "config.json: expected JSON"],
    [
      (folder) => Deno.writeTextFile(join(folder, "case.safetensors"), "version https://git-lfs"),
      "case.safetensors: this is a pointer of Git LFS",
    ],
    [tensors((all) => all.delete("ids")), "case.safetensors: expected a tensor ids [any, any], found none"],
    [
      tensors((all) => all.get("weight")!.shape = [84]),
      "case.safetensors: tensor weight: expected shape [3, 28], found [84]",
    ],
    [tensors((all) => all.get("mask")!.values[2] = 0), "mask, row 0: expected ones, then zeros"],
    [
      tensors((all) => all.get("ids")!.values[4] = 5),
      "ids, row 0: expected 9 placeholders (token 3) a tile, found 8",
    ],
    [tensors((all) => all.get("weight")!.values[18] = 7), "weight, row 0: expected one task's weight"],
    [
      tensors((all) => {
        const { shape, values } = all.get("pixels")!;
        all.set("pixels", { shape: [2, ...shape.slice(1)], values: values.slice(0, values.length / 3 * 2) });
      }),
      "pixels: expected 3 tiles by the placeholders in ids, found 2",
    ],
    [
      (folder) => changeFacts(folder, (facts) => facts.greedy.pop()),
      "case.json: greedy: expected tokens for each of 3 rows, found 2 lists",
    ],
  ];
  for (const [change, message] of wrong) {
    await withCopy("llava", async (folder) => {
      await change(folder);
      const error = await assertRejects(() => readStoredCase(folder), InputError, message);
      assertEquals(error.message.includes(folder), true, error.message);
    });
  }
  await assertRejects(() => readStoredCase("test/nowhere"), InputError, "test/nowhere: expected a folder");
});
