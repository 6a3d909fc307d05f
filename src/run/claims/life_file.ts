/**
 * How processes on one machine know of each other at once whether they live: a file in a folder of temporary
 * files of the machine that the system locks for as long as its process lives, however that ends.
 *
 * Numbers of processes are not asked: they are given out again, and containers on one machine have numbers of their own.
 * Who sees the very file, with what its process wrote in it, is on the machine; who does not must go by the beat.
 *
 * @module
 */

/** The sign that a process lives. */
export interface LifeFile {
  /** Where it lies; null where no such file could be made or locked. */
  path: string | null;
  /** Takes it away. */
  close(): Promise<void>;
}

/**
 * Begins to show that this process lives.
 *
 * @param id What it is called; no two are called alike.
 * @returns The sign, for as long as it is open.
 */
export async function openLifeFile(id: string): Promise<LifeFile> {
  const none: LifeFile = { path: null, close: async () => {} }; // others go by the beat
  if (!may({ name: "write" }) || !may({ name: "read" })) return none;
  let path: string, file: Deno.FsFile;
  try {
    path = await makeFile();
    file = await Deno.open(path, { read: true, write: true });
  } catch {
    return none;
  }
  const close = async () => {
    file.close();
    await Deno.remove(path).catch(() => {});
  };
  try {
    await file.write(new TextEncoder().encode(id));
    if (await file.tryLock(true)) return { path, close };
  } catch {
    // A system without such locks.
  }
  await close();
  return none;
}

/** Where a restart of the machine leaves it, if there is such a place: then it tells that its process is gone. */
async function makeFile(): Promise<string> {
  const name = { prefix: "cotbal-", suffix: ".life" };
  try {
    return await Deno.makeTempFile({ ...name, dir: "/var/tmp" });
  } catch {
    return await Deno.makeTempFile(name);
  }
}

/**
 * Whether the process that shows a sign lives, as far as it can be told on this machine.
 *
 * @param path Where its sign lies.
 * @param id What it is called.
 * @returns Undefined where the sign is not seen from here: it is another machine's, or another container's.
 */
export async function lives(path: string, id: string): Promise<boolean | undefined> {
  let file: Deno.FsFile;
  if (!may({ name: "read", path })) return undefined;
  try {
    if (await Deno.readTextFile(path) !== id) return undefined;
    file = await Deno.open(path, { read: true });
  } catch {
    return undefined;
  }
  try {
    return !(await file.tryLock(false));
  } catch {
    return undefined;
  } finally {
    file.close();
  }
}

/** Nobody is asked for a right, which Deno does where a terminal is open. */
function may(right: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(right).state === "granted";
}
