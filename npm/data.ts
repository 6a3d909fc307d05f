/**
 * What of `src/data` needs neither files nor codecs: samples in the known forms of conversations, what is drawn from
 * them, tokenizers and chat formats.
 *
 * @module
 */

// A sample.
export { type Fault, SampleError } from "../src/data/dataset/bad_samples.ts";
export { parseSample, type RawSample, type SamplePlace } from "../src/data/dataset/sample.ts";
export type { MetricName, Sample, Split, TaskInfo, Turn } from "../src/data/types.ts";

// What is drawn from many.
export { drawSubsets, type SubsetRates, type Subsets } from "../src/data/draw/draw_subsets.ts";
export { type EvaluationItem, evaluationItems } from "../src/data/draw/evaluation_items.ts";
export { mixQuotas, type MixStream, mixStream, temperatureShares } from "../src/data/draw/mix.ts";
export { type BatchOptions, planBatches } from "../src/data/draw/plan_batches.ts";

// Text.
export { buildTokenizer } from "../src/data/text/build_tokenizer.ts";
export type { ChatFormat, FormatOptions } from "../src/data/text/chat_format.ts";
export type { EncodedConversation } from "../src/data/text/conversation.ts";
export type { RenderedText, Stretch } from "../src/data/text/encode_rendered.ts";
export { llavaFormat } from "../src/data/text/llava_format.ts";
export { readChatFormat } from "../src/data/text/read_chat_format.ts";
export { type ChatTokenizer, loadTokenizer, type Tokenizer } from "../src/data/text/tokenizer.ts";
export type { Grid } from "../src/data/images/picture.ts";
