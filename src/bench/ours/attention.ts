/** Our attention, forward and backward. @module */
import { Tape } from "../../autograd/tape.ts";
import { Tensor } from "../../autograd/tensor.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import { spans } from "../../lmm/spans.ts";
import { attention } from "../../ops/attention/attention.ts";
import type { Contestant } from "../contestant.ts";
import { uniform } from "../workloads/inputs.ts";
import type { AttentionWorkload } from "../workloads/workload.ts";
import { recorded } from "./recorded.ts";

/** Prepares attention; queries, keys and values of a token lie in one row, as in the model. */
export function prepareAttention(gpu: Gpu, w: AttentionWorkload): Contestant {
  const { b, h, t, d } = w;
  const rows = b * t, count = rows * h * d;
  const packed = new Float32Array(3 * count);
  for (let part = 0; part < 3; part++) move(w, uniform(4 + part, count), packed, 3, part, "pack");
  const turned = new Float32Array(count);
  move(w, uniform(7, count), turned, 1, 0, "pack");
  const qkv = Tensor.of(gpu, [rows, 3 * h * d], packed);
  const dO = Tensor.of(gpu, [rows, h * d], turned);
  qkv.requiresGrad = true;
  const tape = new Tape(gpu);
  const span = tape.constant(spans(new Array<number>(b).fill(t), rows), [rows, 2]);
  const o = attention(tape, qkv, span, { heads: h, groups: h, headSize: d }, true);
  tape.backward(o, dO);
  return recorded(tape, {
    outputs: { o, dqkv: tape.gradient(qkv)! },
    owned: [qkv, dO],
    arrange({ o, dqkv }) {
      const unpack = (from: Float32Array, parts: number, part: number) => {
        const values = new Float32Array(count);
        move(w, values, from, parts, part, "unpack");
        return values;
      };
      return {
        o: unpack(o!, 1, 0),
        dq: unpack(dqkv!, 3, 0),
        dk: unpack(dqkv!, 3, 1),
        dv: unpack(dqkv!, 3, 2),
      };
    },
  });
}

/** Moves `apart` [b, h, t, d] into, or out of, one of the parts of `packed` [b·t, parts, h, d]. */
function move(
  { b, h, t, d }: AttentionWorkload,
  apart: Float32Array,
  packed: Float32Array,
  parts: number,
  part: number,
  way: "pack" | "unpack",
) {
  for (let i = 0; i < b * h * t; i++) {
    const row = i % t, head = Math.floor(i / t) % h, sequence = Math.floor(i / t / h);
    const at = (((sequence * t + row) * parts + part) * h + head) * d;
    if (way === "pack") packed.set(apart.subarray(i * d, (i + 1) * d), at);
    else apart.set(packed.subarray(at, at + d), i * d);
  }
}
