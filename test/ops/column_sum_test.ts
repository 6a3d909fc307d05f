import { assertEquals } from "@std/assert";
import { accumulate } from "../../src/autograd/elementwise.ts";
import type { Tape } from "../../src/autograd/tape.ts";
import type { Tensor } from "../../src/autograd/tensor.ts";
import { accumulateColumns } from "../../src/ops/column_sum.ts";
import { Random } from "../../src/random.ts";
import { columnSums } from "../reference/matrix.ts";
import { close, constant, draw, Lab } from "./_lab.ts";

Deno.test("column sums", async (t) => {
  const lab = await Lab.open();
  const sums = (tape: Tape, x: Tensor, add: boolean) => {
    const width = x.shape.at(-1)!;
    const y = tape.empty([width], "sums");
    if (add) accumulateColumns(tape, x, { tensor: y, add: false });
    accumulateColumns(tape, x, { tensor: y, add });
    return y;
  };
  await t.step("assigned and added", async () => {
    for (
      const shape of [
        [1, 1],
        [31, 1],
        [32, 3],
        [33, 5],
        [1000, 17],
        [2, 3, 4],
        [77, 12],
        [1, 64],
        [1030, 96],
        [300, 512],
        [131, 600],
      ]
    ) {
      const x = constant(draw(new Random(`${shape}`), shape));
      const expected = columnSums(x.values, shape.at(-1)!);
      for (const add of [false, true]) {
        const found = await lab.run({ x }, (tape, t) => sums(tape, t.x, add));
        close(found.y, expected.map((value) => value * (add ? 2 : 1)), `[${shape}]`);
      }
    }
  });
  await t.step("ones are counted exactly past every limit", async () => {
    for (const [rows, width] of [[65_536, 3], [1_048_577, 3], [1_048_577, 4]] as const) {
      const x = constant({ shape: [rows, width], values: new Float32Array(width * rows).fill(1) });
      const found = await lab.run({ x }, (tape, t) => sums(tape, t.x, false));
      assertEquals([...found.y], Array(width).fill(rows));
    }
  });
  await t.step("no rows leave what is there", async () => {
    const x = constant({ shape: [0, 4], values: [] }), held = constant(draw(new Random("held"), [4]));
    const found = await lab.run({ x, held }, (tape, t) => {
      const y = tape.empty([4], "sums");
      accumulateColumns(tape, t.x, { tensor: y, add: false });
      accumulate(tape, y, t.held);
      accumulateColumns(tape, t.x, { tensor: y, add: true });
      return y;
    });
    close(found.y, held.values, "sums of no rows");
  });
  lab.close();
});
