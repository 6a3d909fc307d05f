// What `deno publish` takes along: all that the entries of deno.json reach, and no room that none of them reaches.

import { assertEquals } from "@std/assert";
import { importsOf, read } from "./_sources.ts";
import { FLOORS } from "./floors.ts";
import { needs } from "./permissions.ts";

const test = needs("read");

/** What deno.json says of it. */
interface Configuration {
  exports: Record<string, string>;
  imports: Record<string, string>;
  publish: { include: string[]; exclude: string[] };
  tasks: Record<string, { command: string }>;
}

const configuration = () => JSON.parse(read("deno.json")) as Configuration;

/** Files that belong to a package whichever its code. */
const PAPERS = ["LICENSE", "README.md", "deno.json"];

const within = (path: string, folder: string) => path === folder || path.startsWith(folder);

function isPublished(path: string): boolean {
  const { include, exclude } = configuration().publish;
  return include.some((folder) => within(path, folder)) && !exclude.some((folder) => within(path, folder));
}

/** The files of ours that the entries import, and these in turn; those that the import map names are among them. */
function reached(): string[] {
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    if (path.endsWith(".ts")) importsOf(path).forEach((other) => visit(other.path));
  };
  const { exports, imports } = configuration();
  const ours = Object.values(imports).filter((path) => path.startsWith("./"));
  [...Object.values(exports), ...ours].forEach((path) => visit(path.slice(2)));
  return [...found];
}

test("what the entries reach is published", () => {
  assertEquals(
    reached().filter((path) => !isPublished(path)),
    [],
    "users of the package would miss these files: take them into publish in deno.json",
  );
});

test("what no entry reaches stays at home", () => {
  const files = reached();
  const { include } = configuration().publish;
  const rooms = FLOORS.map(({ room }) => room.endsWith(".ts") ? room : `${room}/`).filter(isPublished);
  assertEquals(
    [...include.filter((path) => !PAPERS.includes(path)), ...rooms].filter((path) =>
      !files.some((file) => within(file, path))
    ),
    [],
    "no entry of deno.json needs these: leave them out of publish there",
  );
});

test("deno task check tries publishing", () => {
  const { tasks } = configuration();
  assertEquals(tasks.check!.command.includes("deno task --quiet check:publish"), true);
});
