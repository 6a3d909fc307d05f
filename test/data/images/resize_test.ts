import { assert, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { FILTERS } from "../../../src/data/images/filters.ts";
import { resize } from "../../../src/data/images/resize.ts";
import { bytes, draw } from "./_processor.ts";
import stored from "../../fixtures/pictures.json" with { type: "json" };

for (const [filter, name] of FILTERS.entries()) {
  Deno.test(`resize: ${name}, every bit as Pillow's`, () => {
    const rows = stored.resize.filter((row) => row.filter === filter);
    assert(rows.length > 10);
    for (const { picture, width, height, to, pixels } of rows) {
      const out = resize(draw(picture, width, height), to[0]!, to[1]!, filter);
      assertEquals(
        out,
        { width: to[0]!, height: to[1]!, data: bytes(pixels) },
        `${width} x ${height} to ${to}`,
      );
    }
  });
}

Deno.test("resize: a picture of the size stays as it is, one of a single colour keeps it", () => {
  const image = draw("noise", 5, 4);
  for (const filter of FILTERS.keys()) {
    assert(resize(image, 5, 4, filter) === image);
    for (const [width, height, side] of [[1, 1, 9], [50, 50, 7], [3, 3, 224]] as const) {
      const out = resize(
        { width, height, data: new Uint8Array(3 * width * height).fill(77) },
        side,
        side,
        filter,
      );
      assert(out.data.every((value) => value === 77));
    }
  }
});

Deno.test("resize: a line that would become billions of pixels, or none, is an input error", () => {
  const line = { width: 1, height: 100_000, data: new Uint8Array(300_000) };
  for (const filter of FILTERS.keys()) {
    assertThrows(() => resize(line, 0, 7, filter), InputError, "which would become 0 x 7");
    assertThrows(
      () => resize(line, 336, 33_600_000, filter),
      InputError,
      "found 1 x 100000 pixels, which would become",
    );
  }
});
