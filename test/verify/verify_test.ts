// A stored case passes as it is, and fails by name when one of its results is another.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import type { Quantity } from "../../src/verify/measure.ts";
import { verify } from "../../src/verify/verify.ts";
import { fixture } from "../lmm/_case.ts";
import { needs } from "../house/permissions.ts";
import { changeFacts, changeTensors, withCopy } from "./_folder.ts";

const test = needs("read", "write");
const MODEL = [
  "logits",
  "token losses",
  "greedy tokens",
  "loss",
  "gradients",
  "parameters after a step",
  "losses of all steps",
  "gradient norms",
  "parameters after ten steps",
];

test("verify", async (t) => {
  const gpu = await createGpu();
  const failed = (found: Quantity[]) => found.filter(({ ok }) => !ok);

  await t.step("a stored case passes, and each quantity is told as it is found", async () => {
    const told: Quantity[] = [];
    const found = await verify(gpu, fixture("llava_tied"), { report: (quantity) => told.push(quantity) });
    assertEquals(found.map(({ name }) => name), MODEL);
    assertEquals(told, found);
    assertEquals(failed(found), []);
    const strict = await verify(gpu, fixture("llava_tied"), { factor: 0 });
    assertEquals(failed(strict).map(({ name }) => name), MODEL.filter((name) => name !== "greedy tokens"));
  });

  await t.step("what differs is named, with its place", async () => {
    await withCopy("llava_tied", async (folder) => {
      await changeTensors(join(folder, "case.safetensors"), (tensors) => {
        const logits = tensors.get("logits")!; // [3, 20, 53]
        logits.values[(20 + 3) * 53 + 7]! += 1;
        tensors.get("grad.model.multi_modal_projector.linear_1.bias")!.values[2]! += 1;
      });
      await changeFacts(folder, (facts) => {
        facts.losses[4]! *= 1.001;
        facts.greedy[2]![5] = 52;
      });
      const wrong = failed(await verify(gpu, folder));
      assertEquals(wrong.map(({ name, where }) => [name, where]), [
        ["logits", "row 1, token 3, id 7"],
        ["greedy tokens", wrong[1]!.where],
        ["gradients", "multi_modal_projector.linear_1.bias"],
        ["losses of all steps", "step 5"],
      ]);
      assert(wrong[1]!.where.startsWith("row 2, token 5: expected 52, found "), wrong[1]!.where);
      assertEquals(wrong[1]!.error, 1);
    });
  });

  await t.step("a case without steps is checked up to its gradients", async () => {
    await withCopy("llava_tied", async (folder) => {
      await changeFacts(folder, (facts) => facts.losses = facts.gradNorms = facts.rates = []);
      const found = await verify(gpu, folder);
      assertEquals(found.map(({ name }) => name), MODEL.slice(0, 5));
      assertEquals(failed(found), []);
    });
  });

  await t.step("missing tensors and those of other models are refused by name", async () => {
    await withCopy("llava_tied", async (folder) => {
      await changeTensors(join(folder, "case.safetensors"), (tensors) => {
        tensors.set("grad.model.other.weight", { shape: [1], values: Float32Array.of(1) });
      });
      await assertRejects(
        () => verify(gpu, folder),
        InputError,
        "tensor grad.model.other.weight: expected only",
      );
      await changeTensors(join(folder, "case.safetensors"), (tensors) => {
        tensors.delete("grad.model.other.weight");
        tensors.delete("grad.model.multi_modal_projector.linear_2.bias");
      });
      await assertRejects(
        () => verify(gpu, folder),
        InputError,
        "tensor grad.multi_modal_projector.linear_2.bias: expected 33 values, found no such tensor",
      );
    });
  });

  await t.step("an adapter is refused by name", async () => {
    await withCopy("llava_tied", async (folder) => {
      await Deno.mkdir(join(folder, "adapter"));
      await assertRejects(
        () => verify(gpu, folder),
        InputError,
        `${join(folder, "adapter")}: expected a case`,
      );
    });
  });

  gpu.destroy();
  assertEquals(gpu.liveBytes, 0);
});
