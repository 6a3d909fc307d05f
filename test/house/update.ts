// deno task update: writes anew what is kept as a copy: CONTRIBUTING's table of floors, the README's table of weighting
// methods and its section on the study, the list of public names, the scripts of pages that compute, scripts of jobs.
// `deno fmt` aligns the tables.

import { join } from "@std/path";
import { resultsSection } from "../../src/study/results_section.ts";
import { read, ROOT } from "./_sources.ts";
import { floorsTable } from "./floors.ts";
import { withMethodsTable } from "./methods_table.ts";
import { bundlePage, BUNDLES } from "./page_bundle.ts";
import { storedNames } from "./public_names.ts";
import { goldenScripts } from "../cluster/golden_scripts.ts";
import { today, withStudySection } from "./study_section.ts";

const page = read("CONTRIBUTING.md").split("\n");
const first = page.findIndex((line) => line.startsWith("|"));
const last = page.findLastIndex((line) => line.startsWith("|"));
page.splice(first, last - first + 1, floorsTable());
Deno.writeTextFileSync(join(ROOT, "CONTRIBUTING.md"), page.join("\n"));
Deno.writeTextFileSync(join(ROOT, "test/house/public_names.json"), storedNames());
const readme = withStudySection(
  withMethodsTable(read("README.md").split("\n")),
  resultsSection(await today()),
);
Deno.writeTextFileSync(join(ROOT, "README.md"), readme.join("\n"));
for (const bundle of BUNDLES) Deno.writeTextFileSync(join(ROOT, bundle.kept), await bundlePage(bundle));
for (const [name, text] of goldenScripts()) {
  Deno.writeTextFileSync(join(ROOT, "test/cluster/golden", name), text);
}
