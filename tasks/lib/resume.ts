/**
 * The command that goes on from an interrupted run.
 *
 * @module
 */

/**
 * The same command with `--resume`. Whatever was given may be given again, and is needed where the run stopped
 * before its folder remembers it.
 *
 * @param task The task's name in deno.json.
 * @param args The arguments it was called with.
 * @param out The run's folder.
 * @returns A line for a shell.
 */
export function resumeCommand(task: string, args: readonly string[], out: string): string {
  const rest = args.filter((arg, i) =>
    arg !== "--resume" && arg !== "--out" && args[i - 1] !== "--out" && !arg.startsWith("--out=")
  );
  return shellLine(["deno", "task", task, ...rest, "--out", out, "--resume"]);
}

/**
 * Words as a shell reads them.
 *
 * @param words The words.
 * @returns A line.
 */
export function shellLine(words: readonly string[]): string {
  return words.map(quote).join(" ");
}

/** A word as a shell reads it. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
