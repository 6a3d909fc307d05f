/**
 * Where this package lies, and its version.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import configuration from "../../deno.json" with { type: "json" };

/** This package's version. */
export const packageVersion: string = configuration.version;

/**
 * A file or folder that ships with the package.
 *
 * @param path Relative to the package's folder.
 * @returns Its path.
 */
export function inPackage(path: string): string {
  return join(fromFileUrl(new URL("../..", import.meta.url)), path);
}
