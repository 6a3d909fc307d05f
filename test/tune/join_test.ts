import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { Claims } from "../../src/run/claims/claims.ts";
import { exists } from "../../src/run/files.ts";
import { partStates } from "../../src/run/part_states.ts";
import { planRun } from "../../src/run/plan.ts";
import type { Results } from "../../src/run/records/results.ts";
import { readRunInfo } from "../../src/run/run_info_file.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { carryOutPart, prepareRun, tune, type TuneEvent } from "../../src/tune/tune.ts";
import { needs } from "../house/permissions.ts";
import { fakeEngine } from "../train/fake_engine.ts";
import { fakeFolder } from "./fake_data.ts";
import { timelessFiles } from "./timeless_files.ts";

const test = needs("read", "write");

const PLAN = planRun({ tasks: ["colour", "number"], methods: ["ew", "cotbal"], seeds: [1] });

test("a run is prepared, its parts are carried out one by one or by several, and it ends with the bits of one process", async () => {
  const folder = await fakeFolder();
  const options: TuneOptions = {
    data: join(folder, "data"),
    checkpoint: join(folder, "base"),
    methods: ["ew", "cotbal"],
    batch: 4,
    epochs: 1,
    mini: 0.25,
  };
  const placeOf = (out: string, shared: boolean) => ({
    out: join(folder, out),
    resume: shared,
    join: shared,
    root: folder,
    versions: { cotbal: "0" },
  });
  const shared = placeOf("shared", true), { out } = shared;
  const part = (id: string) => {
    const notes: string[] = [];
    const event = (event: TuneEvent) => void (event.kind === "note" && notes.push(event.text));
    return carryOutPart(() => Promise.resolve(fakeEngine()), id, shared, { event });
  };
  try {
    await tune(fakeEngine(), options, placeOf("whole", false));

    await assertRejects(() => partStates(out), InputError, "expected the folder of a run that was prepared");
    assertEquals(await prepareRun(fakeEngine(), options, shared), { parts: PLAN.length, finished: 0 });
    assertEquals(await prepareRun(fakeEngine(), {}, shared), { parts: PLAN.length, finished: 0 });
    assert(!(await exists(join(out, "lock"))));
    const states = async () => (await partStates(out)).map(({ state }) => state.state);
    assertEquals(
      await states(),
      PLAN.map(({ needs }) => needs.length === 0 ? "ready" : "not ready"),
    );

    assertEquals(await part("probes/mini"), { state: "done now" });
    assertEquals(await part("probes/mini"), { state: "done" });
    const balance = await part("balance");
    assert(
      balance.state === "not ready" && balance.missing.some(({ part }) => part === "probes/plus-colour"),
    );
    await assertRejects(
      () => part("probes/nothing"),
      InputError,
      '"probes/nothing": expected a part of the run',
    );
    const other = await Claims.open(out);
    const claim = await other.take("methods/ew");
    assert("check" in claim);
    const held = await part("methods/ew");
    assert(held.state === "claimed" && held.holder.process === Deno.pid);
    assertEquals((await states())[PLAN.findIndex(({ id }) => id === "methods/ew")], "claimed");

    // What was damaged is carried out again, and results without it are none.
    await Deno.writeTextFile(join(out, "probes/mini/eval.json"), "{}");
    assertEquals(await part("probes/mini"), { state: "done now" });

    await assertRejects(
      () => tune(fakeEngine(), options, { ...shared, join: false }),
      InputError,
      "deno task tune --join",
    );
    await assertRejects(
      () => tune(fakeEngine(), { seeds: [1, 2] }, shared),
      InputError,
      "from one process alone",
    );
    await claim.release();
    await other.close();

    const [first, second] = await Promise.all([
      tune(fakeEngine(), {}, shared),
      tune(fakeEngine(), {}, shared),
    ]);
    assertEquals(first, second);
    assertEquals(await timelessFiles(out), await timelessFiles(join(folder, "whole")));
    for (const file of ["weights.json", "methods/cotbal/checkpoint/model.safetensors"]) {
      assertEquals(await Deno.readFile(join(out, file)), await Deno.readFile(join(folder, "whole", file)));
    }
    assert(!(await exists(join(out, "lock"))) && !(await exists(join(out, "cache"))));

    const { origins = [] }: Results = JSON.parse(await Deno.readTextFile(join(out, "results.json")));
    const scored = PLAN.filter(({ kind }) => kind !== "balance" && kind !== "propose");
    assertEquals(origins.map(({ part }) => part), scored.map(({ id }) => id));
    for (const { process, adapter, versions, seconds } of origins) {
      assertEquals([process, adapter.description, versions.cotbal], [Deno.pid, "fake", "0"]);
      assert(seconds > 0);
    }
    const ids = (await readRunInfo(out))!.sittings.map(({ id }) => id);
    assertEquals(new Set(ids).size, ids.length, "every process is a sitting");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
