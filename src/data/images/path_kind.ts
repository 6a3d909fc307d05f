/**
 * What a path leads to.
 *
 * @module
 */

/**
 * What a path leads to, in words: reading from a pipe or a device may never end.
 *
 * @param info What the system says of it.
 * @returns "a file", or what it is instead.
 */
export function pathKind(info: Deno.FileInfo): string {
  if (info.isFile) return "a file";
  if (info.isDirectory) return "a folder";
  if (info.isFifo) return "a pipe (FIFO)";
  if (info.isSocket) return "a socket";
  return "a device";
}
