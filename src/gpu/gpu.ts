/**
 * The device: adapter, errors that cannot pass in silence, buffers that are counted, pipelines that are cached.
 *
 * @module
 */
import { AdapterError, RunError } from "../errors.ts";
import { adapterKind } from "./kernel/adapter_kind.ts";
import { cacheKey, type Kernel, kernelSource, variant, WORKGROUP } from "./kernel/kernel.ts";
import { mapLines } from "./kernel/line_map.ts";
import { hasParams } from "./kernel/stored_params.ts";
import type { Profiler } from "./profile/profile.ts";
import { rowBytes, type TexelFormat, TEXELS, type TextureNeed } from "./program/textures.ts";
import { waitFor } from "./under_way.ts";

/** What is known of the adapter. */
export interface AdapterFacts {
  /** Maker, such as "nvidia"; may be empty, as may the next three. */
  vendor: string;
  /** Family, such as "ampere". */
  architecture: string;
  /** Model. */
  device: string;
  /** In words, such as "llvmpipe (LLVM 15.0.6, 256 bits)". */
  description: string;
  /** True for an adapter that runs on the CPU (lavapipe, SwiftShader, WARP). */
  isFallbackAdapter: boolean;
}

/** A compiled kernel. */
export interface Pipeline {
  /** What WebGPU runs; compiled now, if that is still to be done. */
  readonly pipeline: GPUComputePipeline;
  /** Its storage buffers, then one uniform. */
  readonly layout: GPUBindGroupLayout;
}

/** Options of {@linkcode createGpu}. */
export interface GpuOptions {
  /** Which adapter to ask for; default "high-performance". */
  powerPreference?: "low-power" | "high-performance";
}

/** Features that are asked for where the adapter has them: profiling, 16-bit storage. */
const OPTIONAL = ["timestamp-query", "shader-f16"] as const;

const SOFTWARE = /llvmpipe|lavapipe|swiftshader|basic render|software/i;

/**
 * Opens the WebGPU device with the adapter's own limits.
 *
 * @param options Which adapter.
 * @returns The device; call {@linkcode Gpu.destroy} at the end.
 * @throws {AdapterError} If there is no WebGPU adapter.
 *
 * @example Opening and closing
 * ```ts
 * import { createGpu } from "./gpu.ts";
 * const gpu = await createGpu();
 * console.log(gpu.facts.description);
 * gpu.destroy();
 * ```
 */
export async function createGpu(options: GpuOptions = {}): Promise<Gpu> {
  const adapter = await navigator.gpu?.requestAdapter({
    powerPreference: options.powerPreference ?? "high-performance",
  });
  if (!adapter) {
    throw new AdapterError("no WebGPU adapter was found: install a Vulkan driver (see `deno task doctor`)");
  }
  const { limits, info } = adapter;
  const device = await adapter.requestDevice({
    requiredFeatures: OPTIONAL.filter((feature) => adapter.features.has(feature)),
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxTextureDimension2D: limits.maxTextureDimension2D,
      maxStorageBuffersPerShaderStage: Math.min(limits.maxStorageBuffersPerShaderStage, 16),
    },
  });
  const text = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  const fallback = (info as { isFallbackAdapter?: boolean }).isFallbackAdapter;
  return new Gpu(device, {
    vendor: info.vendor,
    architecture: info.architecture,
    device: info.device,
    description: info.description,
    isFallbackAdapter: fallback === true || SOFTWARE.test(text),
  });
}

/** An open WebGPU device; made by {@linkcode createGpu}. */
export class Gpu {
  /** WebGPU's own device. */
  readonly device: GPUDevice;
  /** What is known of the adapter. */
  readonly facts: AdapterFacts;
  /** Most bytes of one storage binding. Larger tensors are handled in pieces; tests lower it. */
  largestBinding: number;
  /** Most bytes of one buffer; tests lower it. */
  largestBuffer: number;
  /** Most elements of an operand that is read through a texture (see textures.ts); tests lower it. */
  largestTexture: number;
  /** The most bytes that were alive at one time; set it to {@linkcode Gpu.liveBytes} to begin anew. */
  peakBytes = 0;
  /**
   * Whether kernels are compiled beside other work, several at a time, from when they are written down; {@linkcode Gpu.compiled}
   * waits for them. Browsers can do that; Deno compiles where it is asked to, whatever is asked for.
   */
  compilesAhead = false;
  /** Times the dispatches of programs while it is set; see {@linkcode profiled}. */
  profiler: Profiler | undefined;
  #liveBytes = 0;
  #failure: Error | undefined;
  #pipelines = new Map<string, Pipeline>();
  #layouts = new Map<string, GPUBindGroupLayout>();
  #compiling = new Set<Promise<void>>();
  #arena: GPUBuffer | undefined;
  readonly #textures: Record<TexelFormat, GPUTexture[]> = { rgba32float: [], rgba16float: [] };
  #closed = false;

