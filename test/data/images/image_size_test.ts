import { assertEquals } from "@std/assert";
import { encodePng } from "../../../src/data/images/png.ts";
import { decodeImage } from "../../../src/data/images/image.ts";
import { readImageSize } from "../../../src/data/images/image_size.ts";
import { needs } from "../../house/permissions.ts";
import files from "./fixtures/images.json" with { type: "json" };

const test = needs("read");

for (const [name, { width, height }] of Object.entries(files)) {
  test(`readImageSize: ${name} without decoding, from no more than its head`, async () => {
    const file = Deno.readFileSync(new URL(`fixtures/${name}`, import.meta.url));
    assertEquals(readImageSize(file), { width, height });
    const image = await decodeImage(file);
    assertEquals([image.width, image.height], [width, height]);
    for (let size = 0; size < file.length; size++) {
      const head = readImageSize(file.subarray(0, size));
      if (head !== undefined) assertEquals(head, { width, height });
      else if (!name.endsWith("jpg")) assertEquals(size < 30, true, `${size} bytes`);
    }
  });
}

Deno.test("readImageSize: other files, zeros and endless segments have none", () => {
  const png = encodePng(new Uint8Array(3), 1, 1);
  assertEquals(readImageSize(png.subarray(0, 24)), { width: 1, height: 1 });
  assertEquals(readImageSize(new TextEncoder().encode("GIF88a".padEnd(64))), undefined);
  assertEquals(readImageSize(png.fill(0, 16, 24)), undefined);
  assertEquals(readImageSize(Uint8Array.of(0xff, 0xd8, ...new Array(100).fill(0xff))), undefined);
  assertEquals(
    readImageSize(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xe0, 0, 0, 0, 0, 0)),
    undefined,
  );
  assertEquals(readImageSize(new TextEncoder().encode("RIFF....WEBPVP9 ".padEnd(64))), undefined);
});
