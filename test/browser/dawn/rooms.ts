/** Which tests run in a browser. @module */
import { join } from "@std/path";
import { ROOT } from "./bundle.ts";

/** Rooms whose code runs in browsers, and the kernels: models first, their parts last, which take long as well. */
const ROOMS = ["lmm", "gpu", "autograd", "optim", "nn", "kernels", "ops"] as const;

/** Files that compute nothing on a device, or need more of Deno than a page has, with what they do. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  "test/kernels/golden_test.ts": "compares texts of kernels with files, and lists the folder",
  "test/kernels/table_test.ts": "compares texts of kernels with each other",
};

/**
 * Steps that fail on Dawn, by "file: test" and path within it ("" for the test itself), with the reason: told at the end of
 * each run, and their tests not counted as passed. What fails is mended rather than listed. docs/dawn.md says more.
 */
export const KNOWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "test/lmm/case_test.ts: PyTorch's chat_mistral, with the kernels for CPU drivers": {
    "every gradient and the first update": "a key projection's gradient off by 1.16e-5, allowed 1e-5",
    "": "what that step had on the device stays there",
  },
};

/** The test files, as paths below the repository, sorted within each room, the last room's from its end. */
export async function testFiles(): Promise<string[]> {
  const files: string[] = [];
  for (const room of ROOMS) {
    const own = (await within(`test/${room}`)).sort();
    files.push(...(room === ROOMS.at(-1) ? own.reverse() : own));
  }
  return files.filter((file) => !(file in LEFT_OUT));
}

async function within(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    if (isDirectory) files.push(...await within(`${folder}/${name}`));
    else if (name.endsWith("_test.ts")) files.push(`${folder}/${name}`);
  }
  return files;
}
