/**
 * A run that never happened, made like a real one: plausible scores, curves and pictures from a seed.
 */

import { encodeBase64 } from "@std/encoding/base64";
import { compareScores } from "../../src/balance/compare/delta.ts";
import { weightsFromScores } from "../../src/balance/cotbal/weights_from_scores.ts";
import { encodePng } from "../../src/data/images/png.ts";
import type { MetricName, TaskInfo } from "../../src/data/types.ts";
import { kernelProfile } from "../../src/gpu/profile/kernel_profile.ts";
import type { ProfileRow } from "../../src/gpu/profile/profile.ts";
import { Random } from "../../src/random.ts";
import { taskFolder } from "../../src/run/folders.ts";
import { runStatistics } from "../../src/run/statistics.ts";
import type { Example } from "../../src/run/records/example.ts";
import type { LoadedRun, LossCurve } from "../../src/run/records/loaded_run.ts";
import type { PartCost, PartResult } from "../../src/run/records/part_result.ts";
import type { StepProfile } from "../../src/run/records/profile.ts";
import type { MethodOfSeed, MethodResult } from "../../src/run/records/results.ts";
import type { MetricsLine } from "../../src/run/records/metrics_line.ts";
import type { Balance, ValidationTable } from "../../src/run/records/validation.ts";

/** What to leave out or add. */
export interface FixtureOptions {
  seeds?: number[];
  methods?: string[];
  /** The first so many tasks; all seven unless given. */
  tasks?: number;
  /** New names for the first tasks. */
  names?: string[];
  folder?: string;
  /** Whether some steps were profiled. */
  profile?: boolean;
  /** Whether final tunings were looked at on the way, every so many steps. */
  evaluateEvery?: number;
}

/** name, metric, score after tuning, majority, chance, majority a template, blank, conversations. */
type TaskFacts = [string, MetricName, number, number, number | null, number | null, number, number];

const TASKS: TaskFacts[] = [
  ["caption", "cider", 80.3, 15.6, null, null, 0.4, 600],
  ["region-caption", "cider", 84.2, 9.9, null, null, 1.2, 600],
  ["vqa", "exact-match", 57.3, 11.3, 21.5, 35.0, 29.0, 1200],
  ["gqa", "exact-match", 52.7, 22.0, 24.1, 43.7, 37.0, 1500],
  ["chart", "exact-match", 89.7, 9.7, 12.2, 22.3, 13.0, 750],
  ["reading", "exact-match", 92.3, 0.0, 0.02, 0.0, 0.0, 450],
  ["grounding", "iou", 31.7, 8.0, 2.1, null, 1.0, 900],
];

/** How far each task's own data takes it, and what the mini subset leaves, in points. */
const MINI = [61, 58, 38, 44, 41, 12, 9];

/**
 * Makes a run.
 *
 * @param options What to leave out or add.
 * @returns The run; the same options give the same run.
 */
