import { assert, assertEquals } from "@std/assert";
import { analyse } from "../../src/study/analyse.ts";
import { allUnits } from "../../src/study/design.ts";
import { readRecords } from "../../src/study/run_study.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");
const folder = new URL("../../data/results/study", import.meta.url).pathname;

test("the study's records: blank images give at most 3 points more than the majority answer a template", async () => {
  for (const { mixture, tasks, references: { blank, majority } } of analyse(await readRecords(folder))) {
    tasks.forEach((task, t) => assert(blank![t]! - majority[t]! <= 3, `${mixture}, ${task}: ${blank![t]}`));
  }
});

test("the study's records: a method with a seed has the same bits in every run that tuned it", async () => {
  const seen = new Map<string, { unit: string; points: number[][] }>();
  let again = 0;
  const probes = new Set(["continued", "third", "early"]);
  const records = (await readRecords(folder)).filter(({ group }) => !probes.has(group));
  for (const { unit, mixture, methods } of records) {
    for (const [method, seeds] of Object.entries(methods)) {
      if (method === "fixed") continue; // of other weights each time
      for (const { seed, points } of seeds) {
        const before = seen.get(`${mixture} ${method} ${seed}`);
        if (before === undefined) seen.set(`${mixture} ${method} ${seed}`, { unit, points });
        else {
          again++;
          assertEquals(points, before.points, `${method}, seed ${seed}: ${unit} and ${before.unit}`);
        }
      }
    }
  }
  assert(again >= 4 * 4, `${again} of ${allUnits().length} units' methods were tuned twice`);
});
