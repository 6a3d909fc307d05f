/**
 * Questions with several true answers.
 *
 * @module
 */

import type { MetricName, Sample, Turn } from "../types.ts";

/**
 * The turns of different samples that ask the same: the same images, the same talk before, the same question. COCO's
 * five captions of an image and VQA's ten answers come in this form, a sample each.
 *
 * @param samples Samples of one task and split.
 * @returns Groups of two turns and more, in file order.
 */
export function repeatedQuestions(samples: readonly Sample[]): Turn[][] {
  const groups: Turn[][] = [];
  const split = (samples: readonly Sample[], depth: number) => {
    const same = Map.groupBy(samples, (sample) => {
      const { question, places = [] } = sample.turns[depth]!;
      return JSON.stringify([depth === 0 ? [sample.system, sample.images] : [], question, places]);
    });
    for (const group of same.values()) {
      if (group.length < 2) continue;
      groups.push(group.map(({ turns }) => turns[depth]!));
      // Only samples that agree on the answer too ask the next question after the same talk.
      const longer = group.filter(({ turns }) => turns.length > depth + 1);
      const agreeing = Map.groupBy(longer, ({ turns }) => turns[depth]!.answer);
      for (const next of agreeing.values()) if (next.length > 1) split(next, depth + 1);
    }
  };
  split(samples, 0);
  return groups;
}

/**
 * Gives turns that ask the same the answers of all as references, so that the question is asked once and scored by
 * all of them. Left alone are boxes, of which a question has one, and turns that agree on their answer, unless
 * the metric counts votes.
 *
 * @param groups Turns that ask the same; changed in place: turns of a group get one and the same list.
 * @param metric The task's metric.
 * @returns How many questions, and in how many samples they stand.
 */
export function shareReferences(
  groups: readonly Turn[][],
  metric: MetricName,
): { questions: number; samples: number } {
  const shared = { questions: 0, samples: 0 };
  if (metric === "iou") return shared;
  for (const group of groups) {
    const votes = group.flatMap(({ answer, references }) => references === undefined ? [answer] : []);
    // Samples that list all references again add nothing.
    const lists = new Map(
      group.flatMap(({ references }) =>
        references === undefined ? [] : [[JSON.stringify(references.toSorted()), references] as const]
      ),
    );
    const all = [...lists.values()].flat().concat(votes);
    if (metric !== "vqa-accuracy" && new Set(all).size === 1) continue;
    for (const turn of group) turn.references = all;
    shared.questions++;
    shared.samples += group.length;
  }
  return shared;
}
