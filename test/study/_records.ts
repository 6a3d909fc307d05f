import { Random } from "../../src/random.ts";
import { allUnits } from "../../src/study/design.ts";
import type { SeedRecord, UnitRecord } from "../../src/study/unit_record.ts";

/** A record whose methods differ from EW by so many points, on two tasks of 50 questions. */
export function record(unit: string, seeds: number[], gains: Record<string, number>): UnitRecord {
  const { group, mixture } = allUnits().find(({ id }) => id === unit)!;
  const of = (method: string, seed: number): SeedRecord => {
    const random = new Random(`${method} ${seed}`);
    const points = [0, 1].map((task) =>
      Array.from(
        { length: 50 },
        (_, q) => 60 + 10 * task + q % 7 + (gains[method] ?? 0) + 0.5 * random.normal(),
      )
    );
    return { seed, lambda: [0.5, 1.5], tokens: 1e6, seconds: 30, points };
  };
  return {
    format: 1,
    unit,
    group,
    mixture,
    tasks: ["a", "b"],
    metrics: ["exact-match", "exact-match"],
    seeds,
    versions: {},
    adapter: "test",
    references: { chance: [1, null], majority: [2, 3], base: [4, 5], blank: null },
    methods: Object.fromEntries(Object.keys(gains).map((id) => [id, seeds.map((seed) => of(id, seed))])),
    terms: [],
    probeTokens: 2e6,
    seconds: 3600,
  };
}
