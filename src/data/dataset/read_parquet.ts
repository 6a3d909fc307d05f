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
import { walkPages, walkThrift } from "./check_parquet.ts";

/** What a file begins and ends with. */
const SIGN = "PAR1";
/** How much larger than its column's bytes a page may be, unpacked, and how many bytes in any case. */
const UNPACKING = 1024, ROOM = 2 ** 20;

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
  hearAll();
  try {
    const metadata = await inFile(path, async () => {
      walkThrift(file.footer());
      return await parquetMetadataAsync(file.buffer, { geoparquet: false }); // which a wrong number of children would send in circles
    });
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const options = {
        file: file.buffer,
        metadata,
        compressors,
        rowStart,
        rowEnd,
        utf8: false, // bytes without a type are bytes, not texts
      };
      const rows = await inFile(path, async () => {
        for (const { meta_data: column } of group.columns) {
          if (column === undefined) continue;
          const from = Number(column.dictionary_page_offset || column.data_page_offset);
          const bytes = file.bytes(from, from + Number(column.total_compressed_size));
          walkPages(bytes, UNPACKING * bytes.length + ROOM);
        }
        return await parquetReadObjects(options);
      });
      for (const row of rows) yield { value: plain(row) };
      rowStart = rowEnd;
    }
  } finally {
    file.close();
  }
}

let hearing = false;

/**
 * Columns are read at once. Where one fails, the package does not listen to the others any more; their failures, which
 * nobody would hear, would end the process.
 */
function hearAll(): void {
  if (hearing) return;
  hearing = true;
  globalThis.addEventListener("unhandledrejection", (event) => {
    const { reason } = event;
    if (reason instanceof Error && /\/(?:hyparquet|hysnappy|fzstd|fflate)[@/-]/.test(reason.stack ?? "")) {
      event.preventDefault();
    }
  });
}

/** A file as the package reads it: piece by piece. */
function openFile(path: string) {
  const file = Deno.openSync(path);
  const { size } = file.statSync();
  const bytes = (start: number, end = size): Uint8Array<ArrayBuffer> => {
    const [from, to] = [start < 0 ? Math.max(0, size + start) : start, Math.min(end, size)];
    if (!(from >= 0 && to >= from)) throw new RangeError("a place outside of the file");
    const bytes = new Uint8Array(to - from);
    file.seekSync(from, Deno.SeekMode.Start);
    let done = 0;
    for (
      let n: number | null = 0;
      n !== null && done < bytes.length;
      n = file.readSync(bytes.subarray(done))
    ) {
      done += n;
    }
    return bytes;
  };
  return {
    bytes,
    /** What the file says of itself, in front of its length and its sign. */
    footer: () => {
      const end = bytes(-8);
      if (!startsWith(bytes(0, 4), SIGN) || !startsWith(end.subarray(4), SIGN)) {
        throw new RangeError("the file ends early");
      }
      const length = new DataView(end.buffer).getUint32(0, true);
      if (length + 12 > size) throw new RangeError("a footer larger than the file");
      return bytes(size - 8 - length, size - 8);
    },
    close: () => file.close(),
    buffer: {
      byteLength: size,
      // An error here and now would leave others, of pieces asked for before, unheard.
      slice: (start, end) => Promise.resolve().then(() => bytes(start, end).buffer),
    } satisfies AsyncBuffer,
  };
}

/** Whatever the package says against a file is the input's fault. */
async function inFile<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { head } = readFileHead(path, 1024);
    if (!startsWith(head, SIGN)) {
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
