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
    assert(note.few === "" || note.few.endsWith("."), note.few);
  }
});

Deno.test("what the notes say of one question and of one reference is so", () => {
  const one = score("cider", [{ prediction: "a red ball", truth: "a red ball" }]);
  assertEquals(one.points, 0);
  const vqa = (prediction: string) => score("vqa-accuracy", [{ prediction, truth: "two dogs" }]).points;
  assertEquals([vqa("2 dogs."), vqa("dogs")], [100, 0]);
});
