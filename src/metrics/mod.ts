/**
 * How answers are scored, and what one scores without looking. Pure functions over text.
 *
 * @module
 */

export { METRIC_NOTES, type MetricName, type MetricNote, METRICS, type ScoreUnit } from "./metric_name.ts";
export { type Score, score, type ScoredItem } from "./score.ts";
export { anls } from "./anls.ts";
export {
  type CaptionItem,
  captionWords,
  cider,
  ciderOfConstants,
  ciderOfOthers,
  type CiderScore,
} from "./cider.ts";
export { exactMatch, normalizeAnswer } from "./exact_match.ts";
export { type Box, type BoxForm, formatBox, iou, parseBox } from "./iou.ts";
export { relaxedMatch } from "./relaxed_match.ts";
export { type AnswerItem, type MajorityScores, majorityScores } from "./majority.ts";
export { bootstrapInterval, type Interval, type IntervalOptions } from "./interval.ts";
export { type ChoiceResult, multipleChoice, parseChoice, parseOptions } from "./multiple_choice.ts";
export { normalizeVqa, vqaAccuracy } from "./vqa_accuracy.ts";
