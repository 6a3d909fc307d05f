import { assertThrows } from "@std/assert";
import { Tape } from "../../../src/autograd/tape.ts";
import { gatherRows } from "../../../src/ops/embedding/gather_rows.ts";
import { Random } from "../../../src/random.ts";
import * as reference from "../../reference/gather.ts";
import { draw, index, Lab } from "../_lab.ts";

Deno.test("gather rows", async (t) => {
  const lab = await Lab.open();
  await t.step("result and gradient", async () => {
    for (
      const [rows, width, picked] of [[1, 1, [0]], [7, 5, [6, -1, 0, 3]], [3, 12, [-1, 2, -1, 1, 0]]] as const
    ) {
      const x = draw(new Random(`${picked}`), [rows, width]);
      const inverse = Array.from({ length: rows }, (_, row) => (picked as readonly number[]).indexOf(row));
      await lab.verify(
        `rows ${picked} of ${rows}`,
        { x, index: index(picked), inverse: index(inverse) },
        (tape, t) => gatherRows(tape, t.x, t.index, t.inverse),
        reference.gatherRows(x.values, picked, width),
      );
    }
  });
  await t.step("shapes that do not fit", () => {
    const tape = new Tape(lab.gpu);
    assertThrows(
      () => gatherRows(tape, tape.empty([5, 2], "x"), tape.empty([3], "i"), tape.empty([3], "j")),
      Error,
      "gather rows: inverse must have shape [5], found [3]",
    );
  });
  lab.close();
});
