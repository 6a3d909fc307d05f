// The house from top to bottom. `floors_test.ts` reads every import and fails on one that goes another way than down
// along this list; `deno task update` writes the table of CONTRIBUTING.md from it.

/** A room: a folder, or a file that stands alone. */
export interface Room {
  /** The folder or file, from the repository's root. */
  room: string;
  /** What it holds, in a line. */
  holds: string;
  /** The rooms it stands on: it may import from these, and from whatever these stand on. */
  on: readonly string[];
  /** Rooms from which it may take types alone (`import type`), and from whatever these stand on. */
  types?: readonly string[];
}

/** Top to bottom; a room stands only on rooms further down. */
export const FLOORS: readonly Room[] = [
  {
    room: "mod.ts",
    holds: "the library's public names; each room with an entry in `deno.json` has its own `mod.ts`",
    on: ["src/tune", "src/pretrain", "src/report"],
  },
  {
    room: "tasks",
    holds: "command lines: only they print, read flags or exit; `lib/` is what they share",
    on: [
      "src/tune",
      "src/pretrain",
      "src/watch",
      "src/play",
      "src/report",
      "src/page",
      "src/bench",
      "src/study",
      "src/cluster",
      "src/verify",
      "src/site",
    ],
  },
  {
    room: "src/watch",
    holds: "a run as it goes: how it stands, read from its folder, and the page that is served",
    on: ["src/report", "src/serve"],
  },
  {
    room: "src/play",
    holds: "the playground: trainings in a page, and the page; `main.js` is its script and its worker's",
    on: ["src/tune", "src/report", "src/page", "src/serve"],
  },
  {
    room: "src/site",
    holds: "the documentation as a static site: Markdown, navigation, links",
    on: ["src/report"],
  },
  { room: "src/serve", holds: "pages served to this machine alone", on: ["src/errors.ts"] },
  {
    room: "src/report",
    holds: "results as one page; `kit/` its figures and tables, `sections/` what it says",
    on: ["src/run"],
    types: ["src/gpu", "src/page"],
  },
  {
    room: "src/page",
    holds:
      "models in a page: packed, unpacked, asked; `drawing/` pictures, `attention/` on them; `main.js` is its script",
    on: ["src/answer", "src/scenes"],
  },
  {
    room: "src/tune",
    holds: "the whole of CoTBal: set-up, probes, weights, methods",
    on: ["src/answer", "src/scenes"],
  },
  { room: "src/pretrain", holds: "a base checkpoint from drawn pictures", on: ["src/answer", "src/scenes"] },
  { room: "src/verify", holds: "a model against stored results (`docs/verify.md`)", on: ["src/train"] },
  {
    room: "src/answer",
    holds: "questions put to a model: scores of a dataset, one answer",
    on: ["src/train"],
  },
  {
    room: "src/train",
    holds: "what every training shares: engine, presets, order, loop, checkpoint files",
    on: ["src/run", "src/lmm"],
  },
  { room: "src/study", holds: "the study of weighting methods: its runs, records and page", on: ["src/run"] },
  {
    room: "src/cluster",
    holds: "a run as jobs of a cluster: stages, scripts, what was submitted (`docs/cluster.md`)",
    on: ["src/run"],
  },
  {
    room: "src/run",
    holds: "what a run folder is: plan, records, claims, files (`docs/run_folder.md`)",
    on: ["src/balance", "src/data"],
    types: ["src/lmm"],
  },
  {
    room: "src/bench",
    holds: "kernels and the step (`ours/`) beside their `peers/` and a float64 `reference/`",
    on: ["src/lmm"],
  },
  {
    room: "src/scenes",
    holds: "the built-in benchmark: pictures, tasks, pretraining stream",
    on: ["src/data"],
  },
  { room: "src/data", holds: "datasets, tokenizer, images, subsets, batches", on: ["src/metrics"] },
  {
    room: "src/metrics",
    holds: "scores of answers: pure functions over text",
    on: ["src/errors.ts", "src/random.ts"],
  },
  {
    room: "src/balance",
    holds: "weighting methods: pure functions over numbers",
    on: ["src/errors.ts", "src/random.ts"],
  },
  { room: "src/lmm", holds: "the model: configuration, checkpoint, generation, trainer", on: ["src/optim"] },
  { room: "src/optim", holds: "the optimiser", on: ["src/nn"] },
  { room: "src/nn", holds: "parameters and layers", on: ["src/ops"] },
  { room: "src/ops", holds: "one differentiable operation a file", on: ["src/autograd"] },
  { room: "src/autograd", holds: "tensors and the tape", on: ["src/gpu"] },
  {
    room: "src/gpu",
    holds: "device, memory, record and replay, profile",
    on: ["kernels", "src/settings.ts", "src/random.ts"],
  },
  { room: "kernels", holds: "WGSL, one kernel a file, named like it, over shared `blocks/`", on: [] },
  {
    room: "src/settings.ts",
    holds: "settings as data: flag, help and check of a value",
    on: ["src/errors.ts"],
  },
  { room: "src/errors.ts", holds: "the kinds of errors", on: [] },
  { room: "src/random.ts", holds: "the one source of random numbers", on: [] },
];

/** Rooms whose code runs in browsers too: no `Deno` there. */
export const BROWSER: readonly string[] = [
  "src/lmm",
  "src/optim",
  "src/nn",
  "src/ops",
  "src/autograd",
  "src/gpu",
];

/** The table that CONTRIBUTING.md shows. */
export function floorsTable(): string {
  const list = (rooms: readonly string[]) => rooms.map((room) => `\`${room}\``).join(", ");
  const rows = FLOORS.map(({ room, holds, on, types = [] }) => [
    `\`${room}\``,
    holds,
    [list(on), types.length ? `types of ${list(types)}` : ""].filter(Boolean).join("; "),
  ]);
  const table = [["room", "what it holds", "stands on"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]!.length)));
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const [head, ...body] = table.map(line);
  return [head, line(widths.map((width) => "-".repeat(width))), ...body].join("\n");
}
