// deno task update: writes anew what is kept as a copy: CONTRIBUTING's table of floors, the README's table of weighting
// methods, the list of public names, the script of pages with models, scripts of jobs. `deno fmt` aligns the tables.

import { join } from "@std/path";
import { read, ROOT } from "./_sources.ts";
import { floorsTable } from "./floors.ts";
import { withMethodsTable } from "./methods_table.ts";
import { BUNDLE, bundlePage } from "./page_bundle.ts";
import { storedNames } from "./public_names.ts";
import { goldenScripts } from "../cluster/golden_scripts.ts";

const page = read("CONTRIBUTING.md").split("\n");
const first = page.findIndex((line) => line.startsWith("|"));
const last = page.findLastIndex((line) => line.startsWith("|"));
page.splice(first, last - first + 1, floorsTable());
Deno.writeTextFileSync(join(ROOT, "CONTRIBUTING.md"), page.join("\n"));
Deno.writeTextFileSync(join(ROOT, "test/house/public_names.json"), storedNames());
Deno.writeTextFileSync(join(ROOT, "README.md"), withMethodsTable(read("README.md").split("\n")).join("\n"));
Deno.writeTextFileSync(join(ROOT, BUNDLE), await bundlePage());
for (const [name, text] of goldenScripts()) {
  Deno.writeTextFileSync(join(ROOT, "test/cluster/golden", name), text);
}
