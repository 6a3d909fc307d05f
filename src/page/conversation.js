// Turns of a conversation with several models side by side.

import { element } from "./element.js";

/** What an answer took. */
function timeOf({ tokens, seconds: { first, all } }) {
  const ms = (seconds) => `${(1000 * seconds).toFixed(0)} ms`;
  return tokens > 1 ? `${ms(all)}, ${ms((all - first) / (tokens - 1))} a token` : ms(all);
}

/**
 * Shows conversations.
 *
 * @param {HTMLElement} turns Gets a table a turn.
 * @param {object} options How.
 * @param {(i: number) => string} options.colourOf The name of a model's colour in the style sheet.
 * @param {(answer: object, i: number) => void} options.onAnswer Told of each whole answer and its model's place.
 * @param {(answer: object) => Promise<void>} options.onAttention Told of an answer whose attention is asked for.
 */
export function conversation(turns, { colourOf, onAnswer, onAttention }) {
  /** A `Talk` a model. */
  let talks = new Map();
  /** What is being asked; it must not lose its talks. */
  let running = Promise.resolve();

  function forget() {
    const old = talks;
    talks = new Map();
    turns.replaceChildren();
    running.then(() => {
      for (const talk of old.values()) talk.end();
    });
  }

  function table(question) {
    const column = (textContent) => element("th", { scope: "col", textContent });
    const body = element("tbody");
    turns.append(
      element("p", { class: "question", textContent: question }),
      element(
        "table",
        { class: "answers", "aria-label": `Answers to “${question}”` },
        element("thead", {}, element("tr", {}, column("Model"), column("Answer"), column("Time"))),
        body,
      ),
    );
    return body;
  }

  function row(body, name, i) {
    const answer = element("td"), time = element("td");
    const style = `border-left: 4px solid var(--${colourOf(i)})`;
    body.append(element("tr", {}, element("th", { scope: "row", textContent: name, style }), answer, time));
    return { answer, time };
  }

  /**
   * Asks all models.
   *
   * @param {readonly { name: string, answers: Answerer }[]} models The models.
   * @param {string} question The question.
   * @param {readonly Image[]} pictures What a new conversation is about.
   * @param {(name: string) => void} onTurn Told whose turn it is.
   * @returns {Promise<string[]>} What went wrong, a sentence a model; the others have answered.
   */
  function ask(...given) {
    const asked = askAll(...given);
    running = asked.then(() => {}, () => {});
    return asked;
  }

  async function askAll(models, question, pictures, onTurn) {
    const body = table(question), own = talks;
    const wrong = [];
    let asked = 0;
    for (const [i, { name, answers }] of models.entries()) {
      if (own !== talks) return []; // forgotten in the meantime
      onTurn(name);
      const { answer, time } = row(body, name, i);
      try {
        // A model that was opened in the middle begins with this question.
        if (!own.has(answers)) own.set(answers, answers.begin(pictures));
        const reply = await own.get(answers).ask(question, { onText: (piece) => answer.append(piece) });
        if (own !== talks) return [];
        answer.textContent = reply.answer === "" ? "(nothing)" : reply.answer;
        time.textContent = timeOf(reply);
        const whole = { name, ...reply, used: reply.promptTokens + reply.tokens, most: answers.maxPositions };
        if (reply.ended === "length") answer.append(element("small", { textContent: " (cut off)" }));
        if (reply.pieces.length > 0) {
          answer.append(
            " ",
            element("button", {
              type: "button",
              class: "where-button",
              textContent: "where it looked",
              "aria-label": `${name}: where it looked`,
              onclick: () => onAttention(whole),
            }),
          );
        }
        onAnswer(whole, i);
        asked++;
      } catch (error) {
        answer.textContent = "–";
        wrong.push(`${name}: ${error instanceof Error ? error.message : error}`);
        if (error?.name === "RunError") throw error; // the device is gone, for all of them
      }
    }
    if (asked === 0 && models.length > 0) {
      // Nobody took the question: it is no turn.
      body.closest("table").previousElementSibling?.remove();
      body.closest("table").remove();
    }
    return wrong;
  }

  return { ask, forget };
}
