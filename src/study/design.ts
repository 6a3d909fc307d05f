/**
 * The study's runs, as data: which methods are tuned on which mixtures with which seeds, and in what order. The protocol
 * that they follow is data/results/study/protocol.md.
 *
 * @module
 */

/** The mixtures of the study, by the names that `deno task scenes` knows. */
export const STUDY_MIXTURES: readonly string[] = ["equal", "paper", "starved", "conflict"];

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

/** What a unit is for. */
export type UnitGroup = "core" | "rest" | CheaperKind | "fixed";

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
const SEARCH_BUDGET = 12;

/** Blocks of seeds, pass by pass. */
const CORE_SEEDS = [[1, 2], [3, 4], [5, 6], [7, 8]] as const;
const REST_SEEDS = [[1, 2], [3, 4]] as const;
/** Seeds that no search has seen. */
const FRESH_SEEDS = [5, 6, 7, 8] as const;

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
  const each = (make: (mixture: string) => StudyUnit) => STUDY_MIXTURES.map(make);
  const name = (mixture: string, group: UnitGroup, seeds: readonly number[]) =>
    `${mixture}-${group}-${seeds[0]}-${seeds.at(-1)}`;
  const plain = (
    group: UnitGroup,
    methods: readonly string[],
    seeds: readonly number[],
    options: readonly string[] = [],
  ) =>
    each((mixture): StudyUnit => ({
      id: name(mixture, group, seeds),
      group,
      mixture,
      methods,
      seeds,
      options,
      needs: [],
    }));
  const rest = (seeds: readonly number[]) =>
    plain("rest", REST_METHODS, seeds, ["--search-budget", String(SEARCH_BUDGET)]);
  const probes = (kind: CheaperKind, seeds: readonly number[]) =>
    plain(kind, ["cotbal"], seeds, ["--probes", kind]);
  return [
    ...plain("core", CORE_METHODS, CORE_SEEDS[0]),
    ...rest(REST_SEEDS[0]),
    ...plain("core", CORE_METHODS, CORE_SEEDS[1]),
    ...rest(REST_SEEDS[1]),
    ...CHEAPER_KINDS.flatMap((kind) => probes(kind, [1, 2, 3, 4])),
    ...each((mixture): StudyUnit => ({
      id: name(mixture, "fixed", FRESH_SEEDS),
      group: "fixed",
      mixture,
      methods: ["fixed"],
      seeds: FRESH_SEEDS,
      options: [],
      needs: REST_SEEDS.map((seeds) => name(mixture, "rest", seeds)),
    })),
    ...CORE_SEEDS.slice(2).flatMap((seeds) => plain("core", CORE_METHODS, seeds)),
  ];
}
