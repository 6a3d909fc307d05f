/**
 * The section on configuration: data, model, options, machine, and the command that repeats the run.
 *
 * @module
 */

import type { RunInfo } from "../../../run/records/run_info.ts";
import type { LoadedRun } from "../../../run/records/loaded_run.ts";
import type { PartOrigin } from "../../../run/records/results.ts";
import { adapterName, adapters, when } from "./top.ts";
import { type Html, html } from "../../kit/html.ts";
import { count, duration, fixed, known, list, MISSING, plural, short } from "../../kit/numbers.ts";
import { METRIC_NAMES } from "../results/scores.ts";
import { type RunView, section } from "../../kit/section.ts";
import { table } from "../../kit/table.ts";

/** Flags that are not named like their option. */
const FLAGS: Record<string, string> = {
  learningRate: "lr",
  validationLimit: "validation",
  testLimit: "test",
};

/**
 * The command that repeats a run, from the options as they were given.
 *
 * @param given Options by name; lists become words with commas, true a flag without a value.
 * @returns A line for a POSIX shell.
 *
 * @example Options as given
 * ```ts
 * import { command } from "./configuration.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   command({ data: "my data", seeds: [1, 2], learningRate: 0.001, testLimit: null }),
 *   "deno task tune --data 'my data' --seeds 1,2 --lr 0.001",
 * );
 * ```
 */
export function command(given: Readonly<Record<string, unknown>>): string {
  const words = ["deno", "task", "tune"];
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    words.push("--" + (FLAGS[key] ?? key.replace(/[A-Z]/g, (c) => "-" + c.toLowerCase())));
    if (value !== true) words.push(quoted(flagValue(key, value)));
  }
  return words.join(" ");
}

/** An option's value as the command line takes it. */
function flagValue(key: string, value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (key === "freeze" && Object.keys(value).length === 0) return "none";
  // α is an object: its values, in order; rates are named.
  if (["rates", "fixed", "lambda", "mix", "train"].includes(key)) {
    return Object.entries(value).map(([part, rate]) => `${part}=${rate}`).join(",");
  }
  if (key === "groups") {
    return Object.entries(value as Record<string, string[]>).map(([name, tasks]) =>
      `${name}=${tasks.join("+")}`
    )
      .join(",");
  }
  return Object.values(value).join(",");
}

/**
 * The section "Configuration".
 *
 * @param view The run.
 * @returns The section.
 */
