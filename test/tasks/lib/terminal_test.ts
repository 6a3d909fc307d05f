import { assertEquals, assertMatch } from "@std/assert";
import { duration, type Sink, Terminal } from "../../../tasks/lib/terminal.ts";

/** Collects what is written, a few bytes at a time, as a slow pipe would take it. */
class Collector implements Sink {
  text = "";
  readonly #decoder = new TextDecoder();
  constructor(readonly terminal: boolean) {}
  isTerminal(): boolean {
    return this.terminal;
  }
  writeSync(bytes: Uint8Array): number {
    const some = bytes.subarray(0, 7);
    this.text += this.#decoder.decode(some, { stream: true });
    return some.length;
  }
}

const signal = new AbortController().signal;

Deno.test("duration reads as a person would say it", () => {
  const said = [0, 440, 9_949, 9_950, 12_300, 59_600, 61_000, 3_599_000, 3_600_000, 3_725_000].map(duration);
  assertEquals(said, [
    "0.0 s",
    "0.4 s",
    "9.9 s",
    "10 s",
    "12 s",
    "1 min 00 s",
    "1 min 01 s",
    "59 min 59 s",
    "1 h 00 min",
    "1 h 02 min",
  ]);
});

Deno.test("data goes to stdout, words to stderr, whole", () => {
  const [out, err] = [new Collector(false), new Collector(false)];
  const terminal = new Terminal(signal, out, err);
  terminal.print("a longer line of data");
  terminal.json({ a: [1, null] });
  terminal.warn("careful");
  terminal.heading("Part");
  terminal.prompt("> ");
  assertEquals(err.text, "warning: careful\nPart\n> ");
  assertEquals(out.text, 'a longer line of data\n{\n  "a": [\n    1,\n    null\n  ]\n}\n');
  terminal.write("open ");
  terminal.write("line");
  assertEquals(out.text.split("\n").at(-1), "open line");
});

Deno.test("progress without a terminal is a plain line now and then, with the time left", () => {
  const err = new Collector(false);
  const terminal = new Terminal(signal, new Collector(false), err);
  let time = 0;
  const progress = terminal.progress("tuning", 100, { now: () => time });
  for (let done = 1; done <= 60; done++) {
    time = done * 1000;
    progress.update(done, `loss ${done}`);
  }
  progress.end("done");
  assertEquals(
    err.text,
    "tuning: 10% · loss 10 · 1 min 30 s left\ntuning: 40% · loss 40 · 1 min 00 s left\ntuning: done · 1 min 00 s\n",
  );
});

Deno.test("the time left is taken from this run's own pace", () => {
  const err = new Collector(false);
  const terminal = new Terminal(signal, new Collector(false), err);
  let time = 0;
  const progress = terminal.progress("tuning", 100, { start: 80, now: () => time });
  time = 10_000;
  progress.update(90);
  assertEquals(err.text, "tuning: 90% · 10 s left\n");
});

Deno.test("on a terminal a bar is redrawn in place and lines appear above it", () => {
  const err = new Collector(true);
  const terminal = new Terminal(signal, new Collector(false), err);
  let time = 0;
  const progress = terminal.progress("tuning", 10, { now: () => time });
  time = 1000;
  progress.update(5);
  terminal.say("a word");
  progress.end();
  const plain = err.text.replaceAll("\x1b", "␛").replaceAll(/␛\[\d+m/g, "").replaceAll("\r␛[K", "⏎");
  assertMatch(plain, /^⏎tuning █{12}░{12} {2}50% 1\.0 s left⏎⏎?a word\n⏎tuning .*⏎tuning: 1\.0 s\n$/);
});
