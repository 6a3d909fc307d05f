import { InputError } from "../src/errors.ts";
import type { AdapterKind } from "../src/gpu/kernel/adapter_kind.ts";
import { command, list, main } from "./lib/cli.ts";
import { GOLDEN, goldenText } from "./lib/golden.ts";
import { type Given, kernelNamed, KERNELS } from "./lib/kernels.ts";

const FOLDER = "test/kernels/golden";

const program = command(
  "kernel",
  "Print the WGSL that a device is given of a kernel; without a name, list the kernels.",
)
  .argument("[name]", "the kernel, as its file in kernels/ is called")
  .argument("[shape...]", "what differs from the example's shape, such as layout=TN m=64")
  .option(
    "--adapter <kind>",
    "cpu or gpu: for which kind of adapter (default: whose driver runs it, cpu where both do)",
    adapterKind,
  )
  .option("--f16 <bindings>", "bindings that hold 16-bit floats, separated by commas", list)
  .option("--golden", `write the files in ${FOLDER} anew, to be looked at as a change of theirs`);

await main(program, (terminal) => {
  const [name, words] = program.processedArgs;
  const { f16, golden } = program.opts();
  if (golden) {
    for (const file of GOLDEN) Deno.writeTextFileSync(`${FOLDER}/${file.file}.wgsl`, goldenText(file));
    terminal.say(`${GOLDEN.length} files in ${FOLDER}`);
    return;
  }
  if (name === undefined) {
    const width = Math.max(...KERNELS.map(({ name }) => name.length));
    for (const { name, given } of KERNELS) {
      terminal.print(
        `${name.padEnd(width)}  ${Object.entries(given).map((pair) => pair.join("=")).join(" ")}`,
      );
    }
    return;
  }
  const { adapters, show } = kernelNamed(name);
  const adapter = program.opts().adapter ?? adapters[0]!;
  const { code, shape, workgroup, groups, bindings } = show({
    adapter,
    given: parseShape(words),
    ...f16 && { f16 },
  });
  terminal.say(
    `${name} (${shape}) for a ${adapter}: ${groups.join("×")} workgroups of ${workgroup}; binds ${
      bindings.join(", ")
    }`,
  );
  terminal.print(code);
});

function adapterKind(text: string): AdapterKind {
  if (text === "cpu" || text === "gpu") return text;
  throw new InputError(`--adapter ${text}: expected cpu or gpu`);
}

/** `key=value` words: numbers and true or false as such, anything else as text. */
function parseShape(words: readonly string[]): Given {
  return Object.fromEntries(words.map((word) => {
    const [, key, value] = /^(\w+)=(.+)$/.exec(word) ?? [];
    if (key === undefined || value === undefined) {
      throw new InputError(`'${word}': expected key=value, such as rows=64`);
    }
    if (value === "true" || value === "false") return [key, value === "true"];
    return [key, Number.isNaN(Number(value)) ? value : Number(value)];
  }));
}
