import { assert, assertEquals } from "@std/assert";
import { type Adapter, type Choice, select } from "../../../src/ops/gemm/select.ts";

/** An adapter with what every WebGPU device grants. */
function adapter(
  options: { software?: boolean; invocations?: number; memory?: number; largestBinding?: number } = {},
): Adapter {
  const { software = false, invocations = 256, memory = 16_384, largestBinding = 1 << 27 } = options;
  return {
    facts: { isFallbackAdapter: software },
    device: {
      limits: { maxComputeInvocationsPerWorkgroup: invocations, maxComputeWorkgroupStorageSize: memory },
    },
    largestBinding,
  };
}

function choose(m: number, n: number, k: number, options?: Parameters<typeof adapter>[0]): Choice {
  return select(adapter(options), { m, n, k });
}

Deno.test("CPU drivers compute in registers, whatever the shape", () => {
  for (const size of [1, 64, 4096]) {
    assertEquals(choose(size, size, size, { software: true }), { form: "registers" });
  }
});

Deno.test("GPUs: the largest tile that makes enough workgroups", () => {
  assertEquals(choose(4096, 4096, 4096), { form: "tiled", side: 128, splits: 1 });
  assertEquals(choose(1024, 1024, 1024), { form: "tiled", side: 64, splits: 1 });
  assertEquals(choose(512, 512, 512), { form: "tiled", side: 32, splits: 1 });
  assertEquals(choose(1, 1, 1), { form: "tiled", side: 32, splits: 1 });
});

Deno.test("GPUs: few rows do not take a tile of many", () => {
  for (const [m, n] of [[1, 4096], [32, 32_000], [32_000, 8]] as const) {
    const choice = choose(m, n, 1024);
    assert(choice.form === "tiled");
    assertEquals(choice.side, 32);
  }
});

Deno.test("few rows and a matrix so large that reading it takes the time", () => {
  const sizes = { m: 1, n: 49_152, k: 576, layout: "NT" } as const;
  for (const software of [true, false]) {
    const chosen = (other: Partial<Parameters<typeof select>[1]>) =>
      select(adapter({ software }), { ...sizes, ...other }).form;
    assertEquals([1, 2, 4].map((m) => chosen({ m })), ["gemv", "gemv", "gemv"]);
    const others = [{ m: 5 }, { layout: "NN" as const }, { n: 64 }, { k: 577 }, { k: 1 << 17 }];
    assert(others.every((other) => chosen(other) !== "gemv"));
  }
});

Deno.test("GPUs: a long inner size is divided where the output has few tiles", () => {
  assertEquals(choose(512, 512, 8192), { form: "tiled", side: 128, splits: 16 });
  assertEquals(choose(96, 96, 40_960), { form: "tiled", side: 32, splits: 29 });
  assertEquals(choose(4, 4, 256), { form: "tiled", side: 32, splits: 1 });
  assertEquals(choose(4, 4, 520), { form: "tiled", side: 32, splits: 2 });
});

Deno.test("partial products stay within one binding", () => {
  for (const [m, n, k] of [[512, 512, 1 << 20], [64, 100, 1 << 20], [1000, 3000, 8192]] as const) {
    for (const largestBinding of [1 << 20, 1 << 24, 1 << 27]) {
      const choice = choose(m, n, k, { largestBinding });
      assert(choice.form === "tiled");
      assert(choice.splits === 1 || choice.splits * m * n * 4 <= largestBinding);
    }
  }
});

Deno.test("GPUs: no tile that the device does not grant", () => {
  assertEquals(choose(4096, 4096, 64, { invocations: 128 }), { form: "tiled", side: 64, splits: 1 });
  assertEquals(choose(4096, 4096, 64, { memory: 8192 }), { form: "tiled", side: 64, splits: 1 });
  assertEquals(choose(4096, 4096, 64, { memory: 4096 }), { form: "tiled", side: 32, splits: 1 });
  assertEquals(choose(4096, 4096, 64, { memory: 2048 }), { form: "registers" });
});
