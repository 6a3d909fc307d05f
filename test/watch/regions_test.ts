import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { snapshotOf } from "../../src/watch/regions.ts";
import type { RunState } from "../../src/watch/run_view.ts";
import { HOSTILE, viewAt } from "./_view.ts";

Deno.test("names are text, numbers are there, charts are said in words", () => {
  const { title, finished, regions } = snapshotOf(viewAt(4));
  assertEquals([title, finished], ["1/4 running · runs/<i>scenes</i>-1", false]);
  const all = Object.values(regions).join("");
  assert(!/<b>|<a |<i>|<script/.test(all.replaceAll("<b>probes/plus-&lt;b&gt; is at step 4.</b>", "")), all);
  assertEquals(regions.state, "The run is going on: part 3 of 4, probes/plus-&lt;b&gt;.");
  assertStringIncludes(regions.progress, "training: 4 of 1,000");
  assertStringIncludes(regions.facts, "about 1 min 40 s");
  for (const cell of ["1.3", "0.0", "100.0", "1 min 15 s"]) {
    assertStringIncludes(regions.parts, `<td>${cell}</td>`);
  }
  assertStringIncludes(
    regions.losses,
    'aria-label="Loss of &lt;/script&gt;&lt;b&gt;: 3.00 at step 1, 0.75 at step 4."',
  );
  assertStringIncludes(regions.losses, 'points="60.0,1.0 120.0,50.0 180.0,66.3 240.0,74.5"');
  assertStringIncludes(regions.losses, "not in this training");
  assertStringIncludes(regions.log, "00:01:01");
  assert(regions.log.indexOf("note:") < regions.log.indexOf("began"), "the latest first");
  assertEquals(HOSTILE.length, 3);
});

Deno.test("every state has its sentence, and says what to do", () => {
  const says: Record<RunState, RegExp> = {
    waiting: /No run has begun/,
    preparing: /being prepared/,
    running: /going on/,
    silent: /Nothing was heard of the run since 00:00:00 UTC.*deno task tune --out runs\/&lt;i.*--resume/,
    stopped: /stopped after 1 part of 4.*--resume/,
    failed: /failed: a loss &lt; 0.*--resume/,
    finished: /finished, all 4 parts of it.*report\.html/,
    unreadable: /cannot be read. a loss &lt; 0/,
  };
  for (const [state, pattern] of Object.entries(says)) {
    const { regions, finished } = snapshotOf(viewAt(1, { state: state as RunState, error: "a loss < 0" }));
    assert(pattern.test(regions.state), regions.state);
    assertEquals(finished, state === "finished");
  }
  const nothing = { parts: [], tasks: [], losses: null, log: [], doing: null, secondsLeft: null };
  const { regions, title } = snapshotOf(viewAt(0, { state: "waiting", ...nothing }));
  assertEquals([title, regions.progress, regions.facts], ["waiting · runs/<i>scenes</i>-1", "", ""]);
});

Deno.test("a log that is not of a part may hold any sign", () => {
  const { regions } = snapshotOf(viewAt(1, { log: [{ at: 0, text: "note: 100% of %zz" }] }));
  assertStringIncludes(regions.log, "100% of %zz");
});
