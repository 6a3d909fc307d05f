/** What the model is given of each image: computed now, or when it is needed. @module */

import { createHash } from "node:crypto";
import { join } from "@std/path";
import { runsTower } from "../../lmm/trainer/settings.ts";
import type { EngineModel } from "../../train/engine.ts";
import { FeatureFile } from "../../train/feature_file.ts";
import { computeImageInputs, type ImageInputs, IN_MEMORY } from "../../train/image_inputs.ts";
import { inputsAhead, toHalf } from "../../train/inputs_ahead.ts";
import { DEFAULT_CACHE_GB } from "../options/settings.ts";
import type { Claims } from "../../run/claims/claims.ts";
import { exclusively } from "../../run/claims/exclusively.ts";
import type { TuneCallbacks, TunePlace } from "../callbacks.ts";
import { READ_FIRST, type Ready, type Setting } from "./read_all.ts";

/**
 * What the model is given of each image: where the tower is frozen and there are not too many, its features, computed
 * now; of more images, features that are computed when they are needed; where the tower is trained, pixels.
 */
export async function readInputs(
  model: EngineModel,
  { images, tiles, close, encoded: { images: paths }, run }: Ready,
  { given, checkpoint: { processor } }: Setting,
  place: TunePlace,
  claims: Claims,
  callbacks: TuneCallbacks,
): Promise<ImageInputs> {
  const total = paths.length;
  const frozen = !runsTower(run.resolved, run.model.config);
  const hash = createHash("sha256").update(
    JSON.stringify([
      run.model.fingerprint,
      run.dataset.fingerprint,
      run.dataset.pictures,
      run.zeroShot?.pictures,
      run.sittings.at(-1)!.adapter,
    ]),
  );
  for (const path of paths) hash.update(`\n${path}`);
  const key = hash.digest("hex");
  const tileCounts = new Uint32Array(total);
  for (const [i, path] of paths.entries()) tileCounts[i] = processor.tileCount(await images.grid(path));
  // After normalisation, zero is the mean colour: the blank image shows nothing but that.
  const blank = new Float32Array(3 * model.imageSize ** 2);
  const { imageSize } = model;
  const shared = { paths, tileCounts, tiles, imageSize, close };
  if (!frozen) return inputsAhead({ ...shared, blankTile: blank });
  const [seen] = await model.encodeImages([blank]);
  const values = seen!.length;
  const bytes = tileCounts.reduce((sum, count) => sum + count, 1) * values * 4;
  if (total > READ_FIRST || bytes > IN_MEMORY) {
    const maxBytes = (given.cacheGb ?? DEFAULT_CACHE_GB) * 1e9;
    const path = join(place.out, "cache", await growingFile(claims));
    const features = FeatureFile.open({ path, key, values, images: total, maxBytes });
    return inputsAhead({ ...shared, blankTile: Float32Array.from(toHalf(seen!)), features });
  }
  // Adapters may differ in the last bits: each kind has a file of its own.
  const file = `features-${key.slice(0, 8)}.bin`;
  const inputs = await exclusively(
    claims,
    file,
    () =>
      computeImageInputs(
        model,
        paths,
        (path) => images.tiles(path),
        { path: join(place.out, "cache", file), key },
        (done) => {
          callbacks.event?.({ kind: "setup", doing: "computing image features", done, total });
          callbacks.signal?.throwIfAborted();
        },
        images.ahead,
      ),
    { signal: callbacks.signal, say: (text) => callbacks.event?.({ kind: "note", text }) },
  );
  close();
  return inputs;
}

/** The file of features that this process adds to: the run's, or one of its own where another adds to that. */
async function growingFile(claims: Claims): Promise<string> {
  const claim = await claims.take("features.f16");
  return "check" in claim ? "features.f16" : `features-${claims.self.id}.f16`;
}
