/** Where the time of recorded programs goes: every dispatch timed by the device's own clock. @module */
import { InputError } from "../../errors.ts";

/** What is known of a dispatch before it runs. */
export interface TimedDispatch {
  /** Name of the kernel. */
  kernel: string;
  /** The shape in words; dispatches of one kernel and variant are added up. */
  variant: string;
  /** Bytes of all storage bindings: what the dispatch must move if it reads or writes each byte once. */
  bytes: number;
  /** Floating-point operations, where the kernel says. */
  operations: number | undefined;
}

/** All dispatches of one kernel in one variant. */
export interface ProfileRow {
  /** Name of the kernel. */
  kernel: string;
  /** The shape in words. */
  variant: string;
  /** How many there were. */
  dispatches: number;
  /** Time on the device in ms, all dispatches together. */
  ms: number;
  /** Bytes bound, all dispatches together. */
  bytes: number;
  /** Floating-point operations, all dispatches together; null where the kernel does not say. */
  operations: number | null;
}

/** What {@linkcode profiled} finds. */
export interface Profile {
  /** A row for each kernel and variant, the longest time first. */
  rows: ProfileRow[];
  /** Runs of recorded programs. */
  runs: number;
}

/** What {@linkcode profiled} needs of a device; a `Gpu` has it. */
export interface Profiled {
  /** WebGPU's own device. */
  readonly device: GPUDevice;
  /** Times the dispatches of programs while it is set. */
  profiler: Profiler | undefined;
}

/** WebGPU's limit on the queries of a set. */
const MAX_QUERIES = 4096;
const PAIRS = MAX_QUERIES / 2;

/** What the period of the clock is measured over, in ms: twenty times what a wait may be late. */
const CALIBRATION_MS = 200;

interface PendingRun {
  dispatches: readonly TimedDispatch[];
  staging: GPUBuffer;
}

/**
 * Times the dispatches of programs: each runs in a pass of its own that writes the device's clock at both ends.
 * Nothing is read back before {@linkcode Profiler.read}.
 */
export class Profiler {
  readonly #device: GPUDevice;
  readonly #sets: GPUQuerySet[] = []; // used again by every run: the queue keeps runs in order
  #dispatches: TimedDispatch[] = [];
  #pending: PendingRun[] = [];
  #period = 1; // ns a tick

  /**
   * A profiler that has seen nothing yet; {@linkcode profiled} is the usual way to one.
   *
   * @param device A device with the feature `timestamp-query`.
   * @throws {InputError} If the device has no timestamps.
   */
  constructor(device: GPUDevice) {
    checkTimestamps(device);
    this.#device = device;
  }

  /**
   * Compares the device's clock with the host's. WebGPU wants nanoseconds, but implementations hand on the ticks of
   * clocks of 10 ns and more; what is within a third of a nanosecond is taken for one.
   */
  async calibrate() {
    const first = await this.#now();
    await new Promise((done) => setTimeout(done, CALIBRATION_MS));
    const last = await this.#now();
    const period = (last.ms - first.ms) * 1e6 / Number(last.tick - first.tick);
    this.#period = Math.abs(period - 1) < 1 / 3 ? 1 : period;
    if (!(period > 0 && Number.isFinite(period))) {
      throw new InputError(
        "profiling needs a clock on the device, but this adapter's timestamps do not move " +
          `(${first.tick}, then ${last.tick}); leave profiling out or choose another adapter`,
      );
    }
  }

  /** Both clocks, the device's once it has nothing else to do. */
  async #now(): Promise<{ tick: bigint; ms: number }> {
    const encoder = this.#device.createCommandEncoder();
    encoder.beginComputePass(this.time({ kernel: "", variant: "", bytes: 0, operations: 0 })).end();
    this.end(encoder);
    this.#device.queue.submit([encoder.finish()]);
    const ticks = await readTicks(this.#pending.pop()!);
    return { tick: ticks[1]!, ms: performance.now() };
  }

