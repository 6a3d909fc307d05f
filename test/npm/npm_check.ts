/**
 * Builds the npm package, installs its file into an empty folder as a user does, and tries it: the paper's numbers in
 * Node, the example of its README, its declarations in a strict TypeScript, a bundle for browsers. Without npm it says so
 * and passes.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script of its own, whose output is read by whoever runs the checks
import { assert, assertAlmostEquals, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import academic from "../../data/paper/weights-academic-7b.json" with { type: "json" };
import chat from "../../data/paper/weights-chat-7b.json" with { type: "json" };
import results from "../../data/paper/results-academic-7b.json" with { type: "json" };
import configuration from "../../deno.json" with { type: "json" };

const ROOT = fromFileUrl(new URL("../..", import.meta.url));
const CONSUMER = join(ROOT, "test/npm/consumer");
const TOOLS = ["typescript@5.9.3", "esbuild@0.28.2"];

/** Runs a command in a folder; what it writes to stdout. */
async function run(folder: string, name: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(name, { args, cwd: folder, stdin: "null" })
    .output();
  const [said, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert(success, `${name} ${args.join(" ")}:\n${said}${errors}`);
  return said!;
}

async function check(folder: string): Promise<void> {
  await run(ROOT, Deno.execPath(), "task", "--quiet", "npm");
  const [file] = JSON.parse(
    await run(ROOT, "npm", "pack", "./dist/npm", "--json", "--pack-destination", folder),
  );
  assertEquals(file.version, configuration.version);
  holds(file.files.map(({ path }: { path: string }) => path));
  console.log(`ok: ${file.filename} of ${Math.round(file.size / 1000)} kB, ${file.files.length} files`);

  await Deno.writeTextFile(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  for (const { name } of Deno.readDirSync(CONSUMER)) {
    await Deno.copyFile(join(CONSUMER, name), join(folder, name));
  }
  for (const name of ["weights-academic-7b", "weights-chat-7b", "results-academic-7b"]) {
    await Deno.copyFile(join(ROOT, `data/paper/${name}.json`), join(folder, `${name}.json`));
  }
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  await run(folder, "npm", "install", ...quiet, `./${file.filename}`, ...TOOLS);

  gold(await run(folder, "node", "gold.mjs"));
  console.log(`ok: the paper's numbers in Node ${(await run(folder, "node", "--version")).trim()}`);
  await example(folder);
  console.log("ok: the README's example");
  const strict = [
    "--noEmit",
    "--strict",
    "--exactOptionalPropertyTypes",
    "--lib",
    "esnext,dom",
    "--target",
    "esnext",
  ];
  for (const [module, resolution] of [["nodenext", "nodenext"], ["esnext", "bundler"]]) {
    const how = ["--module", module!, "--moduleResolution", resolution!];
    await run(folder, "npx", "tsc", ...strict, ...how, "types.ts");
  }
  console.log("ok: the declarations, for Node and for bundlers");
  await bundled(folder);
  console.log("ok: a bundle for browsers, without Node's modules");
}

/** The package holds code, declarations, its README and licence, and no TypeScript sources. */
function holds(paths: string[]): void {
  for (
    const path of ["package.json", "README.md", "LICENSE", "mod.js", "balance.js", "metrics.js", "data.js"]
  ) {
    assert(paths.includes(path), `${path} is missing in the package`);
  }
  const odd = paths.filter((path) => !/(\.js|\.d\.ts)$|^(package\.json|README\.md|LICENSE)$/.test(path));
  assertEquals(odd, []);
}

/** What the consumer's program printed. */
function gold(output: string): void {
  const digits4 = (values: readonly number[]) => values.map((x) => x.toFixed(4));
  const found = JSON.parse(output);
  assertEquals(found.lambda, [digits4(academic.expected.lambda), digits4(chat.expected.lambda)]);
  assertEquals(found.deltas, results.expected);
  assertEquals([found.contributions, found.method], ["contributions", "cotbal"]);
  assertEquals(found.metrics, { exact: 50, cider: 5, iou: 0.5, vqa: 1 });
  assertEquals(found.decoded, "red cube, 赤");
  assertEquals(found.turns, [{ question: "What?", answer: "A cube" }]);
  assertStringIncludes(found.mistake, "expected");
}

/** The README's example runs as it stands there, and gives three weights whose mean is 1. */
async function example(folder: string): Promise<void> {
  const [, code] = (await Deno.readTextFile(join(ROOT, "npm/README.md"))).match(/```js ignore\n([^]*?)```/)!;
  await Deno.writeTextFile(join(folder, "example.mjs"), code!);
  const weights: number[] = JSON.parse(await run(folder, "node", "example.mjs"));
  assertEquals(weights.length, 3);
  assertAlmostEquals(weights.reduce((sum, weight) => sum + weight), 3);
}

/** One file for a browser: nothing is left to import, and it computes the same. */
async function bundled(folder: string): Promise<void> {
  const how = [
    "--bundle",
    "--platform=browser",
    "--format=iife",
    "--outfile=bundle.js",
    "--log-level=warning",
  ];
  await run(folder, "npx", "esbuild", "gold.mjs", ...how, "--metafile=meta.json", "--charset=utf8");
  const meta = JSON.parse(await Deno.readTextFile(join(folder, "meta.json")));
  assertEquals(meta.outputs["bundle.js"].imports, []);
  const code = await Deno.readTextFile(join(folder, "bundle.js"));
  assertEquals(code.match(/["']node:\w+["']/), null);
  assertMatch(code, /contributions/);
  await Deno.rename(join(folder, "bundle.js"), join(folder, "bundle.cjs"));
  gold(await run(folder, "node", "bundle.cjs"));
}

const here = await new Deno.Command("npm", { args: ["--version"], stdout: "null" }).output()
  .then(({ success }) => success, () => false);
if (here) {
  const folder = await Deno.makeTempDir({ prefix: "cotbal-npm-" });
  try {
    await check(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
} else {
  console.log("no npm here: the npm package was not built and installed");
}
