// src/report/answering.js: what pages with models run, in one file. It is kept as a copy, so that a run's report needs no
// bundler, no permission to start one, and no time.

import { ROOT } from "./_sources.ts";
import { DENO } from "./permissions.ts";

/** Where the bundle begins, and where it is kept. */
export const ENTRY = "src/page/main.js", BUNDLE = "src/report/answering.js";

/** Bundles src/page anew. */
export async function bundlePage(): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(DENO, {
    args: ["bundle", "--quiet", "--platform", "browser", "--minify", ENTRY],
    cwd: ROOT,
  }).output();
  if (code !== 0) throw new Error(`deno bundle ${ENTRY}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
