/** Mixing weights through the whole of a run, with the fake engine. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { renderReport } from "../../src/report/render_report.ts";
import { loadRun } from "../../src/run/load_run.ts";
import type { PartResult } from "../../src/run/records/part_result.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { tune, type TuneEvent } from "../../src/tune/tune.ts";
import { needs } from "../house/permissions.ts";
import { type FakeEngine, fakeEngine } from "../train/fake_engine.ts";
import { fakeFolder } from "./fake_data.ts";

const test = needs("read", "write");

type Run = (out: string, extra: TuneOptions & { resume?: boolean }, engine?: FakeEngine) => Promise<string[]>;

async function withRuns(work: (folder: string, run: Run) => Promise<void>): Promise<void> {
  const folder = await fakeFolder();
  const options: TuneOptions = {
    data: join(folder, "data"),
    checkpoint: join(folder, "base"),
    batch: 4,
    epochs: 2,
    mini: 0.25,
    stateEverySeconds: 0,
  };
  try {
    await work(folder, async (out, { resume = false, ...extra }, engine = fakeEngine()) => {
      const notes: string[] = [];
      const event = (event: TuneEvent) => event.kind === "note" && notes.push(event.text);
      const place = { out: join(folder, out), resume, root: folder, versions: {} };
      await tune(engine, { ...options, ...extra }, place, { event });
      assertEquals(engine.alive, 0);
      return notes;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const METHODS = ["ew", "ew-natural", "cotbal", "cotbal-mix"];
const MIX = { colour: 3, number: 1 };

test("mixing weights: shares, steps, probes, a reference, weights as draws, resumed to the same bits", () =>
  withRuns(async (folder, run) => {
    const result = async (out: string, part: string): Promise<PartResult> =>
      JSON.parse(await Deno.readTextFile(join(folder, out, part)));
    const weights = (out: string, method: string) =>
      Deno.readFile(join(folder, out, "methods", method, "checkpoint", "model.safetensors"));

    const notes = await run("mixed", { methods: METHODS, mix: MIX });
    const told = notes.find((text) => text.startsWith("Tunings on all tasks draw"))!;
    assertStringIncludes(told, "colour 75.0% for 50.0% (1.50 times a pass), number 25.0% for 50.0% (0.50");
    await run("plain", { methods: ["ew", "cotbal"] });

    const ew = await result("mixed", "methods/ew/test.json");
    assertEquals(ew.drawn!.sizes, [48, 48]);
    assertEquals(ew.drawn!.conversations, [144, 48]);
    assertEquals(ew.drawn!.tokens.reduce((a, b) => a + b), ew.cost.tokens);
    assertEquals(ew.drawn!.answerTokens.reduce((a, b) => a + b), ew.cost.answerTokens);
    assertEquals(ew.cost.steps, (await result("plain", "methods/ew/test.json")).cost.steps);

    // Probes are as without, and so is the reference.
    assertEquals((await result("mixed", "probes/mini/eval.json")).drawn, undefined);
    const found = async (out: string) => {
      const { check: _, ...weights } = JSON.parse(await Deno.readTextFile(join(folder, out, "weights.json")));
      return weights; // the check says whose it is
    };
    assertEquals(await found("mixed"), await found("plain"));
    assertEquals(await weights("mixed", "ew-natural"), await weights("plain", "ew"));
    assert((await weights("mixed", "ew")).join() !== (await weights("plain", "ew")).join());

    const { lambda } = await found("mixed");
    const mix = await result("mixed", "methods/cotbal-mix/test.json");
    const drawn = mix.drawn!.conversations;
    assertEquals(drawn[0]! + drawn[1]!, 192);
    assertAlmostEquals(drawn[0]! / 192, 3 * lambda[0] / (3 * lambda[0] + lambda[1]), 1 / 96);

    // Killed in the midst of every part that is tuned.
    for (let kill = 0, done = false; !done; kill++) {
      const engine = fakeEngine();
      let left = 45;
      engine.beforeStep = () => {
        if (left-- === 0) throw new Error("killed");
      };
      try {
        await run("killed", { methods: METHODS, mix: MIX, resume: kill > 0 }, engine);
        done = true;
      } catch (error) {
        if ((error as Error).message !== "killed") throw error;
      }
    }
    for (const method of METHODS) {
      assertEquals(await weights("killed", method), await weights("mixed", method), method);
    }
    await assertRejects(
      () => run("mixed", { methods: METHODS, mix: { colour: 1, number: 1 }, resume: true }),
      InputError,
      "mix was",
    );

    const loaded = await loadRun(join(folder, "mixed"));
    const page = await renderReport([loaded]);
    for (const words of ["What each task was drawn", "CoTBal mix", "EW natural"]) {
      assertStringIncludes(page, words);
    }
    const plain = await loadRun(join(folder, "plain"));
    assert(!(await renderReport([plain])).includes("What each task was drawn"));
    assertStringIncludes(await renderReport([loaded, plain]), "EW: mixed − plain");
    assertStringIncludes(page, "--mix colour=3,number=1");
  }));

test("mixing weights that cannot be used are refused by name", () =>
  withRuns(async (_, run) => {
    const fails = (extra: TuneOptions, text: string) =>
      assertRejects(() => run("refused", { methods: ["ew"], ...extra }), InputError, text);
    await fails(
      { mix: { colour: 1 } },
      "--mix: expected a weight for each of colour, number, found none for number",
    );
    await fails({ mix: { ...MIX, shape: 1 } }, "found one for shape");
    await fails({ mix: { colour: 1e6, number: 1 } }, "the share of task number");
    await fails({ mix: MIX, mixTemperature: 2 }, "expected --mix or --mix-temperature, found both");
    await fails({ methods: ["ew-natural"] }, "expected with --mix or --mix-temperature");
    await fails({ methods: ["cotbal-mix"] }, "add cotbal");
  }));

test("a temperature mixes by sizes", () =>
  withRuns(async (folder, run) => {
    const path = join(folder, "data", "number_train.json");
    const all = JSON.parse(await Deno.readTextFile(path));
    await Deno.writeTextFile(path, JSON.stringify(all.slice(0, 12)));
    await run("warm", { methods: ["ew"], mixTemperature: 2, epochs: 1 });
    const { drawn } = JSON.parse(await Deno.readTextFile(join(folder, "warm/methods/ew/test.json")));
    assertEquals(drawn.sizes, [48, 12]);
    assertEquals(drawn.conversations, [40, 20]); // √48 : √12 = 2 : 1
  }));
