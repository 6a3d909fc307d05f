import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { MetricName } from "../../src/data/types.ts";
import { InputError } from "../../src/errors.ts";
import { cider } from "../../src/metrics/cider.ts";
import { METRICS } from "../../src/metrics/metric_name.ts";
import { score } from "../../src/metrics/score.ts";

Deno.test("score of exact-match counts right answers, with the looser measures beside it", () => {
  const result = score("exact-match", [
    { prediction: "stop", truth: "stop" },
    { prediction: "shop", truth: "stop" },
    { prediction: "10.2", truth: "10" },
    { prediction: "no", truth: "yes" },
  ]);
  assertEquals([result.metric, result.unit, result.score, result.points], ["exact-match", "percent", 25, 25]);
  assertEquals(result.perItem, [100, 0, 0, 0]);
  assertEquals(result.others["relaxed-match"], 50);
  assertAlmostEquals(result.others.anls!, 100 * (1 + 0.75) / 4, 1e-12);
});

Deno.test("score of relaxed-match and anls has exact-match beside it", () => {
  const items = [{ prediction: "10.2", truth: "10" }, { prediction: "shop", truth: "stop" }];
  const relaxed = score("relaxed-match", items);
  assertEquals([relaxed.score, relaxed.others], [50, { "exact-match": 0 }]);
  const letters = score("anls", items);
  assertAlmostEquals(letters.perItem[1]!, 75, 1e-12);
  assertEquals(letters.others, { "exact-match": 0 });
});

Deno.test("score of cider keeps its own scale, points are ten times it", () => {
  const items = [
    { prediction: "a red circle", truth: "a red circle and a star" },
    { prediction: "two bars", truth: "two bars over a sign" },
  ];
  const result = score("cider", items);
  const expected = cider(items.map((item) => ({ prediction: item.prediction, references: [item.truth] })));
  assertEquals([result.score, result.unit, result.points], [expected.score, "cider", 10 * expected.score]);
  assertEquals(result.perItem, expected.perItem.map((x) => 10 * x));
});

Deno.test("score of iou counts overlaps over a half; what does not parse is wrong and counted", () => {
  const truth = "[0, 0, 0.5, 1]";
  const result = score("iou", [
    { prediction: "[0, 0, 0.5, 1]", truth },
    { prediction: "[0, 0, 1, 1]", truth }, // exactly a half is not over it
    { prediction: "[0, 0, 0.9, 1]", truth },
    { prediction: "on the left", truth },
  ]);
  assertEquals([result.score, result.unit], [50, "percent"]);
  assertEquals(result.perItem, [100, 0, 100, 0]);
  assertEquals(result.others.unparsed, 25);
  assertAlmostEquals(result.others["mean-iou"]!, 100 * (1 + 0.5 + 5 / 9) / 4, 1e-12);
});

Deno.test("score of the truths themselves is the highest there is", () => {
  const boxes = ["[0, 0, 0.5, 1]", "[0.25, 0.25, 0.3125, 0.5]"];
  const texts = ["a red circle and a star", "two bars over a sign", "three"];
  for (const metric of METRICS) {
    const truths = metric === "iou" ? boxes : metric === "cider" ? texts.slice(0, 2) : texts;
    assertAlmostEquals(
      score(metric, truths.map((truth) => ({ prediction: truth, truth }))).points,
      100,
      1e-9,
      metric,
    );
  }
});

Deno.test("score does not depend on the order of the answers", () => {
  const items = [
    { prediction: "a red star", truth: "a red circle" },
    { prediction: "two bars", truth: "two bars" },
    { prediction: "10", truth: "10.1" },
  ];
  for (const metric of METRICS.filter((name) => name !== "iou")) {
    assertAlmostEquals(score(metric, items).score, score(metric, [...items].reverse()).score, 1e-12);
  }
});

