// The scenes editor: shapes, signs and bars are placed on a picture by mouse, finger or keyboard. What is drawn is painted
// by the benchmark's own renderer, so that models see what they were tuned on.

import { LETTERS } from "../../scenes/picture/font.ts";
import { renderScene } from "../../scenes/picture/render.ts";
import { COLOUR_NAMES, MAX_BAR, SHAPES, SIZE_NAMES, UNITS } from "../../scenes/picture/scene.ts";
import { choice, element } from "../element.js";
import { History } from "./history.ts";
import {
  addBar,
  addObject,
  boxOf,
  EMPTY,
  freshColour,
  MOST_LETTERS,
  moveTo,
  nudge,
  remove,
  restyle,
  sceneOf,
  setSign,
  wordsOf,
} from "./sketch.ts";
import { suggestions, unusual } from "./suggestions.ts";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Puts an editor into a page.
 *
 * @param {object} places Where.
 * @param {HTMLElement} places.stage An element as large as the picture: the things lie over it as buttons.
 * @param {HTMLElement} places.controls Gets the controls.
 * @param {object} options What it draws for.
 * @param {number} options.size Side of the picture, in pixels.
 * @param {(drawing: { image: Image, scene: Scene, questions: Suggestion[] }) => void} options.onChange Told of each
 *   change: the picture as models get it (an `Image`), the scene, and what can be asked about it.
 * @returns {{ open(): void, close(): void }} Shows the editor and tells of what is drawn; hides it.
 */