export function believableRun(options: FixtureOptions = {}): LoadedRun {
  const seeds = options.seeds ?? [1];
  const methods = options.methods ?? ["ew", "cotbal", "stl"];
  const facts = TASKS.slice(0, options.tasks ?? TASKS.length).map((f, i): TaskFacts => [
    options.names?.[i] ?? f[0],
    ...(f.slice(1) as [MetricName, number, number, number | null, number | null, number, number]),
  ]);
  const tasks = facts.map(([name]) => name);
  const metrics = facts.map(([, metric]) => metric);
  const questions = tasks.map((_, t) => [150, 300, 450, 450, 450, 150, 300][t] ?? 150);
  const balances = methods.includes("cotbal") && tasks.length > 1
    ? seeds.map((seed) => balanceOf(seed, tasks, metrics, facts))
    : [];

  const scoresOf = (method: string, seed: number) => {
    const random = new Random(`${method} ${seed}`);
    return facts.map(([, , score], t) => {
      const better = method === "stl" ? [-3, -8, -9, -8, -4, -14, 1][t] ?? 0 : method === "cotbal" ? 0.7 : 0;
      return Math.min(100, Math.max(0, score + better + 1.6 * random.normal()));
    });
  };
  const base = methods.includes("stl") ? "stl" : methods.includes("ew") ? "ew" : null;
  const results: Record<string, MethodResult> = {};
  for (const method of methods) {
    const ofSeeds = seeds.map((seed): MethodOfSeed => {
      const scores = scoresOf(method, seed);
      const delta = base === null || base === method ? null : compareScores(scores, scoresOf(base, seed));
      return {
        seed,
        scores,
        others: metrics.map((metric, t): Record<string, number> =>
          metric === "iou"
            ? { "mean-iou": 33.1, unparsed: 0.3 }
            : metric === "exact-match"
            ? { "relaxed-match": (scores[t] ?? 0) + 0.4, anls: (scores[t] ?? 0) + 2.2 }
            : {}
        ),
        deltaI: delta?.deltaI ?? null,
        deltaE: delta?.deltaE ?? null,
        seconds: 58 + seed,
        tokens: 412_300,
        lambda: method === "ew" ? tasks.map(() => 1) : null,
      };
    });
    const of = (pick: (s: MethodOfSeed) => number | null) => ofSeeds.map(pick).filter((x) => x !== null);
    results[method] = {
      scores: tasks.map((_, t) => average(ofSeeds.map((s) => s.scores[t] ?? 0))),
      scoresSpread: seeds.length === 1
        ? null
        : tasks.map((_, t) => spread(ofSeeds.map((s) => s.scores[t] ?? 0))),
      deltaI: base === method || base === null ? null : average(of((s) => s.deltaI)),
      deltaISpread: seeds.length === 1 || base === method ? null : spread(of((s) => s.deltaI)),
      deltaE: base === method || base === null ? null : average(of((s) => s.deltaE)),
      deltaESpread: seeds.length === 1 || base === method ? null : spread(of((s) => s.deltaE)),
      seconds: 59,
      tokens: 412_300,
      seeds: ofSeeds,
    };
  }

  const curves = curvesOf(seeds, methods, tasks, balances.length > 0);
  if (options.evaluateEvery !== undefined) {
    for (const one of curves) {
      look(one, options.evaluateEvery, facts);
    }
  }
  const place = (seed: number) => seeds.length === 1 ? "" : `seed-${seed}/`;
  const costs: PartCost[] = [
    cost("methods/base", 0, 5),
    ...curves.flatMap((c): PartCost[] => {
      const last = c.lines[c.lines.length - 1];
      return [
        {
          part: place(c.seed) + c.part,
          conversations: 600,
          steps: c.lines.length,
          tokens: (last?.answerTokens ?? 0) * 5,
          answerTokens: last?.answerTokens ?? 0,
          trainSeconds: last?.seconds ?? 0,
          evaluateSeconds: 4.2,
        },
        ...(c.part === "methods/ew" ? [cost(`${place(c.seed)}methods/ew-blank`, 0, 3.9)] : []),
      ];
    }),
  ];
  const total = (probe: boolean | null) => {
    const chosen = costs.filter((c) => probe === null || c.part.includes("probes") === probe);
    return {
      seconds: chosen.reduce((s, c) => s + c.trainSeconds + c.evaluateSeconds, 0),
      tokens: chosen.reduce((s, c) => s + c.tokens, 0),
    };
  };
  const dataset: TaskInfo[] = tasks.map((name, t) => ({ name, metric: metrics[t] ?? "exact-match" }));
  const conversations = facts.map((f) => f[7]);
  return {
    folder: options.folder ?? "runs/tiny-scenes",
    run: {
      format: 1,
      versions: { cotbal: "0.1.0", deno: "2.9.6", v8: "14.9.207.2", typescript: "6.0.3" },
      system: { os: "linux", arch: "x86_64", cores: 2 },
      given: { preset: "tiny", methods, seeds },
      resolved: {
        preset: "tiny",
        data: null,
        checkpoint: "data/base/tiny",
        tasks,
        methods,
        seeds,
        mini: 0.125,
        large: 0.5,
        temperature: 0.5,
        alpha: { out: 0.25, in: 0.25, difficulty: 0.5 },
        batch: 8,
        microBatch: 8,
        learningRate: 0.002,
        warmup: 0.05,
        schedule: "cosine",
        betas: [0.9, 0.999],
        epochs: 1,
        rates: {},
        weightDecay: 0.01,
        clip: 1,
        frozen: ["vision"],
        storage: "f32",
        validationLimit: 100,
        testLimit: 300,
        maxTokens: 192,
        mixture: "default",
        control: false,
        train: {},
        scale: 1,
        ...(options.evaluateEvery !== undefined && {
          evaluation: { every: options.evaluateEvery, questions: 32, by: "score", patience: 3 },
        }),
      },
      dataset: {
        kind: "scenes",
        path: "scenes/tiny",
        tasks: dataset,
        conversations: { train: conversations, val: tasks.map(() => 50), test: tasks.map(() => 150) },
        questions: { train: conversations.map((n) => 2 * n), val: tasks.map(() => 100), test: questions },
        images: { train: 6000, val: 350, test: 1050 },
        tokens: conversations.map((n) => 62 * n),
        answerTokens: conversations.map((n) => 13 * n),
        fingerprint: "5d8c2a47f0b1e6d39a72",
        notes: [],
      },
      model: {
        parameters: 338_752,
        trainable: 233_984,
        imageTokens: 16,
        imageSize: 32,
        vocabulary: 458,
        config: { model_type: "llava", vision_feature_layer: -1 },
        fingerprint: "b2f1",
      },
      sittings: [{
        start: "2026-11-23T21:13:05Z",
        end: "2026-11-23T21:18:11Z",
        adapter: {
          vendor: "mesa",
          architecture: "",
          device: "",
          description: "llvmpipe (LLVM 15.0.6, 256 bits)",
          isFallbackAdapter: true,
        },
      }],
      notes: ["The scenes of seed 0 were found in scenes/tiny and used again."],
    },
    results: {
      tasks,
      metrics,
      seeds,
      methods: results,
      base,
      baseNote: base === "stl"
        ? "ΔI and ΔE are taken against STL: every task tuned alone, as in the paper."
        : base === "ew"
        ? "ΔI and ΔE are taken against EW (all weights 1), since STL did not run; add it with --methods ew,cotbal,stl."
        : "ΔI and ΔE are missing: neither STL nor EW ran.",
      references: {
        tasks,
        chance: facts.map((f) => f[4]),
        majority: facts.map((f) => f[3]),
        majorityAnswer: tasks.map(() => "red"),
        majorityPerTemplate: facts.map((f) => f[5]),
      },
      zeroShot: tasks.map((_, t) => [31, 12, 4, 2, 9, 6, 3][t] ?? 0),
      blank: methods.includes("ew") ? facts.map((f) => f[6]) : null,
      lambda: balances.length === 0 ? null : tasks.map((_, t) => {
        const values = balances.map((b) => b.weights.lambda[t] ?? 1);
        return { mean: average(values), spread: values.length > 1 ? spread(values) : null };
      }),
      questions,
      costs,
      totals: { probes: total(true), methods: total(false), all: total(null) },
      warnings: [
        ...(seeds.length === 1
          ? [
            "One seed only: a difference between two methods may be the seed's luck. Several (--seeds 1,2,3) show the spread.",
          ]
          : []),
        ...new Set(balances.flatMap((b) => b.weights.warnings.map((w) => `Weights: ${w}`))),
      ],
    },
    statistics: runStatistics({
      tasks,
      methods,
      seeds,
      parts: answersOf(results, tasks, questions, place),
      weights: balances.map(({ weights }) => ({ method: "cotbal", weights })),
    }),
    balances,
    curves,
    examples: examplesOf(dataset, ["base", ...methods]),
    profile: options.profile ? profileOf(curves[0]!, place(curves[0]!.seed)) : null,
  };
}

