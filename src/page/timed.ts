/**
 * What takes how long in a page.
 *
 * @module
 */

/** What the page's own measurements are called begins with this. */
export const TIMED = "cotbal: ";

/**
 * Measures work; the browser's tools for developers show it, and `performance.getEntriesByType("measure")`.
 *
 * @param name What it is called.
 * @param work The work.
 * @returns What the work gave.
 */
export async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    performance.measure(`${TIMED}${name}`, { start, end: performance.now() });
  }
}
