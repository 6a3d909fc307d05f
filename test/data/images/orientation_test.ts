import { assertEquals } from "@std/assert";
import { turned, turnedBack } from "../../../src/data/images/orientation.ts";

Deno.test("turnedBack undoes turned, for all eight orientations", () => {
  const picture = { width: 3, height: 2, data: Uint8Array.from({ length: 24 }, (_, i) => i) };
  for (let orientation = 1; orientation <= 8; orientation++) {
    assertEquals(turnedBack(turned(picture, orientation), orientation), picture, `${orientation}`);
  }
});
