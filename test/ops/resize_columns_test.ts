import { resizeColumns } from "../../src/ops/resize_columns.ts";
import { Random } from "../../src/random.ts";
import { draw, Lab } from "./_lab.ts";

Deno.test("columns left out or added", async () => {
  const lab = await Lab.open();
  for (const [rows, from, to] of [[1, 1, 4], [7, 6, 8], [5, 8, 6], [13, 3, 3], [70, 20, 18]] as const) {
    const x = draw(new Random(`${rows} ${from} ${to}`), [rows, from]);
    const resize = (values: Float64Array, from: number, to: number) =>
      Float64Array.from(
        { length: rows * to },
        (_, i) => i % to < from ? values[Math.floor(i / to) * from + i % to]! : 0,
      );
    await lab.verify(`${rows}×${from} → ${to}`, { x }, (tape, t) => resizeColumns(tape, t.x, from, to), {
      y: resize(x.values, from, to),
      backward: (dy) => ({ x: resize(dy, to, from) }),
    }, { tolerance: 0 });
  }
  lab.close();
});
