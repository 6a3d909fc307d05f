import { assert, assertEquals } from "@std/assert";
import { Random } from "../../../src/random.ts";
import { baselines } from "../../../src/scenes/datasheet/baselines.ts";
import { dealBenchmark } from "../../../src/scenes/deal_benchmark.ts";
import { generateScene } from "../../../src/scenes/picture/generate.ts";
import { control, CONTROL_ANSWERS } from "../../../src/scenes/tasks/control.ts";
import { EXTRA_TASKS, SCENE_TASKS } from "../../../src/scenes/scene_tasks.ts";
import { ZERO_SHOT_TASKS } from "../../../src/scenes/tasks/zero_shot.ts";

/** The turns of each split. */
function deal(seed: number, sizes: { train: number; test: number }) {
  const splits = [...dealBenchmark(seed, [{ task: control, sizes }])];
  return splits.map(({ blocks }) => [...blocks].flat().flatMap(({ turns }) => turns));
}

Deno.test("control: any scene can be asked every question with every answer", () => {
  const random = new Random(1);
  const [template] = control.templates;
  const asked = template!.questions(generateScene(random, { kind: "objects" }));
  for (let i = 0; i < 20; i++) {
    assertEquals(template!.questions(generateScene(random, { kind: "objects" })), asked);
  }
  for (const turns of Map.groupBy(asked, ({ question }) => question).values()) {
    assertEquals(turns.map(({ answer }) => answer), [...CONTROL_ANSWERS]);
  }
});

Deno.test("control: every answer as often as every other, in every split", () => {
  for (const turns of deal(3, { train: 60, test: 40 })) {
    const counts = CONTROL_ANSWERS.map((answer) => turns.filter((turn) => turn.answer === answer).length);
    assertEquals(counts, CONTROL_ANSWERS.map(() => turns.length / 4));
  }
});

Deno.test("control: its answers are words that no other task answers with or asks about", () => {
  const random = new Random(2);
  const own: readonly string[] = CONTROL_ANSWERS;
  for (const task of [...SCENE_TASKS, ...EXTRA_TASKS, ...ZERO_SHOT_TASKS]) {
    if (task === control) continue;
    for (const template of task.templates) {
      for (let i = 0; i < 50; i++) {
        for (
          const { question, answer } of template.questions(generateScene(random, { kind: template.kind }))
        ) {
          const words = `${question} ${answer}`.split(/[ .?]+/);
          assert(!words.some((word) => own.includes(word)), `${question} ${answer}`);
        }
      }
    }
  }
});

Deno.test("control: knowing its training answers by heart is worth a quarter, over many seeds", () => {
  const points = Array.from({ length: 20 }, (_, seed) => {
    const [train, test] = deal(seed, { train: 200, test: 200 });
    return baselines(control, train!, test!).words;
  });
  const mean = points.reduce((sum, x) => sum + x, 0) / points.length;
  assert(Math.abs(mean - 25) < 2, `${mean}`);
});
