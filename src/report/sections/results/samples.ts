/**
 * The section with samples: images, questions, truths and every method's answer.
 *
 * @module
 */

import { type Box, parseBox } from "../../../metrics/iou.ts";
import type { MetricName } from "../../../data/types.ts";
import type { Example } from "../../../run/records/example.ts";
import { attribute, type Html, html } from "../../kit/html.ts";
import { lookOf, swatch } from "../../kit/looks.ts";
import { fixed, known, type Maybe, plural } from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";

/** Pictures up to this side are drawn with hard pixels: they are enlarged on the page. */
const SMALL = 128;

/** Samples of each task that the page opens with. */
const FEW = 2;

/**
 * The section "Samples".
 *
 * @param view The run.
 * @returns The section.
 */
export function samplesSection(view: RunView): Html {
  const { examples, results } = view.run;
  if (examples.length === 0) {
    return section(view, "samples", "Samples", html`<p>This run kept no samples.</p>`);
  }
  const tasks = results.tasks.filter((task) => examples.some((e) => e.task === task));
  const methods = ["base", ...Object.keys(results.methods)].filter((id) =>
    examples.some((e) => id in e.answers)
  );
  const chooser = view.prefix + "samples";
  // With many samples the page opens on a few of each task.
  const long = examples.length > FEW * tasks.length;
  const shown = new Map<string, number>();
  return section(
    view,
    "samples",
    "Samples",
    html`
      <p>${plural(
        examples.length,
        "question",
      )} of the test split with every method’s answer${results.seeds.length > 1 &&
        " (first seed)"}, taken at even distances before any answer was known.</p>
      <p class="controls" data-filter="${chooser}" hidden>
        <label for="${chooser}-task">Task</label>
        <select id="${chooser}-task" data-by="task">
          <option value="">all</option>
          ${long && html`<option value="few" selected>${FEW} of each</option>`}
          ${tasks.map((task, t) => html`<option value="${t}">${task}</option>`)}
        </select>
        <label for="${chooser}-kind">Answers</label>
        <select id="${chooser}-kind" data-by="kind">
          <option value="">all</option>
          <option value="differ">methods differ</option>
          <option value="wrong">some wrong</option>
          <option value="right">all right</option>
        </select>
        <output data-count></output>
      </p>
      <div class="samples" data-samples="${chooser}">
        ${examples.map((example, place) => {
          const nth = shown.get(example.task) ?? 0;
          shown.set(example.task, nth + 1);
          const by = `${tasks.indexOf(example.task)}${nth < FEW ? " few" : ""}`;
          return sampleCard(view, example, methods, by, place);
        })}
      </div>
    `,
  );
}

/** The looks of what answers. */
type Looked = Pick<RunView, "looks">;

/**
 * A sample: pictures, question, truth, answers.
 *
 * @param view The looks of methods.
 * @param example The sample.
 * @param methods Methods whose answers are shown.
 * @param place What the filter by task asks for: the task's index, and "few" for the first samples of a task.
 * @param index Its place among all samples, by which its pictures are found.
 * @returns The card.
 */
export function sampleCard(
  view: Looked,
  example: Example,
  methods: readonly string[],
  place: string,
  index: number,
): Html {
  const tuned = methods.filter((id) => id !== "base" && example.answers[id] !== undefined);
  const scores = tuned.map((id) => example.answers[id]?.score ?? null);
  const different = new Set(tuned.map((id) => example.answers[id]?.answer.trim())).size > 1;
  const scored = example.metric !== "cider" && scores.some(known);
  const kind = [
    different && "differ",
    scored && scores.some((s) => known(s) && s < 100) && "wrong",
    scored && scores.every((s) => s === 100) && "right",
  ].filter(Boolean).join(" ");
  const grounding = example.metric === "iou";
  const answers = methods.flatMap((id) => {
    const given = example.answers[id];
    return given === undefined ? [] : [{ ...given, look: lookOf(view.looks, id) }];
  });
  return html`
    <article class="sample" data-sample="${index}" data-task="${place}" data-kind="${kind}">
      ${example.images.map((image, i) => picture(view, example, image, i === 0, methods))}
      <div class="talk">
        <p class="where">${example.task}<span>${example.id}</span></p>
        ${example.before.map((turn) => html`<p class="before">${turn.question} <b>${turn.answer}</b></p>`)}
        <p class="question">${example.question}</p>
        <p class="truth">${grounding && boxSwatch("@ink", true)}<b>${example.truth}</b></p>
      </div>
      <table class="answers">
        <tbody>
          ${answers.map(({ answer, score, look }) =>
            html`
              <tr>
                <th scope="row">${grounding ? boxSwatch(look.color, false) : swatch(look)}${look.name}</th>
                <td>${answer.trim() === "" ? html`<i>nothing</i>` : answer}</td>
                <td>${mark(score, example.metric)}</td>
              </tr>
            `
          )}
        </tbody>
      </table>
    </article>
  `;
}

