import { assert, assertEquals } from "@std/assert";
import { createGpu } from "../../src/gpu/gpu.ts";
import { encodeImages } from "../../src/lmm/features.ts";
import { generate } from "../../src/lmm/generate.ts";
import type { Lmm, LmmOptions } from "../../src/lmm/lmm.ts";
import { Trainer } from "../../src/lmm/trainer/trainer.ts";
import { CASES, distance, loadCase, readCase } from "./_case.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");

test("a model whose matrices are held in 16 bits computes as one whose values are rounded so", async (t) => {
  const gpu = await createGpu();
  for (const registers of [true, false]) {
    gpu.facts.isFallbackAdapter = registers;
    for (const name of CASES) {
      const of = await readCase(name);
      /** Uses the case's model; `rounded` where it is held in 32 bits. */
      const use = async <T>(options: LmmOptions, body: (model: Lmm) => Promise<T>): Promise<T> => {
        const model = await loadCase(gpu, of, options);
        if (options.storage === undefined) {
          const held = await loadCase(gpu, of, { ...options, storage: "f16" });
          model.parameters.values.write(gpu, await held.parameters.values.read(gpu));
          held.destroy();
        }
        try {
          return await body(model);
        } finally {
          model.destroy();
        }
      };
      const both = async <T>(options: LmmOptions, body: (model: Lmm) => Promise<T>): Promise<[T, T]> => [
        await use({ ...options, storage: "f16" }, body),
        await use(options, body),
      ];
      await t.step(`${name}, ${registers ? "registers" : "tiled"}: answers`, async () => {
        const [found, expected] = await both({ trainable: [] }, async (model) => {
          const images = await encodeImages(model, of.rows[0]!.images);
          const { ids } = of.rows[0]!;
          const end = ids.length - 2;
          const answers = await generate(model, [{ ids: ids.subarray(0, end), images }], {
            maxNewTokens: 6,
            stops: [],
          });
          return { answers, images };
        });
        assertEquals(found.answers, expected.answers);
        for (const [i, image] of expected.images.entries()) {
          const off = distance(found.images[i]!, image);
          assert(off < 1e-6, `features off by ${off}`);
        }
      });
      await t.step(`${name}, ${registers ? "registers" : "tiled"}: steps of the projector`, async () => {
        const [found, expected] = await both({ trainable: ["projector"] }, async (model) => {
          const rows = [];
          for (const row of of.rows) rows.push({ ...row, images: await encodeImages(model, row.images) });
          const trainer = new Trainer(model, {
            tasks: rows.length,
            steps: 3,
            learningRate: 1e-3,
            frozen: ["vision", "language"],
          });
          for (let step = 0; step < 3; step++) trainer.train([rows], rows.map(() => 1));
          const logs = await trainer.log();
          trainer.destroy();
          return logs.map(({ loss, gradNorm }) => [loss, gradNorm]);
        });
        const off = distance(found.flat(), expected.flat());
        assert(off < 1e-5, `losses and norms off by ${off}`);
        assert(expected.flat().every(Number.isFinite));
      });
    }
  }
  gpu.destroy();
});
