/**
 * The few lines of text work that let one WGSL file serve many shapes: loops are unrolled and branches are
 * chosen in the source, before the shader compiler sees it.
 *
 * - `//#if NAME`, `//#if !NAME`, `//#elif NAME`, `//#else`, `//#end NAME` keep lines by constants (0 is false);
 * - `//#repeat i COUNT`, `//#end i` repeat lines with `${i}` = 0, 1, … (COUNT is a number or a constant's name);
 * - `//#include NAME` stands for the lines of a block; a second one of the same block for nothing;
 * - `${NAME}` stands for a constant's value, `${4 * j + 1}` for that of an integer expression.
 *
 * `end` names what was opened last, and no branch is empty: a reader need not count.
 *
 * @module
 */

/** Constants of one expansion, by name. */
export type Constants = Readonly<Record<string, number>>;

/** Where a line was written. */
export interface Place {
  /** The file. */
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
}

/** A template's lines once expanded, and where each of them was written. */
export interface Expansion {
  /** Plain WGSL. */
  readonly lines: string[];
  /** Of each line. */
  readonly places: Place[];
}

/** Options of {@linkcode expandLines}. */
export interface ExpandOptions {
  /** The template's file, for messages; default "template". */
  file?: string;
  /** Text and file of a block that `//#include` names; undefined where there is none. */
  block?: (name: string) => { file: string; text: string } | undefined;
}

interface Branch {
  /** A constant's name; undefined for `else`. */
  condition: string | undefined;
  negated: boolean;
  body: Node[];
}

type Node =
  & { place: Place }
  & (
    | { kind: "line"; text: string }
    | { kind: "if"; branches: Branch[] }
    | { kind: "repeat"; name: string; count: string; body: Node[] }
  );

/**
 * Expands a WGSL template.
 *
 * @param text The template.
 * @param constants The value of every name that the template uses.
 * @returns Plain WGSL.
 * @throws {Error} If a name has no value, a block is not closed by its name, or a branch is empty: with file and line.
 *
 * @example Unrolling
 * ```ts
 * import { expand } from "./template.ts";
 * const wgsl = expand("//#repeat i N\nlet a${i} = x[${i}];\n//#end i", { N: 2 });
 * if (wgsl !== "let a0 = x[0];\nlet a1 = x[1];") throw new Error(wgsl);
 * ```
 */
export function expand(text: string, constants: Constants): string {
  return expandLines(text, constants).lines.join("\n");
}

/** Like {@linkcode expand}, with blocks to include, and with the place of every line. */
export function expandLines(text: string, constants: Constants, options: ExpandOptions = {}): Expansion {
  const out: Expansion = { lines: [], places: [] };
  write(parse(text, options), constants, out);
  return out;
}

function fail({ file, line }: Place, message: string): never {
  throw new Error(`${file}:${line}: ${message}`);
}

const DIRECTIVE = /^\s*\/\/#(\w+)\s*(.*?)\s*$/;

