/**
 * What the protocol's rules ("What counts") make of the study's figures: which methods pay, and the default of `tune`.
 *
 * @module
 */

import { cotbal } from "../balance/methods/cotbal.ts";
import { ew } from "../balance/methods/ew.ts";
import { ewBudget } from "../balance/methods/ew_budget.ts";
import { fixed } from "../balance/methods/fixed.ts";
import { inverseSize } from "../balance/methods/inverse_size.ts";
import { PROBE_KINDS, type ProbeKind } from "../balance/methods/method_settings.ts";
import { DEFAULT_METHODS, methodById } from "../balance/methods/registry.ts";
import { search } from "../balance/methods/search.ts";
import { stl } from "../balance/methods/stl.ts";
import type { MethodOnMixture, MixtureAnalysis } from "./analyse.ts";
import type { CheaperProbes } from "./cheaper_probes.ts";
import { CHEAPER_KINDS, type CheaperKind, CORE_METHODS } from "./design.ts";
import { type FollowUp, gain } from "./follow_up.ts";
import { listed, nameOf, signed } from "./text.ts";

/** Core methods that are tested against EW. STL is none of them: it is not one model. */
export const TESTED_METHODS: readonly string[] = CORE_METHODS.filter((id) => id !== "ew" && id !== "stl");

/** A tested method over all mixtures. */
export interface Judgement {
  method: string;
  /** Mixtures on which it wins. */
  wins: string[];
  /** Those among them on which it gains at least half the headroom. */
  half: string[];
  /** Mixtures on which it loses. */
  losses: string[];
  /** Mean difference to EW over the mixtures, in points. */
  mean: number;
  /** Whether it pays: `half` is not empty, `losses` is. */
  pays: boolean;
}

/** Share of the tokens below which probes save nothing worth another default; the protocol names none. */
const WORTH_SAVING = 0.01;

/** Methods that tune one model with constant weights for EW's steps: what a search over weights could have found. */
const searchable = (id: string) =>
  methodById(id).constant && ![ew, stl, ewBudget, search, fixed].some((other) => other.id === id);

/** What the rules say. */
export interface Verdict {
  methods: Judgement[];
  /** Searched weights minus EW, on seeds that no search saw, a mixture; null where they have not run. */
  headroom: { mixture: string; difference: MethodOnMixture["difference"] }[];
  /** Constant weights that do better than the searched ones did, with an interval above 0: the headroom is no bound. */
  beyond: { mixture: string; method: MethodOnMixture }[];
  /** The default of `tune` by the rules. */
  method: string;
  /** The probes that the rules choose. */
  probes: ProbeKind;
  /** Of every cheaper kind, mixtures where λ moves no more than between seeds, all that have it, the share of tokens saved. */
  cheaper: { kind: CheaperKind; within: string[]; of: string[]; saved: number }[];
}

/**
 * Judges by the protocol's rules.
 *
 * ```
 * pays    = wins on a mixture with  difference ≥ headroom / 2  there, loses on none
 * default = the method that pays with the highest mean difference over the mixtures; CoTBal if none does
 * probes  = those that save most tokens, 1% or more, of the kinds whose λ is nearer to full probes' than another seed's, on every mixture
 * ```
 *
 * @param mixtures The analyses.
 * @param compared Cheaper probes beside full ones.
 * @returns The verdict.
 */
