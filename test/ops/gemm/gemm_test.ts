import { assertThrows } from "@std/assert";
import { Tape } from "../../../src/autograd/tape.ts";
import type { StorageType } from "../../../src/autograd/tensor.ts";
import { type Activation, type Ending, gemm, type Layout } from "../../../src/ops/gemm/gemm.ts";
import type { Choice } from "../../../src/ops/gemm/select.ts";
import { Random } from "../../../src/random.ts";
import { activate } from "../../reference/activation.ts";
import { product } from "../../reference/matrix.ts";
import { close, constant, draw, half, Lab } from "../_lab.ts";

interface Case {
  layout: Layout;
  m: number;
  n: number;
  k: number;
  bias?: boolean;
  activation?: Activation;
  save?: boolean;
  residual?: boolean;
  add?: boolean;
  /** What is stored in 16 bits. */
  halves?: ("a" | "b" | "y" | "saved" | "residual" | "held")[];
}

/** Runs a product with its ending and compares the result and what it saved. */
async function check(lab: Lab, c: Case, choice: Choice, tolerance?: number) {
  const { layout, m, n, k, activation, halves = [] } = c;
  const what = JSON.stringify({ ...c, ...choice });
  const random = new Random(what);
  const given = (name: "a" | "b" | "residual" | "held" | "bias", shape: number[]) => {
    const values = constant(draw(random, shape));
    return name !== "bias" && halves.includes(name) ? half(values) : values;
  };
  const storage = (name: "y" | "saved"): StorageType => halves.includes(name) ? "f16" : "f32";
  const a = given("a", layout === "TN" ? [k, m] : [m, k]);
  const b = given("b", layout === "NT" ? [n, k] : [k, n]);
  const bias = given("bias", [n]), residual = given("residual", [m, n]);
  const held = given("held", [m, n]);
  const sum = product(layout, a.values, b.values, m, n, k);
  const z = sum.map((x, i) => x + (c.bias ? bias.values[i % n]! : 0));
  const y = z.map((x, i) =>
    (activation ? activate(activation, x) : x) + (c.residual ? residual.values[i]! : 0) +
    (c.add ? held.values[i]! : 0)
  );
  const found = await lab.run({ a, b, bias, residual, held }, (tape, t) => {
    const ending: Ending = {
      bias: c.bias ? t.bias : undefined,
      residual: c.residual ? t.residual : undefined,
      save: c.save ? tape.empty([m, n], "saved", storage("saved")) : undefined,
      activation,
      add: c.add,
    };
    let out = tape.empty([m, n], "y", storage("y"));
    if (c.add) out = tape.apart(t.held, t.held); // an intermediate with values to add to
    gemm(tape, layout, t.a, t.b, out, ending, choice);
    return out;
  });
  const stored = (name: "y" | "saved") => halves.includes(name) ? 5e-4 : tolerance; // half of a unit in the last place
  close(found.y, y, what, stored("y"));
  if (!c.save) return;
  const again = await lab.run({ a, b, bias, residual }, (tape, t) => {
    const saved = tape.empty([m, n], "saved", storage("saved"));
    const out = tape.empty([m, n], "y", storage("y"));
    gemm(tape, layout, t.a, t.b, out, {
      bias: c.bias ? t.bias : undefined,
      residual: c.residual ? t.residual : undefined,
      save: saved,
      activation,
    }, choice);
    return saved;
  });
  close(again.y, z, `${what}, saved`, stored("saved"));
}

/** Every form, with one tile in place of all: the tiles differ in numbers only. */
const choices: Choice[] = [
  { form: "registers" },
  { form: "tiled", side: 32, splits: 1 },
  { form: "tiled", side: 32, splits: 3 },
];
const layouts: Layout[] = ["NT", "NN", "TN"];

