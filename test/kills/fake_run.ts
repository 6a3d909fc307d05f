/**
 * A run of the engine without a GPU as a process of its own, to be killed: folder, run's name, `--resume` or `--join`.
 *
 * @module
 */

import { join } from "@std/path";
import { tune } from "../../src/tune/tune.ts";
import { fakeEngine } from "../train/fake_engine.ts";

const [folder, out, how] = Deno.args;
const engine = fakeEngine();
await tune(
  engine,
  {
    data: join(folder!, "data"),
    checkpoint: join(folder!, "base"),
    methods: ["ew", "famo", "cotbal", "merge"],
    mergeBudget: 3,
    batch: 4,
    epochs: 4,
    mini: 0.25,
    stateEverySeconds: 0.02,
  },
  {
    out: join(folder!, out!),
    resume: how === "--resume",
    ...(how === "--join" && { join: true }),
    root: folder!,
    versions: {},
  },
  {
    event: (event) => void Deno.stderr.writeSync(new TextEncoder().encode(JSON.stringify(event) + "\n")),
  },
);
