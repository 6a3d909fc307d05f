/**
 * The parameters of the LLaVA in the row step: in the order of their seeds, matrices as [inputs, outputs], with the
 * names that Hugging Face gives them.
 *
 * @module
 */
import { uniform } from "./inputs.ts";
import { LLAVA } from "./workload.ts";

/** One parameter. */
export interface LlavaParameter {
  /** Short name, which the peers' code uses. */
  name: string;
  /** Sizes; matrices of linear layers are [inputs, outputs]. */
  shape: readonly number[];
  /** Starting values are even in ±scale, or this constant. */
  init: { scale: number } | { constant: number };
  /** Hugging Face's name. */
  full: string;
  /** Whether Hugging Face stores it as [outputs, inputs]. */
  transposed: boolean;
}

/** All parameters; the one at index i starts from the hash of seed 100 + i. */
export function llavaParameters(): LlavaParameter[] {
  const { vision: v, language: l, image, patch } = LLAVA;
  const all: LlavaParameter[] = [];
  const add = (
    name: string,
    full: string,
    shape: readonly number[],
    init: LlavaParameter["init"],
    transposed = false,
  ) => all.push({ name, shape, init, full, transposed });
  const matrix = (name: string, full: string, inputs: number, outputs: number) =>
    add(name, `${full}.weight`, [inputs, outputs], { scale: 1 / Math.sqrt(inputs) }, true);
  const linear = (name: string, full: string, inputs: number, outputs: number) => {
    matrix(name, full, inputs, outputs);
    add(`${name}b`, `${full}.bias`, [outputs], { constant: 0 });
  };
  const layerNorm = (name: string, full: string) => {
    add(`${name}.w`, `${full}.weight`, [v.width], { constant: 1 });
    add(`${name}.b`, `${full}.bias`, [v.width], { constant: 0 });
  };
  const tower = "vision_tower.vision_model", model = "language_model.model";
  matrix("v.patch", `${tower}.embeddings.patch_embedding`, 3 * patch * patch, v.width);
  add("v.cls", `${tower}.embeddings.class_embedding`, [v.width], { scale: 0.1 });
  const tokens = (image / patch) ** 2 + 1;
  add("v.pos", `${tower}.embeddings.position_embedding.weight`, [tokens, v.width], { scale: 0.1 });
  layerNorm("v.pre", `${tower}.pre_layrnorm`); // Hugging Face's spelling
  for (let i = 0; i < v.layers; i++) {
    const at = `${tower}.encoder.layers.${i}`;
    layerNorm(`v${i}.ln1`, `${at}.layer_norm1`);
    for (const c of "qkv") linear(`v${i}.${c}`, `${at}.self_attn.${c}_proj`, v.width, v.width);
    linear(`v${i}.o`, `${at}.self_attn.out_proj`, v.width, v.width);
    layerNorm(`v${i}.ln2`, `${at}.layer_norm2`);
    linear(`v${i}.fc1`, `${at}.mlp.fc1`, v.width, v.inner);
    linear(`v${i}.fc2`, `${at}.mlp.fc2`, v.inner, v.width);
  }
  linear("p.fc1", "multi_modal_projector.linear_1", v.width, l.width);
  linear("p.fc2", "multi_modal_projector.linear_2", l.width, l.width);
  add("embed", `${model}.embed_tokens.weight`, [l.vocab, l.width], { scale: 0.1 });
  const keys = l.width / l.heads * l.groups;
  const ones = { constant: 1 };
  for (let i = 0; i < l.layers; i++) {
    const at = `${model}.layers.${i}`;
    add(`d${i}.n1`, `${at}.input_layernorm.weight`, [l.width], ones);
    matrix(`d${i}.q`, `${at}.self_attn.q_proj`, l.width, l.width);
    matrix(`d${i}.k`, `${at}.self_attn.k_proj`, l.width, keys);
    matrix(`d${i}.v`, `${at}.self_attn.v_proj`, l.width, keys);
    matrix(`d${i}.o`, `${at}.self_attn.o_proj`, l.width, l.width);
    add(`d${i}.n2`, `${at}.post_attention_layernorm.weight`, [l.width], ones);
    matrix(`d${i}.gate`, `${at}.mlp.gate_proj`, l.width, l.inner);
    matrix(`d${i}.up`, `${at}.mlp.up_proj`, l.width, l.inner);
    matrix(`d${i}.down`, `${at}.mlp.down_proj`, l.inner, l.width);
  }
  add("norm", `${model}.norm.weight`, [l.width], ones);
  matrix("head", "language_model.lm_head", l.width, l.vocab);
  return all;
}

/** Starting values of the parameter at an index, in its own layout. */
export function startValues({ shape, init }: LlavaParameter, index: number): Float32Array<ArrayBuffer> {
  const count = shape.reduce((product, size) => product * size, 1);
  if ("scale" in init) return uniform(100 + index, count, init.scale);
  return new Float32Array(count).fill(init.constant);
}

/** A matrix [rows, columns] as [columns, rows]. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = values[i * columns + j]!;
  }
  return turned;
}
