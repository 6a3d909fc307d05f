import { assertEquals } from "@std/assert";
import { GOLDEN, goldenText } from "../../tasks/lib/golden.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");

const FOLDER = new URL("golden/", import.meta.url);

test("what devices are given is what the golden files hold", async (t) => {
  for (const golden of GOLDEN) {
    await t.step(golden.file, async () => {
      const kept = await Deno.readTextFile(new URL(`${golden.file}.wgsl`, FOLDER));
      const hint = "if the change is meant, `deno task kernel --golden` writes the files anew";
      assertEquals(goldenText(golden), kept, hint);
    });
  }
  await t.step("and no file is left over", () => {
    const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();
    assertEquals(files, GOLDEN.map(({ file }) => `${file}.wgsl`).sort());
  });
});
