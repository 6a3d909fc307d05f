import { assertEquals } from "@std/assert";
import type { Tensor } from "../../../src/autograd/tensor.ts";
import { type Ending, gemm, type Layout } from "../../../src/ops/gemm/gemm.ts";
import { cutProduct } from "../../../src/ops/gemm/pieces.ts";
import type { Choice } from "../../../src/ops/gemm/select.ts";
import { Random } from "../../../src/random.ts";
import { activate } from "../../reference/activation.ts";
import { product } from "../../reference/matrix.ts";
import { close, constant, draw, half, Lab } from "../_lab.ts";

/** Bytes of a binding: what copies of larger tensors, which tests make, need at least. */
const SMALL = 1 << 18;

const choices: Choice[] = [
  { form: "registers" },
  { form: "tiled", side: 32, splits: 1 },
  { form: "tiled", side: 32, splits: 2 },
];

interface Case {
  layout: Layout;
  m: number;
  n: number;
  k: number;
  /** Bias, residual and what Y holds are added; the value before an activation is kept. */
  ending?: "added" | "activated";
  /** Whether all but the bias is stored in 16 bits. */
  f16?: boolean;
}

/** The result and what was saved, with bindings of so many bytes. */
async function run(lab: Lab, c: Case, choice: Choice, largestBinding: number) {
  const { layout, m, n, k, ending, f16 = false } = c;
  const random = new Random(JSON.stringify(c));
  const store = (shape: number[]) => {
    const drawn = constant(draw(random, shape));
    return f16 ? half(drawn) : drawn;
  };
  const given = {
    a: store(layout === "TN" ? [k, m] : [m, k]),
    b: store(layout === "NT" ? [n, k] : [k, n]),
    bias: constant(draw(random, [n])),
    residual: store([m, n]),
    held: store([m, n]),
  };
  const { a, b, bias, residual, held } = given;
  const z = product(layout, a.values, b.values, m, n, k).map((x, i) =>
    x + (ending ? bias.values[i % n]! : 0)
  );
  const y = z.map((x, i) =>
    ending ? (ending === "activated" ? activate("gelu", x) : x) + residual.values[i]! + held.values[i]! : x
  );
  const whole = lab.gpu.largestBinding;
  lab.gpu.largestBinding = largestBinding;
  try {
    const found: Float32Array[] = [];
    for (const save of ending === "activated" ? [false, true] : [false]) {
      const { y } = await lab.run(given, (tape, t) => {
        const storage = f16 ? "f16" : "f32";
        const out = ending ? tape.apart(t.held, t.held) : tape.empty([m, n], "y", storage);
        const saved = ending === "activated" ? tape.empty([m, n], "saved", storage) : undefined;
        const added: Ending = ending ? { bias: t.bias, residual: t.residual, add: true } : {};
        gemm(tape, layout, t.a, t.b, out, { ...added, save: saved, activation: saved && "gelu" }, choice);
        return save ? saved! : out;
      });
      found.push(y);
    }
    return { found, expected: [y, z] };
  } finally {
    lab.gpu.largestBinding = whole;
  }
}

for (const choice of choices) {
  Deno.test(`products in pieces, ${Object.values(choice).join(" ")}`, async (t) => {
    const lab = await Lab.open();
    lab.gpu.facts.isFallbackAdapter = choice.form === "registers";

    /** Pieces that divide Y give the bits of the whole; others add up. */
    async function check(c: Case, bits: boolean) {
      const what = JSON.stringify(c);
      const whole = await run(lab, c, choice, lab.gpu.largestBinding);
      const pieces = await run(lab, c, choice, SMALL);
      pieces.found.forEach((found, i) => {
        if (bits) assertEquals(found, whole.found[i]!, what);
        close(found, pieces.expected[i]!, what, c.f16 ? 5e-4 : 2e-6);
      });
    }

    await t.step("rows and columns of Y", async () => {
      await check({ layout: "NT", m: 5, n: 1030, k: 68 }, true);
      await check({ layout: "NT", m: 1100, n: 1028, k: 68, ending: "activated" }, true);
      await check({ layout: "NT", m: 301, n: 501, k: 131, ending: "added" }, true);
      await check({ layout: "NN", m: 1030, n: 68, k: 72, ending: "added" }, true);
      await check({ layout: "TN", m: 260, n: 516, k: 20 }, true);
      await check({ layout: "TN", m: 263, n: 501, k: 19 }, true);
    });
    await t.step("the inner size", async () => {
      await check({ layout: "NN", m: 5, n: 68, k: 1100, ending: "added" }, false);
      await check({ layout: "NN", m: 5, n: 67, k: 1101, ending: "activated" }, false);
      await check({ layout: "TN", m: 67, n: 5, k: 1101 }, false);
      await check({ layout: "TN", m: 8, n: 68, k: 1100, ending: "activated" }, false);
    });
    await t.step("all of them", async () => {
      await check({ layout: "NN", m: 260, n: 300, k: 332, ending: "activated" }, false);
      await check({ layout: "TN", m: 259, n: 299, k: 331 }, false);
    });
    await t.step("16-bit storage", async () => {
      if (!lab.gpu.device.features.has("shader-f16")) return;
      await check({ layout: "NT", m: 516, n: 520, k: 308, ending: "activated", f16: true }, true);
    });
    lab.close();
  });
}

Deno.test("cuts of a product", () => {
  const tensor = (rows: number, columns: number) =>
    ({ size: rows * columns, bytes: 4 * rows * columns, dtype: "f32" }) as Tensor;
  const cut = (layout: Layout, m: number, n: number, k: number, most: number, longest = Infinity) => {
    const a = layout === "TN" ? tensor(k, m) : tensor(m, k);
    const b = layout === "NT" ? tensor(n, k) : tensor(k, n);
    const pieces = cutProduct({ layout, m, n, k }, { a, b, y: tensor(m, n), others: [] }, most, longest);
    return pieces.map((piece) =>
      [piece.m, piece.n, piece.k].map(({ first, count }) => `${first}+${count}`).join(" ")
    );
  };
  assertEquals(cut("NT", 3, 5, 7, 1 << 20), ["0+3 0+5 0+7"]);
  // A language model's head with tokens past what a binding of 128 MiB holds.
  assertEquals(cut("NT", 1, 70_000, 576, 1 << 27), ["0+1 0+58252 0+576", "0+1 58252+11748 0+576"]);
  // Rows of 3 floats begin where a binding may at every 64th.
  assertEquals(cut("NT", 1, 200, 3, 1800), ["0+1 0+128 0+3", "0+1 128+72 0+3"]);
  assertEquals(cut("NN", 1, 64, 9, 2048), ["0+1 0+64 0+8", "0+1 0+64 8+1"]);
  assertEquals(cut("TN", 64, 128, 9, 1 << 20, 8), ["0+64 0+128 0+8", "0+64 0+128 8+1"]);
});
