// What pages run, in one file each. They are kept as copies, so that a page needs no bundler, no permission to start one,
// and no time.

import { ROOT } from "./_sources.ts";
import { DENO } from "./permissions.ts";

/** A bundle: where it begins, and where it is kept. */
export interface Bundle {
  entry: string;
  kept: string;
  /** The most characters that it may have. */
  most: number;
}

/** What a page with models runs to ask them; what the playground's page and its worker run to train. */
export const BUNDLES: readonly Bundle[] = [
  { entry: "src/page/main.js", kept: "src/report/answering.js", most: 450_000 },
  { entry: "src/play/main.js", kept: "src/play/playing.js", most: 550_000 },
];

/** Bundles anew. */
export async function bundlePage({ entry }: Bundle): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(DENO, {
    args: ["bundle", "--quiet", "--platform", "browser", "--minify", entry],
    cwd: ROOT,
  }).output();
  if (code !== 0) throw new Error(`deno bundle ${entry}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