/** Answers whose points scatter as right and wrong ones do around each score. */
function answersOf(
  methods: Record<string, MethodResult>,
  tasks: string[],
  questions: number[],
  place: (seed: number) => string,
): Map<string, PartResult> {
  const parts = new Map<string, PartResult>();
  for (const [method, { seeds }] of Object.entries(methods)) {
    for (const { seed, scores } of seeds) {
      const answers = tasks.flatMap((task, t) => {
        const random = new Random(`answers ${task}`);
        const n = Math.min(50, questions[t] ?? 50);
        return Array.from({ length: n }, (_, i) => {
          const points = (scores[t] ?? 0) + (i % 2 === 0 ? 1 : -1) * 20 * random.next();
          return { id: `${task}-${i}`, task, turn: 0, answer: "", score: points };
        });
      });
      const part = `${place(seed)}methods/${method}`;
      parts.set(part, { part, seed, split: "test", scores: [], answers, cost: cost(part, 1, 1) });
    }
  }
  return parts;
}

function profileOf({ part }: LossCurve, folder: string): StepProfile {
  const products = ["NT M384 N352 K64", "TN M352 N64 K384 add", "NN M384 N64 K352", "NT M384 N128 K64 gelu"]
    .flatMap((name, i) =>
      [0, 1, 2].map((size): [string, string, number, number, number | null] => {
        const operations = 17.3e6 * (1 + size / 4);
        return ["gemm", `${name} ${size}`, 2, 1.2 / (1 + i + size), operations];
      })
    );
  const rows = [
    ...products,
    ["attention", "rows 384 heads 4 groups 2 headSize 16 causal forward", 2, 0.39, 3.4e6],
    ["attention", "rows 384 heads 4 groups 2 headSize 16 causal keys", 2, 0.46, 7.1e6],
    ["swiglu", "rows 384 width 176", 2, 0.5, null],
    ["norm_rows", "RMSNorm 384×64 backward", 4, 0.48, null],
    ["adamw", "clip 1 line 16 count 226496", 1, 0.9, null],
    ["reduce", "count 226496 square", 0.8, 0.2, null],
  ] as [string, string, number, number, number | null][];
  const profile = rows.map(([kernel, variant, dispatches, ms, operations], i): ProfileRow => (
    { kernel, variant, dispatches, ms, operations, bytes: 3e5 * (1 + i % 7) * ms }
  )).sort((a, b) => b.ms - a.ms);
  const roofline = { flops: 1.35e11, bandwidth: 1.89e10, kernelBandwidth: 6.5e9 };
  return {
    format: 1,
    part: folder + part,
    from: 21,
    steps: 10,
    adapter: {
      vendor: "mesa",
      architecture: "",
      device: "",
      description: "llvmpipe (LLVM 15.0.6, 256 bits)",
      isFallbackAdapter: true,
    },
    roofline,
    arenaBytes: 7_307_264,
    textureBytes: 3_399_680,
    liveBytes: 15_975_552,
    ...kernelProfile(profile, 1, roofline),
  };
}

