/** Where files are written, piece by piece: a folder, or memory. @module */

/** Takes files. */
export interface FolderSink {
  /**
   * Writes one file whole.
   *
   * @param name Its name.
   * @param pieces What it holds, in order; the next piece is asked for when the last one is written.
   */
  write(name: string, pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<void>;
}

/** A sink that keeps files in memory. */
export class MemoryFolder implements FolderSink {
  /** The files, by name. */
  readonly files: Map<string, Uint8Array<ArrayBuffer>> = new Map();

  /** Writes one file. */
  async write(name: string, pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<void> {
    const all = await Array.fromAsync(pieces);
    const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of all) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.files.set(name, bytes);
  }
}

/** One piece. */
export async function* once(piece: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  yield await Promise.resolve(piece);
}
