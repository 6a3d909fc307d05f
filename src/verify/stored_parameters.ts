/** Stored tensors of parameters beside those of a model. @module */
import { InputError } from "../errors.ts";
import { familyOf } from "../lmm/families/parse_config.ts";
import type { Lmm } from "../lmm/lmm.ts";
import { distance, norm } from "../lmm/distance.ts";
import type { StoredCase } from "./stored_case.ts";

/**
 * Parameters whose exact gradient is 0: softmax does not see what all keys of a query have in common. Where positions
 * turn the keys, as in language models, it does.
 */
const KEY_BIAS = /vision.*k_proj\.bias$/;

/** Below this share of the whole gradient's norm, a parameter's own is what rounding leaves of 0. */
const NOTHING = 1e-9;

/**
 * The stored tensors of every parameter under a prefix, by the model's own names.
 *
 * @param of The case.
 * @param model Its model.
 * @param prefix "grad.", "after1." or "after10.".
 * @throws {InputError} If one is missing or of another size.
 */
export function storedParameters(of: StoredCase, model: Lmm, prefix: string): Map<string, Float32Array> {
  const { plainName } = familyOf(model.config);
  const byName = new Map<string, Float32Array>();
  for (const [name, { values }] of of.tensors) {
    if (name.startsWith(prefix)) byName.set(plainName(name.slice(prefix.length)), values);
  }
  const found = new Map<string, Float32Array>();
  for (const { name, size } of model.parameters.places.values()) {
    const values = byName.get(plainName(name));
    const where = `${of.folder}/case.safetensors: tensor ${prefix}${name}`;
    if (!values) throw new InputError(`${where}: expected ${size} values, found no such tensor`);
    if (values.length !== size) {
      throw new InputError(`${where}: expected ${size} values, found ${values.length}`);
    }
    found.set(name, values);
    byName.delete(plainName(name));
  }
  // What the model leaves out, such as layers behind the last that is read, must not matter.
  for (const [name, values] of byName) {
    if (prefix === "grad." && norm(values) > 0) {
      throw new InputError(
        `${of.folder}/case.safetensors: tensor grad.${name}: expected only parameters of the model that config.json ` +
          "describes, found a gradient of another",
      );
    }
  }
  return found;
}

/**
 * How far each parameter, or its gradient, is from what is stored.
 *
 * @param of The case.
 * @param model Its model.
 * @param all All values, as the model's parameters lie.
 * @param prefix "grad.", "after1." or "after10.".
 * @returns Norm of each difference over the norm of what is stored; where the exact gradient is 0, over that of all
 * parameters together.
 */
export function parameterErrors(
  of: StoredCase,
  model: Lmm,
  all: Float32Array,
  prefix: string,
): { error: number; where: string }[] {
  const expected = storedParameters(of, model, prefix);
  const whole = Math.hypot(...Array.from(expected.values(), norm));
  return Array.from(expected, ([where, values]) => {
    const own = norm(values);
    const scale = KEY_BIAS.test(where) || own < NOTHING * whole ? whole : own;
    return { error: distance(model.parameters.of(all, where), values, scale), where };
  });
}
