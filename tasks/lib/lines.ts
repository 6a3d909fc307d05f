/**
 * Standard input, line by line.
 *
 * @module
 */

/**
 * The lines of a stream of UTF-8, as they come.
 *
 * @param stream What is read, such as `Deno.stdin.readable`.
 * @param signal Ends the waiting: its reason is thrown.
 * @returns The lines without their ends; a last line needs none.
 */
export async function* lines(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => {}); // nobody may be waiting when it comes
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), aborted]);
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const parts = rest.split(/\r?\n/);
      rest = parts.pop()!;
      yield* parts;
      if (done) break;
    }
    if (rest !== "") yield rest;
  } finally {
    signal.removeEventListener("abort", abort);
    await reader.cancel();
  }
}