export function configurationSection(view: RunView): Html {
  const { run } = view.run;
  const line = command(run.given);
  const more = run.resolved.seeds.length === 1 &&
    html`; several seeds (<code>--seeds 1,2,3</code>) give the spread that this page lacks`;
  return section(
    view,
    "configuration",
    "Configuration, and how to repeat it",
    html`
      <p>The same command on the same adapter and data gives the same weights and scores, bit for bit${more}.</p>
      <pre class="command" tabindex="0" role="region" aria-label="Command"><code>${line}</code></pre>
      ${data(run)}
      <div class="columns">
      ${pairs("Tuning", options(run))}
      ${pairs("Model", modelRows(run))}
      ${pairs("Machine", machine(view.run))}
      </div>
      <details>
        <summary>Everything that decides what is computed</summary>
        <pre tabindex="0" role="region" aria-label="Settings as JSON">${JSON.stringify(
          { given: run.given, resolved: run.resolved, model: run.model.config, versions: run.versions },
          null,
          2,
        )}</pre>
      </details>
    `,
  );
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function data(run: RunInfo): Html {
  const { dataset: d } = run;
  const rows = d.tasks.map((task, t) => [
    task.name,
    METRIC_NAMES[task.metric],
    ...(["train", "val", "test"] as const).flatMap((split) => [
      `${count(d.conversations[split][t])} / ${count(d.questions[split][t])}`,
    ]),
    short(d.tokens[t]),
    short(d.answerTokens[t]),
  ]);
  return table(
    `Data: ${
      d.kind === "scenes" ? "the built-in benchmark, scenes" : d.path
    }; conversations / questions, fingerprint ${d.fingerprint.slice(0, 12)}`,
    ["task", "metric", "train", "validation", "test", "training tokens", "answer tokens"],
    rows,
    { text: [1] },
  );
}

function pairs(title: string, rows: [string, string][]): Html {
  return html`
    <div>
      <p class="panel-title">${title}</p>
      <dl class="pairs">${rows.map(([name, value]) =>
        html`
          <div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>
        `
      )}</dl>
    </div>
  `;
}

function part(value: number): string {
  return known(value) ? `${Number((100 * value).toPrecision(3))}%` : MISSING;
}

function options({ resolved: r }: RunInfo): [string, string][] {
  return [
    ["mini / large subset", `${part(r.mini)} / ${part(r.large)}`],
    ["T", String(r.temperature)],
    ["α out / in / D", [r.alpha.out, r.alpha.in, r.alpha.difficulty].join(" / ")],
    ...(r.groups ? [["groups", flagValue("groups", r.groups)] as [string, string]] : []),
    ...(r.fixed ? [["fixed weights", flagValue("fixed", r.fixed)] as [string, string]] : []),
    ...(r.mix
      ? [[
        r.mixTemperature === undefined ? "mixing weights" : `mixing weights, T = ${r.mixTemperature}`,
        Object.entries(r.mix).map(([task, share]) => `${task} ${part(share)}`).join(", "),
      ] as [string, string]]
      : []),
    ...(r.probes ? [["probes", r.probes] as [string, string]] : []),
    ["passes", String(Number(r.epochs.toPrecision(3)))],
    ["batch", `${r.batch} sequences${r.microBatch < r.batch ? `, ${r.microBatch} at a time` : ""}`],
    ["AdamW", `learning rate ${r.learningRate}, weight decay ${r.weightDecay}`],
    ["schedule", `warm-up ${part(r.warmup)}, clip ${r.clip}`],
    ["frozen", list(r.frozen) || "nothing"],
    ...lora(r),
    ["learning-rate factors", flagValue("rates", r.rates) || "1 for all"],
    ["storage", r.storage === "f16" ? "f16 activations and frozen matrices" : "f32"],
    ["longest sequence", `${count(r.maxTokens)} tokens`],
  ];
}

/** LoRA's settings, where modules are trained by it. */
function lora(r: RunInfo["resolved"]): [string, string][] {
  if (r.loraRank === undefined) return [];
  const factor = r.loraScaling === "rs" ? "α/√rank" : "α/rank";
  return [
    [
      "LoRA",
      `rank ${r.loraRank}, α ${r.loraAlpha}, factor ${factor}, dropout ${r.loraDropout}, beside ` +
      (r.loraTargets ?? "the language model's linear layers"),
    ],
  ];
}

function modelRows({ model: m, resolved }: RunInfo): [string, string][] {
  return [
    ["preset", resolved.preset],
    ["parameters", `${count(m.parameters)}, ${count(m.trainable)} tuned`],
    ["image", `${m.imageSize} × ${m.imageSize} pixels, ${m.imageTokens} tokens`],
    ["vocabulary", count(m.vocabulary)],
    ["base checkpoint", resolved.checkpoint],
  ];
}

function machine({ run, results }: LoadedRun): [string, string][] {
  const spent = run.sittings.map((s) => {
    const seconds = s.end === null ? NaN : (Date.parse(s.end) - Date.parse(s.start)) / 1000;
    return `${when(s.start)}${known(seconds) ? `, ${duration(seconds)}` : ", stopped"}`;
  });
  const said = run.sittings.flatMap(({ notes = [] }) => notes);
  return [
    ["adapter", adapters(run).join("; ")],
    ["system", `${run.system.os} ${run.system.arch}, ${fixed(run.system.cores, 0)} cores`],
    ...Object.entries(run.versions),
    [spent.length === 1 ? "run" : "sittings", spent.join("; ")],
    ...origins(results.origins ?? []),
    ...(said.length > 0 ? [["said while it ran", said.join(" ")] as [string, string]] : []),
  ];
}

/** Which processes carried out how many parts; of one process alone nothing more is to be said. */
function origins(all: readonly PartOrigin[]): [string, string][] {
  const groups = Map.groupBy(all, ({ host, process, adapter }) => JSON.stringify([host, process, adapter]));
  if (groups.size < 2) return [];
  const told = all.every(({ joules }) => joules !== null);
  const lines = [...groups.values()].map((parts) => {
    const { host, process, adapter } = parts[0]!;
    const seconds = parts.reduce((sum, part) => sum + part.seconds, 0);
    const joules = parts.reduce((sum, part) => sum + (part.joules ?? 0), 0);
    return `process ${process}${host === "" ? "" : ` on ${host}`}, ${adapterName(adapter)}: ${
      plural(parts.length, "part")
    } in ${duration(seconds)}${told ? `, ${count(joules)} J of its machine` : ""}`;
  });
  const several = new Set(all.map(({ adapter }) => JSON.stringify(adapter))).size > 1;
  return [[
    "parts",
    `${lines.join("; ")}.${told ? "" : " Energy: the system does not tell."}${
      several ? " Parts of different adapters may differ in the last bits from those of one." : ""
    }`,
  ]];
}