  /** Descriptor of the pass that runs the next dispatch of this run. */
  time(dispatch: TimedDispatch): { timestampWrites: GPUComputePassTimestampWrites } {
    const at = this.#dispatches.push(dispatch) - 1;
    const set = Math.floor(at / PAIRS), first = 2 * (at % PAIRS);
    const querySet = this.#sets[set] ??= this.#device.createQuerySet({
      type: "timestamp",
      count: MAX_QUERIES,
      label: `timestamps ${set}`,
    });
    return {
      timestampWrites: { querySet, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 },
    };
  }

  /** Ends a run: encodes the copy of its timestamps to where the host can read them later. */
  end(encoder: GPUCommandEncoder) {
    const dispatches = this.#dispatches;
    this.#dispatches = [];
    if (dispatches.length === 0) return;
    const size = dispatches.length * 16;
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const resolved = this.#device.createBuffer({
      size,
      usage: QUERY_RESOLVE | COPY_SRC,
      label: "timestamps",
    });
    const staging = this.#device.createBuffer({ size, usage: MAP_READ | COPY_DST, label: "timestamps" });
    for (let at = 0; at < dispatches.length; at += PAIRS) {
      const queries = 2 * Math.min(PAIRS, dispatches.length - at);
      encoder.resolveQuerySet(this.#sets[at / PAIRS]!, 0, queries, resolved, at * 16);
    }
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, size);
    this.#pending.push({ dispatches, staging });
  }

  /** Waits for the runs so far and adds up their times. */
  async read(): Promise<Profile> {
    const pending = this.#pending;
    this.#pending = [];
    const rows = new Map<string, ProfileRow>();
    for (const run of pending) {
      const ticks = await readTicks(run);
      run.dispatches.forEach((dispatch, i) => {
        addDispatch(rows, dispatch, Number(ticks[2 * i + 1]! - ticks[2 * i]!) * this.#period / 1e6);
      });
    }
    return { rows: [...rows.values()].sort((a, b) => b.ms - a.ms), runs: pending.length };
  }

  /** Frees the query sets. */
  destroy() {
    for (const set of this.#sets) set.destroy();
    for (const { staging } of this.#pending) staging.destroy();
    this.#pending = [];
  }
}

/**
 * Looks whether a device can be profiled.
 *
 * @param device The device.
 * @throws {InputError} If it has no timestamps.
 */
export function checkTimestamps({ features }: GPUDevice) {
  if (features.has("timestamp-query")) return;
  throw new InputError(
    "profiling needs the WebGPU feature timestamp-query, which this adapter does not offer; " +
      "leave profiling out or choose another adapter",
  );
}

/** Waits for a run; the clock at beginning and end of each of its dispatches. */
async function readTicks({ staging }: PendingRun): Promise<BigUint64Array> {
  await staging.mapAsync(GPUMapMode.READ);
  const ticks = new BigUint64Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return ticks;
}

function addDispatch(rows: Map<string, ProfileRow>, dispatch: TimedDispatch, ms: number) {
  const { kernel, variant, bytes, operations = null } = dispatch;
  const key = `${kernel} ${variant}`;
  const row = rows.get(key) ?? { kernel, variant, dispatches: 0, ms: 0, bytes: 0, operations: 0 };
  row.dispatches++;
  row.ms += ms;
  row.bytes += bytes;
  row.operations = row.operations === null || operations === null ? null : row.operations + operations;
  rows.set(key, row);
}

/**
 * Profiles every program that runs on a device while `body` runs. Results are the same bits as without; the runs take
 * longer, since each dispatch gets a pass of its own.
 *
 * @param gpu The device.
 * @param body Runs programs; the first run of a program also compiles its kernels, so run it once before.
 * @returns Time, bytes and operations by kernel.
 * @throws {InputError} If the adapter has no timestamps.
 *
 * @example Time of a product
 * ```ts ignore
 * const { rows } = await profiled(gpu, () => program.run());
 * console.log(rows[0].kernel, rows[0].ms);
 * ```
 */
export async function profiled(gpu: Profiled, body: () => void | Promise<void>): Promise<Profile> {
  const profiler = new Profiler(gpu.device);
  try {
    await profiler.calibrate();
    gpu.profiler = profiler;
    try {
      await body();
    } finally {
      gpu.profiler = undefined;
    }
    return await profiler.read();
  } finally {
    profiler.destroy();
  }
}
