/**
 * The study's runs, as data: which methods are tuned on which mixtures with which seeds, and in what order. The protocol
 * that they follow is data/results/study/protocol.md.
 *
 * @module
 */

/** The mixtures of the study, by the names that `deno task scenes` knows. */
export const STUDY_MIXTURES: readonly string[] = ["equal", "paper", "starved", "conflict"];

/** Those of its runs: `tune`'s own comes in a follow-up alone. */
export const RUN_MIXTURES: readonly string[] = [...STUDY_MIXTURES, "default"];

/** Methods that are compared with EW by all seeds. STL costs nothing here: merge tunes its models. */
export const CORE_METHODS: readonly string[] = [
  "ew",
  "stl",
  "tla",
  "cotbal",
  "cotbal-chat",
  "cotbal-precise",
  "noise-aware",
  "merge",
];

/** Methods that are described by four seeds, EW among them for the pairs. */
const REST_METHODS: readonly string[] = [
  "ew",
  "ew-budget",
  "rlw",
  "dwa",
  "igbv1",
  "uw",
  "famo",
  "coba",
  "inverse-size",
  "sensitivity",
  "search",
];

/** The mixture that regret was judged on twice, with more seeds the second time. */
export const LOOKED_AT_TWICE = "conflict";

/** Methods of the runs that judge regret. */
const REGRET_METHODS: readonly string[] = ["ew", "stl", "regret"];

/** What a unit is for. */
export type UnitGroup = "core" | "rest" | CheaperKind | "fixed" | FollowUpGroup;

/** What a unit is for that was thought of once the study was finished; see {@linkcode followUpUnits}. */
export type FollowUpGroup = "inverse" | "trials" | "pooled" | "regret" | "twice";

/** Kinds of probes that are compared with full ones. */
export const CHEAPER_KINDS = ["continued", "third", "early"] as const;

/** One of them. */
export type CheaperKind = typeof CHEAPER_KINDS[number];

/** One run of the study: some methods, some seeds, one mixture. */
export interface StudyUnit {
  /** Its name: that of its run folder and of its record. */
  id: string;
  group: UnitGroup;
  mixture: string;
  methods: readonly string[];
  seeds: readonly number[];
  /** Further options of `deno task tune`. */
  options: readonly string[];
  /** Names of the units whose records it needs first. */
  needs: readonly string[];
}

/** Tunings that a search may take. */
export const SEARCH_BUDGET = 12;
const SEARCH_OPTIONS = ["--search-budget", String(SEARCH_BUDGET)];

/** Shares of a task's samples in its subsets: the preset's when the study was run. */
export const SUBSETS = { mini: 1 / 8, large: 1 / 2 } as const;

/** Blocks of seeds, pass by pass. */
const CORE_SEEDS = [[1, 2], [3, 4], [5, 6], [7, 8]] as const;
const REST_SEEDS = [[1, 2], [3, 4]] as const;
/** Searches on a mixture. */
export const SEARCHES: number = REST_SEEDS.flat().length;
/** Seeds that no search has seen. */
const FRESH_SEEDS = [5, 6, 7, 8] as const;
/** Seeds that nothing else has seen: regret was thought of after the others. */
const UNSEEN_SEEDS = [[9, 10, 11, 12], [13, 14, 15, 16]] as const;
/** Seeds that nothing else has seen, for regret that tunes equal weights twice. */
const LAST_SEEDS = [[17, 18, 19, 20], [21, 22, 23, 24]] as const;
/** The same, for a second look at one mixture. */
const SECOND_LOOK_SEEDS = [[25, 26, 27, 28], [29, 30, 31, 32]] as const;
/** Those of `tune`'s own mixture that showed how often luck moves regret. */
const LUCK_SEEDS = [4, 5, 6, 7, 8, 9, 10, 11] as const;

