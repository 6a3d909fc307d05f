/**
 * The chart task: read and compare bars.
 *
 * @module
 */

import { COLOUR_NAMES, MAX_BAR, type Scene } from "../picture/scene.ts";
import type { Question, SceneTask, Template } from "../templates.ts";

/** How much two bars must differ in value to be compared. */
const MARGIN = 2;

const barValue: Template = {
  name: "bar-value",
  share: 0.45,
  kind: "chart",
  keys: Array.from({ length: MAX_BAR }, (_, k) => String(k + 1)),
  questions: (scene) =>
    scene.bars.map(({ colour, value }) => ({
      question: `how high is the ${colour} bar?`,
      answer: String(value),
      key: String(value),
      subject: colour,
    })),
};

const barOfValue: Template = {
  name: "bar-of-value",
  share: 0.15,
  kind: "chart",
  keys: COLOUR_NAMES,
  questions: (scene) =>
    scene.bars.map(({ colour, value }) => ({
      question: `what bar has height ${value}?`,
      answer: colour,
      key: colour,
      subject: colour,
    })),
};

/** The highest or the lowest bar, if it differs from the next one by the margin. */
function extreme(name: string, word: string, share: number, sign: 1 | -1): Template {
  return {
    name,
    share,
    kind: "chart",
    keys: COLOUR_NAMES,
    questions: (scene: Scene): Question[] => {
      const [first, second] = scene.bars.toSorted((a, b) => sign * (b.value - a.value));
      if (Math.abs(first!.value - second!.value) < MARGIN) return [];
      const answer = first!.colour;
      return [{ question: `what bar is ${word}?`, answer, key: answer, subject: word }];
    },
  };
}

const higher: Template = {
  name: "higher",
  share: 0.1,
  kind: "chart",
  keys: ["yes", "no"],
  questions: (scene) =>
    scene.bars.flatMap((a) =>
      scene.bars.filter((b) => Math.abs(a.value - b.value) >= MARGIN).map((b) => {
        const answer = a.value > b.value ? "yes" : "no";
        return {
          question: `is the ${a.colour} bar higher than the ${b.colour} bar?`,
          answer,
          key: answer,
          subject: `higher ${[a.colour, b.colour].sort().join()}`,
        };
      })
    ),
};

/** The task; like ChartQA. */
export const chart: SceneTask = {
  name: "chart",
  metric: "exact-match",
  turns: 3,
  templates: [
    barValue,
    barOfValue,
    extreme("highest-bar", "highest", 0.15, 1),
    extreme("lowest-bar", "lowest", 0.15, -1),
    higher,
  ],
};
