import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { RunError } from "../../src/errors.ts";
import { studyUnits } from "../../src/study/design.ts";
import { readRecords, runStudy } from "../../src/study/run_study.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

async function inPlace(work: (place: { records: string; runs: string }) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work({ records: join(folder, "records"), runs: join(folder, "runs") });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

test("workers take different units, in order, and none whose needs have no records", () =>
  inPlace(async (place) => {
    const stop = new AbortController();
    const begun: string[] = [];
    const tune = (args: readonly string[]) => {
      begun.push(args[args.indexOf("--out") + 1]!.split("/").at(-1)!);
      if (begun.length === 8) stop.abort();
      return new Promise<number>((resolve) => setTimeout(() => resolve(130), 0));
    };
    // A unit that was stopped has no record: with the study stopped as well, that is no failure.
    const start = { jobs: 8, tune, signal: stop.signal };
    const left = await runStudy(place, start);
    const units = studyUnits();
    assertEquals(begun, units.slice(0, 8).map(({ id }) => id));
    assertEquals(left, units.length);
    assertEquals(await readRecords(place.records), []);
  }));

test("a unit that fails names its log, and nothing more is begun", () =>
  inPlace(async (place) => {
    let begun = 0;
    const tune = () => Promise.resolve(++begun > 0 ? 1 : 0);
    const signal = new AbortController().signal;
    await assertRejects(() => runStudy(place, { jobs: 1, tune, signal }), RunError, "equal-core-1-2.log");
    assertEquals(begun, 1);
  }));
