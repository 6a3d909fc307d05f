import { assert, assertEquals } from "@std/assert";
import { Random } from "../../src/random.ts";
import { splitOf } from "../../src/scenes/picture/scene_key.ts";
import { denseCaption, pretrainSample } from "../../src/scenes/pretrain.ts";
import { SCENE_TASKS } from "../../src/scenes/scene_tasks.ts";

Deno.test("pretrainSample: deterministic, of the training split, 32 pixels wide unless told", () => {
  const [a, b] = [new Random(1), new Random(1)];
  for (let i = 0; i < 50; i++) {
    const sample = pretrainSample(a);
    assertEquals(sample, pretrainSample(b));
    assertEquals(splitOf(sample.scene), "train");
    assertEquals(sample.rgb.length, 32 * 32 * 3);
  }
  assertEquals(pretrainSample(a, { size: 64 }).rgb.length, 64 * 64 * 3);
});

Deno.test("denseCaption: dense, never too long, and no question of the tasks", () => {
  const random = new Random(2);
  const lengths: number[] = [];
  for (let i = 0; i < 1000; i++) {
    const { scene } = pretrainSample(random);
    const { question, answer } = denseCaption(scene, random);
    lengths.push(answer.split(" ").length);
    assert(!/\?|describe|what|how|where/.test(question + answer));
    for (const { templates } of SCENE_TASKS) {
      for (const template of templates) {
        if (template.kind !== scene.kind) continue;
        for (const asked of template.questions(scene)) assert(asked.question !== question);
      }
    }
  }
  const mean = lengths.reduce((sum, n) => sum + n, 0) / lengths.length;
  assert(mean >= 25 && mean <= 45, `mean ${mean}`);
  assert(Math.max(...lengths) <= 60);
});

Deno.test("denseCaption: what it says is true", () => {
  const random = new Random(5);
  let letters = 0;
  let bars = 0;
  for (let i = 0; i < 1000; i++) {
    const { scene, answer } = pretrainSample(random);
    const sign = /sign ((?:[a-z] ?)+)\./.exec(answer);
    if (sign !== null && scene.sign !== undefined && letters++ >= 0) {
      assertEquals(sign[1], scene.sign.letters.join(" "));
    }
    for (const [, colour, value] of answer.matchAll(/(\w+) bar (\d)\./g)) {
      assertEquals(scene.bars.find((bar) => bar.colour === colour)!.value, Number(value));
      bars++;
    }
    for (const [, colour, shape] of answer.matchAll(/a (?:small|large) (\w+) (\w+)/g)) {
      if (shape === "bar") continue;
      assert(scene.objects.some((object) => object.colour === colour && object.shape === shape));
    }
  }
  assert(letters > 100 && bars > 100);
});

Deno.test("denseCaption: cell by cell, every letter, bar and object is where it is said to be", () => {
  const random = new Random(6);
  const seen = new Set<string>();
  for (let i = 0; i < 1000; i++) {
    const { scene, answer } = pretrainSample(random);
    for (const [, key, text] of answer.matchAll(/in (colour|shape|letters) ([^.]+)\./g)) {
      const words = text!.split(" ");
      assertEquals(words.length, 16);
      seen.add(key!);
      if (key === "letters") {
        const { letters, box: [x, y] } = scene.sign!;
        assertEquals(words.filter((word) => word !== "no"), [...letters]);
        assertEquals(words.indexOf(letters[0]!), y / 8 * 4 + x / 8);
      }
      for (const [i, { colour, value }] of scene.bars.entries()) {
        const column = words.filter((_, cell) => cell % 4 === i);
        const filled = Math.floor(3 * value / 8); // cells of eight units that the bar covers to the top
        const expected = key === "shape" ? "bar" : colour;
        assert(column.filter((word) => word === expected).length >= filled, `${colour} ${value}: ${column}`);
      }
      if (key !== "letters") {
        for (const object of scene.objects) {
          assert(words.includes(key === "shape" ? object.shape : object.colour));
        }
      }
    }
  }
  assertEquals(seen.size, 3);
});
