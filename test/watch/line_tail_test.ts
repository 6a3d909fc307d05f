import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { LineTail } from "../../src/watch/line_tail.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

test("lines are told once, as they end; a file that is cut back or replaced is told anew", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "lines");
    const tail = new LineTail(path);
    let told: string[] = [];
    const read = async () => {
      const fresh: string[] = [];
      await tail.read((text) => fresh.push(text), () => {
        told = [];
        fresh.push("anew");
      });
      told.push(...fresh.filter((text) => text !== "anew"));
      return fresh;
    };
    const append = (text: string) => Deno.writeTextFile(path, text, { append: true });

    assertEquals(await read(), []);
    await append("one\ntw");
    assertEquals(await read(), ["one"]);
    await append("o\nthree\n");
    assertEquals(await read(), ["two", "three"]);
    assertEquals(await read(), []);

    // Cut back by a resumption, and longer again before anybody looks.
    await Deno.truncate(path, 4);
    await append("another line\nand one more\n");
    assertEquals(await read(), ["anew", "one", "another line", "and one more"]);

    await Deno.remove(path);
    assertEquals(await read(), ["anew"]);
    await append("fresh\n");
    assertEquals(await read(), ["fresh"]);
    assertEquals(told, ["fresh"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("lines longer than what is read at a time are whole", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "lines");
    const long = "x".repeat(3_000_000);
    await Deno.writeTextFile(path, `first\n${long}\nlast\n`);
    const told: string[] = [];
    await new LineTail(path).read((text) => told.push(text), () => {});
    assertEquals(told.map((text) => text.length), [5, long.length, 4]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