export function judge(mixtures: readonly MixtureAnalysis[], compared: readonly CheaperProbes[]): Verdict {
  const differenceOf = (mixture: MixtureAnalysis, id: string) =>
    mixture.methods.find(({ method }) => method === id)?.difference ?? null;
  const methods = TESTED_METHODS.map((method): Judgement => {
    const found = mixtures.flatMap((mixture) => {
      const own = mixture.methods.find((one) => one.method === method);
      return own?.difference ? [{ mixture, own, gain: own.difference.mean }] : [];
    });
    const names = (of: typeof found) => of.map(({ mixture }) => mixture.mixture);
    const wins = found.filter(({ own }) => own.verdict === "win");
    const half = wins.filter(({ mixture, gain }) => {
      const headroom = differenceOf(mixture, "fixed");
      return headroom !== null && gain >= headroom.mean / 2;
    });
    const losses = names(found.filter(({ own }) => own.verdict === "loss"));
    return {
      method,
      wins: names(wins),
      half: names(half),
      losses,
      mean: found.reduce((sum, { gain }) => sum + gain, 0) / found.length,
      pays: half.length > 0 && losses.length === 0,
    };
  });
  const best = methods.filter(({ pays }) => pays).toSorted((a, b) => b.mean - a.mean)[0];
  const cheaper = CHEAPER_KINDS.map((kind) => {
    const of = compared.filter((one) => one.kind === kind);
    const names = (list: typeof of) => list.map(({ mixture }) => mixture);
    const saved = of.reduce((sum, { error }) => sum + (error.tokensSaved ?? 0), 0) / of.length;
    return { kind, within: names(of.filter(({ within }) => within === true)), of: names(of), saved };
  });
  const good = cheaper.filter(({ within, of, saved }) =>
    of.length === mixtures.length && within.length === of.length && saved >= WORTH_SAVING
  );
  return {
    methods,
    headroom: mixtures.map((mixture) => ({
      mixture: mixture.mixture,
      difference: differenceOf(mixture, "fixed"),
    })),
    beyond: mixtures.flatMap((mixture) => {
      const headroom = differenceOf(mixture, "fixed");
      const better = mixture.methods.filter(({ method, difference }) =>
        difference !== null && headroom !== null && searchable(method) &&
        difference.mean > headroom.mean && difference.bootstrap.low > 0
      );
      const method = better.toSorted((a, b) => b.difference!.mean - a.difference!.mean)[0];
      return method === undefined ? [] : [{ mixture: mixture.mixture, method }];
    }),
    method: best?.method ?? cotbal.id,
    probes: good.toSorted((a, b) => b.saved - a.saved)[0]?.kind ?? PROBE_KINDS[0]!,
    cheaper,
  };
}

/**
 * The default of `tune`, argued by the figures.
 *
 * @param mixtures The analyses, of all mixtures, with all their records.
 * @param compared Cheaper probes beside full ones.
 * @param after What was looked at afterwards.
 * @returns Paragraphs: which methods pay, what there is to gain, the default.
 */
export function defaultArgued(
  mixtures: readonly MixtureAnalysis[],
  compared: readonly CheaperProbes[],
  after: readonly FollowUp[] = [],
): string[] {
  const verdict = judge(mixtures, compared);
  const paragraphs = [
    [
      "By the protocol a method pays if it wins on a mixture or more, gains at least half of the headroom there, and loses on none.",
      ...methodSentences(verdict),
      ...seedSentence(mixtures),
    ],
    [headroomSentence(verdict), ...beyondSentence(verdict, after), ...budgetSentence(mixtures)],
    [
      choiceSentence(verdict),
      ...probeSentences(verdict),
      "Nothing in the protocol chooses a mixture: `tune` draws the one it had, `default`.",
    ],
  ];
  return paragraphs.map((sentences) => sentences.join(" "));
}

function methodSentences({ methods }: Verdict): string[] {
  const paying = methods.filter(({ pays }) => pays);
  const said = methods.flatMap(({ method, wins, half, losses }) => {
    const parts = [
      ...(wins.length > 0
        ? [`wins on ${listed(wins)}${half.length === 0 ? ", with less than half of the headroom" : ""}`]
        : []),
      ...(losses.length > 0 ? [`loses on ${listed(losses)}`] : []),
    ];
    return parts.length === 0 ? [] : [`${nameOf(method)} ${parts.join(" and ")}`];
  });
  const rest = methods.filter(({ wins, losses }) => wins.length + losses.length === 0);
  return [
    paying.length === 0
      ? "**No method does.**"
      : `**${listed(paying.map(({ method }) => nameOf(method)))} ${paying.length === 1 ? "does" : "do"}.**`,
    ...(said.length > 0 ? [`${said.join("; ")}.`] : []),
    ...(rest.length > 0
      ? [`${listed(rest.map(({ method }) => nameOf(method)))} cannot be told apart from EW on any mixture.`]
      : []),
  ];
}

