// The page's end of a training: sliders, buttons, curves. All computing is the worker's.

import { missing, NO_WEBGPU } from "../../page/missing.js";
import { show } from "../../report/kit/morph.js";
import { answerCards, noteAnswers } from "./answers.ts";
import { curvesFigure } from "./curves.ts";
import { alike } from "./runs.ts";

/** Ms that the worker has to stop by itself; after that it is ended, and begins anew the next time. */
const PATIENCE = 1000;

const part = (name) => document.getElementById(`train-${name}`);
const textOf = (id) => document.getElementById(id)?.textContent;
const say = (text) => part("status").textContent = text;

/** Makes the form work. */
export function servePage() {
  const { tasks, examples } = JSON.parse(textOf("play"));
  const sliders = tasks.map((_, t) => document.getElementById(`weight-${t}`));
  let worker, stopping;
  /** The trainings that are shown, the visitor's last; and which of them is at work. */
  let runs = [];
  const weights = () => sliders.map(({ value }) => Number(value));

  function showWeights() {
    sliders.forEach(({ value }, t) =>
      document.getElementById(`weight-${t}-value`).value = Number(value).toFixed(2)
    );
    const now = weights().join(" ");
    const options = [...part("preset").options];
    const found = options.find(({ dataset }) => dataset.weights?.split(" ").map(Number).join(" ") === now);
    part("own").hidden = found !== undefined;
    (found ?? part("own")).selected = true;
    sliders[0].setCustomValidity(
      weights().some((weight) => weight > 0) ? "" : "Give one task a weight above 0.",
    );
  }

  function draw() {
    show(part("curves"), curvesFigure(tasks, runs).text);
  }

  /** Progress on a line that no screen reader reads out at each step. */
  function progress(text, done, of) {
    part("progress").hidden = text === undefined;
    if (text === undefined) return;
    part("doing").textContent = text;
    if (of === undefined) part("done").removeAttribute("value");
    else Object.assign(part("done"), { max: of, value: done });
  }

  function end(text) {
    clearTimeout(stopping);
    stopping = undefined;
    part("start").disabled = false;
    part("stop").disabled = true;
    progress();
    say(text);
  }

  function ended(text) {
    worker?.terminate();
    worker = undefined;
    end(text);
  }

  const heard = {
    doing({ what, done, of }) {
      if (done === undefined) say(`${what} …`);
      progress(what, done, of);
    },
    answers({ of, answers }) {
      noteAnswers(examples, of, answers);
      show(document.getElementById("play-samples"), answerCards(examples).text);
    },
    step({ run, log }) {
      const { steps } = runs.find(({ name }) => name === run);
      progress(
        `Step ${log.step} of ${steps}, weighted loss of the step ${log.loss.toFixed(2)}`,
        log.step,
        steps,
      );
    },
    look({ run, point }) {
      runs.find(({ name }) => name === run).points.push(point);
      draw();
    },
    done: () => end("Trained. The curves and the answers below show what came of it."),
    stopped: ({ what }) => end(`Training ${what}.`),
    failed: ({ what, adapter }) => ended(adapter ? NO_WEBGPU : `Training failed: ${what}`),
  };

  function openWorker() {
    // No module: browsers start none from a page that lies on a disk. Modules are strict, and so is this.
    const text = ['"use strict";', textOf("playing")];
    const url = URL.createObjectURL(new Blob(text, { type: "text/javascript" }));
    worker = new Worker(url, { name: "training" });
    URL.revokeObjectURL(url);
    worker.addEventListener("message", ({ data }) => heard[data.kind](data));
    worker.addEventListener(
      "error",
      ({ message }) => ended(`Training failed: ${message || "its worker did not start"}`),
    );
  }

  function train() {
    const asked = {
      weights: weights(),
      steps: Number(part("steps").value),
      seed: Number(part("seed").value),
    };
    const equal = runs.find(({ name, steps, seed, points }) =>
      name === "equal" && steps === asked.steps && seed === asked.seed && points.at(-1)?.step === steps
    );
    const fresh = [
      ...equal === undefined ? [{ name: "equal", ...asked, weights: tasks.map(() => 1) }] : [],
      ...alike(asked.weights) ? [] : [{ name: "yours", ...asked }],
    ];
    if (fresh.length === 0) {
      return say("Training with equal weights, this seed and as many steps is shown already.");
    }
    runs = [...equal === undefined ? [] : [equal], ...fresh.map((run) => ({ ...run, points: [] }))];
    for (const { name } of fresh) noteAnswers(examples, name, []);
    draw();
    part("start").disabled = true;
    part("stop").disabled = false;
    say("Beginning …");
    const first = worker === undefined;
    if (first) openWorker();
    const given = first ? { models: textOf("models"), data: textOf("play-data") } : {};
    worker.postMessage({ kind: "train", ...given, runs: fresh });
  }

  function stop() {
    if (worker === undefined || stopping !== undefined) return;
    say("Stopping …");
    worker.postMessage({ kind: "stop" });
    stopping = setTimeout(() => ended("Training was stopped."), PATIENCE);
  }

  const wrong = missing();
  if (wrong !== undefined) {
    part("missing").textContent = wrong;
    part("missing").hidden = false;
    return;
  }
  part("form").hidden = false;
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    train();
  });
  part("stop").addEventListener("click", stop);
  part("preset").addEventListener("change", () => {
    const chosen = part("preset").selectedOptions[0].dataset.weights.split(" ");
    sliders.forEach((slider, t) => slider.value = chosen[t]);
    showWeights();
  });
  for (const slider of sliders) slider.addEventListener("input", showWeights);
  // A browser that goes back keeps what was set.
  showWeights();
}
