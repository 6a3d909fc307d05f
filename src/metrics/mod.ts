/**
 * How answers are scored, and what one scores without looking. Pure functions over text.
 *
 * @module
 */

export { type MetricName, METRICS } from "./metric_name.ts";
export { type Score, score, type ScoredItem, type ScoreUnit } from "./score.ts";
export { anls } from "./anls.ts";
export { type CaptionItem, captionWords, cider, ciderOfConstants, type CiderScore } from "./cider.ts";
export { exactMatch, normalizeAnswer } from "./exact_match.ts";
export { type Box, formatBox, iou, parseBox } from "./iou.ts";
export { relaxedMatch } from "./relaxed_match.ts";
export { type AnswerItem, type MajorityScores, majorityScores } from "./majority.ts";
