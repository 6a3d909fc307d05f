/**
 * The roofline (Williams, Waterman and Patterson 2009): how fast each kernel computes, over how much it computes for
 * each byte, below what the adapter can do at most.
 *
 * @module
 */

import type { KernelRow } from "../../../gpu/profile/kernel_profile.ts";
import type { StepProfile } from "../../../run/records/profile.ts";
import { axisTitle, figure, type Json, layout, plain, type View } from "../../kit/figure.ts";
import { type Html, html, type HtmlValue } from "../../kit/html.ts";
import { legend, type Mark } from "../../kit/looks.ts";
import { digits, fixed, known, MISSING } from "../../kit/numbers.ts";
import type { RunView } from "../../kit/section.ts";

/** Kernels with a mark of their own, those that take longest; the rest share one. */
const LOOKS: { color: string; mark: Mark }[] = [
  { color: "@blue", mark: "circle" },
  { color: "@vermillion", mark: "diamond" },
  { color: "@green", mark: "square" },
  { color: "@purple", mark: "triangle-up" },
];
const REST = { name: "others", color: "@grey", mark: "cross" as Mark };

/** A variant less than this part of the step long is left out of the chart. */
const LEAST_SHARE = 0.002;

/** A row of which operations are known. */
type Counted = KernelRow & { operations: number; gflops: number };

/**
 * Operations for each byte bound.
 *
 * @param row A kernel.
 * @returns FLOP a byte; null where operations are not known.
 */
export function intensity({ operations, bytes }: Pick<KernelRow, "operations" | "bytes">): number | null {
  return operations !== null && operations > 0 && bytes > 0 ? operations / bytes : null;
}

/**
 * The figure of the roofline.
 *
 * @param view The run.
 * @param profile Its profile.
 * @param numbers The table of all variants.
 * @returns The figure; the table alone where no kernel's operations are known.
 */
export function rooflineFigure(view: RunView, profile: StepProfile, numbers: HtmlValue): Html {
  const rows = profile.rows.filter((row): row is Counted =>
    intensity(row) !== null && known(row.gflops) && row.gflops > 0 && row.ms >= LEAST_SHARE * profile.ms
  );
  if (rows.length === 0) {
    return html`<details><summary>The numbers of all variants</summary>${numbers}</details>`;
  }
  const groups = grouped(rows);
  return figure(view.prefix + "roofline-figure", {
    legend: legend([
      ...groups,
      { name: "roofline", color: "@muted", dash: "solid" },
    ]),
    body: view.charts.add(
      view.prefix + "roofline-chart",
      "Chart of the speed of each kernel over its operations for each byte, below the roofline",
      330,
      [chart(groups, rows, profile)],
    ),
    caption: caption(rows, profile),
    numbers,
  });
}

interface Group {
  name: string;
  color: string;
  mark: Mark;
  rows: Counted[];
}

function grouped(rows: readonly Counted[]): Group[] {
  const byKernel = [...Map.groupBy(rows, ({ kernel }) => kernel)];
  const groups = byKernel.slice(0, LOOKS.length).map(([name, rows], i): Group => ({
    name,
    ...LOOKS[i]!,
    rows,
  }));
  const rest = byKernel.slice(LOOKS.length).flatMap(([, rows]) => rows);
  return rest.length > 0 ? [...groups, { ...REST, rows: rest }] : groups;
}

function caption(rows: readonly Counted[], { ms, roofline }: StepProfile): Html {
  const time = rows.reduce((sum, row) => sum + row.ms, 0);
  const reached = rows.reduce((sum, row) => sum + (row.fraction ?? 0) * row.ms, 0) / time;
  const best = rows.reduce((a, b) => (b.fraction ?? 0) > (a.fraction ?? 0) ? b : a);
  const ridge = roofline.flops / roofline.bandwidth;
  return html`<b>The kernels whose operations are counted reach ${
    fixed(100 * reached, 0)
  }% of the roofline on average, the best ${fixed(100 * (best.fraction ?? 0), 0)}%: ${best.kernel} ${
    best.variant.split(" ").slice(0, 4).join(" ")
  }.</b> Each mark is one variant of a kernel, larger the longer it takes; those shown take ${
    fixed(100 * time / ms, 0)
  }% of the step. Left of ${
    digits(ridge)
  } FLOP a byte the memory’s bandwidth bounds them, right of it the peak of f32 arithmetic. A mark above the line reads from caches.`;
}

function chart(groups: readonly Group[], rows: readonly Counted[], { ms, roofline }: StepProfile): View {
  const x = rows.map((row) => intensity(row)!);
  const ridge = roofline.flops / roofline.bandwidth;
  const [low, high] = [Math.min(...x, ridge) / 1.6, Math.max(...x, ridge) * 1.6];
  const roof = (at: number) => Math.min(roofline.flops, at * roofline.bandwidth) / 1e9;
  const y = [...rows.map(({ gflops }) => gflops), roof(low), roof(high)];
  const ends = [low, ridge, high];
  const marks = groups.map(({ name, color, mark, rows }): Record<string, Json> => ({
    type: "scatter",
    mode: "markers",
    name: plain(name),
    x: rows.map((row) => rounded(intensity(row)!)),
    y: rows.map(({ gflops }) => rounded(gflops)),
    marker: {
      color,
      symbol: mark,
      opacity: 0.8,
      size: rows.map((row) => rounded(6 + 26 * Math.sqrt(row.ms / ms))),
      line: { width: 1, color: "@paper" },
    },
    hoverinfo: "text",
    hovertext: rows.map((row) =>
      plain(
        `${row.kernel} ${row.variant}: ${digits(row.gflops)} GFLOP/s, ${
          known(row.fraction) ? `${fixed(100 * row.fraction, 0)}%` : MISSING
        } of the roofline, ${digits(row.ms)} ms`,
      )
    ),
  }));
  const logarithmic = (text: string, [from, to]: [number, number]) => {
    const ticks = ticksBetween(from, to);
    return {
      ...axisTitle(text),
      type: "log",
      range: [from, to].map((end) => rounded(Math.log10(end))),
      tickvals: ticks,
      ticktext: ticks.map(String),
    };
  };
  return {
    data: [{
      type: "scatter",
      mode: "lines",
      x: ends.map(rounded),
      y: ends.map((at) => rounded(roof(at))),
      line: { color: "@muted", width: 2 },
      hoverinfo: "skip",
    }, ...marks],
    layout: layout({
      xaxis: logarithmic("floating-point operations for each byte", [low, high]),
      yaxis: logarithmic("GFLOP/s", [Math.min(...y) / 1.6, Math.max(...y) * 1.6]),
    }),
  };
}

/** 1, 2, 5, 10, 20, …, or the powers of ten alone where these are enough. */
function ticksBetween(from: number, to: number): number[] {
  const factors = to / from > 200 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.log10(to); power++) {
    for (const factor of factors) {
      const tick = Number(`${factor}e${power}`);
      if (tick >= from && tick <= to) ticks.push(tick);
    }
  }
  return ticks;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
