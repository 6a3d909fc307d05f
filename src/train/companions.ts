/**
 * The files that lie beside a model's weights and travel with it.
 *
 * @module
 */

/** All that a folder may hold for `transformers` to open it, in the order in which they are told. */
export const COMPANIONS = [
  "tokenizer.json",
  "preprocessor_config.json",
  "generation_config.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "processor_config.json",
  "chat_template.jinja",
  "chat_template.json",
  "video_preprocessor_config.json",
  "added_tokens.json",
  "vocab.json",
  "merges.txt",
  "tokenizer.model",
] as const;

/**
 * The files that travel with a new model.
 *
 * @param tokenizer What tokenizer.json holds.
 * @param pictures Side of the tower's images, mean and deviation of each colour.
 * @returns tokenizer.json, preprocessor_config.json, generation_config.json.
 */
export function newCompanions(
  tokenizer: object,
  { size, mean, std }: { size: number; mean: readonly number[]; std: readonly number[] },
): Map<string, Uint8Array> {
  const json = (value: unknown, space?: number) =>
    new TextEncoder().encode(JSON.stringify(value, null, space) + "\n");
  return new Map([
    ["tokenizer.json", json(tokenizer)],
    [
      "preprocessor_config.json",
      json({
        image_processor_type: "LlavaImageProcessor",
        // LLaVA pads to a square with the mean colour before it resizes.
        do_pad: true,
        do_convert_rgb: true,
        do_resize: true,
        size: { shortest_edge: size },
        resample: 3,
        do_center_crop: true,
        crop_size: { height: size, width: size },
        do_rescale: true,
        rescale_factor: 1 / 255,
        do_normalize: true,
        image_mean: mean,
        image_std: std,
      }, 2),
    ],
    [
      "generation_config.json",
      json({ bos_token_id: 1, eos_token_id: 2, pad_token_id: 0, do_sample: false, max_new_tokens: 64 }, 2),
    ],
  ]);
}
