/**
 * The few lines of text work that let one WGSL file serve many shapes: loops are unrolled and branches are
 * chosen in the source, before the shader compiler sees it.
 *
 * - `//#if NAME`, `//#else`, `//#end` keep lines by a constant (0 is false);
 * - `//#repeat i COUNT`, `//#end` repeat lines with `${i}` = 0, 1, … (COUNT is a number or a constant's name);
 * - `${NAME}` stands for a constant's value, `${4 * j + 1}` for that of an integer expression.
 *
 * @module
 */

/** Constants of one expansion, by name. */
export type Constants = Readonly<Record<string, number>>;

/**
 * Expands a WGSL template.
 *
 * @param text The template.
 * @param constants The value of every name that the template uses.
 * @returns Plain WGSL.
 * @throws {Error} If a name has no value or a block is not closed.
 *
 * @example Unrolling
 * ```ts
 * import { expand } from "./template.ts";
 * const wgsl = expand("//#repeat i N\nlet a${i} = x[${i}];\n//#end", { N: 2 });
 * if (wgsl !== "let a0 = x[0];\nlet a1 = x[1];") throw new Error(wgsl);
 * ```
 */
export function expand(text: string, constants: Constants): string {
  const lines = text.split("\n");
  const out: string[] = [];
  const end = block(lines, 0, constants, out);
  if (end !== lines.length) throw new Error(`template: line ${end + 1}: //#end or //#else without a block`);
  return out.join("\n");
}

/** Expands lines from `at` up to the end of the block it stands in; returns the index of the closing line. */
function block(lines: string[], at: number, constants: Constants, out: string[]): number {
  while (at < lines.length) {
    const line = lines[at]!;
    const directive = /^\s*\/\/#(\w+)\s*(\w*)\s*(\w*)/.exec(line);
    if (!directive) {
      out.push(substitute(line, constants, at));
      at++;
      continue;
    }
    const [, word, first = "", second = ""] = directive;
    if (word === "end" || word === "else") return at;
    if (word === "repeat") {
      const count = value(second, constants, at);
      let close = block(lines, at + 1, { ...constants, [first]: 0 }, []);
      for (let i = 0; i < count; i++) close = block(lines, at + 1, { ...constants, [first]: i }, out);
      at = closed(lines, close, at);
    } else if (word === "if") {
      const chosen = value(first, constants, at) !== 0;
      let close = block(lines, at + 1, constants, chosen ? out : []);
      if (/^\s*\/\/#else/.test(lines[close] ?? "")) {
        close = block(lines, close + 1, constants, chosen ? [] : out);
      }
      at = closed(lines, close, at);
    } else {
      throw new Error(`template: line ${at + 1}: unknown directive //#${word}`);
    }
  }
  return at;
}

function closed(lines: string[], close: number, open: number): number {
  if (close >= lines.length) throw new Error(`template: line ${open + 1}: block is not closed by //#end`);
  return close + 1;
}

function value(word: string, constants: Constants, at: number): number {
  const number = /^\d+$/.test(word) ? Number(word) : constants[word];
  if (number === undefined) throw new Error(`template: line ${at + 1}: no value for ${word}`);
  return number;
}

function substitute(line: string, constants: Constants, at: number): string {
  return line.replace(/\$\{([^}]+)\}/g, (_, text: string) => String(evaluate(text, constants, at)));
}

/** Evaluates an integer expression of names, numbers, + - * / % and parentheses. */
function evaluate(text: string, constants: Constants, at: number): number {
  const words = text.match(/\w+|[-+*/%()]/g) ?? [];
  let next = 0;
  const atom = (): number => {
    const word = words[next++] ?? "";
    if (word !== "(") return value(word, constants, at);
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
  if (next !== words.length) throw new Error(`template: line ${at + 1}: cannot read \${${text}}`);
  return result;
}
