import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { CommanderError } from "commander";
import { AdapterError, InputError, Interrupted, RunError } from "../../../src/errors.ts";
import { DENO, needs } from "../../house/permissions.ts";
import { command, EXIT, exitCode, integer, list, number } from "../../../tasks/lib/cli.ts";

const test = needs("run");

/** Runs a command line of this project, and gives what it wrote. */
async function run(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(DENO, {
    args,
    env,
    stdin: "null",
    cwd: new URL("../../..", import.meta.url),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("every kind of error has its exit code", () => {
  assertEquals(exitCode(new InputError("x")), 2);
  assertEquals(exitCode(new Deno.errors.NotCapable("x")), EXIT.input);
  assertEquals(exitCode(new AdapterError("x")), 3);
  assertEquals(exitCode(new RunError("x")), 1);
  assertEquals(exitCode(new TypeError("x")), 1);
  assertEquals(exitCode(new Interrupted("x")), 130);
  assertEquals(exitCode(new CommanderError(1, "commander.unknownOption", "x")), EXIT.input);
  assertEquals(exitCode(new CommanderError(0, "commander.help", "x")), EXIT.done);
});

Deno.test("integer and number take what lies in their range", () => {
  assertEquals(integer(0)("12"), 12);
  assertEquals(integer()("-3"), -3);
  assertEquals(number(0, 1)("1e-3"), 0.001);
  for (const text of ["", " ", "1.5", "x", "-1", "NaN", "1e400"]) assertThrows(() => integer(0)(text));
  for (const text of ["", "x", "1.01", "-0.1", "Infinity"]) assertThrows(() => number(0, 1)(text));
  assertThrows(() => integer(1, 8)("9"), Error, "Expected an integer from 1 to 8.");
});

Deno.test("list takes names once each", () => {
  assertEquals(list("a, b,,c"), ["a", "b", "c"]);
  assertThrows(() => list(" , "), Error, "one or more names");
  assertThrows(() => list("a,b,a"), Error, "found 'a' twice");
});

Deno.test("a command's flags are parsed with their types", () => {
  const program = command("x", "X.").argument("<folder>").option("--steps <n>", "steps", integer(1), 5);
  program.parse(["here", "--steps", "7"], { from: "user" });
  const folder: string = program.processedArgs[0];
  const steps: number = program.opts().steps;
  assertEquals([folder, steps], ["here", 7]);
});

test("doctor tells a program what it found", async () => {
  const { code, out, err } = await run(["task", "doctor", "--json"]);
  assertEquals(code, 0, err);
  const diagnosis: { loops: { expected: number }; checks: { ok: boolean }[] } = JSON.parse(out);
  assertEquals(diagnosis.loops.expected, 90_000);
  assertEquals(diagnosis.checks.filter((check) => !check.ok), []);
});

test("wrong usage exits with 2 and points to the help", async () => {
  const { code, out, err } = await run(["task", "doctor", "--jsno"]);
  assertEquals([code, out], [2, ""]);
  assertStringIncludes(err, "error: unknown option '--jsno'");
  assertStringIncludes(err, "deno task doctor --help");
});

// The Vulkan loader's variable stands for a machine without a driver.
const NO_DRIVER = {
  VK_DRIVER_FILES: "/nonexistent",
  VK_ICD_FILENAMES: "/nonexistent",
  COTBAL_NO_INSTALL: "1",
};
const testWithoutDriver = Deno.build.os === "linux" ? test : Deno.test.ignore;

testWithoutDriver("without an adapter setup exits with 3 and says what to install", async () => {
  const { code, out, err } = await run(["task", "setup"], NO_DRIVER);
  assertEquals([code, out], [3, ""]);
  assertStringIncludes(err, "no WebGPU adapter was found, and COTBAL_NO_INSTALL=1 forbids installing one");
  assertMatch(err, /apt-get install mesa-vulkan-drivers\n.*dnf install/);
});

testWithoutDriver("without an adapter doctor says so, also as JSON, and exits with 3", async () => {
  const { code, out, err } = await run(["task", "doctor", "--json"], NO_DRIVER);
  assertEquals(code, 3);
  assertStringIncludes(out, '"adapter": null');
  assertStringIncludes(err, "no WebGPU adapter was found");
});

test("a device that hangs keeps nobody: the third signal waits for none", async () => {
  const child = new Deno.Command(DENO, {
    args: ["run", "--no-check", "--allow-read", "--allow-env", new URL("_hung.ts", import.meta.url).pathname],
    stdin: "null",
    stderr: "piped",
  }).spawn();
  const lines = child.stderr.pipeThrough(new TextDecoderStream());
  let said = "";
  const told = Promise.withResolvers<void>();
  const read = (async () => {
    for await (const text of lines) {
      said += text;
      if (said.includes("hangs")) told.resolve();
    }
    told.resolve();
  })();
  await told.promise;
  const pause = () => new Promise((resolve) => setTimeout(resolve, 1200));
  for (let signals = 0; signals < 3; signals++) {
    child.kill("SIGINT");
    if (signals < 2) await pause();
  }
  const { code } = await child.status;
  await read;
  assertEquals(code, EXIT.interrupted);
  assertStringIncludes(said, "stopping at the next good place");
  assertStringIncludes(said, "interrupted");
});