function balanceOf(seed: number, tasks: string[], metrics: MetricName[], facts: TaskFacts[]): Balance {
  const random = new Random(`balance ${seed}`);
  const mini = tasks.map((_, t) => Math.max(0, (MINI[t] ?? 20) + 2 * random.normal()));
  const own = facts.map(([, , score], t) =>
    t === 3 && seed % 2 === 1 ? (mini[t] ?? 0) - 1 : score - 3 + random.normal()
  );
  const plus = tasks.map((_, i) =>
    tasks.map((_, j) =>
      i === j
        ? own[j] ?? 0
        : Math.max(0, (mini[j] ?? 0) + ((own[j] ?? 0) - (mini[j] ?? 0)) * (0.15 + 0.2 * random.normal()))
    )
  );
  const validation: ValidationTable = {
    seed,
    tasks,
    metrics,
    base: tasks.map((_, t) => [30, 13, 4, 2, 8, 5, 3][t] ?? 0),
    mini,
    plus,
    questions: tasks.map(() => 100),
  };
  return { seed, validation, weights: weightsFromScores({ tasks, mini, plus }, { temperature: 0.5 }) };
}

function curvesOf(seeds: number[], methods: string[], tasks: string[], probes: boolean): LossCurve[] {
  const curves: LossCurve[] = [];
  for (const seed of seeds) {
    if (probes) {
      curves.push(curve("probes/mini", seed, tasks, tasks.map(() => 0.125)));
      tasks.forEach((task, i) =>
        curves.push(
          curve(`probes/plus-${taskFolder(task)}`, seed, tasks, tasks.map((_, j) => i === j ? 0.5 : 0.125)),
        )
      );
    }
    for (const method of methods) {
      if (method === "stl") {
        tasks.forEach((task, i) =>
          curves.push(
            curve(`methods/stl/${taskFolder(task)}`, seed, tasks, tasks.map((_, j) => i === j ? 1 : 0)),
          )
        );
      } else curves.push(curve(`methods/${method}`, seed, tasks, tasks.map(() => 1)));
    }
  }
  return curves;
}

