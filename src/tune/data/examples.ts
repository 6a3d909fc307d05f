/**
 * Questions of the test split for the report, with small pictures.
 *
 * @module
 */

import { encodeBase64 } from "@std/encoding/base64";
import { decodeImage } from "../../data/images/image.ts";
import { encodePng } from "../../data/images/png.ts";
import { BICUBIC } from "../../data/images/filters.ts";
import { type Colour, padToSquare } from "../../data/images/frame.ts";
import type { Processor } from "../../data/images/processor.ts";
import type { TaskQuestions } from "../../answer/evaluate.ts";
import type { Example } from "../../run/records/example.ts";

/** Questions shown of each task. */
const PER_TASK = 6;

/** Largest side of a picture, in pixels. */
const LARGEST = 256;

/**
 * Takes questions at even distances through each task's test: nobody chose them.
 *
 * @param tasks The questions of the test.
 * @param processor Says the colour of the bars that make an image square, and whether pictures are turned.
 * @returns The examples, without any answers.
 */
export async function chooseExamples(
  tasks: readonly TaskQuestions[],
  processor: Pick<Processor, "mean" | "exif" | "maxPixels">,
): Promise<Example[]> {
  const examples: Example[] = [];
  for (const { task, metric, questions } of tasks) {
    const count = Math.min(PER_TASK, questions.length);
    for (let k = 0; k < count; k++) {
      const index = Math.floor(k * questions.length / count);
      const { sample, turn, question, truth, box } = questions[index]!;
      const before = sample.turns.slice(0, turn).map(({ question, answer }) => ({ question, answer }));
      const images = await Promise.all(sample.images.map((path) => picture(path, processor)));
      examples.push({
        task,
        metric,
        ...(box === undefined ? {} : { box }),
        index,
        id: sample.id,
        turn,
        before,
        question,
        truth,
        images,
        answers: {},
      });
    }
  }
  return examples;
}

async function picture(
  path: string,
  { mean, exif, maxPixels }: Pick<Processor, "mean" | "exif" | "maxPixels">,
): Promise<Example["images"][number]> {
  const image = await decodeImage(await Deno.readFile(path), { exif, maxPixels });
  const size = Math.min(LARGEST, Math.max(image.width, image.height));
  const [r, g, b] = mean;
  const colour: Colour = [Math.trunc(255 * r), Math.trunc(255 * g), Math.trunc(255 * b)];
  const square = padToSquare(image, colour, size, BICUBIC).data;
  return { url: `data:image/png;base64,${encodeBase64(encodePng(square, size, size))}`, size };
}
