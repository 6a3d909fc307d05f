import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { RunError } from "../../src/errors.ts";
import { allUnits } from "../../src/study/design.ts";
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
    const tuned: string[] = [];
    const all = Promise.withResolvers<void>();
    const tune = async (args: readonly string[]) => {
      tuned.push(args[args.indexOf("--out") + 1]!.split("/").at(-1)!);
      if (tuned.length === 8) {
        stop.abort();
        all.resolve();
      }
      await all.promise;
      return 130;
    };
    // Taken in order; which of those taken together is the first to run is the file system's to say.
    const taken: string[] = [];
    const event = (text: string) => taken.push(text.split(" ")[0]!);
    // A unit that was stopped has no record: with the study stopped as well, that is no failure.
    const left = await runStudy(place, { jobs: 8, tune, event, signal: stop.signal });
    const units = allUnits();
    assertEquals(taken, units.slice(0, 8).map(({ id }) => id));
    assertEquals(tuned.toSorted(), taken.toSorted());
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
