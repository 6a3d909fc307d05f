/**
 * Keeps two processes from writing to one run folder.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { InputError } from "../errors.ts";

/** Name of the file that a process holds while it writes to a folder. */
export const LOCK_FILE = "lock";

/** The right to write to a folder. */
export interface FolderLock {
  /** Gives it back; a folder that was made for it and stayed empty is removed. */
  release(): Promise<void>;
}

/**
 * Takes a folder for this process alone, and makes it if it is missing.
 *
 * The lock is the operating system's, on an open file: it falls with its process, however that ends, so a folder is
 * never stuck after a kill. The file itself then stays, and the next process takes it over. It holds the process's
 * number, for messages.
 *
 * @param folder The folder.
 * @returns The lock.
 * @throws {InputError} If another process holds it, or the folder cannot be written to.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, LOCK_FILE);
  let made = false;
  try {
    made = await makeFolder(folder);
    for (;;) {
      const file = await Deno.open(path, { read: true, write: true, create: true });
      if (!await file.tryLock(true)) {
        const holder = (await Deno.readTextFile(path)).trim();
        file.close();
        throw new InputError(
          `--out ${folder}: expected a folder that no other process writes to, found one in use` +
            `${
              holder === "" ? "" : ` by process ${holder}`
            }. Wait until that one is done, or choose another folder`,
        );
      }
      // Whoever held it may have removed the file between our opening and our locking it: then ours is another one.
      const [ours, there] = [await file.stat(), await Deno.stat(path).catch(() => null)];
      if (there === null || ours.ino !== there.ino) {
        file.close();
        continue;
      }
      await file.truncate();
      await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
      return { release: () => release(folder, file, made) };
    }
  } catch (error) {
    if (made) await Deno.remove(folder).catch(() => {});
    if (error instanceof InputError || !(error instanceof Error)) throw error;
    throw new InputError(
      `--out ${folder}: expected a folder that can be written to, found: ${error.message}`,
    );
  }
}

/**
 * Makes a folder, those above it as well.
 *
 * @param folder The folder.
 * @returns Whether it had to be made.
 */
export async function makeFolder(folder: string): Promise<boolean> {
  await Deno.mkdir(dirname(folder), { recursive: true });
  try {
    await Deno.mkdir(folder);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}

async function release(folder: string, file: Deno.FsFile, made: boolean): Promise<void> {
  await Deno.remove(join(folder, LOCK_FILE)).catch(() => {});
  file.close();
  // Not recursive: this fails, as it should, where anything was written.
  if (made) await Deno.remove(folder).catch(() => {});
}
