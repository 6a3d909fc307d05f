/**
 * What probes will cost in tokens, said before they are tuned.
 *
 * @module
 */

import { methodById } from "../balance/methods/registry.ts";
import { planRun } from "../run/plan.ts";
import type { TunePart } from "../run/part.ts";
import type { ResolvedOptions } from "../run/records/run_info.ts";
import { orderSequences } from "../train/order.ts";
import { noImageInputs } from "../train/image_inputs.ts";
import type { Encoded } from "./data/encode.ts";
import { prepare } from "./data/prepare.ts";
import { ENOUGH_STEPS } from "./options/resolve_options.ts";
import { passesOf, sequencesOf } from "./parts/tune_part.ts";

/**
 * Says what cheaper probes save, and which probes of single tasks are too short to measure much.
 *
 * @param encoded The dataset.
 * @param resolved What is run.
 * @returns One sentence for each; none where the probes are CoTBal's own and full.
 */
export function probeNotes(encoded: Encoded, resolved: ResolvedOptions): string[] {
  const { probes, ...full } = resolved;
  const prepared = prepare(encoded, noImageInputs());
  const notes: string[] = [];
  if (probes === "early") {
    notes.push(
      "Probes end once their validation loss no longer falls: what that saves is known only afterwards. Their weights are not the paper's.",
    );
    const budget = planRun(resolved).find((part) => part.kind === "tune" && part.withProbes !== undefined);
    if (budget?.kind === "tune") {
      const { name } = methodById(budget.weighting.method);
      notes.push(
        budget.withProbes === true
          ? `${name} is tuned for as much longer as CoTBal's full probes would take: this run does not tune them.`
          : `${name} is tuned for as much longer as the probes turn out to take, at most for ${
            passesOf(budget, prepared, resolved).toFixed(2)
          } passes: that is what is said before.`,
      );
    }
  } else if (probes !== undefined) {
    const tokens = (options: ResolvedOptions) =>
      tunedProbes(options).reduce((sum, part) => {
        const once = sequencesOf(part, prepared, options).reduce((all, { ids }) => all + ids.length, 0);
        return sum + once * passesOf(part, prepared, options);
      }, 0);
    const [cheap, whole] = [tokens(resolved), tokens(full)];
    const how = probes === "third"
      ? "make a third of the passes"
      : "with a large subset go on from a mini probe, on the samples that are new to it";
    notes.push(
      `Probes ${how}: about ${millions(cheap)} training tokens in place of ${
        millions(whole)
      } with full probes, ` +
        `${(100 * (1 - cheap / whole)).toFixed(0)}% less. Their weights are not the paper's.`,
    );
  }
  const alone = tunedProbes(resolved).flatMap((part) => {
    if (!part.id.includes("probes/alone")) return [];
    const sequences = sequencesOf(part, prepared, resolved);
    const options = {
      ...resolved,
      epochs: passesOf(part, prepared, resolved),
      tasks: resolved.tasks.length,
      seed: 0,
    };
    return { task: part.tasks.join(", "), steps: orderSequences(sequences, options).steps };
  });
  alone.sort((a, b) => a.steps - b.steps);
  const [shortest] = alone;
  if (shortest !== undefined && shortest.steps < ENOUGH_STEPS) {
    notes.push(
      `The shortest probe of a task alone, ${shortest.task}, takes ${shortest.steps} ${
        shortest.steps === 1 ? "step" : "steps"
      }; under ${ENOUGH_STEPS}, ` +
        "what it measures is mostly noise. More data or more --epochs would help.",
    );
  }
  return notes;
}

function tunedProbes(options: ResolvedOptions): TunePart[] {
  return planRun(options).filter((part) => part.kind === "tune")
    .filter(({ id }) => id.split("/").includes("probes"));
}

function millions(tokens: number): string {
  return `${(tokens / 1e6).toPrecision(3)} million`;
}
