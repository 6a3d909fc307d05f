import { dirname, join, toFileUrl } from "@std/path";
import configuration from "../deno.json" with { type: "json" };
import { RunError } from "../src/errors.ts";
import { API, mendApiPage } from "../src/site/api.ts";
import { buildSite } from "../src/site/build_site.ts";
import { brokenLinks } from "../src/site/links.ts";
import type { BuiltPage } from "../src/site/pages.ts";
import { command, main } from "./lib/cli.ts";
import { inPackage } from "./lib/package.ts";
import { playground } from "./lib/playground.ts";

const FOLDER = inPackage("site");

/** Where the playground lies in the site. */
const PLAYGROUND = "play/index.html";

/** A page that is not made from Markdown, and what writes its files into the site. */
interface Part extends BuiltPage {
  /** Resolves to the files of the repository that it links to, which become pages. */
  build(): Promise<string[]>;
}

/** What belongs to the site beside {@linkcode PAGES}, in the navigation's order. */
const PARTS: Part[] = [
  { name: "API", path: `${API}/index.html`, build: apiPages },
  { name: "Playground", path: PLAYGROUND, build: playgroundPage },
];

const program = command(
  "docs",
  "Make the documentation's pages, the API among them, in site/, for any static host.",
);

await main(program, async (terminal) => {
  await Deno.remove(FOLDER, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await Deno.mkdir(FOLDER);
  const linked: string[] = [];
  for (const part of PARTS) linked.push(...await part.build());
  const { texts, pictures } = await buildSite(inPackage(""), PARTS, linked);
  for (const [path, text] of texts) await Deno.writeTextFile(await place(path), text);
  for (const [path, file] of pictures) await Deno.copyFile(file, await place(path));
  const files = filesOf("");
  const pages = new Map<string, string>();
  for (const path of files) {
    if (path.endsWith(".html")) pages.set(path, await Deno.readTextFile(join(FOLDER, path)));
  }
  const broken = brokenLinks(pages, (path) => files.has(path));
  if (broken.length > 0) throw new RunError(`links that lead nowhere:\n${broken.join("\n")}`);
  terminal.say(`${pages.size} pages, every link among them followed; open ${join(FOLDER, "index.html")}`);
  terminal.print(FOLDER);
});

/** Where a file of the site is written; its folder is there. */
async function place(path: string): Promise<string> {
  const file = join(FOLDER, path);
  await Deno.mkdir(dirname(file), { recursive: true });
  return file;
}

/** The paths of all files of the site below a folder of it. */
function filesOf(folder: string): Set<string> {
  const entries = [...Deno.readDirSync(join(FOLDER, folder))];
  return new Set(entries.flatMap(({ name, isDirectory }) => {
    const path = folder === "" ? name : `${folder}/${name}`;
    return isDirectory ? [...filesOf(path)] : [path];
  }));
}

/** The pages of every entry of deno.json, as `deno doc` makes them, with links that work here. */
async function apiPages(): Promise<string[]> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "doc",
      "--html",
      "--name=cotbal",
      `--output=${join(FOLDER, API)}`,
      ...Object.values(configuration.exports),
    ],
    cwd: inPackage(""),
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new RunError(`deno doc failed:\n${new TextDecoder().decode(stderr)}`);
  const about = {
    root: toFileUrl(inPackage("")).href,
    name: configuration.name,
    entries: Object.keys(configuration.exports).filter((entry) => entry !== ".").map((entry) =>
      entry.slice(2)
    ),
  };
  const linked = new Set<string>();
  for (const path of filesOf(API)) {
    if (!path.endsWith(".html")) continue;
    const { page, sources } = mendApiPage(path, await Deno.readTextFile(join(FOLDER, path)), about);
    await Deno.writeTextFile(join(FOLDER, path), page);
    sources.forEach((source) => linked.add(source));
  }
  return [...linked];
}

/** The playground, which needs nothing beside its file. */
async function playgroundPage(): Promise<string[]> {
  const home = { name: "Documentation", href: "../index.html" };
  const { page } = await playground({ home });
  await Deno.writeTextFile(await place(PLAYGROUND), page);
  return [];
}
