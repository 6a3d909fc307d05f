import { assertEquals } from "@std/assert";
import { Claims } from "../../../src/run/claims/claims.ts";
import type { RunInfo, Sitting } from "../../../src/run/records/run_info.ts";
import { readRunInfo } from "../../../src/run/run_info_file.ts";
import { saveSitting } from "../../../src/tune/set_up/sittings.ts";
import { needs } from "../../house/permissions.ts";
import { believableRun } from "../../report/fixture.ts";

const test = needs("read", "write");

test("processes that share a run keep each other's sittings and notes in run.json", async () => {
  const folder = await Deno.makeTempDir();
  const claims = await Claims.open(folder);
  /** The run as a process has it. */
  const process = (id: string): [RunInfo, Sitting] => {
    const { run } = structuredClone(believableRun());
    const sitting: Sitting = { ...run.sittings[0]!, id };
    return [{ ...run, id: "of-both", notes: ["The data is small."], sittings: [sitting] }, sitting];
  };
  const there = async () => {
    const { notes, sittings } = (await readRunInfo(folder))!;
    return [notes, sittings.map(({ id }) => id)];
  };
  try {
    const [[a, first], [b, second]] = [process("a"), process("b")];
    await saveSitting(folder, a, first, claims, true);
    await saveSitting(folder, b, second, claims);
    assertEquals(await there(), [["The data is small."], ["a", "b"]]);
    a.notes.push("Answers did not end.");
    await saveSitting(folder, a, first, claims);
    await saveSitting(folder, b, second, claims);
    assertEquals(await there(), [["The data is small.", "Answers did not end."], ["a", "b"]]);

    const [again, third] = process("c");
    again.sittings = [...a.sittings, third];
    await saveSitting(folder, again, third, claims, true);
    assertEquals(
      await there(),
      [["The data is small."], ["a", "b", "c"]],
      "whoever sets up says what is true now",
    );
  } finally {
    await claims.close();
    await Deno.remove(folder, { recursive: true });
  }
});
