import { assertEquals } from "@std/assert";
import { formOf } from "../../src/ops/forms.ts";

Deno.test("the form follows the kind of adapter, which tests may set", () => {
  const facts = { isFallbackAdapter: true };
  assertEquals(formOf("attention", { facts }), "registers");
  facts.isFallbackAdapter = false;
  assertEquals(formOf("attention", { facts }), "tiled");
  assertEquals([formOf("gemm", "cpu"), formOf("gemm", "gpu")], ["registers", "tiled"]);
});