for (const choice of choices) {
  Deno.test(`gemm, ${Object.values(choice).join(" ")}`, async (t) => {
    const lab = await Lab.open();
    lab.gpu.facts.isFallbackAdapter = choice.form === "registers";

    await t.step("sizes that 4 does not divide", async () => {
      for (const layout of layouts) {
        for (
          const [m, n, k] of [
            [1, 1, 1],
            [3, 5, 7],
            [13, 17, 11],
            [4, 4, 5],
            [2, 8, 4],
            [5, 4, 4],
            [8, 5, 4],
            [31, 1, 67],
          ]
        ) {
          await check(lab, { layout, m: m!, n: n!, k: k! }, choice);
        }
      }
    });
    await t.step("vectors, less than a tile", async () => {
      for (const layout of layouts) {
        for (const [m, n, k] of [[4, 4, 4], [12, 20, 8], [8, 4, 64], [28, 36, 12]]) {
          await check(lab, { layout, m: m!, n: n!, k: k! }, choice);
        }
        if (layout !== "TN") await check(lab, { layout, m: 7, n: 12, k: 20 }, choice);
      }
    });
    await t.step("several tiles, some of them not full", async () => {
      for (const layout of layouts) {
        await check(lab, { layout, m: 68, n: 60, k: 20 }, choice);
        await check(lab, { layout, m: layout === "TN" ? 132 : 129, n: 44, k: 100 }, choice);
        await check(lab, { layout, m: 131, n: 133, k: 33 }, choice);
        await check(lab, { layout, m: 36, n: 260, k: 48 }, choice);
      }
      await check(lab, { layout: "NT", m: 1100, n: 8, k: 4 }, choice); // more than eight rows of tiles
    });
    await t.step("endings", async () => {
      const vector = { m: 12, n: 20, k: 8 }, scalar = { m: 5, n: 7, k: 3 };
      for (const size of [vector, scalar]) {
        await check(lab, { layout: "NT", ...size, bias: true }, choice);
        await check(lab, { layout: "NT", ...size, residual: true }, choice);
        await check(lab, { layout: "NT", ...size, bias: true, residual: true, add: true }, choice);
        for (const activation of ["gelu", "gelu_tanh", "quick_gelu", "silu"] as const) {
          await check(
            lab,
            { layout: "NT", ...size, bias: true, activation, save: true, residual: true },
            choice,
          );
        }
        await check(lab, { layout: "NT", ...size, activation: "gelu" }, choice);
        for (const layout of layouts) await check(lab, { layout, ...size, add: true }, choice);
      }
      const large = { layout: "NT" as const, m: 66, n: 64, k: 36 };
      await check(
        lab,
        { ...large, bias: true, activation: "gelu", save: true, residual: true, add: true },
        choice,
      );
      await check(lab, { layout: "TN", m: 64, n: 64, k: 12, add: true }, choice);
    });
    await t.step("16-bit storage", async () => {
      if (!lab.gpu.device.features.has("shader-f16")) return;
      const ending = { bias: true, activation: "silu", save: true, residual: true } as const;
      for (const size of [{ m: 36, n: 40, k: 20 }, { m: 5, n: 7, k: 3 }]) {
        const forward: Case = { layout: "NT", ...size, ...ending };
        await check(lab, { ...forward, halves: ["y", "saved", "residual"] }, choice);
        await check(lab, { ...forward, halves: ["saved"] }, choice);
        await check(lab, { layout: "NT", ...size, add: true, halves: ["y", "held"] }, choice);
        await check(lab, { ...forward, halves: ["a", "y", "saved", "residual"] }, choice);
        await check(lab, { ...forward, halves: ["a", "b", "y", "saved", "residual"] }, choice);
        await check(lab, { layout: "NN", ...size, halves: ["b"] }, choice);
        await check(lab, { layout: "TN", ...size, halves: ["b"], add: true }, choice);
      }
    });
    await t.step("an inner size past 65,535 trips of an element loop", async () => {
      await check(lab, { layout: "TN", m: 4, n: 4, k: 70_000 }, choice);
      await check(lab, { layout: "NT", m: 2, n: 3, k: 70_001 }, choice);
      await check(lab, { layout: "NT", m: 1, n: 4, k: 252_000 }, choice);
    });
    await t.step("an inner size past what one loop may walk", async () => {
      const ending = { bias: true, residual: true, add: true } as const;
      await check(lab, { layout: "NT", m: 2, n: 4, k: 262_144, ...ending }, choice);
      await check(lab, { layout: "NN", m: 2, n: 3, k: 262_145, ...ending }, choice);
      const more = { ...ending, activation: "silu", save: true } as const;
      await check(lab, { layout: "TN", m: 4, n: 4, k: 262_144, ...more }, choice);
    });
    lab.close();
  });
}

Deno.test("gemm, the larger tiles", async (t) => {
  const lab = await Lab.open();
  lab.gpu.facts.isFallbackAdapter = false;
  for (const side of [64, 128] as const) {
    await t.step(`${side}×${side}`, async () => {
      const whole: Choice = { form: "tiled", side, splits: 1 };
      for (const layout of layouts) {
        await check(lab, { layout, m: 132, n: 140, k: 36 }, whole);
        await check(lab, { layout, m: 3, n: 5, k: 7 }, whole);
        await check(lab, { layout, m: 129, n: 67, k: 33 }, whole);
        await check(lab, { layout, m: 132, n: 140, k: 68 }, { ...whole, splits: 2 });
      }
      await check(lab, { layout: "NT", m: 1100, n: 140, k: 36 }, whole); // more than eight rows of tiles
      const ending = { bias: true, activation: "gelu", save: true, residual: true, add: true } as const;
      await check(lab, { layout: "NT", m: 66, n: 132, k: 36, ...ending }, whole);
      await check(lab, { layout: "NT", m: 66, n: 132, k: 36, ...ending }, { ...whole, splits: 2 });
    });
  }
  lab.close();
});

Deno.test("gemm, more workgroups than fit one dimension", async () => {
  const lab = await Lab.open();
  lab.gpu.facts.isFallbackAdapter = false;
  // 65,626 tiles of 32 rows.
  await check(lab, { layout: "NT", m: 2_100_001, n: 1, k: 1 }, { form: "tiled", side: 32, splits: 1 });
  lab.close();
});

Deno.test("gemm", async (t) => {
  const lab = await Lab.open();
  await t.step("shapes that do not fit", () => {
    const tape = new Tape(lab.gpu);
    const tensor = (...shape: number[]) => tape.empty(shape, "t");
    const message = "gemm NT: shapes do not fit: A [2,3], B [4,5], Y [2,4]";
    assertThrows(() => gemm(tape, "NT", tensor(2, 3), tensor(4, 5), tensor(2, 4)), Error, message);
    assertThrows(() => gemm(tape, "NN", tensor(2, 3), tensor(3, 5), tensor(2, 4)), Error, "Y [2,4]");
  });
  lab.close();
});
