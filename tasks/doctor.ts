/**
 * Shows what the model would run on: adapter, limits, features, whether its driver cuts loops, whether the kernels
 * compute rightly, and what to install where something is missing.
 *
 * @module
 */

import { AdapterError, RunError } from "../src/errors.ts";
import type { GpuOptions } from "../src/gpu/gpu.ts";
import { installAdvice } from "./lib/adapter.ts";
import { listAdapters, type ListedAdapter, nameOf } from "./lib/adapters.ts";
import { command, main } from "./lib/cli.ts";
import { type LoopProbe, probeLoops } from "./lib/loop_probe.ts";
import { type Check, selfCheck } from "./lib/self_check.ts";

/** What `--json` writes. */
interface Diagnosis {
  deno: string;
  v8: string;
  system: { os: string; architecture: string; release: string };
  /** Null where there is none; the fields after it are null too then. */
  adapter: {
    vendor: string;
    architecture: string;
    device: string;
    description: string;
    isFallbackAdapter: boolean;
  } | null;
  /** All that `--adapter` can choose, in this order. */
  adapters: ListedAdapter[];
  limits: Record<string, number> | null;
  features: string[] | null;
  loops: LoopProbe | null;
  checks: Check[] | null;
  advice: string[];
}

/** The limits that the kernels' sizes depend on. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupsPerDimension",
  "maxTextureDimension2D",
] as const satisfies readonly (keyof GPUSupportedLimits)[];

async function diagnose({ powerPreference = "high-performance" }: GpuOptions): Promise<Diagnosis> {
  const diagnosis: Diagnosis = {
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    system: { os: Deno.build.os, architecture: Deno.build.arch, release: Deno.osRelease() },
    adapter: null,
    adapters: [],
    limits: null,
    features: null,
    loops: null,
    checks: null,
    advice: [],
  };
  diagnosis.adapters = await listAdapters();
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference });
  if (!adapter) {
    diagnosis.advice.push("No WebGPU adapter was found.", ...installAdvice(Deno.build.os));
    return diagnosis;
  }
  const { vendor, architecture, device: name, description, isFallbackAdapter } = adapter.info;
  diagnosis.adapter = { vendor, architecture, device: name, description, isFallbackAdapter };
  diagnosis.limits = Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]]));
  diagnosis.features = [...adapter.features].sort();
  const device = await adapter.requestDevice();
  diagnosis.loops = await probeLoops(device);
  device.destroy();
  diagnosis.checks = await selfCheck({ powerPreference });
  if (!diagnosis.loops.ok) {
    diagnosis.advice.push(
      `This driver ends loops early and in silence: ${thousands(diagnosis.loops.found)} of ` +
        `${
          thousands(diagnosis.loops.expected)
        } iterations were made. cotbal's kernels stay below its limit of`,
      "65,535 iterations an invocation; other programs' may not. Mesa 25 and later has no such limit",
      "(Debian 12: sudo apt-get install -t bookworm-backports mesa-vulkan-drivers).",
    );
  }
  if (isFallbackAdapter) {
    diagnosis.advice.push(
      "This adapter runs on the CPU: good for the preset tiny. For larger models install the graphics card's driver.",
    );
  }
  return diagnosis;
}

function thousands(n: number): string {
  return n.toLocaleString("en-US");
}

function bytes(n: number): string {
  if (n >= 2 ** 30 - 1) return `${+(n / 2 ** 30).toFixed(1)} GiB`;
  return n >= 2 ** 20 ? `${+(n / 2 ** 20).toFixed(1)} MiB` : `${+(n / 2 ** 10).toFixed(1)} KiB`;
}

function lines(d: Diagnosis): string[] {
  const row = (name: string, text: string) => `${name.padEnd(10)}${text}`;
  const all = [
    row("Deno", `${d.deno}, V8 ${d.v8}`),
    row("System", `${d.system.os} ${d.system.release}, ${d.system.architecture}`),
  ];
  if (d.adapter && d.limits && d.features && d.loops && d.checks) {
    const name = nameOf(d.adapter);
    all.push(
      row("Adapter", `${name} (${d.adapter.isFallbackAdapter ? "software, on the CPU" : "hardware"})`),
    );
    for (const [i, adapter] of d.adapters.entries()) {
      const driver = adapter.driver === undefined ? "" : `, driver ${adapter.driver}`;
      all.push(row(i === 0 ? "To choose" : "", `--adapter ${i}: ${nameOf(adapter)}${driver}`));
    }
    all.push(
      row(
        "",
        "WebGPU shows at most two adapters a driver; more cards of one driver cannot be told apart by --adapter:",
      ),
      row(
        "",
        "give each process its card from outside (a cluster's scheduler, a container, the driver's variables)",
      ),
    );
    for (const [i, limit] of LIMITS.entries()) {
      const value = d.limits[limit] ?? 0;
      all.push(
        row(i === 0 ? "Limits" : "", `${limit} ${limit.endsWith("Size") ? bytes(value) : thousands(value)}`),
      );
    }
    all.push(row("Features", d.features.join(", ") || "none"));
    all.push(
      row("Loops", d.loops.ok ? "run to their end" : `cut after ${thousands(d.loops.found)} iterations`),
    );
    for (const [i, { name, ok, detail }] of d.checks.entries()) {
      all.push(row(i === 0 ? "Kernels" : "", `${name}: ${ok ? "right" : "WRONG"}, ${detail}`));
    }
  } else {
    all.push(row("Adapter", "none"));
  }
  if (d.advice.length > 0) all.push("", ...d.advice);
  return all;
}

const program = command(
  "doctor",
  "Show the adapter, its limits and whether the kernels compute rightly on it.",
)
  .option("--json", "write everything as JSON on stdout");

await main(program, async (terminal) => {
  const diagnosis = await diagnose(terminal.gpu);
  if (program.opts().json) terminal.json(diagnosis);
  else for (const line of lines(diagnosis)) terminal.print(line);
  if (!diagnosis.adapter) throw new AdapterError("no WebGPU adapter was found");
  const wrong = diagnosis.checks?.filter((check) => !check.ok) ?? [];
  if (wrong.length > 0) {
    throw new RunError(
      `${
        wrong.map((check) => check.name).join(", ")
      }: the adapter computes wrongly; update its driver, or report this ` +
        "with the output of `deno task doctor --json`",
    );
  }
}, { adapter: true, needed: false });