export function sceneEditor({ stage, controls }, { size, onChange }) {
  const history = new History(EMPTY);
  /** Which thing is chosen: the choices say what it is, and change it. */
  let chosen = -1;
  let dragged; // { at, pointer, moved }

  const layer = element("div", { class: "things", hidden: true });
  stage.append(layer);

  const said = element("p", { role: "status", class: "said" });
  const note = element("p", { class: "note", hidden: true });
  const colour = choice("Colour", COLOUR_NAMES, (value) => change({ colour: value }));
  const shape = choice("Shape", SHAPES, (value) => change({ shape: value }));
  const size_ = choice("Size", SIZE_NAMES.toReversed(), (value) => change({ size: value }));
  const heights = Array.from({ length: MAX_BAR }, (_, k) => `${k + 1}`);
  const height = choice("Bar’s height", heights, (value) => change({ value: Number(value) }));
  height.select.value = "5";
  const letters = element("input", {
    type: "text",
    size: MOST_LETTERS + 2,
    maxLength: 2 * MOST_LETTERS,
    autocomplete: "off",
    value: "ho",
    onkeydown: (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // no question is asked
      act(setSign(history.now, letters.value));
    },
  });
  const button = (textContent, onclick) => element("button", { type: "button", textContent, onclick });
  const style = () => ({ colour: colour.select.value, shape: shape.select.value, size: size_.select.value });
  const undo = button("Undo", () => back("undo")), redo = button("Redo", () => back("redo"));
  const away = button("Remove", () => removeChosen());
  const clear = button("Clear", () => go(EMPTY, -1, "All is cleared."));
  controls.append(
    element(
      "fieldset",
      { class: "drawing" },
      element("legend", { textContent: "Draw a picture" }),
      element(
        "p",
        { class: "hint" },
        "Add things, then drag them, or choose one and move it with the arrow keys. They stay where the benchmark’s ",
        "pictures have things. Delete removes, Ctrl+Z undoes.",
      ),
      element("p", { class: "controls" }, colour.label, shape.label, size_.label, height.label),
      element(
        "p",
        { class: "controls" },
        button("Add shape", () => act(addObject(history.now, style()), "fresh")),
        button(
          "Add bar",
          () =>
            act(addBar(history.now, { colour: style().colour, value: Number(height.select.value) }), "fresh"),
        ),
        element("label", {}, "Letters ", letters),
        button("Set sign", () => act(setSign(history.now, letters.value))),
      ),
      element("p", { class: "controls" }, away, undo, redo, clear),
      said,
      note,
    ),
  );
  letters.title = `Up to ${MOST_LETTERS} of ${LETTERS.join(" ")}`;
  controls.addEventListener("keydown", shortcuts);
  layer.addEventListener("keydown", shortcuts);

  function shortcuts(event) {
    if (!(event.ctrlKey || event.metaKey) || event.target === letters) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    back(key === "y" || event.shiftKey ? "redo" : "undo");
  }

  /** What a change came to: shown, or why not said. */
  function act(made, what, together = false) {
    if ("refused" in made) {
      said.textContent = made.refused;
      return false;
    }
    go(made.sketch, made.at, `${wordsOf(made.sketch, made.at)}.`, together);
    if (what === "fresh") colour.select.value = freshColour(made.sketch);
    return true;
  }

  function go(sketch, at, words, together = false) {
    history.go(sketch, together);
    chosen = at;
    said.textContent = words;
    show();
  }

  function back(way) {
    history[way]();
    chosen = -1;
    said.textContent = way === "undo" ? "Undone." : "Done again.";
    show();
  }

  function change(style) {
    if (chosen >= 0) act(restyle(history.now, chosen, style));
  }

  function removeChosen() {
    if (chosen < 0) return;
    const words = wordsOf(history.now, chosen);
    go(remove(history.now, chosen), -1, `${words}: removed.`);
    (layer.querySelector("button") ?? undo).focus();
  }

  /** Chooses a thing; the choices then say what it is. */
  function choose(at) {
    chosen = at;
    const thing = history.now.things[at];
    if (thing !== undefined) {
      for (
        const { select, name } of [{ ...colour, name: "colour" }, { ...shape, name: "shape" }, {
          ...size_,
          name: "size",
        }]
      ) {
        if (thing[name] !== undefined) select.value = thing[name];
      }
      if (thing.kind === "bar") height.select.value = `${thing.value}`;
      if (thing.kind === "sign") letters.value = thing.letters.join("");
      said.textContent = `${wordsOf(history.now, at)}.`;
    }
    mark();
  }

  function mark() {
    for (const [i, thing] of [...layer.children].entries()) {
      thing.setAttribute("aria-pressed", `${i === chosen}`);
    }
    away.disabled = chosen < 0;
    undo.disabled = !history.undoable;
    redo.disabled = !history.redoable;
    clear.disabled = history.now.things.length === 0;
  }

  /** A place on the picture, in units. */
  function unitsAt({ clientX, clientY }) {
    const { left, top, width, height } = layer.getBoundingClientRect();
    return [UNITS * (clientX - left) / width, UNITS * (clientY - top) / height];
  }

  function thing(at) {
    const made = element("button", {
      type: "button",
      onfocus: () => choose(at),
      onclick: () => choose(at),
      onkeydown: (event) => {
        const arrow = ARROWS[event.key];
        if (arrow !== undefined) act(nudge(history.now, at, ...arrow));
        else if (event.key === "Delete" || event.key === "Backspace") removeChosen();
        else return;
        event.preventDefault();
        if (arrow !== undefined) layer.children[chosen]?.focus();
      },
      onpointerdown: (event) => {
        choose(at);
        dragged = { moved: false };
        made.setPointerCapture(event.pointerId);
      },
      onpointermove: (event) => {
        if (dragged === undefined || chosen < 0) return;
        const moved = moveTo(history.now, chosen, unitsAt(event));
        if ("refused" in moved || same(boxOf(moved.sketch, moved.at), boxOf(history.now, chosen))) return;
        act(moved, undefined, dragged.moved);
        dragged.moved = true;
      },
      onpointerup: () => dragged = undefined,
      onpointercancel: () => dragged = undefined,
    });
    return made;
  }

  /** As many buttons as things: they stay, so that one that is dragged or has the focus goes on being it. */
  function lay() {
    const sketch = history.now;
    while (layer.children.length > sketch.things.length) layer.lastElementChild.remove();
    while (layer.children.length < sketch.things.length) layer.append(thing(layer.children.length));
    for (const [at, button] of [...layer.children].entries()) {
      const [x1, y1, x2, y2] = boxOf(sketch, at);
      const share = (units) => `${100 * units / UNITS}%`;
      Object.assign(button.style, {
        left: share(x1),
        top: share(y1),
        width: share(x2 - x1),
        height: share(y2 - y1),
      });
      button.setAttribute("aria-label", wordsOf(sketch, at));
    }
  }

  function show() {
    lay();
    mark();
    const scene = sceneOf(history.now);
    const strange = unusual(scene);
    note.textContent = strange.join(" ");
    note.hidden = strange.length === 0;
    onChange({
      image: { width: size, height: size, data: renderScene(scene, size) },
      scene,
      questions: suggestions(scene),
    });
  }

  return {
    open() {
      controls.hidden = layer.hidden = false;
      if (history.now.things.length === 0 && !history.undoable) {
        // Something to begin with.
        const first = addObject(EMPTY, { colour: "red", shape: "circle", size: "large" }, [8, 8]);
        const both = addObject(first.sketch, { colour: "blue", shape: "square", size: "small" }, [24, 24]);
        history.go(both.sketch, true);
        colour.select.value = freshColour(both.sketch);
      }
      show();
    },
    close() {
      controls.hidden = layer.hidden = true;
    },
  };
}

function same(a, b) {
  return a.every((value, i) => value === b[i]);
}
