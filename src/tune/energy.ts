/**
 * What a machine's processors and memory use, where the system counts it and may be asked: Linux with RAPL.
 *
 * @module
 */

/** Where the counters lie. */
const POWERCAP = "/sys/class/powercap";

/** One counter, in microjoules; it begins anew behind its range. */
interface Counter {
  path: string;
  range: number;
}

/**
 * Begins to count what the machine uses, all its processes together.
 *
 * @param folder Where the counters lie.
 * @returns Gives the joules since it was made; undefined where the system does not tell: no Linux, no counters, or no right
 * to read them (Deno asks for all permissions, the system often for the administrator's).
 */
export async function startEnergy(
  folder = POWERCAP,
): Promise<(() => Promise<number | undefined>) | undefined> {
  const counters: Counter[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      // One a package; those below one are parts of it.
      if (!/^[a-z-]+rapl:\d+$/.test(name)) continue;
      const range = Number(await Deno.readTextFile(`${folder}/${name}/max_energy_range_uj`));
      counters.push({ path: `${folder}/${name}/energy_uj`, range });
    }
    if (counters.length === 0) return undefined;
    const first = await Promise.all(counters.map(read));
    return async () => {
      try {
        const now = await Promise.all(counters.map(read));
        const used = now.map((n, i) => n >= first[i]! ? n - first[i]! : n - first[i]! + counters[i]!.range);
        return used.reduce((sum, n) => sum + n, 0) / 1e6;
      } catch {
        return undefined;
      }
    };
  } catch {
    return undefined;
  }
}

async function read({ path }: Counter): Promise<number> {
  return Number(await Deno.readTextFile(path));
}
