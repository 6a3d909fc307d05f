// A command that heeds no signal, beside a device whose work never ends.
import { waitFor } from "../../../src/gpu/under_way.ts";
import { command, main } from "../../../tasks/lib/cli.ts";

const device = { queue: { onSubmittedWorkDone: () => new Promise(() => {}) } } as unknown as GPUDevice;
waitFor(device);

await main(command("hung", "Hangs."), async (terminal) => {
  terminal.say("hangs");
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  terminal.say(String(device)); // held until here
});
