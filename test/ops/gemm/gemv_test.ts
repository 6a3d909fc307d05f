import { assertEquals } from "@std/assert";
import { type Ending, gemm } from "../../../src/ops/gemm/gemm.ts";
import type { Choice } from "../../../src/ops/gemm/select.ts";
import { Random } from "../../../src/random.ts";
import { activate } from "../../reference/activation.ts";
import { product } from "../../reference/matrix.ts";
import { close, constant, draw, half, Lab } from "../_lab.ts";

interface Case {
  m: number;
  n: number;
  k: number;
  /** Bias, activation, residual and what Y holds; the value before the activation is kept. */
  ended?: boolean;
  /** Whether B, or all but the bias, is in 16 bits. */
  f16?: "b" | "all";
}

async function run(lab: Lab, c: Case, choice?: Choice) {
  const { m, n, k, ended, f16 } = c;
  const random = new Random(JSON.stringify(c));
  const store = (shape: number[], halves: boolean) => {
    const drawn = constant(draw(random, shape));
    return halves ? half(drawn) : drawn;
  };
  const all = f16 === "all";
  const a = store([m, k], all), b = store([n, k], f16 !== undefined);
  const bias = store([n], false), residual = store([m, n], all), held = store([m, n], all);
  const z = product("NT", a.values, b.values, m, n, k).map((x, i) => ended ? x + bias.values[i % n]! : x);
  const expected = z.map((x, i) => ended ? activate("silu", x) + residual.values[i]! + held.values[i]! : x);
  const { y } = await lab.run({ a, b, bias, residual, held }, (tape, t) => {
    const storage = all ? "f16" : "f32";
    const out = ended ? tape.apart(t.held, t.held) : tape.empty([m, n], "y", storage);
    const save = ended ? tape.empty([m, n], "saved", storage) : undefined;
    const ending: Ending = ended
      ? { bias: t.bias, residual: t.residual, activation: "silu", save, add: true }
      : {};
    gemm(tape, "NT", t.a, t.b, out, ending, choice);
    return out;
  });
  return { y, expected };
}

for (const form of ["registers", "tiled"]) {
  Deno.test(`products of few rows, where others are ${form}`, async (t) => {
    const lab = await Lab.open();
    lab.gpu.facts.isFallbackAdapter = form === "registers";
    const check = async (c: Case, choice?: Choice) => {
      const { y, expected } = await run(lab, c, choice);
      close(y, expected, JSON.stringify(c), c.f16 === "all" ? 5e-4 : undefined);
      return y;
    };
    const gemv: Choice = { form: "gemv" };

    await t.step("odd numbers of columns, inner sizes less than the lanes and not a multiple", async () => {
      for (const m of [1, 2, 3, 4]) {
        for (const [n, k] of [[1, 8], [4, 16], [13, 24], [131, 264], [36, 1000]] as const) {
          await check({ m, n, k }, gemv);
        }
      }
    });
    await t.step("endings", async () => {
      for (const [m, n] of [[1, 37], [3, 40], [4, 12]] as const) {
        await check({ m, n, k: 40, ended: true }, gemv);
      }
    });
    await t.step("16-bit storage", async () => {
      if (!lab.gpu.device.features.has("shader-f16")) return;
      for (const [m, n, k] of [[1, 13, 8], [2, 36, 264], [4, 131, 1000]] as const) {
        await check({ m, n, k, f16: "b" }, gemv);
        await check({ m, n, k, f16: "all", ended: true }, gemv);
      }
    });
    await t.step("large matrices take this form by themselves, in pieces too", async () => {
      for (const m of [1, 3]) {
        const c = { m, n: 1501, k: 200, ended: true };
        const whole = await check(c);
        assertEquals(whole, await check(c, gemv));
        const largest = lab.gpu.largestBinding;
        lab.gpu.largestBinding = 1 << 18;
        try {
          assertEquals(await check(c), whole);
        } finally {
          lab.gpu.largestBinding = largest;
        }
      }
    });
    await t.step("the longest inner size", async () => {
      await check({ m: 2, n: 5, k: 1 << 16 }, gemv);
    });
    lab.close();
  });
}
