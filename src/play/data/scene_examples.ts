/**
 * Questions about scenes as a page shows them.
 *
 * @module
 */

import { encodePng } from "../../data/images/png.ts";
import type { Example } from "../../run/records/example.ts";
import { sceneData, shownSizes } from "./scene_data.ts";

/**
 * The questions that are shown, with their pictures.
 *
 * @returns The questions, task after task, without any answers.
 */
export function sceneExamples(): Example[] {
  const { tasks, samples, image } = sceneData(shownSizes());
  return tasks.flatMap(({ name, metric }) =>
    samples.shown.filter(({ task }) => task === name).map(({ id, images, turns }, index): Example => {
      const [{ question, answer: truth }] = turns as [typeof turns[number]];
      const pictures = images.map((path) => {
        const { width, height, data } = image(path);
        return { url: `data:image/png;base64,${encodePng(data, width, height).toBase64()}`, size: width };
      });
      return {
        task: name,
        metric,
        index,
        id,
        turn: 0,
        before: [],
        question,
        truth,
        images: pictures,
        answers: {},
      };
    })
  );
}
