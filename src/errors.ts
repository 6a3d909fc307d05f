/**
 * The ways a run can end badly. The lower floors throw these; the command lines turn each into an exit code.
 *
 * @module
 */

/**
 * What was given cannot be used: a wrong flag, a broken file, a dataset with holes. The message names the
 * file, the sample and the task where there is one, says what was expected and what was found, and what to do.
 * Exit code 2.
 *
 * @example An error that names its place
 * ```ts
 * import { InputError } from "./errors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new InputError("vqa_train.json, sample 17: expected an image file, found none: pets/17.png");
 * assertEquals(error.name, "InputError");
 * ```
 */
export class InputError extends Error {
  /** "InputError", so that the kind shows in messages. */
  override readonly name = "InputError";
}

/** There is no WebGPU adapter, so nothing of the model can run. Exit code 3. */
export class AdapterError extends Error {
  /** "AdapterError", so that the kind shows in messages. */
  override readonly name = "AdapterError";
}

/** The run itself failed: a loss that is not finite, a kernel that does not compile, a lost device. Exit code 1. */
export class RunError extends Error {
  /** "RunError", so that the kind shows in messages. */
  override readonly name = "RunError";
}

/** The user stopped the run. What was finished is kept, and the same command goes on from it. Exit code 130. */
export class Interrupted extends Error {
  /** "Interrupted", so that the kind shows in messages. */
  override readonly name = "Interrupted";
}
