/**
 * The samples of Parquet files, the form in which datasets lie on the Hugging Face Hub.
 *
 * @module
 */

import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { InputError } from "../../errors.ts";
import { readFileHead } from "../images/file_head.ts";
import { describeKind } from "../images/file_kind.ts";

/** Whether a file is one, by its name. */
export function isParquet(path: string): boolean {
  return /\.parquet$/i.test(path);
}

/**
 * Reads the rows of a Parquet file, group by group: no more than one group is in memory.
 *
 * @param path The file.
 * @returns The rows, in order, as objects: pictures are `{bytes, path}`, whole numbers are numbers.
 * @throws {InputError} If it is missing or cannot be read.
 */
export async function* readParquet(path: string): AsyncGenerator<{ value: unknown }> {
  const file = openFile(path);
  try {
    const metadata = await inFile(path, () => parquetMetadataAsync(file.buffer));
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const rows = await inFile(path, () =>
        parquetReadObjects({
          file: file.buffer,
          metadata,
          compressors,
          rowStart,
          rowEnd,
          utf8: false, // bytes without a type are bytes, not texts
        }));
      for (const row of rows) yield { value: plain(row) };
      rowStart = rowEnd;
    }
  } finally {
    file.close();
  }
}

/** A file as the package reads it: piece by piece. */
function openFile(path: string): { buffer: AsyncBuffer; close: () => void } {
  const file = Deno.openSync(path);
  const { size } = file.statSync();
  return {
    close: () => file.close(),
    buffer: {
      byteLength: size,
      slice(start, end = size) {
        const [from, to] = [start < 0 ? Math.max(0, size + start) : start, Math.min(end, size)];
        const bytes = new Uint8Array(Math.max(0, to - from));
        file.seekSync(from, Deno.SeekMode.Start);
        let done = 0;
        for (
          let n: number | null = 0;
          n !== null && done < bytes.length;
          n = file.readSync(bytes.subarray(done))
        ) {
          done += n;
        }
        return bytes.buffer;
      },
    },
  };
}

/** Whatever the package says against a file is the input's fault. */
async function inFile<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { head } = readFileHead(path, 1024);
    if (!startsWith(head, "PAR1")) {
      const { found, todo } = describeKind(head);
      throw new InputError(`${path}: expected a Parquet file, found ${found}; ${todo}`);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(
      `${path}: expected a Parquet file, found one that cannot be read (${reason}); fetch it again`,
    );
  }
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((c, i) => bytes[i] === c.charCodeAt(0));
}

/** A value with numbers where the file has 64-bit ones. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof Date) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
