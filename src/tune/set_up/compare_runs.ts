/** Whether a run that goes on finds data, pictures and base as they were. @module */

import { join } from "@std/path";
import { InputError } from "../../errors.ts";
import { hashPictures, keepPictureHashes, picturesOf } from "../data/picture_hashes.ts";
import type { TuneCallbacks, TunePlace } from "../callbacks.ts";
import { adaptersNote } from "../results/adapters_note.ts";
import type { RunInfo } from "../../run/records/run_info.ts";
import type { Dataset } from "../../data/types.ts";

/** Where the hashes of pictures are kept, in the run's folder. */
const PICTURES = { dataset: "pictures.bin", zeroShot: "pictures-zero-shot.bin" } as const;

/** Refuses to go on with other data or another base; returns what one should know. */
export function compareRuns(before: RunInfo, now: RunInfo, out: string): string[] {
  for (const what of ["dataset", "zeroShot", "model"] as const) {
    if (before[what]?.fingerprint !== now[what]?.fingerprint) {
      const name = what === "model"
        ? `the checkpoint ${now.resolved.checkpoint}`
        : `the data in ${now[what]?.path}`;
      const changed = what === "model" ? changedFiles(before.model.files ?? {}, now.model.files ?? {}) : [];
      throw new InputError(
        `--resume: expected ${name} as it was when the run in ${out} began, found ${
          changed.length === 0 ? "it changed" : `other contents in ${changed.join(", ")}`
        }. Bring it back, or start another run with another --out`,
      );
    }
  }
  return adaptersNote(now);
}

function changedFiles(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) =>
    before[name] !== now[name]
  );
}

/** Hashes every picture for run.json; where a run goes on, they must be as they were. */
export async function comparePictures(
  before: RunInfo | undefined,
  run: RunInfo,
  datasets: { dataset: Dataset; zeroShot: Dataset | undefined },
  place: TunePlace,
  { event, signal }: TuneCallbacks,
): Promise<void> {
  for (const what of ["dataset", "zeroShot"] as const) {
    const [dataset, summary] = [datasets[what], run[what]];
    if (dataset === undefined || summary === undefined) continue;
    const paths = picturesOf(dataset);
    const hashes = await hashPictures(paths, (done) => {
      signal?.throwIfAborted();
      event?.({ kind: "setup", doing: "looking for changed pictures", done, total: paths.length });
    });
    const file = join(place.out, PICTURES[what]);
    summary.pictures = await keepPictureHashes(file, hashes, paths, before?.[what]?.pictures);
  }
}
