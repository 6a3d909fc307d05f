/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

/**
 * Reads what it is told to, so that a reader that hangs can be ended and one that looks elsewhere is stopped.
 *
 * @module
 */

import { InputError, RunError } from "../../src/errors.ts";
import type { Verdict } from "./reader.ts";
import { READERS } from "./readers.ts";

self.onmessage = async ({ data }: MessageEvent<{ reader: string; folder: string }>) => {
  const reader = READERS.find(({ name }) => name === data.reader)!;
  let verdict: Verdict;
  try {
    await reader.read(data.folder);
    verdict = { kind: "read" };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    verdict = error instanceof InputError || error instanceof RunError
      ? { kind: "refused", message }
      : { kind: "crash", message: error instanceof Error ? error.stack ?? message : message };
  }
  self.postMessage(verdict);
};
self.postMessage("ready");
