import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { DENO, needs } from "../house/permissions.ts";
import { fixture } from "../lmm/_case.ts";
import { fakeFolder } from "../tune/fake_data.ts";

const test = needs("run", "read", "write");

/** Runs `deno task show` as deno.json does, without the shell. */
async function show(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(DENO, {
    args: ["run", "--quiet", "--allow-read", "--allow-write", "tasks/show.ts", ...args],
    cwd: new URL("../..", import.meta.url),
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

test("show prints what a model gets, needs no adapter, and writes JSON", async () => {
  const folder = await fakeFolder();
  try {
    const args = [join(folder, "data"), "--checkpoint", fixture("chat_smolvlm"), "--limit", "1"];
    const { code, out, err } = await show(...args);
    assertEquals([code, err], [0, "laid out by the template in chat_template.jinja\n"]);
    assertStringIncludes(out, "1 tile, 4 image tokens");
    assertStringIncludes(out, "<global-img>·{<image> × 4}·<fake_token_around_image>");
    assertStringIncludes(out, "<end_of_utterance>]]");

    const json = await show(...args, "--json");
    assertEquals([json.code, json.err], [0, ""]);
    const { layout, samples } = JSON.parse(json.out);
    assertEquals(layout, "the template in chat_template.jinja");
    const [{ tokens, runs }] = samples;
    const shown = runs as { kind: string; trained: boolean; tokens: string[] }[];
    assertEquals(shown.flatMap((run) => run.tokens).length, tokens.all);
    assertEquals(shown.filter((run) => run.trained).flatMap((run) => run.tokens).length, tokens.trained);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("show --id: a name that is not there", async () => {
  const folder = await fakeFolder();
  try {
    const data = join(folder, "data");
    const { code, err } = await show(data, "--checkpoint", join(folder, "base"), "--id", "nobody");
    assertEquals(code, 2);
    assertStringIncludes(err, `--id: expected a sample of ${data} (train), found none called nobody`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
