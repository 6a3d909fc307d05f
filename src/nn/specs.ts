/** Specifications of common parameters: matrices, biases, norms. @module */
import type { Bundle, Init, Spec } from "./parameters.ts";

const zeros: Init = { constant: 0 };
const ones: Init = { constant: 1 };

/**
 * A matrix, [outputs, inputs], from a normal distribution of deviation 1/√inputs.
 *
 * @param name Its name without ".weight".
 * @param scale Multiplies the deviation.
 */
export function matrix(name: string, outputs: number, inputs: number, scale = 1): Spec {
  const init = { normal: scale / Math.sqrt(inputs) };
  return { name: `${name}.weight`, shape: [outputs, inputs], init, linear: true };
}

/** A bias, 0 at the start. */
export function bias(name: string, outputs: number): Spec {
  return { name: `${name}.bias`, shape: [outputs], init: zeros };
}

/** Weight and bias of a norm. */
export function affine(name: string, width: number): Bundle[] {
  return [[scale(name, width)], [bias(name, width)]];
}

/** The weight of a norm, 1 at the start. */
export function scale(name: string, width: number): Spec {
  return { name: `${name}.weight`, shape: [width], init: ones };
}

/** Parameters that a checkpoint has and the loss never reads. */
export function idle(bundles: readonly Bundle[]): Bundle[] {
  return bundles.map((bundle) => bundle.map((spec) => ({ ...spec, idle: true })));
}
