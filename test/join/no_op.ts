/**
 * Carries out parts of a plan that do nothing, as a process of its own that shares them with others: folder, how many.
 *
 * @module
 */

import { join } from "@std/path";
import { Claims } from "../../src/run/claims/claims.ts";
import { writeJson } from "../../src/run/files.ts";
import { carryOutReady } from "../../src/tune/schedule.ts";

const [folder, count] = Deno.args;
const plan = Array.from({ length: Number(count) }, (_, i) => {
  const id = `probes/no-op-${i}`;
  // Every tenth needs those before it, as weights need probes.
  const needs = i % 10 === 9
    ? Array.from({ length: 9 }, (_, k) => `probes/no-op-${i - 9 + k}/eval.json`)
    : [];
  return { id, file: `${id}/eval.json`, needs };
});
const claims = await Claims.open(folder!);
let done = 0;
try {
  await carryOutReady({ plan, folder: folder!, claims, finished: new Set() }, {
    carryOut: async ({ file }, claim) => {
      await claim.check();
      await claim.renew();
      await writeJson(join(folder!, file), { process: Deno.pid });
      done++;
    },
    elsewhere: () => Promise.resolve(),
    waiting: () => {},
  });
} finally {
  await claims.close();
}
Deno.stdout.writeSync(new TextEncoder().encode(`${done}\n`));
