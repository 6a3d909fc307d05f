/** Declarations for the path functions of Deno's standard library that this project uses. */

/** A path taken apart. */
export interface ParsedPath {
  root: string;
  dir: string;
  base: string;
  ext: string;
  name: string;
}

/** The separator between two parts of a path. */
export const SEPARATOR: "/" | "\\";
/** Joins parts into one normal path. */
export function join(path?: string | URL, ...paths: string[]): string;
/** The path without its last part. */
export function dirname(path: string | URL): string;
/** The last part of the path, without `suffix` where it ends so. */
export function basename(path: string | URL, suffix?: string): string;
/** The extension with its dot, or "". */
export function extname(path: string | URL): string;
/** An absolute path from the right-most absolute part on, or from the working folder. */
export function resolve(...pathSegments: string[]): string;
/** The way from one path to the other. */
export function relative(from: string, to: string): string;
/** Resolves "." and ".." and doubled separators. */
export function normalize(path: string | URL): string;
/** Whether the path starts at a root. */
export function isAbsolute(path: string): boolean;
/** Takes a path apart. */
export function parse(path: string): ParsedPath;
/** The path of a `file:` URL. */
export function fromFileUrl(url: string | URL): string;
/** The `file:` URL of an absolute path. */
export function toFileUrl(path: string): URL;
