/**
 * What a command says and shows: data on stdout, everything else on stderr, a bar where a person looks at it.
 *
 * @module
 */

import { bold, cyan, dim, red, yellow } from "@std/fmt/colors";

import type { GpuOptions } from "../../src/gpu/gpu.ts";

/** A stream of the terminal, or a stand-in for one in a test. */
export interface Sink {
  /** Writes some of the bytes and returns how many. */
  writeSync(bytes: Uint8Array): number;
  /** Whether a person looks at it. */
  isTerminal(): boolean;
}

/** How often a bar is drawn anew, in ms. */
const REDRAW = 100;
/** When the first plain line comes, and how long until the next ones, in ms: for logs, which keep every line. */
const FIRST_LINE = 10_000;
const NEXT_LINE = 30_000;

/**
 * Writes a duration as a person says it: `0.4 s`, `12 s`, `3 min 05 s`, `1 h 02 min`.
 *
 * @param ms The duration in ms.
 * @returns The text.
 */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const pad = (n: number) => String(n).padStart(2, "0");
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** The part of a long work that is done, shown as it grows. */
export interface Progress {
  /**
   * Says how far the work has come.
   *
   * @param done How much of the total is done.
   * @param note A few words on the present state, such as the loss.
   */
  update(done: number, note?: string): void;
  /**
   * Ends the display and leaves one line with the time that the work took.
   *
   * @param note A few words on the result.
   */
  end(note?: string): void;
}

/** What a command talks to. Made by `main` in cli.ts. */
export class Terminal {
  /** Aborted by the first ctrl-C or SIGTERM; its reason is an `Interrupted`. Pass it down to whatever takes long. */
  readonly signal: AbortSignal;
  /** The command that goes on from an interrupted or failed run, such as `deno task tune --resume --out runs/a`. */
  resume: string | undefined;
  /** What `--adapter` was given; undefined where it was not. */
  adapter: string | undefined;
  /** The adapter that `--adapter` chose, for `createGpu`; any, if nobody chose. */
  gpu: GpuOptions = {};
  readonly #out: Sink;
  readonly #err: Sink;
  readonly #colours: boolean;
  readonly #live: boolean;
  #bar = "";

  /**
   * @param signal What tells of an interruption.
   * @param out Where data goes.
   * @param err Where everything else goes.
   */
  constructor(signal: AbortSignal, out: Sink = Deno.stdout, err: Sink = Deno.stderr) {
    this.signal = signal;
    this.#out = out;
    this.#err = err;
    this.#live = err.isTerminal();
    this.#colours = this.#live && !Deno.noColor;
  }

  /** Writes a line of data on stdout. */
  print(text = ""): void {
    write(this.#out, text + "\n");
  }

  /** Writes data on stdout as it comes; the line stays open. */
  write(text: string): void {
    write(this.#out, text);
  }

  /** Writes on stderr what a person is to answer to; the line stays open. */
  prompt(text: string): void {
    this.#tell(text);
  }

  /** Writes a value as JSON on stdout, for a program to read. */
  json(value: unknown): void {
    write(this.#out, JSON.stringify(value, null, 2) + "\n");
  }

  /** Writes a line for the person on stderr, above the bar where there is one. */
  say(text: string): void {
    this.#line(text);
  }

  /** Writes the title of the next part of the work on stderr. */
  heading(text: string): void {
    this.#line(this.#paint(bold, text));
  }

  /** Writes a warning on stderr. */
  warn(text: string): void {
    this.#line(`${this.#paint(yellow, "warning:")} ${text}`);
  }

  /** Writes an error on stderr. */
  error(text: string): void {
    this.#line(`${this.#paint(red, "error:")} ${text}`);
  }

  /**
   * Starts to show the progress of a work that takes long. On a terminal it is a bar with the time left; elsewhere
   * a plain line now and then. One at a time.
   *
   * @param label What the work is.
   * @param total How much there is to do, in any unit.
   * @param options `start`: how much of it was done before, in an earlier run; `now`: the clock, in ms.
   * @returns What to tell of the progress.
   */
  progress(
    label: string,
    total: number,
    options: { start?: number; now?: () => number } = {},
  ): Progress {
    const { start = 0, now = () => performance.now() } = options;
    const began = now();
    let shown = -Infinity;
    let nextLine = began + FIRST_LINE;
    return {
      update: (done, note) => {
        const time = now();
        const fraction = total > 0 ? Math.min(1, Math.max(0, done / total)) : 1;
        const percent = `${Math.floor(fraction * 100)}%`;
        const left = done > start ? (time - began) * (total - done) / (done - start) : undefined;
        const rest = [note, left === undefined ? undefined : `${duration(Math.max(0, left))} left`]
          .filter((part) => part !== undefined).join(" · ");
        if (this.#live) {
          if (time - shown < REDRAW && fraction < 1) return;
          shown = time;
          const blocks = Math.round(fraction * 24);
          const bar = this.#paint(cyan, "█".repeat(blocks)) + this.#paint(dim, "░".repeat(24 - blocks));
          // A line longer than the window would leave its first half behind at every redraw.
          const room = Math.max(10, columns() - label.length - 34);
          this.#draw(`${label} ${bar} ${percent.padStart(4)} ${clip(rest, room)}`);
        } else if (time >= nextLine) {
          nextLine = time + NEXT_LINE;
          this.#line(`${label}: ${percent}${rest ? ` · ${rest}` : ""}`);
        }
      },
      end: (note) => {
        this.#draw("");
        this.#line(`${label}: ${note === undefined ? "" : `${note} · `}${duration(now() - began)}`);
      },
    };
  }

  /** Takes the bar away, where there is one. */
  clear(): void {
    this.#draw("");
  }

  #paint(style: (text: string) => string, text: string): string {
    return this.#colours ? style(text) : text;
  }

  #line(text: string): void {
    const bar = this.#bar;
    this.#draw("");
    this.#tell(text + "\n");
    this.#draw(bar);
  }

  #draw(bar: string): void {
    if (bar === this.#bar) return;
    this.#bar = bar;
    this.#tell(`\r\x1b[K${bar}`);
  }

  /** Writes on stderr. A long run goes on when the terminal that it was started from is gone. */
  #tell(text: string): void {
    try {
      write(this.#err, text);
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
  }
}

function write(sink: Sink, text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(sink.writeSync(bytes));
}

function columns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length - 1) + "…";
}
