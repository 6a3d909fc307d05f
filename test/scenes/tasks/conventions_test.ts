import { assert, assertEquals } from "@std/assert";
import { Random } from "../../../src/random.ts";
import { generateScene } from "../../../src/scenes/picture/generate.ts";
import { placeName } from "../../../src/scenes/picture/place.ts";
import { groundingWords, vqaFull } from "../../../src/scenes/tasks/conventions.ts";
import { grounding } from "../../../src/scenes/tasks/grounding.ts";
import { vqa } from "../../../src/scenes/tasks/vqa.ts";
import { nameOf, type SceneTask } from "../../../src/scenes/templates.ts";

for (
  const [task, other, count, suffix] of [
    [vqaFull, vqa, 4, "-full"],
    [groundingWords, grounding, 2, "-words"],
  ] as const satisfies readonly (readonly [SceneTask, SceneTask, number, string])[]
) {
  Deno.test(`${task.name}: ${other.name}'s questions about pictures of ${count} objects, answered otherwise`, () => {
    const random = new Random(task.name);
    let asked = 0;
    for (let i = 0; i < 300; i++) {
      const scene = generateScene(random, { kind: "objects" });
      for (const template of task.templates) {
        const original = other.templates.find(({ name }) => name + suffix === template.name)!;
        assertEquals(template.kind, original.kind);
        const own = template.questions(scene);
        if (scene.objects.length !== count) {
          assertEquals(own, []);
          continue;
        }
        const theirs = original.questions(scene);
        assertEquals(own.map(({ question }) => question), theirs.map(({ question }) => question));
        for (const [k, { answer, key, subject }] of own.entries()) {
          asked++;
          const object = scene.objects.find((object) => nameOf(object) === subject)!;
          assert(answer !== theirs[k]!.answer);
          assertEquals(answer, task === vqaFull ? nameOf(object) : placeName(object.box));
          assert(template.keys.includes(key));
        }
      }
    }
    assert(asked > 200);
  });
}
