/**
 * Runs that are killed: a process is started, ended by SIGKILL after some time, and started again.
 *
 * @module
 */

/** How a process ended. */
export interface Ended {
  /** Whether it was killed before its end. */
  killed: boolean;
  /** How long it ran, in seconds. */
  seconds: number;
  /** Its exit code; 137 where it was killed. */
  code: number;
  /** The last line it wrote on stderr, and all of it. */
  last: string;
  /** All that it wrote on stderr. */
  said: string;
}

/** When a process is killed. */
export interface Moment {
  /** Seconds; Infinity lets it end. */
  after: number;
  /** Parts of the run that it must have finished before these seconds begin; 0 if left out. */
  parts?: number;
}

/**
 * Starts a process and kills it, with no chance to tidy up.
 *
 * @param program What to run.
 * @param args Its arguments.
 * @param moment When.
 * @returns How it ended.
 */
export async function killRun(
  program: string,
  args: readonly string[],
  { after, parts = 0 }: Moment,
): Promise<Ended> {
  const began = performance.now();
  const child = new Deno.Command(program, { args: [...args], stdout: "null", stderr: "piped" }).spawn();
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has just ended
    }
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watch = (said: string) => {
    if (timer !== undefined || after === Infinity) return;
    if ((said.match(/^\[\d+\/\d+\] /gm) ?? []).length >= parts) timer = setTimeout(kill, 1000 * after);
  };
  let said = "";
  watch(said);
  for await (const piece of child.stderr.pipeThrough(new TextDecoderStream())) {
    said += piece;
    watch(said);
  }
  const { code, signal } = await child.status;
  clearTimeout(timer);
  return {
    killed: signal === "SIGKILL",
    seconds: (performance.now() - began) / 1000,
    code,
    last: said.trim().split(/[\r\n]+/).findLast((line) => !line.startsWith("error: XDG_")) ?? "",
    said,
  };
}

/**
 * Compares two runs file by file.
 *
 * @param found What the files of one hold, by their places.
 * @param expected What those of the other hold.
 * @returns Places of the files that differ, or are in one of them only.
 */
export function differingFiles(
  found: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
): string[] {
  return [...new Set([...found.keys(), ...expected.keys()])]
    .filter((path) => found.get(path) !== expected.get(path));
}
