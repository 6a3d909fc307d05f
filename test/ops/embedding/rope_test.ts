import { assertThrows } from "@std/assert";
import { Tape } from "../../../src/autograd/tape.ts";
import { rope, ropeTable } from "../../../src/ops/embedding/rope.ts";
import { Random } from "../../../src/random.ts";
import * as reference from "../../reference/rope.ts";
import { close, constant, draw, index, Lab } from "../_lab.ts";

Deno.test("rope", async (t) => {
  const lab = await Lab.open();
  await t.step("result and gradient", async () => {
    const cases = [
      { positions: [0], heads: 1, rotated: 1, size: 2 },
      { positions: [0, 1, 2, 3, 4], heads: 3, rotated: 2, size: 4 },
      { positions: [5, 3, 0, 99, 1, 1, 6], heads: 5, rotated: 4, size: 6 },
      { positions: [11, 7], heads: 4, rotated: 4, size: 20 },
      { positions: [1, 2, 3], heads: 2, rotated: 0, size: 4 },
      { positions: [7, 0, 8, 98, 2], heads: 3, rotated: 2, size: 8 },
      { positions: [1, 50, 3], heads: 4, rotated: 3, size: 40 },
    ];
    for (const { positions, heads, rotated, size } of cases) {
      const x = draw(new Random(`${positions}`), [positions.length, heads * size]);
      const table = constant({ shape: [100, 2, size / 2], values: ropeTable(100, size, 10_000) });
      await lab.verify(
        `rope of heads of ${size}`,
        { x, positions: index(positions), table },
        (tape, t) => rope(tape, t.x, t.positions, t.table, heads, rotated),
        reference.rope(x.values, positions, heads, rotated, 10_000),
      );
    }
  });
  await t.step("the table far from the start", () => {
    const table = ropeTable(4097, 8, 500_000);
    const angles = [0, 1, 2, 3].map((i) => 4096 * 500_000 ** (-i / 4));
    close(
      table.subarray(4096 * 8),
      [...angles.map(Math.cos), ...angles.map(Math.sin)],
      "position 4096",
      1e-7,
    );
  });
  await t.step("shapes that do not fit", () => {
    const tape = new Tape(lab.gpu);
    const tensor = (...shape: number[]) => tape.empty(shape, "t");
    assertThrows(
      () => rope(tape, tensor(3, 8), tensor(2), tensor(9, 2, 2), 2, 2),
      Error,
      "rope: positions must have shape [3], found [2]",
    );
    assertThrows(
      () => rope(tape, tensor(3, 8), tensor(3), tensor(9, 2, 4), 2, 2),
      Error,
      "rope: table must have shape [*,2,2], found [9,2,4]",
    );
    assertThrows(
      () => rope(tape, tensor(3, 8), tensor(3), tensor(9, 2, 2), 2, 3),
      Error,
      "rope: 3 of 2 heads",
    );
  });
  lab.close();
});
