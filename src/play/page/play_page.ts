/**
 * The playground's page: train, see the answers, ask.
 *
 * @module
 */

import type { PageModels } from "../../page/packed.ts";
import { html } from "../../report/kit/html.ts";
import { renderPage, shell } from "../../report/kit/page.ts";
import { section } from "../../report/kit/section.ts";
import { askSection } from "../../report/sections/results/ask.ts";
import type { Example } from "../../run/records/example.ts";
import type { PackedData } from "../data/packed_data.ts";
import playing from "../playing.js" with { type: "text" };
import { answerCards } from "./answers.ts";
import { RUN_LOOKS } from "./runs.ts";
import style from "./style.css" with { type: "text" };
import { type Preset, trainSection } from "./train_section.ts";

/** What a playground is made of. */
export interface PlayParts {
  /** The model that is trained and asked, first; a served one is asked alone. */
  models: PageModels;
  /** What the model is, in a few words, such as "the shipped base". */
  model: string;
  /** Names of the tasks. */
  tasks: readonly string[];
  /** Questions that are shown with answers, and that may be asked. */
  examples: Example[];
  /** Weights to choose from. */
  presets: readonly Preset[];
  /** What is trained on; scenes that the page draws itself, if left out. */
  data?: PackedData | undefined;
  /** The version of this package. */
  version: string;
  /** A link back to pages that this one belongs to. */
  home?: { name: string; href: string };
}

/**
 * Renders the playground as one self-contained HTML file: it works from a disk, from any static host, and asks no server
 * for anything. The same parts give the same bytes.
 *
 * @param parts What it is made of.
 * @returns The file's text.
 */
export async function renderPlayPage(parts: PlayParts): Promise<string> {
  const { models, model, tasks, examples, presets, data, version, home } = parts;
  const looks = new Map([["base", { ...RUN_LOOKS.get("base")!, name: model }]]);
  const pictures = data === undefined ? "drawn scenes" : "pictures of your own folder";
  return await renderPage({
    title: "cotbal playground",
    description:
      "Set the weights of several tasks and watch a small multimodal model learn them in the browser.",
    version,
    body: shell(
      html`
        <h1>What does a task’s weight do?</h1>
        <p class="result">Set it, and watch a small multimodal model learn, here in your browser.</p>
        ${home && html`<p><a href="${home.href}">${home.name}</a></p>`}
      `,
      html`
        <ol>
          <li><a href="#train">What a weight does</a></li>
          <li><a href="#samples">What it answers</a></li>
          <li><a href="#ask">Ask the models</a></li>
        </ol>
      `,
      [
        trainSection(
          tasks,
          presets,
          `${model} is trained on ${pictures}, on your own computer, and nothing is uploaded`,
        ),
        section(
          { prefix: "", level: 2 },
          "samples",
          "What it answers",
          html`
            <p>Questions that are never trained on, with the answers of ${model}; a training adds those of the models that come of it.</p>
            <div class="samples" id="play-samples">${answerCards(examples)}</div>
          `,
        ),
        askSection({
          prefix: "",
          level: 2,
          models,
          looks,
          run: { examples, results: { seeds: [1] } },
          about: `${model}, weights rounded to 16 bits, is inside this page.`,
        })!,
      ],
      {
        brand: "playground",
        by: "deno task play",
        noscript: "The playground needs JavaScript, which is off.",
      },
    ),
    models,
    own: {
      style,
      script: playing,
      id: "playing",
      data: { play: { tasks, examples }, ...(data && { "play-data": data }) },
      asksServer: models.packed.served !== undefined,
    },
  });
}
