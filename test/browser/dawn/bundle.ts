/** Test files as one script for a page, by `deno bundle`. @module */
import { fromFileUrl, join, toFileUrl } from "@std/path";

/** The repository. */
export const ROOT: string = fromFileUrl(new URL("../../../", import.meta.url));

/**
 * Bundles test files. Each is evaluated when the page asks for it, by `cotbal.testsOf(cotbal.FILES[file])`.
 *
 * @param files Paths below the repository.
 * @returns The script, a module.
 */
export async function bundle(files: readonly string[]): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "cotbal-dawn-" });
  const url = (file: string) => JSON.stringify(toFileUrl(join(ROOT, file)).href);
  const loads = files.map((file) => `${JSON.stringify(file)}: () => import(${url(file)})`);
  const entry = [
    `import * as page from ${url("test/browser/dawn/page.ts")};`,
    `globalThis.cotbal = { ...page, FILES: { ${loads.join(", ")} } };`,
  ];
  try {
    await Deno.writeTextFile(`${folder}/entry.ts`, entry.join("\n"));
    const args = ["bundle", "--quiet", "--config", join(ROOT, "deno.json"), "--platform", "browser"];
    args.push("--output", `${folder}/tests.js`, `${folder}/entry.ts`);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
    if (!success) throw new Error(`deno bundle: ${new TextDecoder().decode(stderr)}`);
    return ownUrls(await Deno.readTextFile(`${folder}/tests.js`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Every module's `import.meta.url` as it was before bundling: in a script, the repository is the root. */
function ownUrls(script: string): string {
  let module = "";
  return script.split("\n").map((line) => {
    module = /^\/\/ (\S+\.ts)$/.exec(line)?.[1] ?? module;
    return line.replaceAll("import.meta.url", JSON.stringify(`file:///${module}`));
  }).join("\n");
}
