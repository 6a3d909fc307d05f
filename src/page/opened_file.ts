/**
 * Files whose pieces are read where they are needed.
 *
 * @module
 */

/** A file that was opened in a page; a browser's `File` is one. */
export interface OpenedFile {
  /** Its name, without its folder. */
  readonly name: string;
  /** Its bytes. */
  readonly size: number;
  /** A piece, from a byte to another that is not included. */
  slice(from: number, to: number): Pick<Blob, "arrayBuffer">;
}
