// Which tests run without a permission: `deno test` alone runs all that need none (the kernel checks among them) and
// ignores the rest; `deno task test` and `deno test -P` run everything.

/**
 * What a test may need: to read files, to write them (in temporary folders), to run this project's own commands, to serve
 * and ask on loopback.
 */
export type Need = "read" | "write" | "run" | "net";

const granted = (descriptor: Deno.PermissionDescriptor) =>
  Deno.permissions.querySync(descriptor).state === "granted";

/**
 * Deno, as the commands under test are started: this very executable, or, where only the name is allowed
 * (`deno test -P` with the Deno that npm carries), whatever `deno` is on the PATH.
 */
export const DENO: string = granted({ name: "run", command: Deno.execPath() }) ? Deno.execPath() : "deno";

/** Whether this is allowed here. */
export function allowed(need: Need): boolean {
  if (need === "run") return granted({ name: "run", command: DENO });
  return granted(need === "net" ? { name: "net", host: "127.0.0.1" } : { name: need });
}

/** Where `Deno.test` is one that ignores what needs no permission (only_needing.ts): the one that ignores nothing. */
export const NEEDING: unique symbol = Symbol.for("cotbal.needing");

/**
 * What declares tests that need permissions: `Deno.test`, or where one is missing `Deno.test.ignore`.
 *
 *     const test = needs("read", "write");
 *     test("a temporary folder is filled", async () => { … });
 */
export function needs(...all: Need[]): typeof Deno.test.ignore {
  const { [NEEDING]: test = Deno.test } = Deno.test as { [NEEDING]?: typeof Deno.test };
  return all.every(allowed) ? test : Deno.test.ignore;
}
