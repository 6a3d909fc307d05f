/**
 * The metrics by name, and what is to be known of each: the one table that help, reports and checks read.
 *
 * @module
 */

/** How the answers of a task are scored. */
export type MetricName =
  | "exact-match"
  | "relaxed-match"
  | "anls"
  | "cider"
  | "iou"
  | "vqa-accuracy"
  | "multiple-choice";

/** The unit of a score: per cent, or CIDEr-D's own scale, 0 to 10. */
export type ScoreUnit = "percent" | "cider";

/** What is to be known of a metric. */
export interface MetricNote {
  /** How it is called on an axis, in points from 0 to 100. */
  label: string;
  /** The unit of its score. */
  unit: ScoreUnit;
  /** When an answer counts, in one sentence. */
  right: string;
  /** What several references of one question do, in one sentence. */
  references: string;
  /** What becomes of it with one question or one reference, in a sentence; empty where nothing does. */
  few: string;
  /** What chance is, in one sentence. */
  chance: string;
  /** The measures beside it (`others` of a score), by name, each with its label. */
  others: Readonly<Record<string, string>>;
  /** Where the definition stands. */
  source: string;
}

const BEST = "The best match with any of them counts.";
const DRAWN =
  "An answer drawn evenly from those the question's template has in training; where they are over 100, " +
  "the true answer to another question.";
const OTHERS_ANSWER = "The true answer to another question of the set, averaged over up to 50 shifts.";

/** What is to be known of every metric. */
export const METRIC_NOTES: Readonly<Record<MetricName, MetricNote>> = {
  "exact-match": {
    label: "exact match, %",
    unit: "percent",
    right: "Equal but for case, outer spaces and one full stop at the end.",
    references: BEST,
    few: "",
    chance: DRAWN,
    others: { "relaxed-match": "relaxed match, %", anls: "ANLS × 100" },
    source: "as GQA, VizWiz and others count it",
  },
  "relaxed-match": {
    label: "relaxed match, %",
    unit: "percent",
    right: "As exact-match, or a number within 5% of the true one.",
    references: BEST,
    few: "",
    chance: DRAWN,
    others: { "exact-match": "exact match, %" },
    source: "ChartQA, Masry et al. 2022",
  },
  anls: {
    label: "ANLS × 100",
    unit: "percent",
    right: "Similar by letters: one minus the edit distance over the longer length, 0 from a half wrong on.",
    references: BEST,
    few: "",
    chance: OTHERS_ANSWER,
    others: { "exact-match": "exact match, %" },
    source: "ST-VQA, Biten et al. 2019",
  },
  cider: {
    label: "CIDEr-D × 10",
    unit: "cider",
    right:
      "Like its references by n-grams, those weighted more that few questions of the set have; 100 points are its 10, a perfect caption.",
    references:
      "The mean over them counts; an n-gram's weight counts the questions that have it in any of theirs.",
    few: "Of one question alone it is 0, for no n-gram is rarer than another.",
    chance: OTHERS_ANSWER,
    others: {},
    source: "Vedantam et al. 2015; needs two questions or more",
  },
  iou: {
    label: "IoU > 0.5, %",
    unit: "percent",
    right: "The first box [x1, y1, x2, y2] overlaps the true one by more than a half; no box is wrong.",
    references: "There is one: the true box.",
    few: "",
    chance: OTHERS_ANSWER,
    others: { "mean-iou": "mean IoU × 100", unparsed: "answers without a readable box, %" },
    source: "PASCAL VOC, Everingham et al. 2010",
  },
  "vqa-accuracy": {
    label: "VQA accuracy, %",
    unit: "percent",
    right: "Given by three people or more; by two or one, in part.",
    references:
      "All count, one a person: the mean over leaving each out of min(matches among the others / 3, 1).",
    few: "With one reference it is right or wrong, as exact match after its own normalisation.",
    chance: OTHERS_ANSWER,
    others: { "exact-match": "exact match with any reference, %" },
    source: "VQA, Antol et al. 2015, official evaluation",
  },
  "multiple-choice": {
    label: "multiple choice, %",
    unit: "percent",
    right: "Names the true option, by its letter or by its text.",
    references: BEST,
    few: "",
    chance: OTHERS_ANSWER,
    others: { unparsed: "answers that name no option, %" },
    source: "as ScienceQA, MMBench and others count it",
  },
};

/** Names of all metrics. */
export const METRICS: readonly MetricName[] = Object.keys(METRIC_NOTES) as MetricName[];
