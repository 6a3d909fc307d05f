import { assertEquals } from "@std/assert";
import { inOrder } from "../../../src/data/workers/in_order.ts";

Deno.test("inOrder: results and errors in order, no more begun than asked for", async () => {
  let open = 0, most = 0;
  const work = async (n: number) => {
    most = Math.max(most, ++open);
    await new Promise((resolve) => setTimeout(resolve, (7 * n) % 5));
    if (n === 3) throw "three";
    return n;
  };
  const found: unknown[] = [];
  for await (const settled of inOrder([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], work, 4)) {
    found.push("value" in settled ? settled.value : settled.error);
    open--;
  }
  assertEquals(found, [0, 1, 2, "three", 4, 5, 6, 7, 8, 9]);
  assertEquals(most, 4);
});

Deno.test("inOrder: whoever stops early leaves no failure unheard", async () => {
  for await (const settled of inOrder([1, 2, 3], (n) => Promise.reject(n), 3)) {
    assertEquals(settled, { error: 1 });
    break;
  }
});
