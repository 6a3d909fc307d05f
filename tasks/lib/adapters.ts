/**
 * The adapters of a machine: listed, and chosen by index or name.
 *
 * WebGPU gives one adapter at a time, the quicker or the thriftier one, and lists none. More are found by letting the Vulkan
 * loader see one driver at a time (`VK_DRIVER_FILES`), before the device is opened. Cards of one driver beyond these two
 * cannot be told apart so: give each process its card by the environment, as a cluster's scheduler or a container does.
 *
 * @module
 */

import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { type AdapterSummary, probeAdapter } from "./adapter.ts";

/** How an adapter is asked for. */
export interface AdapterChoice {
  /** The file that names its driver to the Vulkan loader; undefined where all drivers are seen. */
  driver?: string | undefined;
  /** Which of the driver's. */
  powerPreference: GPUPowerPreference;
}

/** An adapter of this machine. */
export interface ListedAdapter extends AdapterSummary, AdapterChoice {}

/** Says which drivers the Vulkan loader sees. */
const DRIVER_FILES = "VK_DRIVER_FILES";

/** Where the Vulkan loader looks for drivers, on Linux. */
const DRIVER_FOLDERS = [
  "/etc/vulkan/icd.d",
  "/usr/local/share/vulkan/icd.d",
  "/usr/share/vulkan/icd.d",
];

const PREFERENCES = ["high-performance", "low-power"] as const;

/**
 * Lists adapters; each is asked for in a worker, so that this process has opened none.
 *
 * @param ask Asks for an adapter with the environment as it is.
 * @param folders Where drivers are looked for.
 * @returns Those that could be told apart, the one first that is taken where none is chosen.
 */
export async function listAdapters(
  ask = probeAdapter,
  folders: readonly string[] = DRIVER_FOLDERS,
): Promise<ListedAdapter[]> {
  const found: ListedAdapter[] = [];
  const look = async (driver: string | undefined) => {
    for (const powerPreference of PREFERENCES) {
      const adapter = await ask(powerPreference);
      if (adapter === null) return;
      if (!found.some((one) => nameOf(one) === nameOf(adapter))) {
        found.push({ ...adapter, driver, powerPreference });
      }
      if (adapter.isFallbackAdapter) return; // a driver of the CPU has no other
    }
  };
  await look(undefined);
  if (!mayChooseDrivers()) return found;
  const before = Deno.env.get(DRIVER_FILES);
  if (before !== undefined) return found; // what was set from outside is left alone
  try {
    for (const driver of await driverFiles(folders)) {
      Deno.env.set(DRIVER_FILES, driver);
      await look(driver);
    }
  } finally {
    Deno.env.delete(DRIVER_FILES);
  }
  return found;
}

/**
 * Finds an adapter.
 *
 * @param wanted Its index in the list, or a piece of its name in any case.
 * @param all The list.
 * @returns The adapter.
 * @throws {InputError} If there is none, or a name fits several.
 *
 * @example
 * ```ts
 * import { findAdapter } from "./adapters.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const kind = { vendor: "", architecture: "", device: "", isFallbackAdapter: false };
 * const powerPreference = "high-performance" as const;
 * const all = [{ ...kind, description: "A card", powerPreference }, { ...kind, description: "llvmpipe", powerPreference }];
 * assertEquals(findAdapter("1", all).description, "llvmpipe");
 * assertEquals(findAdapter("CARD", all).description, "A card");
 * ```
 */
export function findAdapter(wanted: string, all: readonly ListedAdapter[]): ListedAdapter {
  const list = all.map((adapter, i) => `${i} ${nameOf(adapter)}`).join(", ") || "none";
  const fitting = /^\d+$/.test(wanted)
    ? all.slice(Number(wanted), Number(wanted) + 1)
    : all.filter((adapter) => nameOf(adapter).toLowerCase().includes(wanted.toLowerCase()));
  if (fitting.length === 1) return fitting[0]!;
  throw new InputError(
    `--adapter ${wanted}: expected the index of an adapter or a name that one of them has, found ${
      fitting.length === 0 ? "none that fits" : `${fitting.length} that fit`
    }. WebGPU shows here: ${list}`,
  );
}

/**
 * Makes an adapter the one that this process gets; call it before anything touches `navigator.gpu`.
 *
 * @param choice The adapter.
 */
export function useAdapter({ driver }: AdapterChoice): void {
  if (driver !== undefined) Deno.env.set(DRIVER_FILES, driver);
}

/** What an adapter is called. */
export function nameOf({ description, device, vendor, architecture }: AdapterSummary): string {
  return description || device || [vendor, architecture].filter(Boolean).join(" ") || "unnamed";
}

function mayChooseDrivers(): boolean {
  return Deno.build.os === "linux" &&
    Deno.permissions.querySync({ name: "env", variable: DRIVER_FILES }).state === "granted";
}

async function driverFiles(folders: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const folder of folders) {
    try {
      for await (const { name } of Deno.readDir(folder)) {
        if (name.endsWith(".json")) files.push(join(folder, name));
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable)) throw error;
    }
  }
  return files.sort();
}
