/**
 * Giving back what no `destroy` gives back.
 *
 * @module
 */

/**
 * Collects what JavaScript no longer holds, where the process was started with `--v8-flags=--expose-gc` (the tasks that
 * train are); else nothing happens.
 *
 * A bind group, a pipeline or a mapped range has no `destroy`: the driver keeps its memory until the object in front of it
 * is collected. That object is small, so that an engine with a heap of ten megabytes sees no reason to look for it.
 */
export function collect() {
  (globalThis as { gc?: () => void }).gc?.();
}
