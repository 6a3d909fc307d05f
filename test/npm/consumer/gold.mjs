// A user's program: what the package computes from the paper's tables and from a few answers, as JSON.

import { compareScores, InputError, score, weightsFromScores } from "cotbal";
import { contributions, findMethod } from "cotbal/balance";
import { buildTokenizer, loadTokenizer, parseSample } from "cotbal/data";
import { cider, iou, vqaAccuracy } from "cotbal/metrics";
import academic from "./weights-academic-7b.json" with { type: "json" };
import chat from "./weights-chat-7b.json" with { type: "json" };
import results from "./results-academic-7b.json" with { type: "json" };

const message = (work) => {
  try {
    work();
  } catch (error) {
    return error instanceof InputError ? error.message : `not an InputError: ${error}`;
  }
};

const tokenizer = loadTokenizer(buildTokenizer(["red", "cube"]));
const { STL, ...tuned } = results.scores;
const sample = parseSample(
  {
    image: "a.png",
    conversations: [{ from: "human", value: "<image>\nWhat?" }, { from: "gpt", value: "A cube" }],
  },
  { file: "samples.json", index: 0 },
);

console.log(JSON.stringify({
  lambda: [academic, chat].map((table) => weightsFromScores(table).lambda.map((x) => x.toFixed(4))),
  deltas: Object.fromEntries(
    Object.entries(tuned).map(([name, row]) => {
      const { deltaI, deltaE } = compareScores(row, STL);
      return [name, { deltaI: Number(deltaI.toFixed(2)), deltaE: Number(deltaE.toFixed(2)) }];
    }),
  ),
  contributions: contributions.name,
  method: findMethod("cotbal").id,
  metrics: {
    exact:
      score("exact-match", [{ prediction: "Red.", truth: "red" }, { prediction: "2", truth: "3" }]).score,
    cider: Math.round(
      cider([
        { prediction: "a red circle and a blue square", references: ["a red circle and a blue square"] },
        { prediction: "a green star", references: ["two bars over one word"] },
      ]).score * 1e6,
    ) / 1e6,
    iou: iou([0, 0, 2, 1], [1, 0, 2, 1]),
    vqa: vqaAccuracy("red", ["red", "red", "red", "red", "red", "red", "red", "red", "red", "red"]),
  },
  decoded: tokenizer.decode(tokenizer.encode("red cube, 赤")),
  turns: sample.turns,
  mistake: message(() => weightsFromScores({ tasks: ["a"], mini: [], plus: [] })),
}));
