/**
 * How the conversations of a checkpoint become tokens, as its files say.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import type { ChatFormat } from "./chat_format.ts";
import { llavaFormat } from "./llava_format.ts";
import { findTemplate, imageTokenOf, namedTokens } from "./template/template_files.ts";
import { templateFormat } from "./template/template_format.ts";
import type { ChatTokenizer } from "./tokenizer.ts";

/**
 * Chooses the layout of a checkpoint: its chat template where it has one, else LLaVA 1.5's.
 *
 * @param files Its small files by name: chat_template.jinja, chat_template.json, processor_config.json,
 * tokenizer_config.json, those that are there.
 * @param config What config.json holds.
 * @param tokenizer Its tokenizer.
 * @param tileTokens Placeholders a tile: the number of features that the model makes of one.
 * @returns The layout.
 * @throws {InputError} If the files cannot be used.
 */
export function readChatFormat(
  files: ReadonlyMap<string, Uint8Array>,
  config: Readonly<Record<string, unknown>>,
  tokenizer: ChatTokenizer,
  tileTokens: number,
): ChatFormat {
  const found = findTemplate(files);
  if (found === undefined) return llavaFormat(tokenizer, tileTokens);
  const image = imageTokenOf(files);
  const wanted = config.image_token_id ?? config.image_token_index;
  const id = tokenizer.id(image);
  if (typeof wanted === "number" && id !== undefined && id !== wanted) {
    throw new InputError(
      `config.json: expected the id of ${image}, which is ${id} in tokenizer.json, found ${wanted} as the image's token. ` +
        "The files are of different models",
    );
  }
  return templateFormat({
    template: found.template,
    tokenizer,
    names: namedTokens(files),
    image: { family: String(config.model_type), image, perTile: tileTokens, names: namedTokens(files) },
    notes: found.others.map(({ place }) =>
      `${place} holds another chat template, which is not heeded: ${found.template.place} comes first`
    ),
  });
}
