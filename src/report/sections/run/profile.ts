/**
 * The section on where the time of a training step goes: its kernels, timed by the adapter's own clock.
 *
 * @module
 */

import type { KernelRow } from "../../../gpu/profile/kernel_profile.ts";
import { seedFolder } from "../../../run/folders.ts";
import type { StepProfile } from "../../../run/records/profile.ts";
import { axisTitle, figure, type Json, layout, plain, type View } from "../../kit/figure.ts";
import { type Html, html } from "../../kit/html.ts";
import { legend } from "../../kit/looks.ts";
import { bytes, count, digits, fixed, known, list, MISSING, plural } from "../../kit/numbers.ts";
import { intensity, rooflineFigure } from "./roofline.ts";
import { type RunView, section } from "../../kit/section.ts";
import { table } from "../../kit/table.ts";
import { adapterName, factList } from "./top.ts";

/** Rows of the table of variants, at most; the rest are added up. */
const MOST_ROWS = 40;

/** Kernels in the chart, at most; the rest are added up. */
const MOST_BARS = 12;

/** All variants of a kernel together, or of several. */
interface Entry extends Omit<KernelRow, "kernel" | "variant"> {
  name: string;
}

/**
 * The section "Where the time goes".
 *
 * @param view The run.
 * @returns The section; null where the run was not profiled.
 */
export function profileSection(view: RunView): Html | null {
  const { profile } = view.run;
  if (profile === null || profile.rows.length === 0) return null;
  const kernels = [...Map.groupBy(profile.rows, ({ kernel }) => kernel)]
    .map(([name, rows]) => together(name, rows)).sort((a, b) => b.ms - a.ms);
  const shown = kernels.slice(0, MOST_BARS), others = kernels.slice(MOST_BARS);
  const bars = others.length === 0
    ? kernels
    : [...shown, together(`${plural(others.length, "other")}`, others)];
  const variants = profile.rows.slice(0, MOST_ROWS), rest = profile.rows.slice(MOST_ROWS);
  const all = together("all", profile.rows);
  return section(
    view,
    "profile",
    "Where the time goes",
    html`<p>Kernels of a training step, timed by the adapter’s own clock: the mean of ${
      steps(profile)
    }. Each ran in a pass of its own, and copies into textures are not among them, so that a step by the clock on the wall may take less or more.</p>
${factList(facts(view, profile))}
${
      figure(view.prefix + "profile-figure", {
        legend: legend([
          { name: "what the roofline allows", color: "@blue", area: true },
          { name: "what is taken beyond it", color: "@sky", area: true },
        ]),
        body: view.charts.add(
          view.prefix + "profile-chart",
          "Chart of the time that each kernel takes of a training step",
          bars.length * 26 + 60,
          [chart(bars, profile.ms)],
        ),
        caption: caption(kernels, all, profile),
        numbers: table(
          "Kernels of a step, all variants of one together",
          ["kernel", ...HEAD],
          [...kernels, all].map((entry) => [entry.name, ...cells(entry, profile.ms)]),
          { last: true },
        ),
      })
    }
${
      rooflineFigure(
        view,
        profile,
        table(
          `Kernels and variants of a step${
            rest.length > 0 ? `: the ${MOST_ROWS} that take longest of ${count(profile.rows.length)}` : ""
          }`,
          ["kernel", "variant", ...HEAD, "FLOP a byte"],
          [
            ...variants.map((row) => [
              row.kernel,
              row.variant,
              ...cells(row, profile.ms),
              digits(intensity(row)),
            ]),
            ...(rest.length > 0 ? [["the rest", "", ...cells(together("", rest), profile.ms), MISSING]] : []),
          ],
          { text: [1] },
        ),
      )
    }`,
  );
}

const HEAD = ["dispatches", "ms", "share", "GFLOP/s", "GB/s", "roofline", "bytes"];

function cells(entry: Omit<KernelRow, "kernel" | "variant">, whole: number): string[] {
  return [
    launches(entry.dispatches),
    digits(entry.ms),
    percent(entry.ms / whole),
    digits(entry.gflops),
    digits(entry.gbs),
    percent(entry.fraction),
    bytes(entry.bytes),
  ];
}

/** Whole where it is: steps may differ in their shapes. */
function launches(dispatches: number): string {
  return Math.abs(dispatches - Math.round(dispatches)) < 1e-6 ? count(dispatches) : fixed(dispatches, 1);
}

function percent(share: number | null): string {
  return known(share) ? `${fixed(100 * share, share < 0.0995 ? 1 : 0)}%` : MISSING;
}

