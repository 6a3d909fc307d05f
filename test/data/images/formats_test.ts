import { assert, assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { checkImageHead, decodeImage } from "../../../src/data/images/image.ts";
import { readImageSize } from "../../../src/data/images/image_size.ts";
import { encodePng } from "../../../src/data/images/png.ts";
import { needs } from "../../house/permissions.ts";
import files from "./fixtures/formats.json" with { type: "json" };

const test = needs("read");

const fixture = (name: string) => Deno.readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const bytes = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const text = (words: string) => new TextEncoder().encode(words);

// What Pillow reads; see fixtures/make_formats.py.
for (const [name, { width, height, rgb, slack, exif }] of Object.entries(files)) {
  test(`decodeImage: ${name}${exif ? ", turned," : ""} as Pillow reads it`, async () => {
    const file = fixture(name);
    const image = await decodeImage(file, { exif });
    assertEquals([image.width, image.height], [width, height]);
    assertEquals(readImageSize(file, { exif }), { width, height });
    const expected = bytes(rgb);
    assertEquals(image.data.length, expected.length);
    let worst = 0;
    for (const [i, value] of expected.entries()) worst = Math.max(worst, Math.abs(image.data[i]! - value));
    assert(worst <= slack, `${worst} > ${slack}`);
  });
}

test("decodeImage: half of a file is refused in every format, and the whole one is read after it", async () => {
  // The first frame of a moving picture may be whole in it.
  for (const name of Object.keys(files).filter((name) => !name.startsWith("moving"))) {
    const whole = fixture(name);
    const half = whole.subarray(0, whole.length >> 1);
    await assertRejects(() => decodeImage(half), InputError, undefined, name);
    assert((await decodeImage(whole)).width > 0);
  }
});

test("decodeImage: a thousand files that are refused leave nothing behind", async () => {
  const broken = (name: string) => {
    const file = fixture(name).slice();
    return file.subarray(0, file.length - 30);
  };
  const png = encodePng(new Uint8Array(3 * 64 * 64), 64, 64);
  png.fill(7, 45, png.length - 12);
  for (
    const [bad, good] of [
      [broken("baseline.jpg"), "baseline.jpg"],
      [broken("cmyk.jpg"), "cmyk.jpg"],
      [broken("lossy.webp"), "lossy.webp"],
      [png, "rgb16.png"],
      [broken("still.avif"), "still.avif"],
    ] as const
  ) {
    const count = good.endsWith("avif") ? 20 : 250; // its code is large
    for (let i = 0; i < count; i++) await assertRejects(() => decodeImage(bad), InputError);
    assertEquals((await decodeImage(fixture(good))).width, 11);
  }
});

Deno.test("decodeImage: more pixels than the limit are refused by the head alone", async () => {
  const png = encodePng(new Uint8Array(3), 1, 1);
  const view = new DataView(png.buffer);
  view.setUint32(16, 20_000);
  view.setUint32(20, 20_000);
  await assertRejects(
    () => decodeImage(png),
    InputError,
    "at most 178956970 pixels, found one of 20000 x 20000",
  );
  // Fewer, but more than the file can hold.
  view.setUint32(16, 13_000);
  view.setUint32(20, 13_000);
  await assertRejects(() => decodeImage(png), InputError, "13000 x 13000 pixels need more");
  await assertRejects(() => decodeImage(png, { maxPixels: 100 }), InputError, "at most 100 pixels");
});

const NAMED: [name: string, file: Uint8Array, found: string, todo: string][] = [
  ["a failed download", text(" \n<!DOCTYPE html><html><body>404"), "an HTML page", "fetch the file again"],
  [
    "a Git LFS pointer",
    text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"),
    "a Git LFS pointer, not the file itself",
    "run git lfs pull",
  ],
  [
    "a drawing",
    text('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
    "an SVG drawing",
    "convert",
  ],
  ["a document", text("%PDF-1.7\n"), "a PDF document", "save its pages as images"],
  ["a video", Uint8Array.of(0, 0, 0, 32, ...text("ftypisom"), 0, 0), "a video (MP4)", "save a frame"],
  ["another video", Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3, 1), "a video (Matroska or WebM)", "save a frame"],
  [
    "a photograph of a telephone",
    Uint8Array.of(0, 0, 0, 32, ...text("ftypheic")),
    "an HEIC image",
    "convert it",
  ],
  ["an archive", text("PK\x03\x04...."), "a ZIP archive", "unpack it"],
  ["an answer of a server", text('{"error": "not found"}'), "JSON text", "fetch the file again"],
  ["nothing", new Uint8Array(), "an empty file", "fetch the file again"],
  ["a hole", new Uint8Array(100), "a file of zeros", "fetch the file again"],
  ["words", text("no image"), 'a text file ("no image"...)', "fetch the file again"],
  ["something else", Uint8Array.of(1, 200, 3, 4), "a file that starts with 01 c8 03 04", "convert it"],
];

for (const [name, file, found, todo] of NAMED) {
  Deno.test(`checkImageHead: ${name} is called what it is`, () => {
    let message = "";
    try {
      checkImageHead(file, file.length);
    } catch (error) {
      assert(error instanceof InputError);
      message = error.message;
    }
    assert(
      message.includes(`expected a PNG, JPEG, WebP, GIF, BMP, TIFF or AVIF image, found ${found}; `),
      message,
    );
    assert(message.includes(todo), message);
  });
}
