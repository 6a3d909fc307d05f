import { dirname, join } from "@std/path";
import configuration from "../deno.json" with { type: "json" };
import { RunError } from "../src/errors.ts";
import { buildSite } from "../src/site/build_site.ts";
import { brokenLinks } from "../src/site/links.ts";
import type { BuiltPage } from "../src/site/pages.ts";
import { command, main } from "./lib/cli.ts";
import { inPackage } from "./lib/package.ts";

const FOLDER = inPackage("site");

/** What belongs to the site and is not made from Markdown; `build` writes it to where its path says. */
const BUILT: (BuiltPage & { build: () => Promise<void> })[] = [
  { name: "API", path: "api/index.html", build: apiPages },
];

const program = command(
  "docs",
  "Make the documentation's pages, the API among them, in site/, for any static host.",
);

await main(program, async (terminal) => {
  await Deno.remove(FOLDER, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  const { texts, pictures } = await buildSite(inPackage(""), BUILT);
  for (const [path, text] of texts) await Deno.writeTextFile(await place(path), text);
  for (const [path, file] of pictures) await Deno.copyFile(file, await place(path));
  for (const { build } of BUILT) await build();
  const pages = new Map([...texts].filter(([path]) => path.endsWith(".html")));
  const broken = brokenLinks(pages, exists);
  if (broken.length > 0) throw new RunError(`links that lead nowhere:\n${broken.join("\n")}`);
  terminal.say(`${pages.size} pages and the API; open ${join(FOLDER, "index.html")}`);
  terminal.print(FOLDER);
});

/** Where a file of the site is written; its folder is there. */
async function place(path: string): Promise<string> {
  const file = join(FOLDER, path);
  await Deno.mkdir(dirname(file), { recursive: true });
  return file;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(join(FOLDER, path)).isFile;
  } catch {
    return false;
  }
}

/** The pages of every entry of deno.json, as `deno doc` makes them. */
async function apiPages(): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "doc",
      "--html",
      "--name=cotbal",
      `--output=${join(FOLDER, "api")}`,
      ...Object.values(configuration.exports),
    ],
    cwd: inPackage(""),
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new RunError(`deno doc failed:\n${new TextDecoder().decode(stderr)}`);
}