/** Adds rows up; rates are those of all of them together. */
function together(name: string, rows: readonly (KernelRow | Entry)[]): Entry {
  const sum = (of: (row: KernelRow | Entry) => number) => rows.reduce((total, row) => total + of(row), 0);
  const ms = sum((row) => row.ms), moved = sum((row) => row.bytes);
  const counted = rows.every(({ operations }) => operations !== null);
  const operations = counted ? sum((row) => row.operations ?? 0) : null;
  return {
    name,
    dispatches: sum((row) => row.dispatches),
    ms,
    bytes: moved,
    operations,
    gflops: operations === null || !(ms > 0) ? null : operations / ms / 1e6,
    gbs: ms > 0 ? moved / ms / 1e6 : null,
    fraction: ms > 0 ? sum((row) => (row.fraction ?? 0) * row.ms) / ms : null,
  };
}

function steps({ steps, from, part }: StepProfile): Html {
  const which = steps === 1 ? `step ${count(from)}` : `steps ${count(from)} to ${count(from + steps - 1)}`;
  return html`${which} of <code>${part}</code>`;
}

function facts({ run }: RunView, profile: StepProfile): [string, string, string][] {
  const { dispatches, ms, liveBytes, arenaBytes, textureBytes, adapter, roofline } = profile;
  const curve = run.curves.find(({ part, seed }) =>
    seedFolder(run.results.seeds, seed) + part === profile.part
  );
  const seconds = (step: number) => step === 0 ? 0 : curve?.lines[step - 1]?.seconds ?? NaN;
  const last = curve?.lines.length ?? 0, before = profile.from - 1;
  const wall = 1000 * (seconds(last) - seconds(before)) / (last - before);
  return [
    [
      "A step",
      `${digits(ms)} ms on the device`,
      `${launches(dispatches)} dispatches, ${bytes(profile.bytes)} bound${
        known(wall) && wall > 0
          ? `; ${digits(wall)} ms by the clock on the wall, mean from step ${count(before + 1)} on`
          : ""
      }`,
    ],
    [
      "Live on the device",
      bytes(liveBytes),
      `intermediate results: ${bytes(arenaBytes)} in the arena, ${bytes(textureBytes)} in textures`,
    ],
    [
      "Adapter",
      adapterName(adapter),
      `at most ${digits(roofline.flops / 1e9)} GFLOP/s and ${
        digits(roofline.bandwidth / 1e9)
      } GB/s, as measured`,
    ],
  ];
}

function caption(kernels: readonly Entry[], all: Entry, { ms }: StepProfile): Html {
  const most = kernels.slice(0, 3).map((entry, i) =>
    `${entry.name} ${i === 0 ? "takes " : ""}${percent(entry.ms / ms)}`
  );
  const spare = Math.max(
    ...kernels.map((entry) => entry.ms * (1 - Math.min(1, entry.fraction ?? 0))),
  );
  const worst = kernels.find((entry) => entry.ms * (1 - Math.min(1, entry.fraction ?? 0)) === spare);
  return html`<b>${list(most)} of the ${digits(ms)} ms that a step’s kernels take. All together reach ${
    percent(all.fraction)
  } of the roofline.</b> Most is to be won from ${worst?.name ?? MISSING}: at the roofline it would take ${
    digits(spare)
  } ms less. The roofline is the least time in which this adapter could make a kernel’s operations or move its bytes, by the peak and bandwidth measured on it; bytes are those bound, each counted once.`;
}

function chart(bars: readonly Entry[], whole: number): View {
  const y = bars.map((_, i) => i);
  const least = bars.map((entry) => entry.ms * Math.min(1, entry.fraction ?? 0));
  const bar = (color: string, x: number[]): Record<string, Json> => ({
    type: "bar",
    orientation: "h",
    x,
    y,
    marker: { color },
    hoverinfo: "text",
    hovertext: bars.map((entry) =>
      plain(
        `${entry.name}: ${digits(entry.ms)} ms, ${percent(entry.ms / whole)} of the step, ${
          percent(entry.fraction)
        } of the roofline`,
      )
    ),
  });
  return {
    data: [bar("@blue", least), {
      ...bar("@sky", bars.map((entry, i) => entry.ms - least[i]!)),
      text: bars.map((entry) => percent(entry.ms / whole)),
      textposition: "outside",
      textfont: { color: "@text", size: 12 },
      cliponaxis: false,
    }],
    layout: layout({
      barmode: "stack",
      bargap: 0.3,
      margin: { l: 8, r: 44, t: 8, b: 36, pad: 4 },
      xaxis: { ...axisTitle("ms a step"), rangemode: "tozero" },
      yaxis: {
        range: [bars.length - 0.5, -0.5],
        tickvals: y,
        ticktext: bars.map((entry) => plain(entry.name)),
        showgrid: false,
      },
    }),
  };
}
