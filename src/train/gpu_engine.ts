/**
 * The engine on the GPU: the LLaVA model of `lmm/` and the trainer.
 *
 * @module
 */

import { checkStorage } from "../autograd/tape.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { checkTimestamps, Profiler } from "../gpu/profile/profile.ts";
import { measureRoofline } from "../gpu/profile/roofline.ts";
import { loadCheckpoint, saveCheckpoint } from "../lmm/checkpoint.ts";
import { parseConfig } from "../lmm/families/parse_config.ts";
import { encodeImages, encodeNeed } from "../lmm/features.ts";
import { generate } from "../lmm/generate.ts";
import { answerNeed } from "../lmm/generation/prompts_that_fit.ts";
import { GenerationSession } from "../lmm/generation/session.ts";
import { Lmm } from "../lmm/lmm.ts";
import { memoryNeed } from "../lmm/memory_need.ts";
import { saveAdapter } from "../lmm/lora/save_adapter.ts";
import { trainedModules } from "../lmm/trainer/settings.ts";
import { stepNeed } from "../lmm/trainer/step_need.ts";
import { LORA } from "../nn/lora.ts";
import { Trainer } from "../lmm/trainer/trainer.ts";
import type { Engine, EngineModel, EngineProfiler } from "./engine.ts";

/**
 * Models on a GPU.
 *
 * @param gpu The device; it stays open when the engine is no longer used.
 * @returns The engine.
 */
export function gpuEngine(gpu: Gpu): Engine {
  return {
    adapter: gpu.facts,
    checkStorage: (storage) => checkStorage(gpu, storage),
    checkProfiling: () => checkTimestamps(gpu.device),
    profiler: () => engineProfiler(gpu),
    need: (config, plan) => ({ ...memoryNeed(parseConfig(config), plan), largestBuffer: gpu.largestBuffer }),
    load: async ({ config, configText, weights, adapter }, options) =>
      engineModel(await loadCheckpoint(gpu, configText ?? config, weights, { ...options, adapter })),
    create: (config, seed, options) => engineModel(Lmm.create(gpu, parseConfig(config), seed, options)),
  };
}

async function engineProfiler(gpu: Gpu): Promise<EngineProfiler> {
  const roofline = await measureRoofline(gpu);
  const profiler = new Profiler(gpu.device);
  await profiler.calibrate();
  return {
    roofline,
    time: (queue) => {
      gpu.profiler = profiler;
      try {
        queue();
      } finally {
        gpu.profiler = undefined;
      }
    },
    read: async () => {
      const profile = await profiler.read();
      const arenaBytes = gpu.arena(0).size;
      return {
        ...profile,
        arenaBytes,
        textureBytes: gpu.sharedBytes - arenaBytes,
        liveBytes: gpu.liveBytes,
      };
    },
    destroy: () => profiler.destroy(),
  };
}

function engineModel(model: Lmm): EngineModel {
  const count = (module: string): number => {
    const range = model.parameters.modules.get(module)!;
    let sum = 0;
    for (const { offset, size } of model.parameters.places.values()) {
      if (offset >= range.start && offset < range.end) sum += size;
    }
    return sum;
  };
  return {
    imageTokens: model.imageTokens,
    imageSize: model.imageSize,
    maxPositions: model.maxPositions,
    parameters: { vision: count("vision"), projector: count("projector"), language: count("language") },
    lora: model.lora && { parameters: count(LORA), addedTo: model.addedTo },
    stepNeed: ({ frozen, storage, checkpointActivations = false }, size) => {
      const trainable = new Set(trainedModules(model, frozen));
      return stepNeed({ model, trainable, storage, checkpointActivations }, size);
    },
    encodeNeed: (images) => encodeNeed(model, images),
    answerNeed: (prompts, options) => answerNeed(model, prompts, options),
    encodeImages: (pixels) => encodeImages(model, pixels),
    trainer: (settings) => new Trainer(model, settings),
    generate: (prompts, options) => generate(model, prompts, options),
    session: () => new GenerationSession(model),
    save: (sink, options = {}) =>
      model.lora ? saveAdapter(model, sink, options.base) : saveCheckpoint(model, sink, options),
    destroy: () => model.destroy(),
  };
}
