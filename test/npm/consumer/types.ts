// A user's program, for the compiler alone: the declarations give every entry its types, and mistakes are seen.

import { type BalanceTable, type Delta, compareScores, type MetricName, score, weightsFromScores } from "cotbal";
import { type CorrectedDifference, dynamicWeightAverage, METHODS, type WeightingMethod } from "cotbal/balance";
import { type EncodedConversation, planBatches, type Sample, type Tokenizer } from "cotbal/data";
import { bootstrapInterval, type Box, iou, parseBox } from "cotbal/metrics";

const table: BalanceTable = { tasks: ["vqa", "chart"], mini: [40, 20], plus: [[50, 26], [42, 50]] };
export const lambda: number[] = weightsFromScores(table).lambda;
export const delta: Delta = compareScores([1, 2], [2, 1]);
export const metric: MetricName = "exact-match";
export const points: number = score(metric, [{ prediction: "a", truth: "b" }]).score;
export const methods: readonly WeightingMethod[] = METHODS;
export const overlap = (a: Box, b: Box): number => iou(a, b);
export type Used = [CorrectedDifference, EncodedConversation, Sample, Tokenizer];
export { bootstrapInterval, dynamicWeightAverage, parseBox, planBatches };

// @ts-expect-error -- a text is no score
weightsFromScores({ tasks: ["vqa"], mini: ["40"], plus: [[50]] });
// @ts-expect-error -- there is no such metric
score("perplexity", []);
// @ts-expect-error -- lambda holds numbers
export const wrong: string[] = weightsFromScores(table).lambda;
