/** Starts a watcher as `tune --watch` does, tries another on the same port, and waits to be killed. */

// deno-lint-ignore-file no-console -- a script of its own, whose output its test reads
import { giveUpStarting, startWatcher } from "../../tasks/lib/start_watcher.ts";

const [folder] = Deno.args;
const url = await startWatcher(folder!, 0, () => {});
console.log(url);
const second = await startWatcher(folder!, Number(new URL(url).port), () => {}).catch((error) =>
  error.message
);
await giveUpStarting();
const { state } = await Deno.permissions.query({ name: "run", command: Deno.execPath() });
console.log(`the right to start it again: ${state}`);
console.log(second);
for await (const _ of Deno.stdin.readable);
