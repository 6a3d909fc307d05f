/**
 * The npm package: the rooms that know neither Deno nor WebGPU, as JavaScript with declarations.
 *
 * @module
 */

import { join } from "@std/path";
import { RunError } from "../../src/errors.ts";
import configuration from "../../deno.json" with { type: "json" };
import { inPackage } from "./package.ts";

/** What turns the sources into JavaScript and into declarations; only this downloads them. */
const TOOLS = { esbuild: "npm:esbuild@0.28.2", tsc: "npm:typescript@5.9.3/tsc" };

/** The package's entries and their sources. */
const ENTRIES = {
  ".": { name: "mod", source: "npm/mod.ts" },
  "./balance": { name: "balance", source: "src/balance/mod.ts" },
  "./data": { name: "data", source: "npm/data.ts" },
  "./metrics": { name: "metrics", source: "src/metrics/mod.ts" },
};

/** What one of deno.json's names stands for on npm. */
interface NpmImport {
  /** Its name in the sources. */
  name: string;
  /** The package. */
  dependency: string;
  /** Its version. */
  version: string;
  /** What JavaScript imports: the package, with a path where only a part is meant. */
  specifier: string;
}

/**
 * Builds the package into an empty folder: JavaScript modules, declarations in `types`, package.json, README and
 * licence.
 *
 * @param folder The folder; it must be there.
 * @returns Names of the packages that it depends on.
 * @throws {RunError} If the sources do not compile without Deno's types, or a tool fails.
 */
export async function buildNpmPackage(folder: string): Promise<string[]> {
  const imports = await npmImports();
  await runTool(TOOLS.tsc, ["-p", inPackage("npm/tsconfig.json"), "--outDir", join(folder, "types")]);
  const metafile = join(folder, "bundle.json");
  await runTool(TOOLS.esbuild, [
    ...Object.values(ENTRIES).map(({ name, source }) => `${name}=${source}`),
    ...["--bundle", "--splitting", "--format=esm", "--platform=neutral", "--target=es2023", "--charset=utf8"],
    ...["--packages=external", "--log-level=warning", `--outdir=${folder}`, `--metafile=${metafile}`],
    ...imports.filter(({ name, specifier }) => name !== specifier)
      .map(({ name, specifier }) => `--alias:${name}=${specifier}`),
  ]);
  const used = packagesUsed(await Deno.readTextFile(metafile));
  await Deno.remove(metafile);
  const dependencies = Object.fromEntries(
    imports.filter(({ dependency }) => used.has(dependency)).map((
      { dependency, version },
    ) => [dependency, version]),
  );
  await Deno.writeTextFile(
    join(folder, "package.json"),
    JSON.stringify(packageJson(dependencies), null, 2) + "\n",
  );
  await Deno.copyFile(inPackage("npm/README.md"), join(folder, "README.md"));
  await Deno.copyFile(inPackage("LICENSE"), join(folder, "LICENSE"));
  return Object.keys(dependencies);
}

/** What package.json says. */
function packageJson(dependencies: Record<string, string>): Record<string, unknown> {
  const exports = Object.entries(ENTRIES).map(([entry, { name, source }]) => [
    entry,
    { types: `./types/${source.replace(/\.ts$/, ".d.ts")}`, default: `./${name}.js` },
  ]);
  return {
    name: "cotbal",
    version: configuration.version,
    description: "Task weights by CoTBal from validation scores, weighting methods, and metrics of answers",
    license: configuration.license,
    type: "module",
    sideEffects: false,
    exports: Object.fromEntries(exports),
    engines: { node: ">=22" },
    dependencies,
  };
}

/** The names of deno.json's import map that lead to npm, by themselves or by a file that hands a package's part on. */
async function npmImports(): Promise<NpmImport[]> {
  const found: NpmImport[] = [];
  for (const [name, target] of Object.entries(configuration.imports)) {
    const text = target.startsWith("./") ? await Deno.readTextFile(inPackage(target)) : `"${target}"`;
    const [, dependency, version, path = ""] = text.match(/"npm:(@?[^@"]+)@([^/"]+)(\/[^"]*)?"/) ?? [];
    if (dependency === undefined || version === undefined) {
      throw new RunError(`deno.json: expected ${name} to lead to a package of npm, found ${target}`);
    }
    found.push({ name, dependency, version, specifier: target.startsWith("./") ? dependency + path : name });
  }
  return found;
}

/** The packages that the JavaScript imports, by esbuild's account. */
function packagesUsed(metafile: string): Set<string> {
  const { outputs } = JSON.parse(metafile) as {
    outputs: Record<string, { imports: { path: string; external?: boolean }[] }>;
  };
  const paths = Object.values(outputs).flatMap(({ imports }) => imports).filter(({ external }) => external)
    .map(({ path }) => path);
  return new Set(paths.map((path) => path.split("/").slice(0, path.startsWith("@") ? 2 : 1).join("/")));
}

/** Runs a command line tool from npm in the package's folder. */
async function runTool(tool: string, args: string[]): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-lock", "--node-modules-dir=none", "--allow-all", tool, ...args],
    cwd: inPackage(""),
    stdin: "null",
  }).output();
  if (success) return;
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim()).join("\n").trim();
  throw new RunError(`${tool} failed on the sources of the npm package:\n${said}`);
}