/** Looks at a final tuning: scores rise and fall again, losses fall. */
function look({ part, lines, seed }: LossCurve, every: number, facts: readonly TaskFacts[]): void {
  if (!part.startsWith("methods/")) return;
  const random = new Random(`look ${part} ${seed}`);
  for (const line of lines) {
    if (line.step % every !== 0 && line.step !== lines.length) continue;
    const done = line.step / lines.length;
    const met = facts.map((_, t) => lines.some(({ taskTokens }) => taskTokens[t]! > 0));
    line.evaluation = {
      score: facts.map(([, , score], t) =>
        met[t] ? Math.max(0, score * (1 - (done - 0.7) ** 2) + 3 * random.normal()) : null
      ),
      loss: facts.map((_, t) => met[t] ? 0.5 + 2 * Math.exp(-4 * done) + 0.05 * random.normal() : null),
      questions: 32 * met.filter(Boolean).length,
      tokens: 60 * 32,
      seconds: 1.5,
    };
  }
}

function curve(part: string, seed: number, tasks: string[], shares: number[]): LossCurve {
  const random = new Random(`${part} ${seed}`);
  const sizes = tasks.map((_, t) => Math.round((TASKS[t]?.[7] ?? 500) * (shares[t] ?? 0)));
  const order = random.shuffle(sizes.flatMap((n, t) => Array.from({ length: n }, () => t)));
  const lines: MetricsLine[] = [];
  const seen = tasks.map(() => 0);
  let answerTokens = 0;
  for (let at = 0; at < order.length; at += 8) {
    const tokens = tasks.map(() => 0);
    for (const t of order.slice(at, at + 8)) tokens[t] = (tokens[t] ?? 0) + 13;
    const losses = tasks.map((_, t) => {
      if (tokens[t] === 0) return null;
      const floor = [0.25, 0.3, 0.9, 0.8, 0.3, 0.15, 1.4][t] ?? 1;
      const step = (seen[t] ?? 0) / 13 + at / 40;
      return Math.max(0.01, floor + 2.4 * Math.exp(-step / 90) + 0.12 * random.normal());
    });
    tokens.forEach((n, t) => seen[t] = (seen[t] ?? 0) + n);
    const total = tokens.reduce((a, b) => a + b, 0);
    answerTokens += total;
    lines.push({
      step: lines.length + 1,
      loss: losses.reduce<number>((sum, l, t) => sum + (l ?? 0) * (tokens[t] ?? 0), 0) / total,
      gradNorm: 1 + random.next(),
      learningRate: 0.002,
      taskLoss: losses,
      taskTokens: tokens,
      answerTokens,
      tokens: 5 * answerTokens,
      conversations: at + 8,
      seconds: 0.075 * (lines.length + 1),
    });
  }
  return { part, seed, lines };
}

