// What a page with models runs: the form in which they are asked. It is bundled with all that it imports into
// src/report/answering.js by `deno task update`.

import { createGpu } from "../gpu/gpu.ts";
import { overWhite } from "../data/images/over_white.ts";
import { parseBox } from "../metrics/iou.ts";
import { answerer } from "./answerer.ts";
import { openedCheckpoint, unpackModels } from "./unpack_models.ts";

const part = (name) => document.getElementById(`ask-${name}`);

/** What is wrong with this browser; undefined where it can run models. */
function missing() {
  if (!("gpu" in navigator)) {
    return "This browser has no WebGPU, by which models run. Open the page in a current Chrome, Edge, Safari or " +
      "Firefox; on Linux, Chrome may want chrome://flags/#enable-unsafe-webgpu. All else on this page works without.";
  }
  if (!("Float16Array" in globalThis) || !("fromBase64" in Uint8Array)) {
    return "This browser is too old to unpack the models; one of 2026 can. All else on this page works without.";
  }
}

/** Colours of boxes, model after model: those of the style sheet for lines on pictures. */
const COLOURS = ["blue", "vermillion", "green", "purple"];

/** The models, once somebody asks; each a name and what answers. */
let models;
let gpu;
/** Files that were opened, before the device was. */
let picture; // a Blob
let asking = false;

const say = (text) => part("status").textContent = text;

async function open() {
  gpu ??= await createGpu();
  if (models !== undefined) return;
  say("Unpacking the models …");
  const packed = JSON.parse(document.getElementById("models").textContent);
  models = [];
  for (const { name, checkpoint } of await unpackModels(packed)) {
    models.push({ name, answers: await answerer(gpu, checkpoint) });
  }
}

/** The pixels of a file, as they are stored: no colour profile, what is transparent white. */
async function pixels(blob) {
  const bitmap = await createImageBitmap(blob, {
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
    imageOrientation: "none",
  });
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return overWhite(context.getImageData(0, 0, width, height));
}

/** The file inside a data: URL, without a request. */
function blobOf(url) {
  const [, type, text] = /^data:([^;,]*);base64,(.*)$/.exec(url);
  return new Blob([Uint8Array.fromBase64(text)], { type });
}

function show(blob) {
  picture = blob;
  const image = part("image");
  if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(blob);
  part("boxes").replaceChildren();
}

function showSample() {
  const { value, selectedOptions: [option] } = part("sample");
  if (value === "own") return part("own").click();
  show(blobOf(document.querySelector(`[data-sample="${value}"] img`).src));
  part("question").value = option.dataset.question;
}

function showOwn(file) {
  if (file === undefined) return;
  part("sample").value = "own";
  show(file);
}

/** A row of the table of answers. */
function row(name, i) {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  head.style.setProperty("border-left", `4px solid var(--${COLOURS[i % COLOURS.length]})`);
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
    else rect.style.stroke = `var(--on-image-${COLOURS[i % COLOURS.length]})`;
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
  const images = [await pixels(picture)];
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
  if (asking) return;
  asking = true;
  part("submit").disabled = true;
  try {
    await work();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  } finally {
    asking = false;
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
