import { basename, join } from "@std/path";
import { InputError } from "../src/errors.ts";
import { renderReport } from "../src/report/render_report.ts";
import { summaryImage } from "../src/report/summary/summary.ts";
import { loadRun } from "../src/run/load_run.ts";
import { writeWhole } from "../src/run/files.ts";
import type { LoadedRun } from "../src/run/records/loaded_run.ts";
import { command, list, main } from "./lib/cli.ts";
import { pageModels } from "./lib/page_models.ts";
import { summaryFile } from "./lib/summary_file.ts";

const program = command(
  "report",
  "Make one self-contained HTML page from the results of one run folder, or compare several. Of one run a summary image is " +
    "written beside it: summary.png beside report.html.",
)
  .argument("<runs...>", "folders of finished runs, as `deno task tune --out` left them")
  .option("--out <file>", "where to write (default: report.html in the run; for several runs ./report.html)")
  .option(
    "--model <methods>",
    "whose tuned models the page of one run carries, to be asked there (default: cotbal,ew, or others where these did not run)",
    list,
  )
  .option("--no-model", "carry none");

await main(program, async (terminal) => {
  const [folders] = program.processedArgs;
  const runs: LoadedRun[] = [];
  for (const folder of folders) runs.push(await loadRun(folder));
  const [only] = folders;
  const out = program.opts().out ??
    (folders.length === 1 && only !== undefined ? join(only, "report.html") : "report.html");
  const { model } = program.opts();
  const note = (text: string) => terminal.say(`note: ${text}`);
  const wanted = Array.isArray(model) ? model : undefined;
  const [run] = runs;
  if (wanted !== undefined && runs.length > 1) {
    throw new InputError(
      "--model: expected one run, found several; a page that compares runs carries no model",
    );
  }
  const carries = model !== false && run !== undefined && runs.length === 1;
  const image = runs.length === 1 ? summaryFile(out) : undefined;
  const page = await renderReport(
    runs,
    carries ? await pageModels(run, wanted, note) : undefined,
    image && basename(image),
  );
  try {
    await writeWhole(out, page);
    if (image !== undefined) await writeWhole(image, await summaryImage(run!));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(`--out ${out}: expected a file that can be written, found: ${reason}`);
  }
  terminal.print(out);
});
