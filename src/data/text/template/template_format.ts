/**
 * Conversations laid out by a model's own chat template.
 *
 * @module
 */

import { InputError } from "../../../errors.ts";
import { type Grid, UNCUT } from "../../images/picture.ts";
import type { Sample } from "../../types.ts";
import type { ChatFormat, FormatOptions } from "../chat_format.ts";
import {
  checkTurn,
  emptyAnswer,
  type EncodedConversation,
  imagePlaces,
  placeholders,
  sampleName,
  tooLong,
} from "../conversation.ts";
import { noEndNote } from "../ending_format.ts";
import { imagePrompt, type ImageTokens, placeholderCount } from "../image_prompt.ts";
import type { ChatTokenizer } from "../tokenizer.ts";
import { answerStretches } from "./answer_stretches.ts";
import { TemplateError } from "./bounds.ts";
import { readTemplate } from "./chat_template.ts";
import { chooseMarks, type TextMarks, unmark } from "./marked_text.ts";
import { type Message, messagesOf } from "./messages.ts";
import type { TemplateFile } from "./template_files.ts";

/** What a layout by template is made of. */
export interface TemplateFormatOptions {
  /** The template. */
  template: TemplateFile;
  /** The tokenizer. */
  tokenizer: ChatTokenizer;
  /** Special tokens that the template can name: bos_token and so on. */
  names: ReadonlyMap<string, string>;
  /** What stands in the place of an image. */
  image: ImageTokens;
  /** What else is to be said aloud. */
  notes?: readonly string[];
}

/** Shows how a template takes what it is given. A list written out as JSON would not hold the quotation marks like this. */
const PROBE: Sample = {
  id: "probe",
  task: "probe",
  file: "probe",
  images: [],
  turns: [{ question: 'Is "this" it?', answer: 'Yes, "it" is.' }],
};

/**
 * The layout that a chat template makes: rendered, encoded and masked in one walk. What is trained is what the template's
 * `{% generation %}` blocks hold, and the token that ends an answer if it stands right behind one, or where it has none, each answer and the token that ends it, found by rendering
 * ({@linkcode answerStretches}).
 *
 * @param options What it is made of.
 * @returns The layout.
 * @throws {InputError} If the template cannot be used, or the tokenizer lacks the image's tokens; the message names the
 * template.
 */
