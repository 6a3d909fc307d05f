/**
 * A chat template, rendered as `transformers` does.
 *
 * @module
 */

import { Environment, parse, tokenize } from "@huggingface/jinja";
import { InputError } from "../../../errors.ts";
import { BoundedInterpreter } from "./bounded_interpreter.ts";
import { MAX_DEPTH, MAX_RANGE, TemplateError } from "./bounds.ts";
import { strftime } from "./strftime.ts";

/** Characters of the longest template; what public models have is shorter than 40,000. */
export const MAX_TEMPLATE = 1 << 18;
/** White space in one run; the library takes time with its square. */
const MAX_WHITE_SPACE = 512;
/** A block's tag, for which the library has no word. */
const GENERATION = /\{%([-+]?)\s{0,99}(end)?generation\s{0,99}([-+]?)%\}/g;
/** What the marks of {@linkcode Marks} are called inside a template. */
const [BEGIN, END] = ["generation_begins_", "generation_ends_"];

/** Characters that mark what is trained, one each; found nowhere in what is rendered. */
export interface Marks {
  /** Stands where a `{% generation %}` block begins. */
  begin: string;
  /** Stands where it ends. */
  end: string;
}

/** A template that was read. */
export interface ChatTemplate {
  /** Whether it says what is trained, by `{% generation %}` blocks. */
  readonly marksAnswers: boolean;
  /**
   * Renders it.
   *
   * @param values What it can name: messages, add_generation_prompt and so on.
   * @param marks What is written where blocks of trained text begin and end.
   * @returns The text.
   * @throws {TemplateError} If the template refuses what it is given, cannot be carried out, or goes past its bounds.
   */
  render(values: Readonly<Record<string, unknown>>, marks: Marks): string;
}

/**
 * Reads a chat template: Jinja with trim_blocks and lstrip_blocks, `{% generation %}` blocks, loop controls,
 * `raise_exception`, `strftime_now` and `tojson`.
 *
 * @param text The template.
 * @param file Where it is from, for messages.
 * @returns The template.
 * @throws {InputError} If it is too long, or no template.
 *
 * @example Rendering
 * ```ts
 * import { readTemplate } from "./chat_template.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const template = readTemplate("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}", "chat_template.jinja");
 * const messages = [{ role: "user", content: "Hello" }];
 * assertEquals(template.render({ messages }, { begin: "<", end: ">" }), "user: Hello\n");
 * ```
 */
export function readTemplate(text: string, file: string): ChatTemplate {
  if (text.length > MAX_TEMPLATE) {
    throw new InputError(
      `${file}: expected a chat template of at most ${MAX_TEMPLATE} characters, found ${text.length}`,
    );
  }
  let marksAnswers = false;
  // Two blocks in the place of one tag, so that white space around it is trimmed as around any other.
  const marked = text.replace(GENERATION, (_, left, end, right) => {
    marksAnswers = true;
    return `{%${left} if true %}{{ ${end ? END : BEGIN} }}{% endif ${right}%}`;
  });
  if (new RegExp(`\\s{${MAX_WHITE_SPACE}}`).test(marked)) {
    throw new InputError(
      `${file}: expected a chat template, found a run of over ${MAX_WHITE_SPACE} spaces or line feeds`,
    );
  }
  let program: ReturnType<typeof parse>;
  try {
    program = parse(tokenize(marked, { trim_blocks: true, lstrip_blocks: true }));
  } catch (error) {
    throw new InputError(`${file}: expected a Jinja template, found an error in it: ${parseMessage(error)}`);
  }
  const base = new Environment();
  for (const [name, value] of Object.entries(GLOBALS)) base.set(name, value);
  return {
    marksAnswers,
    render(values, { begin, end }) {
      const env = new Environment(base);
      for (const [name, value] of Object.entries({ [BEGIN]: begin, [END]: end, ...values })) {
        env.set(name, value);
      }
      const interpreter = new BoundedInterpreter(env, marked);
      try {
        return String(interpreter.run(program).value);
      } catch (error) {
        if (error instanceof TemplateError) throw error;
        const { message } = error as Error;
        throw new TemplateError(
          error instanceof RangeError
            ? `it nests more than ${MAX_DEPTH} levels deep, or grows without end`
            : message,
        );
      }
    },
  };
}

function parseMessage(error: unknown): string {
  const { message } = error as Error;
  if (error instanceof RangeError) return "it nests too deeply";
  // Past the last token the library reads fields of nothing.
  return error instanceof TypeError ? "it ends inside a block or an expression" : message;
}

/** What every template can name. */
const GLOBALS: Readonly<Record<string, unknown>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
  tools: null,
  documents: null,
  range,
  raise_exception(message: unknown) {
    throw new TemplateError(typeof message === "string" ? message : "without a word");
  },
  strftime_now: (format: unknown) => strftime(new Date(), String(format)),
};

function range(...given: unknown[]): number[] {
  if (given.length < 1 || given.length > 3 || !given.every(Number.isInteger)) {
    throw new TemplateError("range() takes one to three whole numbers");
  }
  const [start, stop, step = 1] = (given.length === 1 ? [0, given[0]] : given) as [number, number, number?];
  if (step === 0) throw new TemplateError("range() takes a step other than 0");
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > MAX_RANGE) {
    throw new TemplateError(`it asks for a range of ${length} numbers; at most ${MAX_RANGE} are given`);
  }
  return Array.from({ length }, (_, i) => start + i * step);
}