  /**
   * Takes over a device; {@linkcode createGpu} opens one.
   *
   * @param device A device of which this object takes charge: its errors are kept and thrown.
   * @param facts Of its adapter.
   */
  constructor(device: GPUDevice, facts: AdapterFacts) {
    this.device = device;
    waitFor(device);
    this.largestBinding = device.limits.maxStorageBufferBindingSize;
    this.largestBuffer = Math.floor(device.limits.maxBufferSize / 16) * 16;
    this.largestTexture = 4 * TEXELS * device.limits.maxTextureDimension2D;
    this.facts = facts;
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.#fail(`WebGPU error: ${(event as GPUUncapturedErrorEvent).error.message}`);
    });
    device.lost.then((lost) => {
      if (this.#closed) return;
      this.#fail(
        `the GPU device was lost (${lost.reason}: ${lost.message}), and all that was on it. A driver that was reset, full ` +
          "memory or a GPU taken away do that: see to it, and go on with --resume",
      );
    });
  }

  /** Bytes of all buffers and textures that are alive. */
  get liveBytes(): number {
    return this.#liveBytes;
  }

  set liveBytes(bytes: number) {
    this.#liveBytes = bytes;
    this.peakBytes = Math.max(this.peakBytes, bytes);
  }

  #fail(message: string) {
    this.#failure ??= new RunError(message);
  }

  /** Throws the first error that the device reported, if any. */
  check() {
    if (this.#failure) throw this.#failure;
  }

  /**
   * Creates a storage buffer, zero-filled.
   *
   * @param bytes Size; rounded up to a multiple of 16.
   * @param label Name for messages.
   * @param usage Default: storage and copies both ways.
   */
  buffer(
    bytes: number,
    label: string,
    usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  ): GPUBuffer {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    if (size > this.largestBuffer) {
      throw new RunError(
        `${label}: a buffer of ${size} bytes is over this adapter's limit of ${this.largestBuffer}; use a smaller batch or model`,
      );
    }
    this.liveBytes += size;
    return this.device.createBuffer({ size, usage, label });
  }

  /** Destroys a buffer made by {@linkcode Gpu.buffer}. */
  release(buffer: GPUBuffer) {
    this.liveBytes -= buffer.size;
    buffer.destroy();
  }

  /** The buffer that holds all programs' intermediate tensors; grows, and its contents last for one run. */
  arena(bytes: number): GPUBuffer {
    if (!this.#arena || this.#arena.size < bytes) {
      if (this.#arena) this.release(this.#arena);
      this.#arena = this.buffer(bytes, "arena");
    }
    return this.#arena;
  }

  /** Invocations a workgroup of kernels that care for no particular number; see {@linkcode Kernel.workgroup}. */
  get workgroup(): number {
    return WORKGROUP[adapterKind(this)];
  }

  /**
   * Textures that operands are copied into, shared by all programs as the arena is.
   *
   * @param needs Formats and heights.
   * @returns One for each, at least as high.
   */
  textures(needs: readonly TextureNeed[]): GPUTexture[] {
    const seen = { rgba32float: 0, rgba16float: 0 };
    return needs.map(({ format, rows }) => {
      const pool = this.#textures[format], i = seen[format]++, old = pool[i];
      if (old && old.height >= rows) return old;
      this.liveBytes += (rows - (old?.height ?? 0)) * rowBytes(format);
      old?.destroy();
      return pool[i] = this.device.createTexture({
        label: `operand ${i}`,
        size: [TEXELS, rows],
        format,
        usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.STORAGE_BINDING,
      });
    });
  }

  /** Bytes of what all programs share and what stays when they are gone: the arena and the textures. */
  get sharedBytes(): number {
    const textures = Object.values(this.#textures).flat();
    const bytes = ({ height, format }: GPUTexture) => height * rowBytes(format as TexelFormat);
    return textures.reduce((sum, texture) => sum + bytes(texture), this.#arena?.size ?? 0);
  }

  /** Waits for all queued work and writes, whose copies in host memory are given back. */
  async settle() {
    this.device.queue.submit([]); // writes wait for the next submit
    await this.device.queue.onSubmittedWorkDone();
    this.check();
  }

  /** Reads bytes back; waits for all queued work. */
  async read(buffer: GPUBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    this.check();
    const size = Math.max(4, Math.ceil(bytes / 4) * 4);
    const staging = this.device.createBuffer({
      size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    try {
      const encoder = this.device.createCommandEncoder();
      encoder.copyBufferToBuffer(buffer, offset, staging, 0, size);
      this.device.queue.submit([encoder.finish()]);
      await this.#mapped(staging);
      this.check();
      return staging.getMappedRange().slice(0, bytes);
    } finally {
      staging.destroy();
    }
  }

  /** Waits until a buffer can be read. */
  async #mapped(buffer: GPUBuffer) {
    try {
      await buffer.mapAsync(GPUMapMode.READ);
    } catch (error) {
      // A device that was lost refuses before it says that it was lost.
      await Promise.race([this.device.lost, new Promise((resolve) => setTimeout(resolve, 100))]);
      this.check();
      const what = error instanceof Error ? error.message : String(error);
      throw new RunError(`the GPU gives nothing back: ${what}. Go on with --resume`, { cause: error });
    }
  }

  /**
   * The compiled pipeline of a kernel for a shape. Errors surface at the next read, with the kernel's name, its shape,
   * and the lines of its files.
   *
   * @param f16 Names of the bindings that hold 16-bit floats.
   */
  pipeline<S>(kernel: Kernel<S>, shape: S, f16: readonly string[] = []): Pipeline {
    const textures = kernel.textures?.(shape) ?? [];
    const kinds = kernel.bindings(shape).map((name) =>
      textures.includes(name)
        ? (f16.includes(name) ? "rgba16float" as const : "rgba32float" as const)
        : "buffer"
    );
    const buffers = kinds.filter((kind) => kind === "buffer").length;
    const stored = adapterKind(this) === "cpu" && hasParams(kernel.wgsl) &&
      buffers < this.device.limits.maxStorageBuffersPerShaderStage;
    const key = cacheKey(kernel, shape, f16, this.workgroup, stored);
    const cached = this.#pipelines.get(key);
    if (cached) return cached;
    const layout = this.#layout(kinds, stored);
    const { code, places } = kernelSource(kernel, shape, f16, this.workgroup, stored);
    const fail = (message: string) =>
      this.#fail(`kernel ${kernel.name} (${variant(kernel, shape)}): ${mapLines(message, places)}`);
    /** Makes something of the device, whose complaints name the kernel. */
    const scoped = <T>(make: () => T): T => {
      this.device.pushErrorScope("validation");
      const made = make();
      this.device.popErrorScope().then((error) => {
        if (error) fail(error.message);
      }, () => {}); // of a lost device nothing can be asked; that it was lost is told apart
      return made;
    };
    const descriptor = scoped(() => ({
      label: kernel.name,
      layout: this.device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: {
        module: this.device.createShaderModule({ code, label: kernel.name }),
        entryPoint: kernel.name,
      },
    }));
    let compiled: GPUComputePipeline | undefined;
    const compile = () => compiled ??= scoped(() => this.device.createComputePipeline(descriptor));
    if (this.compilesAhead) {
      const coming = this.device.createComputePipelineAsync(descriptor)
        .then((pipeline) => void (compiled ??= pipeline), (error: Error) => fail(error.message))
        .finally(() => this.#compiling.delete(coming));
      this.#compiling.add(coming);
    } else compile();
    const made: Pipeline = {
      get pipeline() {
        return compile();
      },
      layout,
    };
    this.#pipelines.set(key, made);
    return made;
  }

  /**
   * Waits for kernels that are compiled beside other work: before a program runs, or it compiles what is not done yet once
   * more.
   *
   * @throws {RunError} The first error that the device reported.
   */
  async compiled() {
    await Promise.all(this.#compiling);
    this.check();
  }

  /** Explicit layout of storage buffers and textures, then the parameters: a uniform, or stored. */
  #layout(kinds: readonly ("buffer" | TexelFormat)[], stored: boolean): GPUBindGroupLayout {
    const key = [...kinds, stored].join(" ");
    let layout = this.#layouts.get(key);
    if (!layout) {
      const visibility = GPUShaderStage.COMPUTE;
      layout = this.device.createBindGroupLayout({
        entries: [
          ...kinds.map((kind, binding) =>
            kind === "buffer"
              ? { binding, visibility, buffer: { type: "storage" as const } }
              : { binding, visibility, storageTexture: { access: "read-only" as const, format: kind } }
          ),
          {
            binding: kinds.length,
            visibility,
            buffer: { type: stored ? "read-only-storage" as const : "uniform" as const },
          },
        ],
      });
      this.#layouts.set(key, layout);
    }
    return layout;
  }

  /** Destroys the device and everything on it. */
  destroy() {
    this.#closed = true;
    this.liveBytes -= this.sharedBytes;
    this.#arena = undefined;
    for (const pool of Object.values(this.#textures)) pool.length = 0;
    this.device.destroy();
  }
}
