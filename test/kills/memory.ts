/**
 * Trains the smallest model for many steps and watches its memory: `deno task test:memory`.
 *
 * Bytes on the device must not change at all. After a tenth of the steps, resident memory must nowhere be more than 5% above
 * what it was at any earlier step; it may fall, when the engine gives back what it no longer needs.
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

/** Most by which resident memory may rise. */
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
  let least = Infinity, rise = 0;
  for (const look of late) {
    least = Math.min(least, look.resident);
    rise = Math.max(rise, look.resident / least - 1);
  }
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
      `${resident.map(mb).join(" to ")} MiB resident, never more than ${
        (100 * rise).toFixed(1)
      }% above an earlier step`,
  );
  if (device[0] !== device[1]) throw new RunError("expected constant bytes on the device");
  if (rise > FLAT) throw new RunError(`expected resident memory to rise by at most ${100 * FLAT}%`);
}, { needed: true });
