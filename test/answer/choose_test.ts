import { assertEquals } from "@std/assert";
import { choose } from "../../src/answer/choose.ts";
import { readGenerationConfig } from "../../src/train/generation_config.ts";

Deno.test("ask: flags come before the checkpoint, the checkpoint before our own", () => {
  const greedy = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, maxNewTokens: 64, seed: 1 };
  assertEquals(choose({ seed: 1 }, readGenerationConfig({})), { options: greedy, warnings: [] });
  const sampling = readGenerationConfig({
    do_sample: true,
    top_p: 0.9,
    repetition_penalty: 1.1,
    max_new_tokens: 9,
  });
  const drawn = { temperature: 1, topK: 50, topP: 0.9, repetitionPenalty: 1.1, maxNewTokens: 9, seed: 1 };
  assertEquals(choose({ seed: 1 }, sampling).options, drawn);
  const flags = { temperature: 0.5, topK: 3, topP: 0.2, repetitionPenalty: 1, maxTokens: 5, seed: 7 };
  const { maxTokens, ...own } = flags;
  assertEquals(choose(flags, sampling), { options: { ...own, maxNewTokens: maxTokens }, warnings: [] });
});

Deno.test("ask: what is not heeded is said", () => {
  assertEquals(choose({ seed: 1, topK: 4 }, readGenerationConfig({ num_beams: 3 })).warnings, [
    "generation_config.json: num_beams 3 is not heeded here",
    "--top-k and --top-p change nothing at a temperature of 0; give --temperature as well",
  ]);
  assertEquals(choose({ seed: 1, topK: 4, temperature: 1 }, readGenerationConfig({})).warnings, []);
});
