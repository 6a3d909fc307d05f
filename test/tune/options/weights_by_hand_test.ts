import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../../src/errors.ts";
import { writeJson } from "../../../src/run/files.ts";
import { weightsByHand } from "../../../src/tune/options/weights_by_hand.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read", "write");

test("weightsByHand reads a weights.json whose tasks match by name, in any order", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const write = async (name: string, value: unknown) => {
      await writeJson(join(folder, name), value);
      return join(folder, name);
    };
    const tasks = ["a", "b"];
    const weights = await write("w.json", { tasks: ["b", "a"], lambda: [1.5, 0.5], difficulty: [0, 0] });
    const found = await weightsByHand({ weights }, tasks);
    assertEquals(JSON.stringify(found), '{"a":0.5,"b":1.5}');
    const refuses = async (value: unknown, text: string) => {
      const file = await write("bad.json", value);
      await assertRejects(() => weightsByHand({ weights: file }, tasks), InputError, text);
    };
    await refuses(
      { tasks: ["a"], lambda: [1] },
      "bad.json: expected a weight for each of the tasks a, b, found none for b",
    );
    await refuses({ tasks: ["a", "b", "c"], lambda: [1, 1, 1] }, "found one for c");
    await refuses({ tasks: ["a", "b"], lambda: [1] }, "as many weights");
    await refuses({ tasks: ["a", "a"], lambda: [1, 2] }, "expected different tasks");
    await refuses({ tasks: ["a", "b"], lambda: [1, null] }, "of 0 or more for b, found null");
    await refuses(null, "found null");
    await refuses([1], "found 0");
    await assertRejects(
      () => weightsByHand({ weights: join(folder, "none.json") }, tasks),
      InputError,
      "found no such file",
    );
    await assertRejects(() => weightsByHand({ weights: folder }, tasks), InputError, "found a folder");
    const text = join(folder, "notes.md");
    await Deno.writeTextFile(text, "# notes");
    const error = await assertRejects(() => weightsByHand({ weights: text }, tasks), InputError, "no JSON");
    assert(!error.message.includes("Remove"), error.message);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("weightsByHand takes the command's weights, or none", async () => {
  assertEquals(await weightsByHand({ lambda: { b: 2, a: 1 } }, ["a", "b"]), { a: 1, b: 2 });
  assertEquals(await weightsByHand({}, ["a"]), undefined);
  await assertRejects(
    () => weightsByHand({ lambda: { a: 1 } }, ["a", "b"]),
    InputError,
    "--lambda: expected",
  );
});
