// What a page with models runs: the form in which they are asked. It is bundled with all that it imports into
// src/report/answering.js by `deno task update`.

import { AdapterError } from "../errors.ts";
import { createGpu } from "../gpu/gpu.ts";
import { parseBox } from "../metrics/iou.ts";
import { answerer } from "./answerer.ts";
import { pixels } from "./pixels.js";
import { SERVED, servedCheckpoint } from "./served_model.ts";
import { openedCheckpoint, unpackModels } from "./unpack_models.ts";

const part = (name) => document.getElementById(`ask-${name}`);

const NO_WEBGPU =
  "WebGPU, by which models run, is not available in this browser. Open the page in a current Chrome, Edge, Safari or " +
  "Firefox; on Linux, Chrome may want chrome://flags/#enable-unsafe-webgpu. All else on this page works without.";

/** What is wrong with this browser; undefined where it may run models. */
function missing() {
  if (!("gpu" in navigator)) return NO_WEBGPU;
  if (!("Float16Array" in globalThis) || !("fromBase64" in Uint8Array)) {
    return "This browser is too old to unpack the models; one of 2026 can. All else on this page works without.";
  }
}

/** The colour of each model, by its name in the style sheet; of models that are opened, the last. */
const colours = [...part("form").dataset.colours.split(" ").filter(Boolean), "grey"];
const colourOf = (i) => colours[Math.min(i, colours.length - 1)];

/** The models, once somebody asks; each a name and what answers. */
let models;
let gpu;
/** The pictures that are asked about. */
let pictures = [];
let busy = false;

const say = (text) => part("status").textContent = text;

async function open() {
  gpu ??= await createGpu();
  if (models !== undefined) return;
  say("Unpacking the models …");
  const packed = JSON.parse(document.getElementById("models").textContent);
  const loaded = [];
  const served = document.getElementById(SERVED);
  const all = await unpackModels(packed);
  if (served !== null) all.unshift(await servedCheckpoint(JSON.parse(served.textContent)));
  for (const { name, checkpoint } of all) {
    loaded.push({ name, answers: await answerer(gpu, checkpoint) });
  }
  models = loaded;
}

/** The file inside a data: URL, without a request. */
function blobOf(url) {
  const [, type, text] = /^data:([^;,]*);base64,(.*)$/.exec(url);
  return new Blob([Uint8Array.fromBase64(text)], { type });
}

/** Shows the first of the pictures that are asked about. */
function show(blobs) {
  pictures = blobs;
  const image = part("image");
  if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(blobs[0]);
  part("boxes").replaceChildren();
}

function showSample() {
  const { value, selectedOptions: [option] } = part("sample");
  if (value === "own") return part("own").click();
  show([...document.querySelectorAll(`[data-sample="${value}"] img`)].map(({ src }) => blobOf(src)));
  part("question").value = option.dataset.question;
}

function showOwn(file) {
  if (file === undefined) return;
  part("sample").value = "own";
  show([file]);
}

/** A row of the table of answers. */
function row(name, i) {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  head.style.borderLeft = `4px solid var(--${colourOf(i)})`;
  const answer = document.createElement("td"), time = document.createElement("td");
  line.append(head, answer, time);
  part("answers").append(line);
  return { answer, time };
}

function drawBox(text, i) {
  const box = parseBox(text);
  if (box === null) return;
  const [x1, y1, x2, y2] = box;
  for (const halo of [true, false]) {
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const place = { x: x1, y: y1, width: x2 - x1, height: y2 - y1 };
    for (const [name, value] of Object.entries(place)) rect.setAttribute(name, value);
    if (halo) rect.setAttribute("class", "halo");
    else rect.style.stroke = `var(--on-image-${colourOf(i)})`;
    part("boxes").append(rect);
  }
}

function timeOf({ tokens, seconds: { first, all } }) {
  const ms = (seconds) => `${(1000 * seconds).toFixed(0)} ms`;
  return tokens > 1 ? `${ms(all)}, ${ms((all - first) / (tokens - 1))} a token` : ms(all);
}

async function ask() {
  part("answers").replaceChildren();
  part("boxes").replaceChildren();
  await open();
  if (models.length === 0) return say("Open a model first, below.");
  const question = part("question").value;
  const images = await Promise.all(pictures.map(pixels));
  for (const [i, { name, answers }] of models.entries()) {
    say(`${name} answers …`);
    const { answer, time } = row(name, i);
    const reply = await answers.ask(question, images, (piece) => answer.append(piece));
    answer.textContent = reply.answer === "" ? "(nothing)" : reply.answer;
    time.textContent = timeOf(reply);
    drawBox(reply.answer, i);
  }
  say("Answered.");
}

async function openFiles(files) {
  gpu ??= await createGpu();
  await open();
  const checkpoint = await openedCheckpoint(files);
  models.push({ name: `opened model ${models.length + 1}`, answers: await answerer(gpu, checkpoint) });
  say("The model is open: ask it.");
}

/** One thing at a time; what goes wrong is said. */
async function during(work) {
  if (busy) return;
  busy = true;
  part("submit").disabled = true;
  try {
    await work();
  } catch (error) {
    say(error instanceof AdapterError ? NO_WEBGPU : error instanceof Error ? error.message : String(error));
  } finally {
    busy = false;
    part("submit").disabled = false;
  }
}

const wrong = missing();
if (wrong === undefined) {
  part("form").hidden = false;
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    during(ask);
  });
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
} else {
  part("missing").textContent = wrong;
  part("missing").hidden = false;
}
