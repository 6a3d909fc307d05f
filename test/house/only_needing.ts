// Loaded before the tests of the run in .ci/run that has permissions: tests that need none are left to the one beside it
// that has none, so that each runs once. `needs` (permissions.ts) declares by NEEDING what that one cannot run.

import { NEEDING } from "./permissions.ts";

const { test } = Deno;

/** Declares examples of the documentation, which Deno names by an address and which no other run has; ignores the rest. */
function declare(...args: Parameters<typeof test>): void {
  const first: unknown = args[0];
  if (typeof first === "string" && first.startsWith("file://")) test(...args);
  else test.ignore(...args);
}

Object.defineProperty(Deno, "test", { value: Object.assign(declare, test, { [NEEDING]: test }) });
