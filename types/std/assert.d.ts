/** Declarations for the assertions of Deno's standard library that this project uses. */

/** A class of errors, abstract or not. */
export type ErrorClass<E extends Error> = abstract new (...args: never[]) => E;

/** What a failed assertion throws. */
export class AssertionError extends Error {
  constructor(message: string, options?: ErrorOptions);
}

/** `expr` is truthy. */
export function assert(expr: unknown, msg?: string): asserts expr;
/** `expr` is falsy. */
export function assertFalse(expr: unknown, msg?: string): void;
/** Deep equality. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void;
/** Deep inequality. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;
/** Equality by `Object.is`. */
export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): asserts actual is T;
/** `|actual - expected| <= tolerance`; the default tolerance is 1e-7 of the expected value. */
export function assertAlmostEquals(actual: number, expected: number, tolerance?: number, msg?: string): void;
/** `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void;
/** `actual >= expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void;
/** `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void;
/** `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void;
/** Neither null nor undefined. */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T>;
/** `actual` is an instance of `expectedType`. */
export function assertInstanceOf<T>(
  actual: unknown,
  expectedType: abstract new (...args: never[]) => T,
  msg?: string,
): asserts actual is T;
/** `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void;
/** Every element of `expected` is in `actual`. */
export function assertArrayIncludes<T>(actual: ArrayLike<T>, expected: ArrayLike<T>, msg?: string): void;
/** `actual` matches `expected`. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void;
/** `actual` does not match `expected`. */
export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void;
/** Every property of `expected` is in `actual` with an equal value, deeply. */
export function assertObjectMatch(actual: object, expected: object, msg?: string): void;
/** `fn` throws; returns what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** `fn` throws an error of this class, with this text in its message; returns the error. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
/** The promise rejects; resolves to what it rejected with. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/** The promise rejects with an error of this class, with this text in its message; resolves to the error. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
/** Always throws. */
export function fail(msg?: string): never;
/** Deep equality as a boolean. */
export function equal(a: unknown, b: unknown): boolean;