Deno.test("score refuses what it cannot score", () => {
  for (const metric of METRICS) {
    assertThrows(
      () => score(metric, []),
      InputError,
      `${metric}: expected one answer or more to score, found none`,
    );
  }
  assertThrows(
    () => score("iou", [{ prediction: "", truth: "[0, 0, 2, 2]", id: "ref-17" }]),
    InputError,
    'iou, ref-17: expected a true answer [x1, y1, x2, y2] with coordinates in [0, 1], found "[0, 0, 2, 2]"',
  );
  assertThrows(() => score("iou", [{ prediction: "", truth: "left" }]), InputError, "iou, item 1");
  assertThrows(
    () => score("bleu" as MetricName, [{ prediction: "", truth: "" }]),
    InputError,
    'expected a metric (exact-match, relaxed-match, anls, cider, iou, vqa-accuracy, multiple-choice), found "bleu"',
  );
});

Deno.test("score takes the best of several references", () => {
  const items = [
    { prediction: "couch", truth: "sofa", references: ["sofa", "Couch"] },
    { prediction: "10.4", truth: "12", references: ["12", "10", "ten"] },
    { prediction: "shop", truth: "slow", references: ["slow", "stop", "chop"] },
  ];
  assertEquals(score("exact-match", items).perItem, [100, 0, 0]);
  assertEquals(score("relaxed-match", items).perItem, [100, 100, 0]);
  assertEquals(score("relaxed-match", items).others["exact-match"], score("exact-match", items).score);
  // Against "slow" s is 0 (two of four wrong), against "stop" and "chop" 3/4; "10.4" is nearest to "10": 1 − 2/4 is 0.
  assertEquals(score("anls", items).perItem, [100, 0, 75]);
  assertEquals(score("exact-match", items).others, {
    "relaxed-match": score("relaxed-match", items).score,
    anls: score("anls", items).score,
  });
});

Deno.test("score of equal references, or of one in a list, is that of one; their order does not matter", () => {
  const items = [
    { prediction: "a red star", truth: "a red circle" },
    { prediction: "two bars", truth: "two bars" },
    { prediction: "10", truth: "10.1" },
    { prediction: "B", truth: "(B)" },
  ];
  for (const metric of METRICS.filter((name) => name !== "iou")) {
    const one = score(metric, items);
    assertEquals(score(metric, items.map((item) => ({ ...item, references: [item.truth] }))), one, metric);
    const thrice = score(
      metric,
      items.map((item) => ({ ...item, references: Array<string>(3).fill(item.truth) })),
    );
    thrice.perItem.forEach((x, i) => assertAlmostEquals(x, one.perItem[i]!, 1e-12, metric));
    const several = items.map((item, i) => ({
      ...item,
      references: [item.truth, "two", items[(i + 1) % 4]!.truth],
    }));
    const turned = several.map((item) => ({ ...item, references: item.references.toReversed() }));
    const [a, b] = [score(metric, several), score(metric, turned)];
    a.perItem.forEach((x, i) => assertAlmostEquals(x, b.perItem[i]!, 1e-12, metric));
  }
});

Deno.test("score never falls with one more reference, where the best counts", () => {
  const items = [{ prediction: "stop", truth: "shop" }, { prediction: "10", truth: "11" }, {
    prediction: "B",
    truth: "A",
  }];
  for (const metric of ["exact-match", "relaxed-match", "anls", "multiple-choice"] as const) {
    const more = score(metric, items.map((item) => ({ ...item, references: [item.truth, item.prediction] })));
    assertEquals(more.points, 100, metric);
  }
});

Deno.test("score refuses references it cannot use", () => {
  assertThrows(
    () => score("anls", [{ prediction: "a", truth: "a", references: [] }]),
    InputError,
    "anls, item 1: expected one reference or more, found none",
  );
  const box = "[0, 0, 1, 1]";
  assertThrows(
    () => score("iou", [{ prediction: box, truth: box, references: [box, box], id: "ref-3" }]),
    InputError,
    "iou, ref-3: expected one true box, found 2; keep one of them",
  );
});

Deno.test("score: boxes on another scale", () => {
  const box = { scale: 1000, form: "xywh" } as const;
  const result = score("iou", [
    { prediction: "<box>[[100, 100, 200, 200]]</box>", truth: "[100, 100, 200, 190]", box },
    { prediction: "[0, 0, 10, 10]", truth: "[100, 100, 200, 190]", box },
  ]);
  assertEquals(result.perItem, [100, 0]);
});
