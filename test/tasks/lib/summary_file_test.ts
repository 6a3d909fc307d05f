import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { summaryFile } from "../../../tasks/lib/summary_file.ts";

Deno.test("a summary lies beside its report, under a name that no other report's has", () => {
  assertEquals(summaryFile(join("run", "report.html")), join("run", "summary.png"));
  assertEquals(summaryFile("mine.html"), "mine-summary.png");
  assertEquals(summaryFile(join("a", "mine.v2")), join("a", "mine.v2-summary.png"));
});
