// What a page with models runs: the form in which they are asked. It is bundled with all that it imports into
// src/report/answering.js by `deno task update`.

import { AdapterError } from "../errors.ts";
import { parseBox } from "../metrics/iou.ts";
import { attentionOverlay } from "./attention/overlay.js";
import { conversation } from "./conversation.js";
import { sceneEditor } from "./drawing/editor.js";
import { pngOf } from "./drawing/png_of.js";
import { drawn, element } from "./element.js";
import { missing, NO_WEBGPU } from "./missing.js";
import { modelsOf } from "./models.js";
import { pixels } from "./pixels.js";
import { timed } from "./timed.ts";

const part = (name) => document.getElementById(`ask-${name}`);

/** Tokens that are made while nobody waits: they take every kernel once. */
const WARM_TOKENS = 2;

const wordsOf = (error) =>
  error instanceof AdapterError ? NO_WEBGPU : error instanceof Error ? error.message : String(error);

function start() {
  /** The colour of each model, by its name in the style sheet; of models that are opened, the last. */
  const colours = [...part("form").dataset.colours.split(" ").filter(Boolean), "grey"];
  const colourOf = (i) => colours[Math.min(i, colours.length - 1)];
  const models = modelsOf(() => JSON.parse(document.getElementById("models").textContent));
  /** Gives the pictures that are asked about. */
  let pictures = () => Promise.resolve([]);
  /** Questions about what is drawn, with what is true of it. */
  let suggested = [];
  let busy = false;
  /** Ends the warming up. */
  const warming = new AbortController();
  let warm = Promise.resolve();

  const say = (text) => part("status").textContent = text;

  const stage = part("stage");
  const overlay = attentionOverlay({ stage, panel: part("attention") });
  const talk = conversation(part("turns"), {
    colourOf,
    onAnswer({ answer }, i) {
      drawBox(answer, i);
    },
    onAttention: (answer) =>
      during(async () => {
        say(`Looking where ${answer.name} looked …`);
        overlay.show({ ...answer, attention: await timed("attention", () => answer.attention()) });
        say("");
      }),
  });

  /** Another picture: what was said was about the last one. */
  function begin() {
    talk.forget();
    overlay.clear();
    part("boxes").replaceChildren();
    part("on").disabled = true;
    say("");
  }

  /** Shows the first of the pictures that are asked about, in its own shape. */
  function show(blobs, images = () => Promise.all(blobs.map(pixels))) {
    begin();
    pictures = images;
    const image = part("image");
    if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
    image.src = URL.createObjectURL(blobs[0]);
    image.onload = () => stage.style.aspectRatio = `${image.naturalWidth} / ${image.naturalHeight}`;
  }

  let drawing = 0;
  const editor = sceneEditor({ stage, controls: part("draw") }, {
    size: 32, // as the benchmark's pictures
    async onChange({ image, questions }) {
      suggest(questions);
      const own = ++drawing;
      const blob = await pngOf(image);
      if (own === drawing) show([blob], () => Promise.resolve([image]));
    },
  });

  function suggest(questions) {
    suggested = questions;
    part("suggestions").replaceChildren(
      ...questions.map(({ question }) =>
        element("button", {
          type: "button",
          textContent: question,
          onclick: () => part("question").value = question,
        })
      ),
    );
    part("suggested").hidden = questions.length === 0;
  }

  function showSample() {
    const { value, selectedOptions: [option] } = part("sample");
    drawing++;
    if (value === "draw") return editor.open();
    editor.close();
    suggest([]);
    if (value === "own") return part("own").click();
    show([...document.querySelectorAll(`[data-sample="${value}"] img`)].map(({ src }) => blobOf(src)));
    part("question").value = option.dataset.question;
  }

  function showOwn(file) {
    if (file === undefined) return;
    part("sample").value = "own";
    drawing++;
    editor.close();
    suggest([]);
    show([file]);
  }

  function drawBox(text, i) {
    const box = parseBox(text);
    if (box === null) return;
    const [x1, y1, x2, y2] = box;
    const place = { x: x1, y: y1, width: x2 - x1, height: y2 - y1 };
    part("boxes").append(
      drawn("rect", { ...place, class: "halo" }),
      drawn("rect", { ...place, style: `stroke: var(--on-image-${colourOf(i)})` }),
    );
  }

  /** Asks all models, anew or after what was said. */
  async function ask(anew) {
    if (anew) begin();
    part("boxes").replaceChildren();
    overlay.clear();
    warming.abort();
    await warm;
    const all = await models.open();
    if (all.length === 0) return say("Open a model first, below.");
    const question = part("question").value.trim();
    if (question === "") return say("Write a question first.");
    const images = await pictures();
    const wrong = await timed(
      "answers",
      () => talk.ask(all, question, images, (name) => say(`${name} answers …`)),
    );
    const truth = suggested.find((one) => one.question === question);
    if (truth) {
      part("turns").append(element("p", { class: "truth", textContent: `${truth.answer} (by the drawing)` }));
    }
    part("on").disabled = part("turns").children.length === 0;
    say(wrong.length > 0 ? wrong.join(" ") : "Answered.");
  }

  async function openFiles(files) {
    say("Reading the model …");
    const { name } = await models.add(files);
    say(`${name} is there: ask it.`);
  }

  /** One thing at a time; what goes wrong is said. */
  async function during(work) {
    if (busy) return;
    busy = true;
    part("submit").disabled = true;
    try {
      await work();
    } catch (error) {
      say(wordsOf(error));
    } finally {
      busy = false;
      part("submit").disabled = false;
    }
  }

  /** Loads the models and compiles their kernels, by a question whose answer nobody sees. */
  async function warmUp() {
    const form = part("form").dataset;
    try {
      say("Getting the models ready …");
      const [first] = await models.open();
      if (first !== undefined && part("sample").value !== "own") {
        const conversation = first.answers.begin(await pictures());
        try {
          const question = part("question").value || "?";
          await timed(
            "warming up",
            () => conversation.ask(question, { maxNewTokens: WARM_TOKENS, signal: warming.signal }),
          );
        } finally {
          conversation.end();
        }
      }
      form.models = "ready";
      if (!busy) say(first === undefined ? "" : "The models are ready.");
    } catch (error) {
      form.models = "asleep";
      if (!warming.signal.aborted && !busy) say(wordsOf(error));
    }
  }

  part("form").hidden = false;
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    during(() => ask(true));
  });
  part("on").addEventListener("click", () => during(() => ask(false)));
  part("sample").addEventListener("change", showSample);
  part("own").addEventListener("change", () => showOwn(part("own").files[0]));
  part("files").addEventListener("change", () => during(() => openFiles([...part("files").files])));
  part("drop").addEventListener("dragover", (event) => event.preventDefault());
  part("drop").addEventListener("drop", (event) => {
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    if (files.some(({ name }) => name === "config.json")) during(() => openFiles(files));
    else showOwn(files[0]);
  });
  if (part("sample").value !== "own") showSample();

  // When the charts stand and the browser has nothing else to do.
  const idle = () => {
    const begin = () => warm = warmUp();
    if ("requestIdleCallback" in globalThis) requestIdleCallback(begin, { timeout: 5000 });
    else setTimeout(begin, 1000);
  };
  if (document.documentElement.dataset.charts === "drawn") idle();
  else document.addEventListener("chartsdrawn", idle, { once: true });
}

/** The file inside a data: URL, without a request. */
function blobOf(url) {
  const [, type, text] = /^data:([^;,]*);base64,(.*)$/.exec(url);
  return new Blob([Uint8Array.fromBase64(text)], { type });
}

const wrong = missing();
if (wrong === undefined) start();
else {
  part("missing").textContent = wrong;
  part("missing").hidden = false;
}
