/**
 * Runs test files in a page: stands in for what they ask of Deno, and tells how each test and step ended. The tests'
 * own files are read through the page's host, see files.ts.
 *
 * @module
 */

import { shareDevice } from "./shared_device.ts";

/** How one test or step ended. */
export interface Ended {
  /** The test and the steps down to this one. */
  path: string[];
  ms: number;
  /** What was thrown, with the head of its stack. */
  error?: string;
  /** It ended where the project refuses what needs this WebGPU feature. */
  lacks?: string;
}

/** A test of a file. */
export interface Found {
  name: string;
  /** Declared by `Deno.test.ignore`: it needs more than a page can give. */
  ignored: boolean;
}

export { differences } from "./differences.ts";

type Body = (t: Context) => void | Promise<void>;

/** The part of `Deno.TestContext` that the tests use. */
interface Context {
  name: string;
  step(name: string, body: Body): Promise<boolean>;
}

/** What the page is given by its host: `tell` is playwright's. */
declare const tell: (ended: Ended) => Promise<void>;

const tests: (Found & { body: Body })[] = [];

const declare = (ignored: boolean) => (name: string, body: Body) => void tests.push({ name, ignored, body });

class NotFound extends Error {}
class NotADirectory extends Error {}
class PermissionDenied extends Error {}

/** Lines of an error that are told: its message may have some, its stack many. */
const LINES = 16;

async function fetched(path: string | URL, list = ""): Promise<Response> {
  const found = await fetch(`/files${path instanceof URL ? path.pathname : path}${list}`);
  if (!found.ok) throw new NotFound(`${path}`);
  return found;
}

const readFile = async (path: string | URL) => new Uint8Array(await (await fetched(path)).arrayBuffer());

Object.assign(globalThis, {
  Deno: {
    build: { os: "linux" },
    errors: { NotFound, NotADirectory, PermissionDenied },
    execPath: () => "deno",
    permissions: {
      querySync: ({ name }: { name: string }) => ({ state: name === "read" ? "granted" : "denied" }),
    },
    stat: async (path: string | URL) => ({ isFile: true, size: (await readFile(path)).length }),
    readFile,
    readTextFile: async (path: string | URL) => new TextDecoder().decode(await readFile(path)),
    async *readDir(path: string | URL) {
      yield* await (await fetched(path, "?list")).json() as Pick<
        Deno.DirEntry,
        "name" | "isFile" | "isDirectory"
      >[];
    },
    test: Object.assign(declare(false), { ignore: declare(true) }),
  },
});

let lost: string | undefined;
shareDevice(({ reason, message }) => {
  if (reason !== "destroyed") lost = `${reason}: ${message}`;
});

/** Runs one test or step and the steps within it; whether it passed. */
async function run(path: string[], body: Body): Promise<boolean> {
  const began = performance.now();
  let failedSteps = 0, error: string | undefined, lacks: string | undefined;
  try {
    await body({
      name: path.at(-1)!,
      step: async (name, body) => {
        const passed = await run([...path, name], body);
        if (!passed) failedSteps++;
        return passed;
      },
    });
    if (failedSteps > 0) error = `Error: ${failedSteps} of its steps failed`;
  } catch (thrown) {
    const { message, stack } = thrown as Error;
    lacks = / needs the WebGPU feature (\S+), which this adapter .* does not offer/.exec(message)?.[1];
    error = (stack ?? message).split("\n").slice(0, LINES).join("\n");
  }
  const ms = performance.now() - began;
  await tell({
    path,
    ms,
    ...(error === undefined ? {} : { error }),
    ...(lacks === undefined ? {} : { lacks }),
  });
  return error === undefined || lacks !== undefined;
}

/**
 * Reads a file's tests.
 *
 * @param load Evaluates the file, which declares them.
 */
export async function testsOf(load: () => Promise<unknown>): Promise<Found[]> {
  tests.length = 0;
  await load();
  return tests.map(({ name, ignored }) => ({ name, ignored }));
}

/**
 * Runs one of them.
 *
 * @param index Its place in the file.
 * @returns Whether the page is still good for the next one: nothing failed, and no device was lost.
 */
export async function runTest(index: number): Promise<{ good: boolean; lost?: string }> {
  const { name, body } = tests[index]!;
  const good = await run([name], body);
  return lost === undefined ? { good } : { good: false, lost };
}

/** What an adapter says of itself. */
export interface Adapter {
  vendor: string;
  architecture: string;
  features: string[];
}

/** The page's adapter; undefined where there is none. */
export async function adapterFacts(): Promise<Adapter | undefined> {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) return undefined;
  const { info: { vendor, architecture }, features } = adapter;
  return { vendor, architecture, features: [...features].sort() };
}
