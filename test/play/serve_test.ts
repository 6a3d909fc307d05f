import { assertEquals } from "@std/assert";
import { memoryFile } from "../../src/lmm/weights.ts";
import { servePlay } from "../../src/play/serve.ts";
import { needs } from "../house/permissions.ts";

needs("net")("the page is served, and pieces of a model's files; nothing else", async () => {
  const server = servePlay("<p>page", 0, [memoryFile("config.json", Uint8Array.from([1, 2, 3, 4]))]);
  const get = async (path: string) => {
    const answer = await fetch(server.url + path);
    return { status: answer.status, bytes: [...await answer.bytes()], headers: answer.headers };
  };
  try {
    const page = await get("");
    assertEquals(new TextDecoder().decode(Uint8Array.from(page.bytes)), "<p>page");
    assertEquals(page.headers.get("content-security-policy"), "frame-ancestors 'none'");
    assertEquals(page.headers.get("x-content-type-options"), "nosniff");
    const pieces = ["0/0-4", "0/1-3", "0/2-2"];
    const found = await Promise.all(pieces.map((piece) => get(`model/${piece}`)));
    assertEquals(found.map(({ bytes }) => bytes), [[1, 2, 3, 4], [2, 3], []]);
    for (const path of ["model/0/0-5", "model/0/3-2", "model/1/0-1", "model/0/x-1", "deno.json"]) {
      assertEquals((await get(path)).status, 404, path);
    }
  } finally {
    await server.close();
  }
});
