/**
 * Parameters in a storage buffer in place of a uniform, for CPU drivers. Mesa's lavapipe writes the values of uniforms
 * that a loop or a condition tests into the shader and compiles it again for each change of buffer, which can take
 * longer than the dispatch; what comes from storage it leaves alone. (A GPU keeps uniforms in a cache of their own.)
 *
 * @module
 */

/** What the entry point begins with then. */
export const PARAMS_LOAD = "\n  p = params;";

const UNIFORM = /var<uniform> p: Params;/;

/** Whether a kernel's source declares its parameters the usual way, as `var<uniform> p: Params`. */
export function hasParams(wgsl: string): boolean {
  return UNIFORM.test(wgsl);
}

/**
 * Turns the uniform `p` into a private variable that the entry point loads from storage first.
 *
 * @param wgsl The source.
 * @param entry Name of the entry point.
 */
export function storeParams(wgsl: string, entry: string): string {
  const declared = wgsl.replace(UNIFORM, "var<storage, read> params: Params; var<private> p: Params;");
  return declared.replace(new RegExp(`fn ${entry}\\([^{]*\\{`), (opening) => opening + PARAMS_LOAD);
}
