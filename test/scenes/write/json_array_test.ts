import { assertEquals } from "@std/assert";
import { JsonArrayFile } from "../../../src/scenes/write/json_array.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read", "write");

test("JsonArrayFile: the bytes of JSON.stringify, however the elements come", async () => {
  const elements = [{ a: 'line\nbreak \u2028 "quoted"', b: [1, { c: [] }] }, [], {}, "text", 3, null, [[2]]];
  const path = await Deno.makeTempFile();
  try {
    for (
      const parts of [[], [elements], elements.map((element) => [element]), [[], elements.slice(0, 2), []]]
    ) {
      const file = await JsonArrayFile.create(path);
      for (const part of parts) await file.push(...part);
      await file.end();
      const expected = JSON.stringify(parts.flat(), undefined, 1) + "\n";
      assertEquals(await Deno.readTextFile(path), expected);
    }
  } finally {
    await Deno.remove(path);
  }
});
