import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { findAdapter, listAdapters, type ListedAdapter } from "../../../tasks/lib/adapters.ts";

const adapter = (description: string): ListedAdapter => ({
  vendor: "",
  architecture: "",
  device: "",
  description,
  isFallbackAdapter: false,
  powerPreference: "high-performance",
});

Deno.test("adapters are found by index or by a piece of their name, and listed where none fits", () => {
  const all = [adapter("NVIDIA H100"), adapter("NVIDIA T4"), adapter("llvmpipe (LLVM 15)")];
  assertEquals(findAdapter("2", all), all[2]);
  assertEquals(findAdapter("t4", all), all[1]);
  const refused = (wanted: string, message: string) =>
    assertThrows(() => findAdapter(wanted, all), InputError, message);
  refused("3", "found none that fits. WebGPU shows here: 0 NVIDIA H100, 1 NVIDIA T4, 2 llvmpipe (LLVM 15)");
  refused("nvidia", "found 2 that fit");
  refused("radeon", "--adapter radeon: expected the index of an adapter or a name");
});

Deno.test("each adapter is listed once, the one that is taken without a choice first", async () => {
  const listed = await listAdapters((preference) =>
    Promise.resolve(adapter(preference === "low-power" ? "thrifty" : "quick"))
  );
  assertEquals(
    listed.slice(0, 2).map((
      { description, powerPreference, driver },
    ) => [description, powerPreference, driver]),
    [["quick", "high-performance", undefined], ["thrifty", "low-power", undefined]],
  );
  assertEquals(listed.length, 2);
  assertEquals(await listAdapters(() => Promise.resolve(null)), []);
});
