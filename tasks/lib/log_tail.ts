/**
 * How a log ends.
 *
 * @module
 */

/** Bytes from the end that are read. */
const END = 64 * 1024;

/**
 * Reads the last lines of a file.
 *
 * @param path The file.
 * @param count How many.
 * @returns The lines that are not empty; of a line that a bar was drawn in, what it showed last.
 */
export async function logTail(path: string, count: number): Promise<string[]> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  await file.seek(Math.max(0, size - END), Deno.SeekMode.Start);
  const text = await new Response(file.readable).text();
  const lines = text.split("\n").map((line) =>
    line.split("\r").findLast((piece) => piece.trim() !== "") ?? ""
  );
  return count === 0 ? [] : lines.filter((line) => line !== "").slice(-count);
}
