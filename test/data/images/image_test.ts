import { assert, assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";
import { decodeImage } from "../../../src/data/images/image.ts";
import { encodePng } from "../../../src/data/images/png.ts";
import { needs } from "../../house/permissions.ts";
import files from "./fixtures/images.json" with { type: "json" };

const test = needs("read");

const fixture = (name: string) => Deno.readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const bytes = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

// What Pillow reads; see fixtures/make.py.
for (const [name, expected] of Object.entries(files)) {
  test(`decodeImage: ${name} as Pillow reads it`, async () => {
    const image = await decodeImage(fixture(name));
    assertEquals([image.width, image.height], [expected.width, expected.height]);
    const rgb = bytes(expected.rgb);
    assertEquals(image.data.length, rgb.length);
    // Blending over white rounds in one or the other direction; all else is exact.
    const slack = 0;
    for (const [i, value] of rgb.entries()) assert(Math.abs(image.data[i]! - value) <= slack, `${i}`);
  });
}

test("decodeImage: cut-off, broken, foreign and empty files are input errors, and the next file is read", async () => {
  for (const name of ["rgb16.png", "baseline.jpg", "progressive.jpg", "lossy.webp", "alpha.webp"]) {
    const whole = fixture(name);
    await assertRejects(
      () => decodeImage(whole.subarray(0, whole.length >> 1)),
      InputError,
      "cannot be decoded",
    );
    await assertRejects(() => decodeImage(whole.subarray(0, 14)), InputError);
    assertEquals((await decodeImage(whole)).width, 11);
  }
  await assertRejects(() => decodeImage(new Uint8Array()), InputError, "an empty file");
  await assertRejects(
    () => decodeImage(new TextEncoder().encode("GIF89a..")),
    InputError,
    "expected a whole GIF image, found one of 8 bytes",
  );
});

test("decodeImage: files read at once do not share their complaints", async () => {
  const whole = fixture("baseline.jpg");
  const results = await Promise.allSettled(
    [whole, whole.subarray(0, 400), whole, fixture("rgb16.png")].map((file) => decodeImage(file)),
  );
  assertEquals(results.map((result) => result.status), ["fulfilled", "rejected", "fulfilled", "fulfilled"]);
});

test("encodePng: images of any size and content survive", async () => {
  const random = new Random("png");
  for (const [width, height] of [[1, 1], [1, 9], [7, 1], [32, 32], [33, 17], [300, 5]] as const) {
    for (const kind of ["noise", "flat", "ramp"]) {
      const rgb = Uint8Array.from(
        { length: 3 * width * height },
        (_, i) => kind === "noise" ? random.int(256) : kind === "flat" ? 200 : i * 5,
      );
      const image = await decodeImage(encodePng(rgb, width, height));
      assertEquals(image, { width, height, data: rgb });
    }
  }
});

test("encodePng: the wrong number of colours", () => {
  for (const [n, w, h] of [[3, 2, 1], [0, 0, 1], [6, -1, -2]] as const) {
    let message = "";
    try {
      encodePng(new Uint8Array(n), w, h);
    } catch (error) {
      message = (error as Error).message;
    }
    assert(message.startsWith(`encodePng: expected ${w} x ${h}`), message);
  }
});