export function templateFormat(
  { template: source, tokenizer, names, image, notes = [] }: TemplateFormatOptions,
): ChatFormat {
  const template = readTemplate(source.text, source.place);
  const name = `the template in ${source.place}`;
  const imageId = tokenizer.id(image.image);
  if (imageId === undefined) {
    throw new InputError(
      `tokenizer.json: expected the image's token ${image.image}, found none. Bring back the files that came with the model`,
    );
  }
  const specials = new RegExp(
    [...new Set([...tokenizer.specials, image.image])].sort((a, b) => b.length - a.length)
      .map((token) => token.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|"),
    "gu",
  );
  const bos = names.get("bos_token");
  const tokens = Object.fromEntries(names);
  /** What ends an answer, if the template's blocks leave it out. */
  let endApart: number | undefined;
  const expansions = new Map<string, readonly number[]>();
  const imageTokens = (grid: Grid) => placeholderCount(image.perTile, grid);
  let asText: string | undefined, systemAsText = false;

  const expansion = (grid: Grid): readonly number[] => {
    const key = `${grid.rows} ${grid.columns}`;
    let ids = expansions.get(key);
    if (ids === undefined) {
      ids = tokenizer.encodeRendered({ text: imagePrompt(image, grid), literal: new Set(), trained: [] }).ids;
      const found = ids.filter((id) => id === imageId).length;
      if (found !== imageTokens(grid) || tokenizer.special(ids[0]!) === undefined && ids[0] !== imageId) {
        throw new InputError(
          `tokenizer.json: expected the tokens that stand around an image's tiles, found them missing in ${
            JSON.stringify(imagePrompt({ ...image, perTile: 1 }, UNCUT))
          }. Bring back the files that came with the model`,
        );
      }
      expansions.set(key, ids);
    }
    return ids;
  };

  /** A sample's turns as messages, with the marks that are used for it. */
  const read = (sample: Sample, turns: number): { messages: Message[]; marks: TextMarks } => {
    const own = sample.turns.slice(0, turns).flatMap(({ question, answer }) => [question, answer]);
    const marks = chooseMarks([source.text, sample.system ?? "", ...own]);
    const escape = (text: string) => text.replace(specials, `${marks.literal}$&`);
    return { messages: messagesOf(sample, turns, { asText, systemAsText, escape }), marks };
  };
  const render = (messages: readonly Message[], open: boolean, marks: TextMarks) =>
    template.render({ ...tokens, messages, add_generation_prompt: open }, marks);

  /** The rendered conversation, marks around what is trained. */
  const whole = (messages: Message[], marks: TextMarks): string => {
    const all = render(messages, false, marks);
    if (template.marksAnswers) {
      const answers = messages.filter(({ role }) => role === "assistant").length;
      const found = all.split(marks.begin).length - 1;
      if (found >= answers) return all;
      throw new TemplateError(
        `its {% generation %} blocks mark ${found} stretches for ${answers} answers: put one around every answer`,
      );
    }
    const stretches = answerStretches(messages, (some, open) => render(some, open, marks), marks, specials);
    let marked = "", done = 0;
    for (const [from, to] of stretches) {
      marked += all.slice(done, from) + marks.begin + all.slice(from, to) + marks.end;
      done = to;
    }
    return marked + all.slice(done);
  };

  /** Ids and mask of a sample's first turns, the last one's answer left open or not. */
  const layOut = (
    sample: Sample,
    turns: number,
    open: boolean,
    grids: readonly Grid[],
    { maxTokens }: FormatOptions,
  ): EncodedConversation => {
    if (grids.length !== sample.images.length) {
      throw new RangeError(
        `${sampleName(sample)}: expected ${sample.images.length} grids, found ${grids.length}`,
      );
    }
    const { messages, marks } = read(sample, turns);
    const rendered = unmark(
      open ? render(messages.slice(0, -1), true, marks) : whole(messages, marks),
      marks,
    );
    if (!open && rendered.trained.length === 0) throw new TemplateError("it writes none of the answers");
    const encoded = tokenizer.encodeRendered(rendered);
    const starts = bos !== undefined && rendered.text.startsWith(bos) && !rendered.literal.has(0);
    const shown = imagePlaces(sample).slice(0, turns).flat().length;
    const found = encoded.ids.reduce((sum, id) => sum + (id === imageId ? 1 : 0), 0);
    if (found !== shown) {
      throw new TemplateError(
        found === 0
          ? `it writes no ${image.image}, so that the model would see none of its ${shown} images`
          : `expected a ${image.image} for each of its ${shown} images, found ${found}`,
      );
    }
    const ids = starts ? [] : [...tokenizer.around.before];
    const mask = ids.map(() => 0);
    let next = 0;
    encoded.ids.forEach((id, i) => {
      const placed = id === imageId ? expansion(grids[next++]!) : undefined;
      if (placed === undefined) {
        ids.push(id);
        // What ends an answer is trained, even if a block ends before it.
        mask.push(encoded.mask[i]! || (id === endApart && encoded.mask[i - 1] === 1 ? 1 : 0));
      } else for (const inner of placed) ids.push(inner), mask.push(0);
    });
    if (!open && !starts) {
      tokenizer.around.after.forEach((id, i) => {
        mask.push(i === 0 && id === endApart && mask.at(-1) === 1 ? 1 : 0);
        ids.push(id);
      });
    }
    if (ids.length > maxTokens) {
      throw tooLong(sample, ids.length, placeholders({ imageTokens }, grids.slice(0, shown)), maxTokens);
    }
    return { ids: Int32Array.from(ids), mask: Uint8Array.from(mask), images: sample.images.slice(0, shown) };
  };

  /** Says whose fault it is. */
  const within = <T>(place: string, run: () => T): T => {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new InputError(`${place}: ${name} does not lay it out: ${error.message}`);
    }
  };

  /** Why a template does not say what messages say, the last answer left open or not; undefined if it does. */
  const misheard = (sample: Sample, open = false): string | undefined => {
    try {
      const { messages, marks } = read(sample, sample.turns.length);
      const { text } = unmark(render(open ? messages.slice(0, -1) : messages, open, marks), marks);
      const texts = [sample.system, ...sample.turns.flatMap(({ question, answer }) => [question, answer])];
      if (open) texts.pop();
      const missing = texts.find((said) => said !== undefined && !text.includes(said.trim()));
      return missing === undefined
        ? undefined
        : `it does not write ${JSON.stringify(missing)} as it was said`;
    } catch (error) {
      if (error instanceof TemplateError) return error.message;
      throw error;
    }
  };

  const said = [...notes];
  const refused = misheard(PROBE);
  if (refused !== undefined) {
    asText = image.image;
    if (misheard(PROBE) !== undefined) {
      throw new InputError(
        `${source.place}: expected a chat template for a question and an answer, found: ${refused}`,
      );
    }
    said.push(`${name} takes texts alone: images are written into them as ${image.image}`);
  }
  /** Why what the system says is not in a prompt, and not in a whole conversation; undefined where it is. */
  let systemFaults: { prompt: string | undefined; whole: string | undefined } | undefined;
  /** Refuses what the system says where the template leaves it out; some take it as a text alone. */
  const checkSystem = (sample: Sample, open: boolean) => {
    if (sample.system === undefined || sample.system.trim() === "") return;
    if (systemFaults === undefined) {
      const probe = { ...PROBE, system: 'Say "this" alone.' };
      const faults = () => ({ prompt: misheard(probe, true), whole: misheard(probe) });
      const refuses = (found: ReturnType<typeof faults>) =>
        found.prompt !== undefined && found.whole !== undefined;
      const parts = faults();
      systemAsText = refuses(parts);
      const text = systemAsText ? faults() : parts;
      systemFaults = refuses(text) ? parts : text;
    }
    const { prompt, whole } = systemFaults;
    if (open && prompt !== undefined) throw new TemplateError(`what the system says: ${prompt}`);
    if (open || whole === undefined) return;
    throw new TemplateError(
      prompt === undefined
        ? `what the system says stands in prompts, but not in whole conversations, from which a model learns: ${whole}. ` +
          "Take it out of the sample, or say it in a question"
        : `what the system says: ${whole}`,
    );
  };
  const probed = within(source.place, () => layOut(PROBE, 1, false, [], { maxTokens: Infinity }));
  const last = probed.mask.lastIndexOf(1);
  const trainedEnd = tokenizer.special(probed.ids[last]!) !== undefined;
  const { after } = tokenizer.around;
  const closing = [probed.ids[last], probed.ids[last + 1]].filter((id) =>
    id !== undefined && tokenizer.special(id) !== undefined
  );
  // What the tokenizer puts after a whole text ends its last answer, if the template has nothing better.
  const end = closing.find((id) => !after.includes(id!)) ?? closing[0];
  if (!trainedEnd) {
    said.push(
      end === undefined
        ? noEndNote(name)
        : after.includes(end)
        ? `${name} writes no token that ends an answer: ${
          tokenizer.special(end)
        }, which tokenizer.json puts after a ` +
          "whole conversation, is trained as the end of its last answer"
        : `${name} leaves ${
          tokenizer.special(end)
        }, which ends an answer, out of its {% generation %} blocks: it is trained all the same, so that a tuned model stops`,
    );
    endApart = end;
  }
  if (after.length > 0 && endApart !== after[0]) {
    said.push(
      "tokenizer.json puts tokens after a text: they end conversations, but not prompts, and are not trained",
    );
  }
  expansion(UNCUT);

  return {
    name,
    imageId,
    stops: end === undefined ? [] : [end],
    notes: said,
    imageTokens,
    encode: (sample, grids, options) =>
      within(sampleName(sample), () => {
        const empty = sample.turns.findIndex(({ answer }) => answer.trim() === "");
        if (empty >= 0) throw emptyAnswer(sample, empty);
        checkSystem(sample, false);
        return layOut(sample, sample.turns.length, false, grids, options);
      }),
    promptOf(sample, turn, grids, options) {
      checkTurn(sample, turn);
      return within(sampleName(sample), () => {
        checkSystem(sample, true);
        const { ids, images } = layOut(sample, turn + 1, true, grids, options);
        return { ids, images };
      });
    },
  };
}
