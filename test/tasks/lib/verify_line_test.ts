import { assertEquals } from "@std/assert";
import { verifyLine } from "../../../tasks/lib/verify_line.ts";

Deno.test("a quantity as a line", () => {
  const relative = {
    name: "gradients",
    error: 1.34e-6,
    unit: "relative",
    tolerance: 2e-5,
    count: 61,
  } as const;
  assertEquals(
    verifyLine({ ...relative, where: "lm_head.weight", ok: true, median: 2.1e-7 }),
    "ok     gradients                     1.3e-6  (at most 2.0e-5, median of 61 2.1e-7)  lm_head.weight",
  );
  assertEquals(
    verifyLine({
      name: "pictures",
      error: 2,
      unit: "of 255",
      tolerance: 1,
      count: 1,
      where: "a.png",
      ok: false,
    }),
    "WRONG  pictures                    2 of 255  (at most 1 of 255)  a.png",
  );
  assertEquals(
    verifyLine({ name: "loss", error: 0, unit: "relative", tolerance: 2e-6, count: 1, where: "", ok: true }),
    "ok     loss                          0.0e+0  (at most 2.0e-6)",
  );
});
