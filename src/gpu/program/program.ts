/**
 * Record and replay: a computation is written down once as a list of dispatches, given memory by lifetimes,
 * and then replayed with one upload and one submit.
 *
 * @module
 */
import { type Dispatch, type HostValues, makeDispatch } from "./dispatch.ts";
import { type Encodable, encodeRuns, encodeTimedRuns } from "./encode.ts";
import type { Gpu } from "../gpu.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { ALIGNMENT, largestNeed, type Lifetime, planArena } from "./plan.ts";
import type { Slice, Slot } from "./slice.ts";
import { planTextures, rowBytes, type TextureNeed, type TextureUse } from "./textures.ts";

export { overlap, type Slice, type Slot } from "./slice.ts";

interface Input {
  slot: Slot;
  initial: HostArray | undefined;
}

/** Typed arrays that can be uploaded. */
export type HostArray = Float32Array | Int32Array | Uint32Array;

/** What a program takes on the device. */
export interface ProgramNeed {
  /** Bytes of the arena that it uses. */
  arenaBytes: number;
  /** Largest number of arena bytes alive at one time, below which no plan can go. */
  largestNeed: number;
  /** Bytes of inputs, outputs and parameters, which are its own. */
  ownBytes: number;
  /** Bytes of the textures that operands are copied into. */
  textureBytes: number;
}

/** Writes down dispatches; {@linkcode Recording.compile} turns them into a {@linkcode Program}. */
export class Recording {
  /** The device. */
  readonly gpu: Gpu;
  readonly #dispatches: Dispatch[] = [];
  readonly #inputs = new Map<string, Input>();
  readonly #outputs = new Set<Slot>();

  /**
   * An empty recording.
   *
   * @param gpu The device that the program will run on.
   */
  constructor(gpu: Gpu) {
    this.gpu = gpu;
  }

  /** Number of dispatches so far. */
  get length(): number {
    return this.#dispatches.length;
  }

  /** A slot for an intermediate result; its place is found when the program is compiled. */
  slot(bytes: number, label: string): Slot {
    return { label, bytes: Math.max(4, bytes), offset: 0 };
  }

