import { assertThrows } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { checkOptions } from "../../../src/tune/options/check_options.ts";
import type { TuneOptions } from "../../../src/tune/options/settings.ts";

Deno.test("checkOptions names the flag, what it expected and what it found", () => {
  const wrong: [TuneOptions, string][] = [
    [{ mini: 1.5 }, "--mini: expected a share"],
    [{ temperature: 0 }, "--temperature"],
    [{ seeds: [1, 1] }, "--seeds: expected different"],
    [{ seeds: [] }, "--seeds"],
    [{ methods: ["magic"] }, '"magic"'],
    [{ epochs: 1, steps: 5 }, "found both"],
    [{ data: "x", scale: 2 }, "--scale"],
    [{ frozen: ["eyes" as "vision"] }, '"eyes"'],
    [{ frozen: ["vision", "projector", "language"] }, "found all three frozen"],
    [{ rates: { vision: 0 } }, "--freeze vision"],
    [{ storage: "f8" as "f16" }, '--storage: expected f32 or f16, found "f8"'],
    [
      { evaluateEvery: 0 },
      "--evaluate-every: expected a whole number of steps, or a part of the tuning such as 10%",
    ],
    [
      { evaluateEvery: "120%" },
      '--evaluate-every: expected a whole number of steps, or a part of the tuning such as 10%, found "120%"',
    ],
    [{ evaluateEvery: "0%" }, "--evaluate-every"],
    [{ patience: 3 }, "--patience: expected with --evaluate-every, found without it"],
    [{ bestBy: "loss" }, "--best-by: expected with --evaluate-every"],
    [{ evaluateQuestions: 8 }, "--evaluate-questions: expected with --evaluate-every"],
    [{ evaluateEvery: 5, bestBy: "luck" as "loss" }, '--best-by: expected score or loss, found "luck"'],
    [{ maxNewTokens: 0 }, "--max-new-tokens"],
    [{ alpha: { out: 1, in: 1, difficulty: 0 } }, "sum to 1"],
  ];
  for (const [options, message] of wrong) assertThrows(() => checkOptions(options), InputError, message);
  checkOptions({ evaluateEvery: "12.5%", evaluateQuestions: 8, bestBy: "loss", patience: 3 });
  checkOptions({ temperature: "auto", seeds: [1, 2], methods: ["ew", "stl"] });
});

Deno.test("weights by hand go with their method, and are given once", () => {
  const fails = (options: TuneOptions, text: string) =>
    assertThrows(() => checkOptions(options), InputError, text);
  fails({ methods: ["fixed"] }, "give --lambda task=x,… or --weights FILE");
  fails(
    { methods: ["fixed"], lambda: { a: 1 }, weights: "w.json" },
    "expected --lambda or --weights, found both",
  );
  fails({ methods: ["ew"], lambda: { a: 1 } }, "--lambda: expected with --methods fixed only");
  fails({ weights: "w.json" }, "--weights: expected with --methods fixed only");
  checkOptions({ methods: ["fixed"], weights: "w.json" });
});

Deno.test("draws of the probes are refused where no method has them", () => {
  assertThrows(
    () => checkOptions({ methods: ["ew"], probeSeeds: 2 }),
    InputError,
    "--probe-seeds: expected with the method noise-aware, found --methods ew",
  );
  assertThrows(() => checkOptions({ methods: ["noise-aware"], probeSeeds: 0 }), InputError, "--probe-seeds");
  assertThrows(() => checkOptions({ methods: ["merge"], fixed: { a: 1 } }), InputError, "the method merge");
});

Deno.test("questions never tuned on are asked of the scenes, or of a folder", () => {
  assertThrows(() => checkOptions({ zeroShot: 5, data: "mine" }), InputError, "--zero-shot: expected with");
  checkOptions({ zeroShot: 5 });
  checkOptions({ zeroShotData: "other", zeroShot: 5, data: "mine" });
});
