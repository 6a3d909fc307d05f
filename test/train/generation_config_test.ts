import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { readGenerationConfig, tokenIds } from "../../src/train/generation_config.ts";

const GREEDY = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, maxNewTokens: undefined };

Deno.test("generation_config.json: no file is greedy and names no stops", () => {
  const nothing = { stops: [], defaults: GREEDY, ignored: [] };
  assertEquals(readGenerationConfig(undefined), nothing);
  assertEquals(readGenerationConfig({}), nothing);
});

Deno.test("generation_config.json: the base's own", () => {
  const file = { bos_token_id: 1, eos_token_id: 2, pad_token_id: 0, do_sample: false, max_new_tokens: 64 };
  assertEquals(readGenerationConfig(file), {
    stops: [2],
    defaults: { ...GREEDY, maxNewTokens: 64 },
    ignored: [],
  });
});

Deno.test("generation_config.json: sampling counts only with do_sample, the penalty always", () => {
  const file = {
    ...{ temperature: 0.7, top_k: 20, top_p: 0.8, repetition_penalty: 1.1 },
    ...{ eos_token_id: [151645, 151643, 151645], pad_token_id: 151643, transformers_version: "5.0.0" },
  };
  assertEquals(readGenerationConfig(file).defaults, { ...GREEDY, repetitionPenalty: 1.1 });
  assertEquals(readGenerationConfig({ ...file, do_sample: true }), {
    stops: [151645, 151643],
    defaults: { temperature: 0.7, topK: 20, topP: 0.8, repetitionPenalty: 1.1, maxNewTokens: undefined },
    ignored: [],
  });
  const { temperature, topK, topP } = readGenerationConfig({ do_sample: true, top_k: null }).defaults;
  assertEquals([temperature, topK, topP], [1, 50, 1], "what is left out is as in transformers");
});

Deno.test("generation_config.json: what changes answers and is not heeded is named", () => {
  const harmless = {
    ...{
      num_beams: 1,
      min_length: 0,
      no_repeat_ngram_size: 0,
      bad_words_ids: null,
      typical_p: 1.0,
      max_length: 20,
    },
    ...{
      _from_model_config: true,
      use_cache: true,
      suppress_tokens: [],
      length_penalty: 1,
      early_stopping: false,
    },
    ...{ num_assistant_tokens: 20, guidance_scale: 1 },
  };
  assertEquals(readGenerationConfig(harmless).ignored, []);
  const { ignored } = readGenerationConfig({
    ...harmless,
    ...{ num_beams: 4, no_repeat_ngram_size: 3, suppress_tokens: [5], min_p: 0.1, something_new: "x" },
  });
  assertEquals(ignored, [
    "num_beams 4",
    "no_repeat_ngram_size 3",
    "suppress_tokens [5]",
    "min_p 0.1",
    'something_new "x"',
  ]);
});

Deno.test("generation_config.json: settings that cannot be used", () => {
  const broken: [unknown, string][] = [
    [[], "generation_config.json: expected a JSON object, found []"],
    [
      { eos_token_id: "2" },
      'generation_config.json: eos_token_id: expected a token id or a list of them, found "2"',
    ],
    [{ eos_token_id: [2, -1] }, "expected a token id or a list of them, found [2,-1]"],
    [{ eos_token_id: 2 ** 31 }, "expected a token id or a list of them, found 2147483648"],
    [{ temperature: -1 }, "expected temperature to be a number of at least 0, found -1"],
    [{ top_k: 1.5 }, "expected top_k to be a whole number of at least 0, found 1.5"],
    [{ top_p: 2 }, "expected top_p to be a number between 0 and 1, found 2"],
    [{ repetition_penalty: 0 }, "expected repetition_penalty to be a number above 0, found 0"],
    [{ max_new_tokens: 0 }, "expected max_new_tokens to be a whole number of at least 1, found 0"],
  ];
  for (const [file, message] of broken) assertThrows(() => readGenerationConfig(file), InputError, message);
});

Deno.test("token ids: one, several, or none", () => {
  assertEquals(tokenIds(7, "x"), [7]);
  assertEquals(tokenIds([7, 8, 7], "x"), [7, 8]);
  assertEquals(tokenIds(null, "x"), []);
  assertEquals(tokenIds(undefined, "x"), []);
});
