/**
 * How much of a dataset a page takes.
 *
 * @module
 */

/** Conversations of all tasks that are trained on, about: 75 steps of eight. */
export const TRAINED = 600;

/** Questions of each task whose losses are measured. */
export const HELD = 6;

/** Questions of each task that are shown. */
export const SHOWN = 2;
