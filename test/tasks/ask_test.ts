import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DENO, needs } from "../house/permissions.ts";

const root = new URL("../..", import.meta.url);
const test = needs("run", "read", "write");

const IMAGE = "test/data/images/fixtures/gray.png";
const OTHER = "test/data/images/fixtures/alpha.png";

/** Runs `deno task ask` as deno.json does, without the shell. */
async function ask(args: string[], input = "") {
  const flags = ["--quiet", "--allow-read", "--allow-env=DENO_WEBGPU_BACKEND,XDG_RUNTIME_DIR"];
  const child = new Deno.Command(DENO, {
    args: ["run", ...flags, "tasks/ask.ts", ...args],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error; // it ended before it read
  }
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

test("ask: one question about one image, as text and as JSON", async () => {
  const plain = await ask([IMAGE, "what is it?", "--stats"]);
  assertEquals(plain.code, 0, plain.err);
  assertStringIncludes(plain.err, "prompt 24 tokens (16 of images, 0 known before) · first token after ");
  const { code, out, err } = await ask([IMAGE, "what is it?", "--json"]);
  assertEquals([code, err.includes("tokens/s")], [0, false]);
  const said = JSON.parse(out);
  assertEquals(plain.out, `${said.answer}\n`);
  assertEquals(
    [said.image, said.images, said.question, said.promptTokens, said.imageTokens, "seconds" in said],
    [IMAGE, [IMAGE], "what is it?", 24, 16, false],
  );
  assertEquals([said.ended, said.stop], said.tokens < 64 ? ["stop", 2] : ["length", undefined]);
});

test("ask: several images, none, an answer that is cut", async () => {
  const two = await ask([IMAGE, OTHER, "which?", "--max-tokens", "3", "--json"]);
  assertEquals(two.code, 0, two.err);
  const said = JSON.parse(two.out);
  assertEquals([said.image, said.images.length, said.imageTokens], [undefined, 2, 32]);
  assertEquals([said.tokens, said.ended], [3, "length"]);
  assertStringIncludes(
    two.err,
    "warning: the answer was cut after 3 tokens; --max-tokens allows longer ones",
  );
  const none = await ask(["which?", "--temperature", "1", "--top-k", "9", "--repetition-penalty", "1.2"]);
  assertEquals(none.code, 0, none.err);
  assert(none.out.length > 1);
});

test("ask --chat: a conversation by lines, images on the way", async () => {
  const input = `what is it?\n\n/image ${OTHER}\nand now?\n/quit\nnever asked\n`;
  const chat = ["--chat", IMAGE, "--max-tokens", "6"];
  const { code, out, err } = await ask([...chat, "--stats"], input);
  assertEquals(code, 0, err);
  const json = await ask([...chat, "--json"], input);
  const said = JSON.parse(json.out);
  assertEquals(said.images, [IMAGE, OTHER]);
  const turns = said.turns as { question: string; answer: string; imageTokens: number }[];
  assertEquals(turns.map(({ question, imageTokens }) => [question, imageTokens]), [
    ["what is it?", 16],
    ["and now?", 32],
  ]);
  assertEquals(out, turns.map(({ answer }) => `${answer}\n`).join(""));
  assertStringIncludes(err, "(32 of images, 29 known before)");
  const alone = await ask([IMAGE, "what is it?", "--max-tokens", "6"]);
  assertEquals(alone.out, `${turns[0]!.answer}\n`);
});

test("ask: what cannot be answered is said, with exit code 2", async () => {
  const wrong: [string[], string, string][] = [
    [[], "", "error: expected a question, found none; --chat reads questions"],
    [["none.png", "what?"], "", "error: none.png: "],
    [["--chat", "none.png"], "", "error: none.png: "],
    [["--chat"], "/what\n", "error: /what: expected /image PATH, /quit or a question"],
    [["--chat"], "/image\n", "error: /image: expected the path of an image after it, found none"],
    [["what?", "--top-p", "2"], "", "Expected a number from 0 to 1."],
  ];
  for (const [args, input, message] of wrong) {
    const { code, out, err } = await ask(args, input);
    assertEquals([code, out], [2, ""], args.join(" "));
    assertStringIncludes(err, message);
  }
});
