/** From pixels to the vision tower's first tokens. @module */
import { gemm } from "./gemm/gemm.ts";
import { type Kernel, line } from "../gpu/kernel.ts";
import type { Tape } from "../autograd/tape.ts";
import { expectShape, type Tensor } from "../autograd/tensor.ts";
import patchesWgsl from "../../kernels/patches.wgsl" with { type: "text" };
import embeddingWgsl from "../../kernels/vision_embedding.wgsl" with { type: "text" };

interface PatchShape {
  count: number;
  channels: number;
  size: number;
  patch: number;
  backward: boolean;
  add: boolean;
}

const cutPatches: Kernel<PatchShape> = {
  name: "cut_patches",
  wgsl: patchesWgsl,
  constants: ({ backward }) => ({ BACKWARD: Number(backward) }),
  bindings: () => ["pixels", "patches"],
  f16: ["patches"],
  params: ({ count, channels, size, patch, add }) => [count, channels, size, patch, Number(add)],
  groups: ({ count }) => line(count, 64),
};

/**
 * Patch embedding: a convolution whose stride is its size.
 *
 * @param pixels [images, channels, size, size]
 * @param weight [width, channels, patch, patch]
 * @returns [images·n, width] with n = (size/patch)² patches in reading order.
 * @throws {Error} If the patch does not divide the image or channels differ.
 */
export function patchEmbedding(tape: Tape, pixels: Tensor, weight: Tensor): Tensor {
  const [images = 0, channels = 0, size = 0] = pixels.shape;
  const [width = 0, , patch = 1] = weight.shape;
  expectShape("patch embedding", "weight", weight.shape, [width, channels, patch, patch]);
  expectShape("patch embedding", "pixels", pixels.shape, [images, channels, size, size]);
  if (size % patch !== 0) {
    throw new Error(`patch embedding: patch ${patch} does not divide image size ${size}`);
  }
  const n = (size / patch) ** 2;
  const inputs = channels * patch * patch;
  const patches = tape.result([images * n, inputs], "patches");
  const shape = { count: patches.size, channels, size, patch, backward: false, add: false };
  tape.dispatch(cutPatches, shape, [pixels, patches]);
  const flat = weight.view([width, inputs]);
  const y = tape.result([images * n, width], "patch embedding");
  gemm(tape, "NT", patches, flat, y);
  if (tape.needsGrad(pixels, weight)) {
    tape.differentiable(y, (dy) => {
      const dw = tape.target(weight);
      if (dw) gemm(tape, "TN", dy, patches, dw.tensor.view([width, inputs]), { add: dw.add });
      const dp = tape.target(pixels);
      if (!dp) return;
      const dPatches = tape.empty([images * n, inputs], "d patches");
      gemm(tape, "NN", dy, flat, dPatches);
      tape.dispatch(cutPatches, { ...shape, backward: true, add: dp.add }, [dp.tensor, dPatches]);
    });
  }
  return y;
}

interface EmbeddingShape {
  images: number;
  n: number;
  width: number;
  pass: "forward" | "patches" | "tables";
}

const visionEmbeddingKernel: Kernel<EmbeddingShape> = {
  name: "vision_embedding",
  wgsl: embeddingWgsl,
  constants: ({ pass }) => ({
    FORWARD: Number(pass === "forward"),
    PATCHES: Number(pass === "patches"),
    TABLES: Number(pass === "tables"),
  }),
  bindings: ({ pass }) =>
    pass === "forward"
      ? ["y", "patches", "cls", "position"]
      : pass === "patches"
      ? ["dy", "d_patches"]
      : ["dy", "d_cls", "d_position"],
  f16: ["y", "patches", "position"],
  params: ({ images, n, width }) => [images, n, width],
  groups: ({ images, n, width, pass }) =>
    line((pass === "forward" ? images * (n + 1) : pass === "patches" ? images * n : n + 1) * width, 64),
};

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
  tape.dispatch(visionEmbeddingKernel, { ...shape, pass: "forward" }, [y, patches, cls, position]);
  if (tape.needsGrad(patches, cls, position)) {
    tape.differentiable(y, (dy) => {
      tape.assign(
        patches,
        (dp) => tape.dispatch(visionEmbeddingKernel, { ...shape, pass: "patches" }, [dy, dp]),
      );
      const dc = tape.target(cls), dt = tape.target(position);
      if (!dc && !dt) return;
      if (!dc?.add || !dt?.add) {
        throw new Error("vision embedding: class token and positions must be parameters, both or none");
      }
      tape.dispatch(visionEmbeddingKernel, { ...shape, pass: "tables" }, [dy, dc.tensor, dt.tensor]);
    });
  }
  return y;
}
