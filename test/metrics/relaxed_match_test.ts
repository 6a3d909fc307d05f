import { assertEquals } from "@std/assert";
import { relaxedMatch } from "../../src/metrics/relaxed_match.ts";

const cases: [prediction: string, truth: string, right: number][] = [
  ["10", "10", 1],
  ["10.5", "10", 1],
  ["9.5", "10", 1],
  ["10.51", "10", 0],
  ["9.49", "10", 0],
  ["1.05", "1", 1], // 5% in decimal, a little more in binary
  ["-10.4", "-10", 1],
  ["10", "-10", 0],
  ["+10", "10", 1],
  ["0", "0.0", 1],
  ["0.001", "0", 0],
  ["50%", "0.5", 1],
  ["50 %", "50%", 1],
  ["50", "50%", 0],
  ["1,234", "1234", 1],
  ["1,23", "123", 0], // no thousands
  ["$1,200.50", "1200", 1],
  [".5", "0.5", 1],
  ["1e3", "1000", 1],
  ["10.", "10", 1],
  ["ten", "10", 0],
  ["", "10", 0],
  ["Blue.", "blue", 1],
  ["blues", "blue", 0],
  ["10 apples", "10", 0],
  ["2010", "2011", 1], // the measure takes years for numbers
];

for (const [prediction, truth, right] of cases) {
  Deno.test(`relaxedMatch of ${JSON.stringify(prediction)} for ${JSON.stringify(truth)} is ${right}`, () => {
    assertEquals(relaxedMatch(prediction, truth), right);
  });
}
