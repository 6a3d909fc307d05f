/**
 * The section with samples: images, questions, truths and every method's answer.
 *
 * @module
 */

import { type Box, parseBox } from "../metrics/iou.ts";
import type { MetricName } from "../data/types.ts";
import type { Example } from "../train/types.ts";
import { attribute, type Html, html } from "./html.ts";
import { lookOf, swatch } from "./methods.ts";
import { fixed, known, type Maybe, plural } from "./numbers.ts";
import { type RunView, section } from "./section.ts";

/** Pictures up to this side are drawn with hard pixels: they are enlarged on the page. */
const SMALL = 128;

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
  const group = view.prefix + "samples";
  return section(
    view,
    "samples",
    "Samples",
    html`<p>${plural(examples.length, "question")} of the test split with every method’s answer${
      results.seeds.length > 1 && " (first seed)"
    }, taken at even distances before any answer was known.</p>
<p class="controls" data-filter="${group}" hidden>
<label for="${group}-task">Task</label> <select id="${group}-task" data-by="task"><option value="">all</option>${
      tasks.map((task) => html`<option>${task}</option>`)
    }</select>
<label for="${group}-kind">Answers</label> <select id="${group}-kind" data-by="kind"><option value="">all</option><option value="differ">methods differ</option><option value="wrong">some wrong</option><option value="right">all right</option></select>
<output data-count></output></p>
<div class="samples" data-samples="${group}">
${examples.map((e) => card(view, e, methods))}</div>`,
  );
}

function card(view: RunView, example: Example, methods: readonly string[]): Html {
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
  return html`
    <article class="sample" data-task="${example.task}" data-kind="${kind}">
    ${example.images.map((image, i) => picture(view, example, image, i === 0, methods))}
    <div class="talk">
    <p class="where">${example.task}<span>${example.id}</span></p>
    ${example.before.map((turn) => html`<p class="before">${turn.question} <b>${turn.answer}</b></p>`)}
    <p class="question">${example.question}</p>
    <table class="answers"><tbody>
    <tr class="truth"><th scope="row">${grounding && boxSwatch("@ink", true)}truth</th><td>${example
      .truth}</td><td></td></tr>
    ${methods.filter((id) => example.answers[id] !== undefined).map((id) => {
      const given = example.answers[id] as { answer: string; score: number | null };
      const look = lookOf(view.looks, id);
      return html`
        <tr>
          <th scope="row">${grounding ? boxSwatch(look.color, false) : swatch(look)}${look.name}</th>
          <td>${given.answer.trim() === "" ? html`<i>nothing</i>` : given.answer}</td>
          <td>${mark(given.score, example.metric)}</td>
        </tr>
      `;
    })}</tbody></table>
    </div>
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

function picture(
  view: RunView,
  example: Example,
  image: Example["images"][number],
  first: boolean,
  methods: readonly string[],
): Html {
  const boxes: { box: Box; color: string; dashed: boolean; name: string }[] = [];
  if (first && example.metric === "iou") {
    for (const id of methods) {
      const box = parseBox(example.answers[id]?.answer ?? "");
      const look = lookOf(view.looks, id);
      if (box) boxes.push({ box, color: look.color, dashed: false, name: look.name });
    }
    const truth = parseBox(example.truth);
    if (truth) boxes.push({ box: truth, color: "@ink", dashed: true, name: "truth" });
  } else if (first) {
    const asked = parseBox(example.question);
    if (asked) boxes.push({ box: asked, color: "@ink", dashed: true, name: "the box in question" });
  }
  const described = boxes.length === 0 ? "" : `, with boxes: ${boxes.map((b) => b.name).join(", ")}`;
  const small = image.size <= SMALL;
  return html`
    <div class="picture"
      ${attribute("data-small", small)}><img src="${safeImage(image.url)}" width="${image
        .size}" height="${image.size}" alt="Image of sample ${example
        .id}${described}" decoding="async">${boxes.length > 0 &&
        html`<svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">${
          boxes.map(outline)
        }</svg>`}</div>
  `;
}

/** Only pictures inside the page: anything else would be a request. */
function safeImage(url: string): string {
  return /^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/=]*$/.test(url) ? url : "data:,";
}

function outline(
  { box: [x1, y1, x2, y2], color, dashed }: { box: Box; color: string; dashed: boolean },
): Html {
  const shape = html`x="${Math.min(x1, x2)}" y="${Math.min(y1, y2)}" width="${Math.abs(x2 - x1)}" height="${
    Math.abs(y2 - y1)
  }"`;
  // The halo keeps a line visible on any picture.
  return html`
    <rect ${shape} class="halo" />
    <rect ${shape} style="stroke:var(--on-image-${color.slice(1)})" ${attribute(
      "class",
      dashed && "dashed",
    )} />
  `;
}
