/**
 * Many things at once, their results one after the other.
 *
 * @module
 */

/** What came of an item: a value, or what was thrown. */
export type Settled<T> = { value: T } | { error: unknown };

/**
 * Begins work on the next items while the first ones are being used.
 *
 * @param items The items.
 * @param work What is done with each.
 * @param ahead Items that are under way or done and not yet taken, at most; at least 1.
 * @returns What came of each item, in their order; nothing is thrown.
 *
 * @example Three at a time
 * ```ts
 * import { inOrder } from "./in_order.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const found = [];
 * for await (const settled of inOrder([1, 2, 3, 4], (n) => Promise.resolve(n * n), 3)) found.push(settled);
 * assertEquals(found, [{ value: 1 }, { value: 4 }, { value: 9 }, { value: 16 }]);
 * ```
 */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
  ahead: number,
): AsyncGenerator<Settled<R>> {
  const begun: Promise<Settled<R>>[] = [];
  for (const item of items) {
    begun.push(work(item).then((value) => ({ value }), (error) => ({ error })));
    if (begun.length >= ahead) yield await begun.shift()!;
  }
  for (const settled of begun) yield await settled;
}
