import { assert, assertEquals } from "@std/assert";
import { ALIGNMENT, largestNeed, type Lifetime, planArena } from "../../../src/gpu/program/plan.ts";
import { Random } from "../../../src/random.ts";

/** Pieces like those of a training step: forward results that live until backward comes back to them. */
function step(random: Random, count: number): Lifetime[] {
  return Array.from({ length: count }, (_, first) => {
    const last = random.next() < 0.5 ? 2 * count - first : first + 1 + random.int(5);
    return { bytes: 4 * (1 + random.int(5000)), first, last };
  });
}

/** Pieces with lives of any kind. */
function mess(random: Random, count: number): Lifetime[] {
  return Array.from({ length: count }, () => {
    const first = random.int(count);
    return { bytes: 1 + random.int(3000), first, last: first + random.int(20) };
  });
}

Deno.test("pieces that live at one time never overlap", () => {
  for (let seed = 0; seed < 40; seed++) {
    const random = new Random(seed);
    const pieces = (seed % 2 ? step : mess)(random, 1 + random.int(120));
    const { offsets, total } = planArena(pieces);
    pieces.forEach((a, i) => {
      assertEquals(offsets[i]! % ALIGNMENT, 0);
      assert(offsets[i]! + a.bytes <= total);
      pieces.slice(0, i).forEach((b, j) => {
        if (a.first > b.last || b.first > a.last) return;
        const apart = offsets[i]! + a.bytes <= offsets[j]! || offsets[j]! + b.bytes <= offsets[i]!;
        assert(apart, `seed ${seed}: pieces ${j} and ${i} overlap`);
      });
    });
  }
});

Deno.test("the plan lies near the largest need", () => {
  let worst = 1;
  for (let seed = 0; seed < 20; seed++) {
    const pieces = step(new Random(seed), 200);
    const { total } = planArena(pieces);
    const need = largestNeed(pieces);
    assert(total >= need);
    worst = Math.max(worst, total / need);
  }
  assert(worst <= 1.15, `${worst}`);
});

Deno.test("largest need", () => {
  assertEquals(largestNeed([]), 0);
  assertEquals(largestNeed([{ bytes: 1, first: 0, last: 0 }]), ALIGNMENT);
  const pieces = [{ bytes: 256, first: 0, last: 2 }, { bytes: 512, first: 2, last: 3 }, {
    bytes: 1024,
    first: 3,
    last: 9,
  }];
  assertEquals(largestNeed(pieces), 1536);
});

Deno.test("nothing needs nothing, pieces that follow one another share", () => {
  assertEquals(planArena([]), { offsets: [], total: 0 });
  const chain = Array.from({ length: 9 }, (_, i) => ({ bytes: 1000, first: i, last: i + 1 }));
  assertEquals(planArena(chain).total, 2 * 1024);
});
