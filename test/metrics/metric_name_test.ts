import { assert, assertEquals } from "@std/assert";
import { METRIC_NOTES, METRICS } from "../../src/metrics/metric_name.ts";
import { score } from "../../src/metrics/score.ts";

Deno.test("METRIC_NOTES says of every metric what score() gives", () => {
  assertEquals<readonly string[]>(METRICS, Object.keys(METRIC_NOTES));
  for (const metric of METRICS) {
    const truth = metric === "iou" ? "[0, 0, 1, 1]" : "B";
    const result = score(metric, [{ prediction: truth, truth }, { prediction: truth, truth }]);
    const note = METRIC_NOTES[metric];
    assertEquals(result.unit, note.unit, metric);
    assertEquals(Object.keys(result.others).sort(), Object.keys(note.others).sort(), metric);
    for (const sentence of [note.right, note.references, note.chance]) {
      assert(sentence.endsWith("."), sentence);
    }
  }
});