function examplesOf(tasks: TaskInfo[], methods: string[]): Example[] {
  const random = new Random("examples");
  const colours = ["red", "green", "blue", "yellow", "purple", "cyan"];
  return tasks.flatMap(({ name, metric }, t) =>
    Array.from({ length: 4 }, (_, k): Example => {
      const { url, box } = picture(random);
      const colour = random.pick(colours);
      const spot = `[${box.join(", ")}]`;
      const [question, truth, wrong] = ([
        [
          "Describe the image.",
          `a ${colour} cube, a small green ring, a large blue cross`,
          "a red cube, a blue cross",
        ],
        [`Describe the object in ${spot}.`, `a large ${colour} cube`, `a small ${colour} cube`],
        ["What colour is the cube?", colour, "green"],
        ["What shape is left of the cross?", "ring", "cube"],
        ["Which bar is the highest?", colour, "blue"],
        ["What does the sign say?", "KAT", "KAI"],
        [
          `Where is the ${colour} cube?`,
          spot,
          `[${box.map((x, i) => Math.min(1, x + (i % 2 ? 0.06 : 0.12))).join(", ")}]`,
        ],
      ] as const)[t % 7] ?? ["?", "a", "b"];
      const answers: Example["answers"] = {};
      for (const method of methods) {
        const right = method !== "base" && random.next() < 0.6;
        answers[method] = right
          ? { answer: truth, score: 100 }
          : { answer: method === "base" && k === 1 ? "" : wrong, score: metric === "cider" ? 38.2 : 0 };
      }
      return {
        task: name,
        metric,
        id: `${name}-${1000 + 37 * k}`,
        index: k,
        turn: k % 2,
        before: k % 2 === 1 ? [{ question: "How many objects are there?", answer: "three" }] : [],
        question,
        truth,
        images: [{ url, size: 32 }],
        answers,
      };
    })
  );
}

function picture(random: Random): { url: string; box: number[] } {
  const rgb = new Uint8Array(32 * 32 * 3).fill(225);
  const fill = (x0: number, y0: number, size: number, colour: number[]) => {
    for (let y = y0; y < y0 + size; y++) {
      for (let x = x0; x < x0 + size; x++) rgb.set(colour, 3 * (32 * y + x));
    }
  };
  const spots = [[0, 0], [1, 0], [0, 1], [1, 1]];
  random.shuffle(spots);
  const colours = [[213, 94, 0], [0, 114, 178], [0, 158, 115], [240, 228, 66]];
  let box = [0, 0, 0.5, 0.5];
  for (let n = 0; n < 3; n++) {
    const [cx = 0, cy = 0] = spots[n] ?? [];
    const size = random.pick([7, 11]);
    const [x, y] = [cx * 16 + 4 * random.int(2), cy * 16 + 4 * random.int(2)];
    fill(x, y, size, colours[n] ?? [0, 0, 0]);
    if (n === 0) box = [x, y, x + size, y + size].map((v) => v / 32);
  }
  return { url: `data:image/png;base64,${encodeBase64(encodePng(rgb, 32, 32))}`, box };
}

function cost(part: string, trainSeconds: number, evaluateSeconds: number): PartCost {
  return { part, conversations: 0, steps: 0, tokens: 0, answerTokens: 0, trainSeconds, evaluateSeconds };
}

function average(values: number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function spread(values: number[]): number {
  const centre = average(values);
  return Math.sqrt(values.reduce((s, x) => s + (x - centre) ** 2, 0) / (values.length - 1));
}
