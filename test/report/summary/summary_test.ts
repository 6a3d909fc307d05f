import { assert, assertEquals } from "@std/assert";
import { decodeImage } from "../../../src/data/images/image.ts";
import { lightColour } from "../../../src/report/kit/light_colour.ts";
import { SUMMARY_SIZE, summaryImage, summarySvg } from "../../../src/report/summary/summary.ts";
import { needs } from "../../house/permissions.ts";
import { believableRun } from "../fixture.ts";

const test = needs("read");

/** Numbers of red, green and blue of a colour of the style sheet. */
function rgb(name: string): string {
  return [1, 3, 5].map((at) => parseInt(lightColour(name).slice(at, at + 2), 16)).join();
}

test("a summary is a picture of the size of links, of both methods' bars, the same twice", async () => {
  const run = believableRun({ seeds: [1, 2, 3] });
  const png = await summaryImage(run);
  assertEquals(await summaryImage(run), png);
  assert(png.length < 150_000, `${png.length} bytes`);
  const { width, height, data } = await decodeImage(png);
  assertEquals({ width, height }, SUMMARY_SIZE);
  const counts = new Map<string, number>();
  for (let i = 0; i < data.length; i += 3) {
    const colour = `${data[i]},${data[i + 1]},${data[i + 2]}`;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  for (const name of ["blue", "vermillion"]) {
    assert((counts.get(rgb(name)) ?? 0) > 20_000, `no bars in ${name}`);
  }
  // Letters were found: without a font no text is drawn, which gives no pixel of its colour.
  assert((counts.get(rgb("text")) ?? 0) > 3_000, "no text");
});

Deno.test("a summary says what the report says", () => {
  const run = believableRun({ seeds: [1, 2, 3] });
  const svg = summarySvg(run);
  for (const word of ["cannot be told apart", ...run.results.tasks, "EW", "CoTBal", "weight λ", "3 seeds"]) {
    assert(svg.includes(word), word);
  }
  for (const [i, task] of run.results.tasks.entries()) {
    const row = svg.slice(svg.indexOf(`>${task}<`));
    const [first, second] = [run.results.methods["ew"]!, run.results.methods["cotbal"]!].map(({ scores }) =>
      scores[i]!.toFixed(1)
    );
    assert(row.indexOf(`>${first}<`) > 0 && row.indexOf(`>${second}<`) > 0, task);
  }
});

Deno.test("names cannot become markup, long ones and many tasks are cut", () => {
  const svg = summarySvg(believableRun({ names: ["<b>&", "a name that is far too long for its column"] }));
  assert(svg.includes("&lt;b&gt;&amp;") && svg.includes("a name that is far too …"));
  const alone = summarySvg(believableRun({ methods: ["ew"] }));
  assert(!alone.includes("weight λ") && !alone.includes("CoTBal"));
});
