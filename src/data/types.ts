/** The shapes of a visual-instruction dataset, shared by the loader, the benchmark and the trainer. */

import type { BoxForm } from "../metrics/iou.ts";
import type { MetricName } from "../metrics/metric_name.ts";
import type { BadSamples } from "./dataset/bad_samples.ts";

export type { MetricName };

/** The three parts a task's samples are split into. */
export type Split = "train" | "val" | "test";

/** A task of a dataset and the metric that scores it. */
export interface TaskInfo {
  /** Its name; folders of a run are named after it. */
  name: string;
  /** The metric that scores it. */
  metric: MetricName;
  /** How boxes are written in its answers, where it is scored by overlap and they are not parts of the sides. */
  box?: BoxForm;
}

/** One exchange of a conversation; the image placeholder is not part of `question`. */
export interface Turn {
  /** What the human says. */
  question: string;
  /**
   * Where its images stand: offsets into `question` in UTF-16 units, ascending; each takes the sample's next image. Where
   * no turn says so, all images stand before the first question.
   */
  places?: readonly number[];
  /** What the model should say: the answer that is trained on. */
  answer: string;
  /**
   * Every answer it is scored by, equal ones too, where there are several; `answer` is one of them. Turns that ask
   * the same question hold the same list, the same object, and are asked once.
   */
  references?: readonly string[];
  /** The question template it was made from, where the dataset says so. */
  template?: string;
}

/** One conversation about at most one image (or several, in order of appearance). */
export interface Sample {
  /** Its name in the file; not always unique. */
  id: string;
  /** The task it belongs to. */
  task: string;
  /** Absolute paths of the images, in order of appearance; empty for a text-only sample. */
  images: string[];
  /** What the system says before the first turn, if anything. */
  system?: string;
  /** The exchanges, in order; at least one. */
  turns: Turn[];
  /** The JSON file it was read from, for messages. */
  file: string;
}

/** A loaded dataset: the samples of every task and split. */
export interface Dataset {
  /** Tasks in the order they are shown. */
  tasks: TaskInfo[];
  /** `samples[split].get(task)`, in file order. */
  samples: Record<Split, Map<string, Sample[]>>;
  /** What the loader decided by itself (metrics guessed, splits cut), one sentence each, to be said aloud. */
  notes: string[];
  /** Samples that were left out when it was read; `validateDataset` names or counts them with those that it finds. */
  bad?: BadSamples;
}
