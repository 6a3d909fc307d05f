/**
 * Settles a run's options by its data.
 *
 * @module
 */

import { loadDataset } from "../../data/dataset/load_dataset.ts";
import type { Dataset } from "../../data/types.ts";
import { InputError } from "../../errors.ts";
import { frozenModules, idleRatesNote } from "../../lmm/trainer/settings.ts";
import type { RunInfo } from "../../run/records/run_info.ts";
import type { TuneCallbacks, TunePlace } from "../callbacks.ts";
import { differences, resolveOptions } from "../options/resolve_options.ts";
import type { TuneOptions } from "../options/settings.ts";
import { weightsByHand } from "../options/weights_by_hand.ts";
import type { Begun } from "./begin.ts";
import { loadZeroShot, readingOptions, type Setting } from "./read_all.ts";
import { checkSameScenes, checkSceneTasks, type DrawnPictures, drawScenes } from "./scenes.ts";

/** Folder of the built-in benchmark in a run. */
export const SCENES = "scenes";

/** Draws the scenes or finds the data, and settles every option by it. */
export async function settle(
  { before, given, asked, preset, checkpoint }: Begun,
  data: string,
  place: TunePlace,
  callbacks: TuneCallbacks,
): Promise<Setting> {
  let drawn: DrawnPictures = new Map();
  if (given.data === undefined) {
    const { mixture, control, train } = given;
    const choice = {
      ...(mixture !== undefined && { mixture }),
      ...(control !== undefined && { control }),
      ...(train !== undefined && { train }),
      zeroShot: given.zeroShotData === undefined ? given.zeroShot ?? 0 : 0,
    };
    checkSceneTasks(given.tasks, choice);
    checkZeroShot(before, given, place.out);
    if (before !== undefined) checkSameScenes(before.resolved, given, place.out);
    drawn = await drawScenes(data, checkpoint, given.scale ?? 1, callbacks, choice);
  }
  const dataset = await loadDataset(data, {
    ...(given.tasks !== undefined && { tasks: given.tasks }),
    ...readingOptions(given),
    nameLater: true,
  });
  if (before !== undefined && dataset.bad !== undefined && given.skipBad !== true) {
    throw dataset.bad.error(
      `bring back what the run in ${place.out} began with, or start another run with another --out`,
    );
  }
  try {
    return await resolveBy({ before, given, asked, preset, checkpoint }, dataset, data, drawn, place);
  } catch (error) {
    // Options are settled by what the data hold: what is wrong with these comes first.
    if (dataset.bad === undefined || !(error instanceof InputError)) throw error;
    throw dataset.bad.error();
  }
}

/** Settles every option by the data. */
async function resolveBy(
  { before, given, asked, preset, checkpoint }: Begun,
  dataset: Dataset,
  data: string,
  drawn: DrawnPictures,
  place: TunePlace,
): Promise<Setting> {
  // A run that goes on has its weights in run.json: the file that they came from may be gone.
  const again = asked.lambda !== undefined || asked.weights !== undefined;
  const lambda = (again ? undefined : before?.resolved.lambda) ??
    await weightsByHand(given, dataset.tasks.map(({ name }) => name));
  const zeroShot = await loadZeroShot(given, data);
  const frozen = frozenModules(given, preset.tune.frozen, checkpoint.config);
  const asks = { ...given, frozen, ...(lambda && { lambda }) };
  const { resolved, notes } = resolveOptions(asks, preset, dataset, {
    checkpoint: given.checkpoint ?? preset.checkpoint,
    data: given.data ?? null,
  }, zeroShot);
  const idle = idleRatesNote(resolved, checkpoint.config);
  if (idle !== undefined) notes.push(idle);
  if (resolved.loraRank !== undefined && resolved.saveDtype === "base") {
    notes.push(
      "--save-dtype base changes nothing: adapters are saved in 32 bits, merged ones in the base's types.",
    );
  }
  if (before !== undefined) {
    const differing = differences(before.resolved, resolved);
    if (differing.length > 0) {
      const sameOptions = asked.weights === undefined &&
        Object.entries(asked).every(([key, value]) =>
          JSON.stringify(value) === JSON.stringify(before.given[key as keyof TuneOptions])
        );
      if (sameOptions) {
        throw new InputError(
          `--resume: expected the data in ${data} as it was when the run in ${place.out} began, found it ` +
            `changed: ${differing.join("; ")}. Bring it back, or start another run with another --out`,
        );
      }
      throw new InputError(
        `--resume: expected the options of the run in ${place.out}, but ${differing.join("; ")}. ` +
          "Leave the option out, or start another run with another --out",
      );
    }
  }

  const kind = given.data === undefined ? "scenes" : "folder";
  return {
    given,
    resolved,
    dataset,
    zeroShot,
    checkpoint,
    source: { kind, path: data },
    notes,
    before,
    drawn,
  };
}

/** Scenes are drawn once, the zero-shot ones with them: another number of these is told before they are looked at. */
function checkZeroShot(before: RunInfo | undefined, given: TuneOptions, out: string): void {
  if (before === undefined || given.zeroShotData !== undefined) return;
  const then = before.resolved.zeroShot?.questions ?? undefined;
  if (then === given.zeroShot) return;
  throw new InputError(
    `--resume: expected --zero-shot as in the run in ${out} (${then ?? "none"}), found ${given.zeroShot}. ` +
      "Leave the option out, or start another run with another --out",
  );
}
