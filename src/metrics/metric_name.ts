/** The metrics by name. @module */

/** How the answers of a task are scored. */
export type MetricName = "exact-match" | "relaxed-match" | "anls" | "cider" | "iou";

/** Names of all metrics. */
export const METRICS: readonly MetricName[] = ["exact-match", "relaxed-match", "anls", "cider", "iou"];
