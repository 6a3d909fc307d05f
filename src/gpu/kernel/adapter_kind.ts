/** The one thing about an adapter that kernels are chosen by. @module */

/**
 * "cpu": a driver that computes on the processor (lavapipe, SwiftShader, WARP), whose loads and barriers are dear;
 * "gpu": anything else.
 */
export type AdapterKind = "cpu" | "gpu";

/**
 * The kind of an adapter: the one place where `isFallbackAdapter` decides anything.
 *
 * @param gpu A device, or what is known of its adapter; tests set `gpu.facts.isFallbackAdapter` to see the other kind.
 */
export function adapterKind(gpu: { readonly facts: { readonly isFallbackAdapter: boolean } }): AdapterKind {
  return gpu.facts.isFallbackAdapter ? "cpu" : "gpu";
}
