/**
 * States that can be gone back to.
 *
 * @module
 */

/** A state with those before it and those that were undone. */
export class History<T> {
  #past: T[] = [];
  #future: T[] = [];
  #now: T;

  /** @param first The state to begin with. */
  constructor(first: T) {
    this.#now = first;
  }

  /** The present state. */
  get now(): T {
    return this.#now;
  }

  /** Whether there is anything to undo. */
  get undoable(): boolean {
    return this.#past.length > 0;
  }

  /** Whether anything was undone. */
  get redoable(): boolean {
    return this.#future.length > 0;
  }

  /**
   * Goes on to a new state.
   *
   * @param state The state.
   * @param together Whether it takes the place of the present one, as one piece of a longer movement.
   */
  go(state: T, together = false) {
    if (!together) this.#past.push(this.#now);
    this.#now = state;
    this.#future = [];
  }

  /** Goes back by one. */
  undo() {
    const before = this.#past.pop();
    if (before === undefined) return;
    this.#future.push(this.#now);
    this.#now = before;
  }

  /** Takes back the last {@linkcode undo}. */
  redo() {
    const after = this.#future.pop();
    if (after === undefined) return;
    this.#past.push(this.#now);
    this.#now = after;
  }
}
