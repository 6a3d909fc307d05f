import { assertThrows } from "@std/assert";
import { Tape } from "../../../src/autograd/tape.ts";
import { attended, type Heads } from "../../../src/ops/attention/attention.ts";
import { attentionProbabilities } from "../../../src/ops/attention/attention_probabilities.ts";
import { Random } from "../../../src/random.ts";
import * as reference from "../../reference/attention.ts";
import { close, constant, draw, index, Lab } from "../_lab.ts";

for (const form of ["registers", "tiled"]) {
  Deno.test(`attention probabilities, ${form}`, async (t) => {
    const lab = await Lab.open();
    lab.gpu.facts.isFallbackAdapter = form === "registers";

    async function verify(
      lengths: number[],
      padding: number,
      heads: Heads,
      causal: boolean,
      { asked, length, scale }: { asked: number[]; length: number; scale?: number },
    ) {
      const what = JSON.stringify({ lengths, padding, ...heads, causal, asked, length });
      const span = reference.spans(lengths, padding);
      const width = (heads.heads + 2 * heads.groups) * heads.headSize;
      const qkv = constant(draw(new Random(what), [span.length / 2, width], scale));
      const found = await lab.run(
        { qkv, span: index(span, [span.length / 2, 2]), asked: index(asked) },
        (tape, t) =>
          attentionProbabilities(tape, attended(tape, t.qkv, t.span, heads, causal), t.asked, length),
      );
      const { probabilities, largest } = reference.attention(qkv.values, span, heads, causal);
      // exp(score − lse) of two float32: each is off by half a unit in the last place of the largest score, or more.
      close(found.y, probabilities(asked, length), what, Math.max(3e-6, 2 ** -23 * largest));
    }

    await t.step("one row sees itself", async () => {
      await verify([1], 0, { heads: 1, groups: 1, headSize: 4 }, true, { asked: [0], length: 1 });
    });
    for (const causal of [true, false]) {
      await t.step(causal ? "causal" : "bidirectional", async () => {
        // Any order, a row twice, a row of padding, fewer and more places than a sequence has.
        await verify([7, 1, 13], 5, { heads: 3, groups: 3, headSize: 20 }, causal, {
          ...{ asked: [20, 3, 7, 3, 23], length: 11 },
        });
        await verify([5, 11], 3, { heads: 6, groups: 2, headSize: 16 }, causal, {
          asked: [15, 4],
          length: 19,
        });
        await verify([65, 31], 2, { heads: 4, groups: 2, headSize: 64 }, causal, {
          asked: [64, 95],
          length: 65,
        });
        await verify([9], 0, { heads: 2, groups: 1, headSize: 6 }, causal, { asked: [8, 0], length: 9 });
      });
    }
    await t.step("scores that are large", async () => {
      await verify([12], 0, { heads: 2, groups: 2, headSize: 8 }, true, {
        ...{ asked: [11, 5], length: 12, scale: 6 },
      });
    });
    await t.step("a sequence longer than a block of attention's sums", async () => {
      await verify([2300], 0, { heads: 1, groups: 1, headSize: 4 }, true, { asked: [2299], length: 2300 });
    });
    await t.step("shapes that do not fit", () => {
      const tape = new Tape(lab.gpu), tensor = (...shape: number[]) => tape.empty(shape, "t");
      const heads = { heads: 1, groups: 1, headSize: 4 };
      const made = attended(tape, tensor(3, 12), tensor(3, 2), heads, true);
      assertThrows(
        () => attentionProbabilities(tape, made, tensor(3, 2), 3),
        Error,
        "attention probabilities: asked must have shape [3], found [3,2]",
      );
    });
    lab.close();
  });
}
