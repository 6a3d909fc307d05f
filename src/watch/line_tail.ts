/**
 * A file of lines, followed as it grows.
 *
 * @module
 */

import { statFile } from "../run/stat_file.ts";

/** Bytes that are read at a time. */
const PIECE = 1 << 20;

/** Follows a file of lines: each reading gives what came since the last one. */
export class LineTail {
  readonly #path: string;
  #stamp = "";
  #inode: number | null = null;
  /** Where the last whole line begins, and its bytes: where it is not there any more, the file was cut back. */
  #at = 0;
  #last = new Uint8Array(0);

  /** @param path The file; it need not be there yet. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads the lines that came since.
   *
   * @param line Told of every line that ends, in order.
   * @param anew Told before them where the file is another one, or was cut back: all its lines follow.
   * @returns When the file was last modified, in ms since 1970; undefined if there is none.
   * @throws {InputError} If it is no file, or may not be read.
   */
  async read(line: (text: string) => void, anew: () => void): Promise<number | undefined> {
    let info: Deno.FileInfo;
    try {
      info = await statFile(this.#path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) throw error;
      if (this.#stamp !== "") anew();
      this.#forget();
      return undefined;
    }
    const { mtime, size, ino } = info;
    const stamp = `${mtime?.getTime()} ${size} ${ino}`;
    if (stamp === this.#stamp) return mtime?.getTime();
    using file = await Deno.open(this.#path);
    if (this.#stamp !== "" && (ino !== this.#inode || !await this.#stands(file))) {
      anew();
      this.#forget();
    }
    this.#stamp = stamp;
    this.#inode = ino;
    await this.#follow(file, line);
    return mtime?.getTime();
  }

  #forget() {
    this.#stamp = "";
    this.#at = 0;
    this.#last = new Uint8Array(0);
  }

  /** Whether the last line is where it was; the file is read on behind it. */
  async #stands(file: Deno.FsFile): Promise<boolean> {
    await file.seek(this.#at, Deno.SeekMode.Start);
    const found = new Uint8Array(this.#last.length);
    let length = 0;
    while (length < found.length) {
      const read = await file.read(found.subarray(length));
      if (read === null) return false;
      length += read;
    }
    return found.every((byte, i) => byte === this.#last[i]);
  }

  async #follow(file: Deno.FsFile, line: (text: string) => void) {
    await file.seek(this.#at + this.#last.length, Deno.SeekMode.Start);
    const buffer = new Uint8Array(PIECE);
    const decoder = new TextDecoder();
    let rest = new Uint8Array(0);
    for (;;) {
      const read = await file.read(buffer);
      if (read === null) return;
      const piece = new Uint8Array(rest.length + read);
      piece.set(rest);
      piece.set(buffer.subarray(0, read), rest.length);
      let from = 0;
      for (let end; (end = piece.indexOf(10, from) + 1) > 0; from = end) {
        this.#at += this.#last.length;
        this.#last = piece.slice(from, end);
        line(decoder.decode(piece.subarray(from, end - 1)));
      }
      rest = piece.slice(from);
    }
  }
}