/** Right, wrong or in between: a sign, a word and a colour, any one of which is enough. */
function mark(score: Maybe, metric: MetricName): Html | null {
  if (!known(score)) return null;
  // CIDEr measures agreement, and knows no right and wrong.
  if (metric === "cider") return html`<span class="mark partly">${fixed(score, 0)}</span>`;
  if (score >= 100) return html`<span class="mark right">✓ right</span>`;
  if (score <= 0) return html`<span class="mark wrong">✗ wrong</span>`;
  return html`<span class="mark partly">◐ ${fixed(score, 0)}</span>`;
}

function boxSwatch(color: string, dashed: boolean): Html {
  return html`
    <svg class="swatch" style="color:var(--${color.slice(1)})" viewBox="0 0 22 14" width="22" height="14"
      aria-hidden="true">
      <rect x="4" y="2" width="14" height="10" fill="none" stroke="currentColor" stroke-width="2" ${attribute(
        "stroke-dasharray",
        dashed && "3 2",
      )} />
    </svg>
  `;
}

/** A box on a picture. */
interface Outline {
  box: Box;
  color: string;
  dashed: boolean;
  name: string;
}

/** The boxes of a sample: truth and answers of a grounding question, or the box that a question asks about. */
function outlines(view: Looked, example: Example, methods: readonly string[]): Outline[] {
  const dashed = (text: string, name: string): Outline[] => {
    const box = parseBox(text);
    return box === null ? [] : [{ box, color: "@ink", dashed: true, name }];
  };
  if (example.metric !== "iou") return dashed(example.question, "the box in question");
  // Boxes in pixels, or on a scale of the unpadded picture, are not places on what is shown.
  if (example.box !== undefined && (example.box.scale !== 1 || example.box.form !== "xyxy")) return [];
  const answers = methods.flatMap((id): Outline[] => {
    const box = parseBox(example.answers[id]?.answer ?? "");
    const { color, name } = lookOf(view.looks, id);
    return box === null ? [] : [{ box, color, dashed: false, name }];
  });
  return [...dashed(example.truth, "truth"), ...answers];
}

function picture(
  view: Looked,
  example: Example,
  image: Example["images"][number],
  first: boolean,
  methods: readonly string[],
): Html {
  const boxes = first ? outlines(view, example, methods) : [];
  const names = boxes.length === 0 ? "" : `, with boxes: ${boxes.map((b) => b.name).join(", ")}`;
  // A box just where an earlier one lies would hide it: it is drawn a little wider.
  const wider = boxes.map(({ box }, i) => boxes.slice(0, i).filter((other) => near(box, other.box)).length);
  const small = attribute("data-small", image.size <= SMALL);
  const side = image.size;
  const alt = `Image of sample ${example.id}${names}`;
  return html`
    <div class="picture" ${small}>
      <img src="${safeImage(image.url)}" width="${side}" height="${side}" alt="${alt}" decoding="async">
      ${boxes.length > 0 &&
        html`<svg viewBox="0 0 1 1" aria-hidden="true">${
          boxes.map((box, i) => outline(box, wider[i] ?? 0))
        }</svg>`}
    </div>
  `;
}

/** Only pictures inside the page: anything else would be a request. */
function safeImage(url: string): string {
  return /^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/=]*$/.test(url) ? url : "data:,";
}

/** Whether two boxes would be drawn over each other. */
function near(a: Box, b: Box): boolean {
  return a.every((side, i) => Math.abs(side - (b[i] ?? NaN)) < 0.02);
}

function outline({ box: [x1, y1, x2, y2], color, dashed }: Outline, wider: number): Html {
  const room = 0.022 * wider;
  const shape = html`x="${x1 - room}" y="${y1 - room}" width="${x2 - x1 + 2 * room}" height="${
    y2 - y1 + 2 * room
  }"`;
  const stroke = `stroke:var(--on-image-${color.slice(1)})`;
  // The halo keeps a line visible on any picture.
  return html`
    <rect ${shape} class="halo" />
    <rect ${shape} style="${stroke}" ${attribute("class", dashed && "dashed")} />
  `;
}