/** Reads a template into lines, branches and repetitions. */
function parse(text: string, { file = "template", block = () => undefined }: ExpandOptions): Node[] {
  const included = new Set<string>();
  const body: Node[] = [];
  parseFile(text, file, body);
  return body;

  function parseFile(text: string, file: string, into: Node[]) {
    // What is open, innermost last: a branch or a repetition, and the name that closes it.
    const open: { name: string; node: Node; body: Node[] }[] = [];
    const here = () => open.at(-1)?.body ?? into;
    const begin = (name: string, node: Node, body: Node[]) => {
      here().push(node);
      open.push({ name, node, body });
    };
    const branch = (place: Place, word: string, rest: string): Branch => {
      const [, not, condition] = /^(!?)(\w+)$/.exec(rest) ??
        fail(place, `expected //#${word} NAME or //#${word} !NAME, found //#${word} ${rest}`);
      return { condition, negated: not === "!", body: [] };
    };
    const filled = (place: Place, found: string) => {
      if (here().length === 0) {
        fail(place, `${found} follows an empty branch: leave it out, or turn the condition with !`);
      }
    };
    text.split("\n").forEach((line, i) => {
      const place = { file, line: i + 1 };
      const [, word, rest = ""] = DIRECTIVE.exec(line) ?? [];
      const top = open.at(-1);
      if (word === undefined) {
        here().push({ kind: "line", text: line, place });
      } else if (word === "if") {
        const first = branch(place, word, rest);
        begin(first.condition!, { kind: "if", branches: [first], place }, first.body);
      } else if (word === "elif" || word === "else") {
        if (top?.node.kind !== "if") fail(place, `//#${word} without an //#if`);
        filled(place, `//#${word}`);
        if (top.node.branches.at(-1)!.condition === undefined) fail(place, `//#${word} after //#else`);
        const next = word === "elif"
          ? branch(place, word, rest)
          : { condition: undefined, negated: false, body: [] };
        top.node.branches.push(next);
        top.body = next.body;
      } else if (word === "repeat") {
        const [, name, count] = /^(\w+)\s+(\w+)$/.exec(rest) ??
          fail(place, `expected //#repeat NAME COUNT, found //#repeat ${rest}`);
        const body: Node[] = [];
        begin(name!, { kind: "repeat", name: name!, count: count!, body, place }, body);
      } else if (word === "end") {
        if (!top) fail(place, "//#end without a block");
        if (rest !== top.name) {
          fail(place, `expected //#end ${top.name} for line ${top.node.place.line}, found //#end ${rest}`);
        }
        filled(place, "//#end");
        open.pop();
      } else if (word === "include") {
        if (included.has(rest)) return;
        included.add(rest);
        const found = block(rest) ?? fail(place, `there is no block ${rest} to include`);
        parseFile(found.text.replace(/\n$/, ""), found.file, here());
      } else fail(place, `unknown directive //#${word}`);
    });
    const last = open.at(-1);
    if (last) fail(last.node.place, `block is not closed by //#end ${last.name}`);
  }
}

/** Writes nodes; also looks through what is not chosen, so that a name without a value shows whatever the shape. */
function write(nodes: readonly Node[], constants: Constants, out: Expansion) {
  for (const node of nodes) {
    const { place } = node;
    if (node.kind === "line") {
      out.lines.push(substitute(node.text, constants, place));
      out.places.push(place);
    } else if (node.kind === "repeat") {
      const count = value(node.count, constants, place);
      if (count === 0) write(node.body, { ...constants, [node.name]: 0 }, { lines: [], places: [] });
      for (let i = 0; i < count; i++) write(node.body, { ...constants, [node.name]: i }, out);
    } else {
      let chosen = false;
      for (const { condition, negated, body } of node.branches) {
        const holds = condition === undefined || (value(condition, constants, place) !== 0) !== negated;
        write(body, constants, holds && !chosen ? out : { lines: [], places: [] });
        chosen ||= holds;
      }
    }
  }
}

function value(word: string, constants: Constants, place: Place): number {
  const number = /^\d+$/.test(word) ? Number(word) : constants[word];
  if (number === undefined) fail(place, `no value for ${word}`);
  return number;
}

function substitute(line: string, constants: Constants, place: Place): string {
  return line.replace(/\$\{([^}]+)\}/g, (_, text: string) => String(evaluate(text, constants, place)));
}

/** Evaluates an integer expression of names, numbers, + - * / % and parentheses. */
function evaluate(text: string, constants: Constants, place: Place): number {
  const words = text.match(/\w+|[-+*/%()]/g) ?? [];
  let next = 0;
  const atom = (): number => {
    const word = words[next++] ?? "";
    if (word !== "(") return value(word, constants, place);
    const inner = sum();
    next++; // the closing parenthesis
    return inner;
  };
  const product = (): number => {
    let left = atom();
    while (/^[*/%]$/.test(words[next] ?? "")) {
      const operator = words[next++], right = atom();
      left = operator === "*" ? left * right : operator === "/" ? Math.floor(left / right) : left % right;
    }
    return left;
  };
  const sum = (): number => {
    let left = product();
    while (/^[-+]$/.test(words[next] ?? "")) left += (words[next++] === "+" ? 1 : -1) * product();
    return left;
  };
  const result = sum();
  if (next !== words.length) fail(place, `cannot read \${${text}}`);
  return result;
}
