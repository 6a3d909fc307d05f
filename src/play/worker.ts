/**
 * The worker that trains for a page: it draws the data, once, and does what it is asked for, one thing at a time.
 *
 * @module
 */

import { AdapterError, Interrupted } from "../errors.ts";
import { createGpu } from "../gpu/gpu.ts";
import type { PackedModels } from "../page/packed.ts";
import { unpackModels } from "../page/unpack_models.ts";
import type { CheckpointFiles } from "../train/checkpoint.ts";
import type { Engine } from "../train/engine.ts";
import { gpuEngine } from "../train/gpu_engine.ts";
import { type PackedData, unpackData } from "./data/packed_data.ts";
import { sceneData, sceneSizes } from "./data/scene_data.ts";
import type { Report, Request } from "./messages.ts";
import { type Lesson, openLesson } from "./train/lesson.ts";
import { answersBefore, liveTraining } from "./train/live_training.ts";

/** What a page gives, the first time it asks. */
type Given = Pick<Extract<Request, { kind: "train" }>, "models" | "data">;

/** What is made once. */
interface Ready {
  engine: Engine;
  checkpoint: CheckpointFiles;
  lesson: Lesson;
}

/**
 * Answers a page's requests.
 *
 * @param tell Sends it a report.
 * @returns To be called with each request.
 */
export function trainingWorker(tell: (report: Report) => void): (request: Request) => Promise<void> {
  let given: Given = {};
  let ready: Ready | undefined;
  let stop = new AbortController();
  return async (request) => {
    if (request.kind === "stop") return stop.abort();
    stop = new AbortController();
    const { signal } = stop;
    if (request.models !== undefined) given = { models: request.models, data: request.data };
    try {
      ready ??= await prepare(given, tell, signal);
      const { engine, checkpoint, lesson } = ready;
      for (const { name: run, ...settings } of request.runs) {
        const weights = run === "equal" ? "equal weights" : "your weights";
        tell({
          kind: "doing",
          what: `Training with ${weights}; the first steps take longer, as kernels are compiled`,
        });
        const answers = await liveTraining(engine, checkpoint, lesson, settings, {
          step: (log) => tell({ kind: "step", run, log }),
          look: (point) => tell({ kind: "look", run, point }),
          signal,
        });
        tell({ kind: "answers", of: run, answers });
      }
      tell({ kind: "done" });
    } catch (error) {
      if (error instanceof Interrupted) return tell({ kind: "stopped", what: error.message });
      const what = error instanceof Error ? error.message : String(error);
      tell({ kind: "failed", what, adapter: error instanceof AdapterError });
    }
  };
}

async function prepare(
  { models, data: packed }: Given,
  tell: (report: Report) => void,
  signal: AbortSignal,
): Promise<Ready> {
  const drawn = packed === undefined;
  tell({ kind: "doing", what: drawn ? "Drawing pictures and questions" : "Unpacking the data" });
  // A model that is served is asked, not trained.
  const { texts, weights, models: inside } = JSON.parse(models!) as PackedModels;
  const [model] = await unpackModels({ texts, weights, models: inside });
  const { checkpoint } = model!;
  const data = drawn ? sceneData(sceneSizes()) : unpackData(JSON.parse(packed) as PackedData);
  const gpu = await createGpu();
  try {
    const engine = gpuEngine(gpu);
    const what = "Showing the pictures to the model";
    tell({ kind: "doing", what });
    const lesson = await openLesson(engine, checkpoint, data, {
      seen: (done, of) => tell({ kind: "doing", what, done, of }),
      signal,
    });
    tell({ kind: "doing", what: "Asking the model before it is trained" });
    tell({ kind: "answers", of: "base", answers: await answersBefore(engine, checkpoint, lesson, signal) });
    return { engine, checkpoint, lesson };
  } catch (error) {
    gpu.destroy();
    throw error;
  }
}
