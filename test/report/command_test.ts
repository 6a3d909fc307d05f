import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { decodeImage } from "../../src/data/images/image.ts";
import type { PackedModels } from "../../src/page/packed.ts";
import { SUMMARY_SIZE } from "../../src/report/summary/summary.ts";
import { tune } from "../../src/tune/tune.ts";
import { fakeFolder } from "../tune/fake_data.ts";
import { fakeEngine } from "../train/fake_engine.ts";
import { DENO, needs } from "../house/permissions.ts";

const test = needs("read", "write", "run");

const TASK = fromFileUrl(new URL("../../tasks/report.ts", import.meta.url));

async function report(cwd: string, ...words: string[]) {
  const permissions = ["--allow-read", "--allow-write", "--allow-env=DENO_WEBGPU_BACKEND,XDG_RUNTIME_DIR"];
  const { code, stdout, stderr } = await new Deno.Command(DENO, {
    args: ["run", "--no-prompt", ...permissions, TASK, ...words],
    cwd,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

test("deno task report: from run folders to a page", async (t) => {
  const folder = await fakeFolder();
  try {
    for (const [out, seeds] of [["a", [1]], ["b", [2, 3]]] as const) {
      const options = {
        data: join(folder, "data"),
        checkpoint: join(folder, "base"),
        methods: ["ew", "cotbal", "stl"],
        seeds: [...seeds],
        batch: 4,
        mini: 0.25,
      };
      await tune(fakeEngine(), options, {
        out: join(folder, out),
        resume: false,
        root: folder,
        versions: { cotbal: "0" },
      });
    }

    await t.step("one run: the page goes into its folder, its name on stdout", async () => {
      const { code, stdout, stderr } = await report(folder, "a");
      assertEquals([code, stdout.trim(), stderr], [0, join("a", "report.html"), ""]);
      const page = await Deno.readTextFile(join(folder, "a", "report.html"));
      assertStringIncludes(page, "Balancing 2 visual-instruction tasks");
      assertStringIncludes(page, "data:image/png;base64,");
      assertStringIncludes(page, '<meta property="og:image" content="summary.png">');
      const { width, height } = await decodeImage(await Deno.readFile(join(folder, "a", "summary.png")));
      assertEquals({ width, height }, SUMMARY_SIZE);
    });

    await t.step("the page carries the models that can be asked, unless told not to", async () => {
      const carried = async (...words: string[]) => {
        const { code, stderr } = await report(folder, "a", "--out", "m.html", ...words);
        assertEquals([code, stderr], [0, ""]);
        const page = await Deno.readTextFile(join(folder, "m.html"));
        const [, data] = /id="models">([^<]*)</.exec(page) ?? [];
        return data && (JSON.parse(data) as PackedModels).models.map(({ name }) => name);
      };
      assertEquals(await carried(), ["CoTBal", "EW"]);
      assertEquals(await carried("--model", "ew"), ["EW"]);
      assertEquals(await carried("--no-model"), undefined);
      for (
        const [words, said] of [
          [["a", "--model", "tla"], "--model tla: expected a method of the run (ew, cotbal, stl)"],
          [["a", "--model", "stl"], "--model stl: expected its model in"],
          [["a", "b", "--model", "ew"], "--model: expected one run, found several"],
        ] as const
      ) {
        const { code, stderr } = await report(folder, ...words);
        assertEquals(code, 2);
        assertStringIncludes(stderr, said);
      }
    });

    await t.step(
      "where CoTBal did not run, the page carries another method's model beside EW's",
      async () => {
        const options = {
          data: join(folder, "data"),
          checkpoint: join(folder, "base"),
          methods: ["ew", "stl", "tla", "rlw"],
          seeds: [1],
          batch: 4,
        };
        const where = { out: join(folder, "d"), resume: false, root: folder, versions: { cotbal: "0" } };
        await tune(fakeEngine(), options, where);
        assertEquals((await report(folder, "d")).code, 0);
        const page = await Deno.readTextFile(join(folder, "d", "report.html"));
        const [, data] = /id="models">([^<]*)</.exec(page) ?? [];
        assertEquals((JSON.parse(data!) as PackedModels).models.map(({ name }) => name), ["TLA", "EW"]);
      },
    );

    await t.step("several runs: a comparison here, or where --out says", async () => {
      assertEquals((await report(folder, "a", "b")).stdout.trim(), "report.html");
      assertEquals((await report(folder, "a", "b", "--out", "c/both.html")).stdout.trim(), "c/both.html");
      assertEquals([...Deno.readDirSync(join(folder, "c"))].map(({ name }) => name), ["both.html"]);
      const page = await Deno.readTextFile(join(folder, "c", "both.html"));
      assert(!page.includes("og:image"));
      assertStringIncludes(page, "2 runs of task balancing, side by side");
      assertStringIncludes(page, "Over 3 paired seeds together");
    });

    await t.step("a folder without a run: exit code 2, nothing written", async () => {
      const { code, stdout, stderr } = await report(folder, "nowhere", "--out", "none.html");
      assertEquals([code, stdout], [2, ""]);
      assertStringIncludes(stderr, "nowhere: expected the folder of a run");
      assertEquals((await report(folder)).code, 2);
      assertEquals(await Deno.stat(join(folder, "none.html")).catch(() => null), null);
      assertEquals((await report(folder, join("a", "run.json"))).code, 2);
    });

    await t.step("a page that cannot be written: exit code 2, nothing left beside it", async () => {
      const { code, stderr } = await report(folder, "a", "--out", "b");
      assertEquals(code, 2);
      assertStringIncludes(stderr, "--out b: expected a file that can be written");
      assertEquals([...Deno.readDirSync(folder)].some(({ name }) => name === "b.part"), false);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