  /**
   * A slot that {@linkcode Program.upload} fills by its name.
   *
   * @param initial What it holds until then; zeros if left out.
   */
  input(name: string, bytes: number, initial?: HostArray): Slot {
    if (this.#inputs.has(name)) throw new Error(`program input "${name}" is declared twice`);
    const slot = this.slot(bytes, name);
    this.#inputs.set(name, { slot, initial });
    return slot;
  }

  /** Keeps an intermediate result readable after the run, in a buffer of its own. */
  output(slot: Slot) {
    if (!slot.buffer) this.#outputs.add(slot);
  }

  /** Writes down one dispatch; `slices` in the order of the kernel's bindings. */
  dispatch<S>(kernel: Kernel<S>, shape: S, slices: readonly Slice[]) {
    this.#dispatches.push(makeDispatch(this.gpu, kernel, shape, slices));
  }

  /** Plans the memory and takes none. */
  need(): ProgramNeed {
    const inputs = [...this.#inputs.values()].map(({ slot }) => slot);
    const own = new Set([...inputs, ...this.#outputs]);
    const { pieces } = lifetimesOf(this.#dispatches, own);
    const bytes = [...own].reduce((sum, slot) => sum + Math.ceil(slot.bytes / ALIGNMENT) * ALIGNMENT, 0);
    const { needs } = planTextures(this.#dispatches);
    return {
      arenaBytes: planArena(pieces).total,
      largestNeed: largestNeed(pieces),
      ownBytes: bytes + paramsWords(this.#dispatches) * 4,
      textureBytes: needs.reduce((sum, { format, rows }) => sum + rows * rowBytes(format), 0),
    };
  }

  /** Plans the memory and makes the program. */
  compile(): Program {
    return new Program(this.gpu, this.#dispatches, this.#inputs, this.#outputs);
  }
}

/** From which dispatch to which every slot is alive that lies in the arena: those without a buffer, and not `apart`. */
function lifetimesOf(
  dispatches: readonly Dispatch[],
  apart: ReadonlySet<Slot> = new Set(),
): { slots: Slot[]; pieces: Lifetime[] } {
  const lifetimes = new Map<Slot, Lifetime>();
  dispatches.forEach(({ slices }, at) => {
    for (const { slot } of slices) {
      if (slot.buffer || apart.has(slot)) continue;
      const life = lifetimes.get(slot);
      if (life) life.last = at;
      else lifetimes.set(slot, { bytes: slot.bytes, first: at, last: at });
    }
  });
  return { slots: [...lifetimes.keys()], pieces: [...lifetimes.values()] };
}

/** Words of the parameters of dispatches: a line of 256 bytes each. */
function paramsWords(dispatches: readonly Dispatch[]): number {
  return Math.max(64, dispatches.length * 64);
}

/** A recorded computation, ready to run again and again. */
export class Program {
  /** The device. */
  readonly gpu: Gpu;
  /** Bytes of the arena that this program uses. */
  readonly arenaBytes: number;
  /** Largest number of arena bytes alive at one time, below which no plan can go. */
  readonly largestNeed: number;
  readonly #dispatches: readonly Dispatch[];
  readonly #inputs: ReadonlyMap<string, Input>;
  readonly #own: GPUBuffer[] = [];
  readonly #outputs: GPUBuffer[] = [];
  readonly #params: GPUBuffer;
  readonly #needs: readonly TextureNeed[];
  readonly #uses: readonly TextureUse[];
  #host = new Uint8Array(0);
  #inputBuffer: GPUBuffer | undefined;
  #bound: Encodable | undefined;

  /**
   * Plans the memory; made by {@linkcode Recording.compile}.
   *
   * @param gpu The device.
   * @param dispatches In order.
   * @param inputs Slots that are filled by name.
   * @param outputs Slots that get buffers of their own.
   */
  constructor(
    gpu: Gpu,
    dispatches: readonly Dispatch[],
    inputs: ReadonlyMap<string, Input>,
    outputs: ReadonlySet<Slot>,
  ) {
    this.gpu = gpu;
    this.#dispatches = dispatches;
    this.#inputs = inputs;
    this.#placeInputs();
    for (const slot of outputs) {
      slot.buffer = gpu.buffer(slot.bytes, slot.label);
      slot.offset = 0;
      this.#own.push(slot.buffer);
      this.#outputs.push(slot.buffer);
    }
    const { slots, pieces } = lifetimesOf(dispatches);
    const { offsets, total } = planArena(pieces);
    slots.forEach((slot, i) => slot.offset = offsets[i]!);
    this.arenaBytes = total;
    this.largestNeed = largestNeed(pieces);
    this.#params = this.#packParams();
    const { needs, uses } = planTextures(dispatches);
    this.#needs = needs;
    this.#uses = uses;
  }

  /** Number of dispatches of one run. */
  get length(): number {
    return this.#dispatches.length;
  }

  #placeInputs() {
    let bytes = 0;
    for (const { slot } of this.#inputs.values()) {
      slot.offset = bytes;
      bytes += Math.ceil(slot.bytes / ALIGNMENT) * ALIGNMENT;
    }
    if (bytes === 0) return;
    this.#inputBuffer = this.gpu.buffer(bytes, "inputs");
    this.#own.push(this.#inputBuffer);
    this.#host = new Uint8Array(bytes);
    for (const { slot, initial } of this.#inputs.values()) {
      slot.buffer = this.#inputBuffer;
      if (initial) {
        this.#host.set(new Uint8Array(initial.buffer, initial.byteOffset, initial.byteLength), slot.offset);
      }
    }
    this.gpu.device.queue.writeBuffer(this.#inputBuffer, 0, this.#host as Uint8Array<ArrayBuffer>);
  }

  /** All dispatches' parameters in one buffer, a 256-byte line each (more where one needs it). */
  #packParams(): GPUBuffer {
    const words = new Uint32Array(paramsWords(this.#dispatches));
    this.#dispatches.forEach(({ params }, i) => {
      params.forEach((word, j) => words[i * 64 + j] = word);
    });
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const buffer = this.gpu.buffer(words.byteLength, "params", usage);
    this.gpu.device.queue.writeBuffer(buffer, 0, words);
    this.#own.push(buffer);
    return buffer;
  }

  /** The program over the present arena and textures; bound again when one of these has grown. */
  #bind(): Encodable {
    const arena = this.gpu.arena(this.arenaBytes);
    const textures = this.gpu.textures(this.#needs);
    const bound = this.#bound;
    if (bound?.arena === arena && textures.every((texture, i) => texture === bound.textures[i])) return bound;
    const views = textures.map((texture) => texture.createView());
    const groups = this.#dispatches.map(({ name, compiled: { layout }, slices, params }, i) =>
      this.gpu.device.createBindGroup({
        label: name,
        layout,
        entries: [
          ...slices.map(({ slot, offset, bytes }, binding) => {
            const texture = this.#uses[i]!.textures[binding];
            if (texture !== undefined) return { binding, resource: views[texture]! };
            const buffer = slot.buffer ?? arena;
            const size = Math.max(16, Math.ceil(bytes / 16) * 16);
            return { binding, resource: { buffer, offset: slot.offset + offset, size } };
          }),
          {
            binding: slices.length,
            resource: {
              buffer: this.#params,
              offset: i * 256,
              size: Math.max(16, Math.ceil(params.length / 4) * 16),
            },
          },
        ],
      })
    );
    return this.#bound = { dispatches: this.#dispatches, groups, uses: this.#uses, textures, arena };
  }

  /**
   * Fills inputs by name, in one write.
   *
   * @param values Arrays for all or some inputs; an input that is not named keeps its last values.
   * @throws {Error} If a name is unknown or an array is longer than its input.
   */
  upload(values: Readonly<Record<string, HostArray>>) {
    for (const [name, array] of Object.entries(values)) {
      const slot = this.#inputs.get(name)?.slot;
      if (!slot) {
        throw new Error(`program has no input "${name}"; it has ${[...this.#inputs.keys()].join(", ")}`);
      }
      if (array.byteLength > slot.bytes) {
        throw new Error(`input "${name}": expected at most ${slot.bytes} bytes, found ${array.byteLength}`);
      }
      this.#host.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), slot.offset);
    }
    if (!this.#inputBuffer) return;
    this.gpu.device.queue.writeBuffer(this.#inputBuffer, 0, this.#host as Uint8Array<ArrayBuffer>);
  }

  /**
   * Fills the arena and the outputs with NaN (queued), for tests: what a following run does not write, or reads
   * before it is written, shows.
   */
  poison() {
    const { queue } = this.gpu.device;
    const nan = new Uint32Array(1 << 18).fill(0x7fc07fc0); // of 32 bits, and twice of 16
    for (const buffer of [this.gpu.arena(this.arenaBytes), ...this.#outputs]) {
      for (let at = 0; at < buffer.size; at += nan.byteLength) {
        queue.writeBuffer(buffer, at, nan, 0, Math.min(nan.byteLength, buffer.size - at) / 4);
      }
    }
  }

  /** Queues one run: one submit, one pass (more where operands are copied into textures), no wait. */
  run(times = 1) {
    this.gpu.check();
    const program = this.#bind();
    const encoder = this.gpu.device.createCommandEncoder();
    const { profiler } = this.gpu;
    if (profiler) encodeTimedRuns(encoder, program, times, profiler, this.#hostValues());
    else encodeRuns(encoder, program, times);
    this.gpu.device.queue.submit([encoder.finish()]);
  }

  /** Looks up what was last uploaded. */
  #hostValues(): HostValues {
    const slots = new Set([...this.#inputs.values()].map(({ slot }) => slot));
    return ({ slot, offset, bytes }) =>
      slots.has(slot) ? new Int32Array(this.#host.buffer, slot.offset + offset, bytes / 4) : undefined;
  }

  /** Frees the program's own buffers (inputs, outputs, parameters). */
  destroy() {
    for (const buffer of this.#own) this.gpu.release(buffer);
    this.#own.length = 0;
  }
}
