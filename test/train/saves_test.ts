import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openMetrics } from "../../src/run/metrics_log.ts";
import type { EngineTrainer } from "../../src/train/engine.ts";
import { goOn, startSaveClock, STATE_FILE } from "../../src/train/saves.ts";
import { readState } from "../../src/train/state_file.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A trainer that is nothing but its step. */
function counter(step = 0): EngineTrainer {
  const trainer = {
    step,
    train: () => {},
    log: () => Promise.resolve([]),
    losses: () => Promise.resolve({ nll: [], tokens: [] }),
    state: () => Promise.resolve(Uint8Array.of(trainer.step, 9)),
    restore: ([at]: Uint8Array) => void (trainer.step = at!),
    destroy: () => {},
  };
  return trainer;
}

/** A folder with a state of step 2 and its two lines. */
async function saved(folder: string, owner: string): Promise<void> {
  const log = (await openMetrics(join(folder, "metrics.jsonl")))!;
  await log.append([{ step: 1 }, { step: 2 }]);
  await startSaveClock({ folder, owner, stateEverySeconds: 1 }, counter(2), log).save();
  await log.append([{ step: 3 }]);
}

test("a training goes on from its own state and the lines that belong to it", () =>
  inFolder(async (folder) => {
    await saved(folder, "run a, probes/mini");
    const trainer = counter(), notes: string[] = [];
    const options = { folder, owner: "run a, probes/mini", stateEverySeconds: 1 };
    const { lines } = await goOn<{ step: number }>(options, trainer, (text) => notes.push(text));
    assertEquals([trainer.step, lines.map(({ step }) => step), notes], [2, [1, 2], []]);
  }));

test("a state that is damaged, foreign or without its lines is not believed, and that is said", () =>
  inFolder(async (folder) => {
    const path = join(folder, STATE_FILE), metrics = join(folder, "metrics.jsonl");
    const owner = "run a, probes/mini";
    const damages: [name: string, RegExp, damage: () => Promise<void>][] = [
      ["a bit", /state\.bin was damaged/, async () => {
        const bytes = await Deno.readFile(path);
        bytes[bytes.length - 1]! ^= 1;
        await Deno.writeFile(path, bytes);
      }],
      ["the end", /holds 1 bytes in place of 2/, async () => {
        await Deno.truncate(path, (await Deno.stat(path)).size - 1);
      }],
      ["another part's", /of another run or another part/, () => saved(folder, "run a, probes/plus-vqa")],
      ["an older form", /form that this version writes/, () => Deno.writeTextFile(path, "older")],
      ["nothing", /form that this version writes/, () => Deno.writeTextFile(path, "")],
      ["other lines", /metrics\.jsonl is not as it was/, () => Deno.writeTextFile(metrics, '{"step":2}\n')],
      ["no lines", /metrics\.jsonl is not as it was/, () => Deno.remove(metrics)],
    ];
    for (const [name, expected, damage] of damages) {
      await saved(folder, owner);
      await damage();
      const trainer = counter(), notes: string[] = [];
      const { lines } = await goOn(
        { folder, owner, stateEverySeconds: 1 },
        trainer,
        (text) => notes.push(text),
      );
      assertEquals([trainer.step, lines, notes.length], [0, [], 1], name);
      assert(expected.test(notes[0]!), notes[0]);
      assertEquals(await readState(path, owner), undefined, name);
      assertEquals(await Deno.readTextFile(metrics), "", name);
    }
  }));

test("however long steps take, a kill costs no more than was asked for", () =>
  inFolder(async (folder) => {
    const stateEverySeconds = 45, steps = 200;
    for (const [stepSeconds, saveSeconds] of [[0.04, 0.1], [1, 0.1], [10, 1], [22, 1]] as const) {
      let queued = 0, done = 0, time = 0;
      const trainer = counter(), log = (await openMetrics(join(folder, "metrics.jsonl")))!;
      const slow = { ...log, mark: () => (time += saveSeconds, log.mark()) };
      const clock = startSaveClock({ folder, stateEverySeconds }, trainer, slow, () => time);
      let last = 0, worst = 0, looks = 0, saves = 0;
      for (let step = 1; step <= steps; step++) {
        queued++; // costs no time: the device works on
        if (step % 20 !== 0 && !clock.wantsLook(step)) continue;
        looks++;
        time += stepSeconds * (queued - done);
        done = queued;
        if (!clock.looked(step)) continue;
        await clock.save();
        saves++;
        worst = Math.max(worst, time - last);
        last = time;
      }
      const label = `${stepSeconds} s a step: ${looks} looks, ${saves} saves, worst ${worst} s`;
      assert(worst <= stateEverySeconds + 1e-9, label);
      assert(
        looks <= 2 + steps / 20 + 2 * steps * stepSeconds / stateEverySeconds * (1 + stepSeconds / 10),
        label,
      );
      // As seldom as that allows.
      assert(
        saves <=
          1 + steps * stepSeconds / Math.max(stepSeconds, stateEverySeconds - 2 * stepSeconds - saveSeconds),
        label,
      );
    }
  }));
