// Every word of the glossary leads to the symbol that bears it.

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { filesBelow, read, withoutComments } from "./_sources.ts";
import { needs } from "./permissions.ts";

const test = needs("read");

const ENTRY = /^- \*\*([^*]+)\*\*: .+: \[`([^`]+)`\]\(([^)]+)\)$/;

test("every word of docs/glossary.md leads to its symbol", () => {
  const files = new Set(filesBelow("src", "tasks", "kernels"));
  const lines = read("docs/glossary.md").split("\n").filter((line) => line.startsWith("- "));
  assert(lines.length > 40);
  const wrong = lines.flatMap((line) => {
    const [, word, symbol, link] = line.match(ENTRY) ?? [];
    if (!link) return [`"${line}": expected - **word**: meaning: [\`symbol\`](../path)`];
    const path = join("docs", link).replaceAll("\\", "/");
    if (!files.has(path)) return [`${word}: there is no ${path}; where is ${symbol} now?`];
    const words: string[] = withoutComments(read(path)).match(/[\w$]+/g) ?? [];
    return words.includes(symbol!) ? [] : [`${word}: ${path} holds no ${symbol}; what is it called now?`];
  });
  assertEquals(wrong, [], "mend docs/glossary.md");
});

test("a word stands once in docs/glossary.md", () => {
  const words = read("docs/glossary.md").split("\n").map((line) => line.match(ENTRY)?.[1]).filter((w) => w);
  assertEquals(words.filter((word, i) => words.indexOf(word) !== i), []);
});
