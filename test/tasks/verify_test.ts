import { assertEquals, assertStringIncludes } from "@std/assert";
import { DENO, needs } from "../house/permissions.ts";
import { fixture } from "../lmm/_case.ts";
import { changeFacts, withCopy } from "../verify/_folder.ts";

const test = needs("run", "read", "write");

/** Runs `deno task verify` as deno.json does, without the shell. */
async function verify(...args: string[]) {
  const flags = ["--quiet", "--allow-read", "--allow-env=DENO_WEBGPU_BACKEND,XDG_RUNTIME_DIR"];
  const { code, stdout, stderr } = await new Deno.Command(DENO, {
    args: ["run", ...flags, "tasks/verify.ts", ...args],
    cwd: new URL("../..", import.meta.url),
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

test("verify prints a line a quantity", async () => {
  const { code, out, err } = await verify(fixture("llava_tied"));
  assertEquals([code, err], [0, ""]);
  const lines = out.trimEnd().split("\n");
  assertEquals(lines.length, 9);
  assertEquals(lines.filter((line) => !line.startsWith("ok")), []);
});

test("verify --json says what differs, and leaves with 1", async () => {
  await withCopy("llava_tied", async (folder) => {
    await changeFacts(folder, (facts) => facts.loss = 3);
    const { code, out, err } = await verify(folder, "--json");
    assertEquals(code, 1);
    const { ok, quantities } = JSON.parse(out);
    assertEquals(
      [ok, quantities.filter((q: { ok: boolean }) => !q.ok).map((q: { name: string }) => q.name)],
      [
        false,
        ["loss"],
      ],
    );
    assertStringIncludes(err, "1 of 9 quantities are past their tolerance: loss");
  });
});

test("verify leaves with 2 on a folder that holds no case", async () => {
  const { code, out, err } = await verify("data/base");
  assertEquals([code, out], [2, ""]);
  assertStringIncludes(err, "data/base/case.json: expected the stored results");
});
