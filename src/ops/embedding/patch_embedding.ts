/** From pixels to the vision tower's first tokens. @module */
import { type Kernel, spread } from "../../gpu/kernel/kernel.ts";
import type { Tape } from "../../autograd/tape.ts";
import { expectShape, type Tensor } from "../../autograd/tensor.ts";
import { linear, type LinearEnding } from "../linear.ts";
import cutWgsl from "../../../kernels/cut_patches.wgsl" with { type: "text" };
import forwardWgsl from "../../../kernels/vision_embedding.wgsl" with { type: "text" };
import joinWgsl from "../../../kernels/join_patches.wgsl" with { type: "text" };
import patchesWgsl from "../../../kernels/vision_embedding_patches.wgsl" with { type: "text" };
import tablesWgsl from "../../../kernels/vision_embedding_tables.wgsl" with { type: "text" };

interface PatchShape {
  count: number;
  channels: number;
  size: number;
  patch: number;
  /** Backward: whether to add. */
  add: boolean;
}

function patchKernel(name: string, wgsl: string, bindings: readonly string[]): Kernel<PatchShape> {
  return {
    name,
    wgsl,
    constants: () => ({}),
    bindings: () => bindings,
    f16: ["patches"],
    params: ({ count, channels, size, patch, add }) => [count, channels, size, patch, Number(add)],
    workgroup: () => 64,
    groups: ({ count }, workgroup) => spread(count, workgroup),
  };
}

/** From images to patches. */
export const cutPatches = patchKernel("cut_patches", cutWgsl, ["pixels", "patches"]);
/** Its gradient: from patches to images. */
export const joinPatches = patchKernel("join_patches", joinWgsl, ["d_pixels", "d_patches"]);

/** Patches along a side: the last pixels of a side that fill no patch are left out. */
export function patchesAcross(size: number, patch: number): number {
  return Math.floor(size / patch);
}

/**
 * Patch embedding: a convolution whose stride is its size, without padding.
 *
 * @param pixels [images, channels, size, size]
 * @param weight [width, channels, patch, patch]
 * @param ending A bias [width], and what is added to every patch, [images·n, width], such as its position's embedding.
 * @returns [images·n, width] with n = ⌊size/patch⌋² patches in reading order.
 * @throws {Error} If the patch is larger than the image or channels differ.
 */
export function patchEmbedding(
  tape: Tape,
  pixels: Tensor,
  weight: Tensor,
  ending: Pick<LinearEnding, "bias" | "residual"> = {},
): Tensor {
  const [images = 0, channels = 0, size = 0] = pixels.shape;
  const [width = 0, , patch = 1] = weight.shape;
  expectShape("patch embedding", "weight", weight.shape, [width, channels, patch, patch]);
  expectShape("patch embedding", "pixels", pixels.shape, [images, channels, size, size]);
  if (size < patch) throw new Error(`patch embedding: a patch of ${patch} is larger than the image, ${size}`);
  const n = patchesAcross(size, patch) ** 2;
  const inputs = channels * patch * patch;
  const patches = tape.result([images * n, inputs], "patches");
  const shape = { channels, size, patch, add: false };
  tape.dispatch(cutPatches, { ...shape, count: patches.size }, [pixels, patches]);
  if (tape.needsGrad(pixels)) {
    tape.differentiable(patches, (dPatches) => {
      const dp = tape.target(pixels)!;
      tape.dispatch(joinPatches, { ...shape, count: pixels.size, add: dp.add }, [dp.tensor, dPatches]);
    });
  }
  return linear(tape, patches, weight.view([width, inputs]), ending);
}

interface EmbeddingShape {
  images: number;
  n: number;
  width: number;
}

function embeddingKernel(
  name: string,
  wgsl: string,
  bindings: readonly string[],
  rows: (shape: EmbeddingShape) => number,
): Kernel<EmbeddingShape> {
  return {
    name,
    wgsl,
    constants: () => ({}),
    bindings: () => bindings,
    f16: ["y", "patches", "position"],
    params: ({ images, n, width }) => [images, n, width],
    workgroup: () => 64,
    groups: (shape, workgroup) => spread(rows(shape) * shape.width, workgroup),
  };
}

/** y, of patches, class token and positions. */
export const visionEmbeddingForward = embeddingKernel(
  "vision_embedding",
  forwardWgsl,
  ["y", "patches", "cls", "position"],
  ({ images, n }) => images * (n + 1),
);
/** The gradient of the patches. */
export const visionEmbeddingPatches = embeddingKernel(
  "vision_embedding_patches",
  patchesWgsl,
  ["dy", "d_patches"],
  ({ images, n }) => images * n,
);
/** The gradients of class token and positions. */
export const visionEmbeddingTables = embeddingKernel(
  "vision_embedding_tables",
  tablesWgsl,
  ["dy", "d_cls", "d_position"],
  ({ n }) => n + 1,
);

/**
 * CLIP's vision embedding: class token first, then the patches, plus learnt positions.
 *
 * @param patches [images·n, width]
 * @param cls [width]
 * @param position [n + 1, width]
 * @returns [images·(n + 1), width]
 */
export function visionEmbedding(tape: Tape, patches: Tensor, cls: Tensor, position: Tensor): Tensor {
  const [rows = 0, width = 0] = patches.shape;
  const n = (position.shape[0] ?? 1) - 1;
  const images = rows / n;
  expectShape("vision embedding", "cls", cls.shape, [width]);
  expectShape("vision embedding", "position", position.shape, [n + 1, width]);
  if (!Number.isInteger(images)) {
    throw new Error(`vision embedding: ${rows} patches are not whole images of ${n}`);
  }
  const y = tape.result([images * (n + 1), width], "vision embedding");
  const shape = { images, n, width };
  tape.dispatch(visionEmbeddingForward, shape, [y, patches, cls, position]);
  if (tape.needsGrad(patches, cls, position)) {
    tape.differentiable(y, (dy) => {
      tape.assign(patches, (dp) => tape.dispatch(visionEmbeddingPatches, shape, [dy, dp]));
      const dc = tape.target(cls), dt = tape.target(position);
      if (!dc && !dt) return;
      if (!dc?.add || !dt?.add) {
        throw new Error("vision embedding: class token and positions must be parameters, both or none");
      }
      tape.dispatch(visionEmbeddingTables, shape, [dy, dc.tensor, dt.tensor]);
    });
  }
  return y;
}