/**
 * All runs, in the order in which they are carried out: passes over all mixtures, so that a study that is stopped
 * between two passes is balanced.
 *
 * @returns The units; one that needs others comes after them.
 *
 * @example Every unit has a name of its own, and what it needs comes first
 * ```ts
 * import { studyUnits } from "./design.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const units = studyUnits();
 * assertEquals(units[0]!.id, "equal-core-1-2");
 * assertEquals(new Set(units.map(({ id }) => id)).size, units.length);
 * ```
 */
export function studyUnits(): StudyUnit[] {
  const rest = (seeds: readonly number[]) => plain("rest", REST_METHODS, seeds, SEARCH_OPTIONS);
  const probes = (kind: CheaperKind, seeds: readonly number[]) =>
    plain(kind, ["cotbal"], seeds, ["--probes", kind]);
  return [
    ...plain("core", CORE_METHODS, CORE_SEEDS[0]),
    ...rest(REST_SEEDS[0]),
    ...plain("core", CORE_METHODS, CORE_SEEDS[1]),
    ...rest(REST_SEEDS[1]),
    ...CHEAPER_KINDS.flatMap((kind) => probes(kind, [1, 2, 3, 4])),
    ...found("fixed", "rest"),
    ...CORE_SEEDS.slice(2).flatMap((seeds) => plain("core", CORE_METHODS, seeds)),
  ];
}

/**
 * Runs that were thought of once the study was finished, and that no verdict hangs on: inverse size with fresh seeds; on
 * conflict the searches once more, for their trials, and the best of all of these with fresh seeds; regret, with one
 * tuning by equal weights (`regret`) and, on two mixtures, with two (`twice`). The protocol's last additions say why.
 *
 * @returns The units; one that needs others comes after them.
 *
 * @example They stand apart from the study's own
 * ```ts
 * import { followUpUnits, studyUnits } from "./design.ts";
 * import { assert } from "@std/assert";
 *
 * const own = new Set(studyUnits().map(({ id }) => id));
 * assert(followUpUnits().every(({ id }) => !own.has(id)));
 * ```
 */
export function followUpUnits(): StudyUnit[] {
  return [
    ...plain("inverse", ["inverse-size"], FRESH_SEEDS),
    ...[
      ...REST_SEEDS.flatMap((seeds) => plain("trials", ["ew", "search"], seeds, SEARCH_OPTIONS)),
      ...found("pooled", "trials"),
    ].filter(({ mixture }) => mixture === "conflict"),
    ...UNSEEN_SEEDS.flatMap((seeds) => plain("regret", REGRET_METHODS, seeds)),
    ...plain("regret", REGRET_METHODS, LUCK_SEEDS, [], ["default"]),
    ...LAST_SEEDS.flatMap((seeds) => plain("twice", REGRET_METHODS, seeds, [], ["conflict", "default"])),
    ...SECOND_LOOK_SEEDS.flatMap((seeds) => plain("twice", REGRET_METHODS, seeds, [], [LOOKED_AT_TWICE])),
  ];
}

/** All runs, the study's own first. */
export function allUnits(): StudyUnit[] {
  return [...studyUnits(), ...followUpUnits()];
}

function nameOf(mixture: string, group: UnitGroup, seeds: readonly number[]): string {
  return `${mixture}-${group}-${seeds[0]}-${seeds.at(-1)}`;
}

/** One unit a mixture. */
function plain(
  group: UnitGroup,
  methods: readonly string[],
  seeds: readonly number[],
  options: readonly string[] = [],
  mixtures: readonly string[] = STUDY_MIXTURES,
): StudyUnit[] {
  return mixtures.map((mixture) => ({
    id: nameOf(mixture, group, seeds),
    group,
    mixture,
    methods,
    seeds,
    options,
    needs: [],
  }));
}

/** One unit a mixture: weights found by these searches, with seeds that none of them saw. */
function found(group: "fixed" | "pooled", searches: "rest" | "trials"): StudyUnit[] {
  return plain(group, ["fixed"], FRESH_SEEDS).map((unit) => ({
    ...unit,
    needs: REST_SEEDS.map((seeds) => nameOf(unit.mixture, searches, seeds)),
  }));
}
