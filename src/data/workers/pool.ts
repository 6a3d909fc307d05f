/**
 * Work in other threads.
 *
 * @module
 */

import { InputError, RunError } from "../../errors.ts";

/** Threads that do jobs of one kind. */
export interface Pool<Job, Result> {
  /** How many threads. */
  readonly workers: number;
  /**
   * Does a job in one of the threads; jobs begin in the order in which they are given.
   *
   * @param job What to do; it must be possible to clone it.
   * @returns What came of it.
   * @throws {InputError} If the job says that its input cannot be used.
   * @throws {RunError} If the thread died, or the pool is closed.
   */
  run(job: Job): Promise<Result>;
  /** Ends all threads; jobs that are not done are given up. */
  close(): void;
  /** The same, but what the threads are at is finished before. */
  stop(): Promise<void>;
}

/** What is sent to a thread: its set-up first, then jobs. */
type ToWorker<Setup, Job> = { setup: Setup } | { jobs: Job[] };

/** What a thread says of a job. */
type Outcome<Result> = { result: Result } | { fault: string; input: boolean };

/** A job that waits, and who waits for it. */
interface Waiting<Job, Result> {
  job: Job;
  done: (result: Result) => void;
  failed: (error: Error) => void;
  end: Promise<Result>;
}

/** Jobs that are sent together, at most: a message takes as long as a small job. */
const TOGETHER = 16;
/** Messages that a thread has at once, so that it need not wait for the next one. */
const AT_ONCE = 2;

/**
 * Opens threads. They begin with the first job.
 *
 * @param url The module that they run; it calls {@linkcode serve}.
 * @param setup What each thread is told first; it must be possible to clone it.
 * @param workers How many threads; as many as there are cores, if left out.
 * @returns The pool; close it, or the process does not end.
 */
export function openPool<Setup, Job, Result>(
  url: URL,
  setup: Setup,
  workers: number = navigator.hardwareConcurrency,
): Pool<Job, Result> {
  const queue: Waiting<Job, Result>[] = [];
  const threads: { worker: Worker; sent: Waiting<Job, Result>[][] }[] = [];
  let dead: Error | undefined, first = 0, dealing = false;

  const fail = (error: Error) => {
    dead ??= error;
    for (const { worker } of threads) worker.terminate();
    const left = [...threads.flatMap(({ sent }) => sent.flat()), ...queue.slice(first)];
    threads.length = queue.length = first = 0;
    for (const { failed } of left) failed(dead);
  };

  const start = () => {
    const worker = new Worker(url, { type: "module" });
    const thread: typeof threads[number] = { worker, sent: [] };
    worker.onmessage = ({ data }: MessageEvent<Outcome<Result>[]>) => {
      const jobs = thread.sent.shift() ?? [];
      deal();
      for (const [i, { done, failed }] of jobs.entries()) {
        const outcome = data[i]!;
        if ("result" in outcome) done(outcome.result);
        else failed(outcome.input ? new InputError(outcome.fault) : new Error(outcome.fault));
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const at = thread.sent[0]?.[0]?.job;
      fail(
        new RunError(
          `expected a thread to go on, found that it died (${event.message})` +
            (at === undefined ? "" : ` at ${JSON.stringify(at).slice(0, 200)} or soon after`),
        ),
      );
    };
    worker.postMessage({ setup } satisfies ToWorker<Setup, Job>);
    threads.push(thread);
  };

  const deal = () => {
    while (first < queue.length) {
      if (threads.length < workers && threads.every(({ sent }) => sent.length > 0)) start();
      const free = threads.reduce((a, b) => b.sent.length < a.sent.length ? b : a);
      if (free.sent.length >= AT_ONCE) break;
      const count = Math.max(1, Math.min(TOGETHER, Math.floor((queue.length - first) / (AT_ONCE * workers))));
      const jobs = queue.slice(first, first += count);
      free.sent.push(jobs);
      free.worker.postMessage({ jobs: jobs.map(({ job }) => job) } satisfies ToWorker<Setup, Job>);
    }
    if (first === queue.length) queue.length = first = 0;
  };

  return {
    workers,
    run(job) {
      if (dead !== undefined) return Promise.reject(dead);
      const { promise: end, resolve: done, reject: failed } = Promise.withResolvers<Result>();
      queue.push({ job, done, failed, end });
      if (!dealing) {
        // What is asked for together goes out together.
        dealing = true;
        queueMicrotask(() => {
          dealing = false;
          if (dead === undefined) deal();
        });
      }
      return end;
    },
    close: () => fail(closed()),
    async stop() {
      const unsent = queue.slice(first);
      queue.length = first = 0;
      for (const { failed } of unsent) failed(closed());
      await Promise.allSettled(threads.flatMap(({ sent }) => sent.flat().map(({ end }) => end)));
      fail(closed());
    },
  };
}

function closed(): RunError {
  return new RunError("expected an open pool of threads, found it closed");
}

/** A result and the buffers in it that are handed over instead of copied. */
export interface Handed<Result> {
  /** What came of the job. */
  result: Result;
  /** Buffers in it. */
  buffers?: ArrayBuffer[];
}

/**
 * The other side of {@linkcode openPool}: does jobs one after the other. Called once, by the module that a thread runs.
 *
 * @param open Makes of the set-up what does a job.
 */
export function serve<Setup, Job, Result>(
  open: (setup: Setup) => (job: Job) => Handed<Result> | Promise<Handed<Result>>,
): void {
  const thread = globalThis as unknown as {
    onmessage: (event: MessageEvent<ToWorker<Setup, Job>>) => void;
    postMessage(message: unknown, buffers: ArrayBuffer[]): void;
  };
  let work: ((job: Job) => Handed<Result> | Promise<Handed<Result>>) | undefined;
  let turn: Promise<void> = Promise.resolve();
  const answer = async (jobs: readonly Job[]) => {
    const outcomes: Outcome<Result>[] = [], handed: ArrayBuffer[] = [];
    for (const job of jobs) {
      try {
        const { result, buffers = [] } = await work!(job);
        outcomes.push({ result });
        handed.push(...buffers);
      } catch (error) {
        const fault = error instanceof Error ? error.message : String(error);
        outcomes.push({ fault, input: error instanceof InputError });
      }
    }
    thread.postMessage(outcomes, handed);
  };
  thread.onmessage = ({ data }) => {
    if ("setup" in data) work = open(data.setup);
    else turn = turn.then(() => answer(data.jobs));
  };
}
