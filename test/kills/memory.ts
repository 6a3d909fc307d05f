/**
 * Trains the smallest model for many steps and watches its memory: `deno task test:memory`.
 *
 * Bytes on the device must not change at all, resident memory must stay within 5% after a tenth of the steps.
 *
 * @module
 */

import { RunError } from "../../src/errors.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import { pretrain } from "../../src/pretrain/pretrain.ts";
import { gpuEngine } from "../../src/train/gpu_engine.ts";
import { command, integer, main } from "../../tasks/lib/cli.ts";

const program = command("test:memory", "Train for many steps: memory must stay flat.")
  .option("--steps <n>", "how many", integer(100), 1000)
  .option("--batch <n>", "sequences a step", integer(1), 4);

/** Most by which resident memory may vary. */
const FLAT = 0.05;

await main(program, async (terminal) => {
  const { steps, batch } = program.opts();
  const folder = await Deno.makeTempDir({ prefix: "memory-" });
  const gpu = await createGpu();
  const looks: { step: number; device: number; resident: number }[] = [];
  try {
    const { signal } = terminal;
    await pretrain(gpuEngine(gpu), { preset: "tiny", out: folder, steps, batch, stateEverySeconds: 2 }, {
      signal,
      progress: ({ step }) => looks.push({ step, device: gpu.liveBytes, resident: Deno.memoryUsage().rss }),
    });
  } finally {
    gpu.destroy();
    await Deno.remove(folder, { recursive: true });
  }
  const late = looks.filter(({ step }) => step > steps / 10);
  const range = (of: (look: typeof looks[number]) => number) => {
    const values = late.map(of);
    return [Math.min(...values), Math.max(...values)] as const;
  };
  const device = range(({ device }) => device), resident = range(({ resident }) => resident);
  const mb = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  const growth = resident[1] / resident[0] - 1;
  const tenth = Math.ceil(late.length / 10);
  terminal.print(
    `resident: ${
      late.filter((_, i) => i % tenth === 0).map(({ step, resident }) => `${step}: ${mb(resident)}`).join(
        ", ",
      )
    }`,
  );
  terminal.print(
    `steps ${late[0]!.step} to ${late.at(-1)!.step}, ${late.length} looks: ${
      device.map(mb).join(" to ")
    } MiB on the device, ` +
      `${resident.map(mb).join(" to ")} MiB resident (${(100 * growth).toFixed(1)}%)`,
  );
  if (device[0] !== device[1]) throw new RunError("expected constant bytes on the device");
  if (growth > FLAT) throw new RunError(`expected resident memory within ${100 * FLAT}%`);
}, { adapter: true });