function headroomSentence({ headroom }: Verdict): string {
  const known = headroom.flatMap(({ mixture, difference }) => difference ? [{ mixture, difference }] : []);
  const said = known.map(({ mixture, difference: { mean, bootstrap: { low, high } } }) =>
    `${signed(mean)} [${signed(low)}, ${signed(high)}] on ${mixture}`
  );
  const clear = known.filter(({ difference }) => difference.bootstrap.low > 0).map(({ mixture }) => mixture);
  return `The headroom, what searched weights gain on seeds that no search saw, is ${listed(said)}: ` +
    `${
      clear.length === 0 ? "its interval is above 0 nowhere" : `its interval is above 0 on ${listed(clear)}`
    }.`;
}

function beyondSentence({ beyond }: Verdict, after: readonly FollowUp[]): string[] {
  if (beyond.length === 0) return [];
  const said = beyond.map(({ mixture, method: { method, difference, seeds } }) => {
    const { mean, bootstrap: { low, high } } = difference!;
    const again = method === inverseSize.id
      ? after.find((one) => one.mixture === mixture)?.inverse
      : undefined;
    const said = `${signed(mean)} [${signed(low)}, ${signed(high)}] on ${mixture} (${seeds.length} seeds)`;
    return `${nameOf(method)} gains ${said}${again ? `, and ${gain(again)}, on fresh seeds` : ""}`;
  });
  return [
    "A search of a dozen tunings does not find all there is: of the other methods with constant weights, the best of them " +
    `picked afterwards and not tested, ${listed(said)}.`,
  ];
}

function budgetSentence(mixtures: readonly MixtureAnalysis[]): string[] {
  const said = mixtures.flatMap(({ mixture, methods }) => {
    const difference = methods.find(({ method }) => method === ewBudget.id)?.difference;
    if (!difference) return [];
    const { mean, bootstrap: { low, high } } = difference;
    return [`${signed(mean)} [${signed(low)}, ${signed(high)}] on ${mixture}`];
  });
  return said.length === 0 ? [] : [
    `The tokens of the probes as training instead: EW tuned for so much longer is ${listed(said)} above EW.`,
  ];
}

function seedSentence(mixtures: readonly MixtureAnalysis[]): string[] {
  const needed = mixtures.flatMap(({ methods }) =>
    methods.flatMap(({ method, difference }) =>
      TESTED_METHODS.includes(method) && difference?.seedsNeeded ? [difference.seedsNeeded] : []
    )
  );
  if (needed.length === 0) return [];
  const [least, most] = [Math.min(...needed), Math.max(...needed)];
  return [`To see a difference of one point, these comparisons would take ${least} to ${most} seeds each.`];
}

function choiceSentence({ methods, method }: Verdict): string {
  const name = nameOf(method);
  const best = methods.find((one) => one.method === method);
  const why = best?.pays
    ? `it is the one with the highest mean difference over the mixtures, ${
      signed(best.mean)
    }, of those that pay`
    : "as the paper has it, since it is what the project is for, and not since it was seen to raise the mean";
  const held = DEFAULT_METHODS.includes(method)
    ? ""
    : ` \`tune\` does not have it yet: it runs ${
      listed(DEFAULT_METHODS.map(nameOf))
    } where nothing is asked for.`;
  return `So the default of \`tune\` is **${name}**: ${why}.${held}`;
}

function probeSentences({ probes, cheaper }: Verdict): string[] {
  const known = cheaper.filter(({ of }) => of.length > 0);
  if (known.length === 0) return [];
  const said = known.map(({ kind, within, of, saved }) => {
    const tokens = Math.round(100 * saved) === 0
      ? "as many tokens"
      : `${(100 * saved).toFixed(0)}% fewer tokens`;
    return `\`${kind}\` on ${within.length} of ${of.length} mixtures, for ${tokens}`;
  });
  const rule =
    `Cheaper probes move λ by less than another seed does, as the protocol asks of a new default: ${
      said.join("; ")
    }.`;
  const full = PROBE_KINDS[0]!;
  return [
    rule,
    probes === full
      ? `So probes stay \`${full}\`.`
      : `By that \`${probes}\` would do; \`tune\` still takes \`${full}\` ones where \`--probes ${probes}\` does not ask for them.`,
  ];
}
