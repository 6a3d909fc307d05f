// The last test of all by its name: in a run without permissions its line, "… ignored", is the last that is shown.

import { assertEquals } from "@std/assert";
import { allowed, type Need, needs } from "./house/permissions.ts";

const ALL: Need[] = ["read", "write", "run"];

needs(...ALL)("the tests that read, write or run something as well: deno task test, or deno test -P", () => {
  assertEquals(ALL.filter((need) => !allowed(need)), []);
});
