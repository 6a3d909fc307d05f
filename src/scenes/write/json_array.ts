/**
 * Writes a JSON array element by element.
 *
 * @module
 */

/**
 * A file that holds a JSON array, as `JSON.stringify(array, undefined, 1)` and a line break would write it, but never
 * more than an element in memory.
 *
 * @example Two elements
 * ```ts
 * import { JsonArrayFile } from "./json_array.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile();
 * const file = await JsonArrayFile.create(path);
 * await file.push({ a: 1 }, [2]);
 * await file.end();
 * assertEquals(await Deno.readTextFile(path), JSON.stringify([{ a: 1 }, [2]], undefined, 1) + "\n");
 * ```
 */
export class JsonArrayFile {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #encoder = new TextEncoder();
  #empty = true;

  private constructor(file: Deno.FsFile) {
    this.#writer = file.writable.getWriter();
  }

  /**
   * Opens the file; what it held is gone.
   *
   * @param path Where to.
   * @returns The file.
   */
  static async create(path: string): Promise<JsonArrayFile> {
    return new JsonArrayFile(await Deno.open(path, { write: true, create: true, truncate: true }));
  }

  /**
   * Adds elements.
   *
   * @param elements The elements.
   */
  async push(...elements: unknown[]): Promise<void> {
    let text = "";
    for (const element of elements) {
      text += this.#empty ? "[\n " : ",\n ";
      // Line feeds inside strings are escaped: every one left is the layout's.
      text += JSON.stringify(element, undefined, 1).replaceAll("\n", "\n ");
      this.#empty = false;
    }
    await this.#writer.write(this.#encoder.encode(text));
  }

  /** Ends the array and closes the file. */
  async end(): Promise<void> {
    await this.#writer.write(this.#encoder.encode(this.#empty ? "[]\n" : "\n]\n"));
    await this.#writer.close();
  }
}
