/**
 * Datasets in LLaVA's form: read, checked, turned into token ids and pixels, cut into subsets and batches.
 *
 * @module
 */

// A dataset.
export type { BadSamples, Fault, SampleError } from "./dataset/bad_samples.ts";
export { loadDataset, type LoadOptions } from "./dataset/load_dataset.ts";
export type { ReadyConversation } from "./dataset/packed_conversations.ts";
export {
  type DatasetSize,
  ofSample,
  validateDataset,
  type ValidateOptions,
} from "./dataset/validate_dataset.ts";
export type { Dataset, MetricName, Sample, Split, TaskInfo, Turn } from "./types.ts";

// What is drawn from it.
export { drawSubsets, type SubsetRates, type Subsets } from "./draw/draw_subsets.ts";
export { type EvaluationItem, evaluationItems } from "./draw/evaluation_items.ts";
export { mixQuotas, type MixStream, mixStream, temperatureShares } from "./draw/mix.ts";
export { type BatchOptions, planBatches } from "./draw/plan_batches.ts";

// Images.
export { decodeImage, type DecodeOptions, type Image } from "./images/image.ts";
export { createImageStore, type ImageStore, type ImageStoreOptions } from "./images/image_store.ts";
export { openPicturePool, type PicturePool, type PicturePoolOptions } from "./images/picture_pool.ts";
export { encodePng } from "./images/png.ts";
export { type ImageSize, readImageSize } from "./images/image_size.ts";
export { type CutPicture, type Grid, type Picture, tileCount } from "./images/picture.ts";
export type { Frame } from "./images/whole.ts";
export {
  type Processor,
  type ProcessorOptions,
  type ProcessorRecipe,
  readProcessor,
} from "./images/processor.ts";
export { resize } from "./images/resize.ts";

// Text.
export { buildTokenizer } from "./text/build_tokenizer.ts";
export type { ChatFormat, FormatOptions } from "./text/chat_format.ts";
export type { EncodedConversation } from "./text/conversation.ts";
export { llavaFormat } from "./text/llava_format.ts";
export type { RenderedText, Stretch } from "./text/encode_rendered.ts";
export { readChatFormat } from "./text/read_chat_format.ts";
export { type ChatTokenizer, loadTokenizer, type Tokenizer } from "./text/tokenizer.ts";
