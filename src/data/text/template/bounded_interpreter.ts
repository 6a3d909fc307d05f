/**
 * Renders parsed templates within bounds: a template comes with a downloaded model, and may loop, recurse or grow without
 * end. The library renders in one call that nothing can interrupt, so each step is counted here, before or while it is made.
 *
 * What bounds it: every node of the template costs a step; a value that is returned costs steps by its size, because
 * what is done next may look at all of it; no value may be larger than MAX_SIZE; the few operations whose result
 * can be much larger than what they are given are measured beforehand.
 *
 * @module
 */

import { Environment, Interpreter } from "@huggingface/jinja";
import { checkSize, MAX_DEPTH, MAX_SIZE, MAX_STEPS, TemplateError } from "./bounds.ts";
import { filteredSize, GROWING, replacedLength } from "./growth.ts";
import { copyOf, type Fields, Held, Measures, type Node, partOf, type Value } from "./values.ts";

/** A break or continue on its way to its loop, with what the iteration wrote before it; the library loses that. */
class LoopSignal {
  text = "";
  constructor(readonly ends: boolean) {}
}

/** Filters that take more than a look at each part. */
const SORTING = new Set(["sort", "dictsort"]);
/** What makes new values; what else is returned was there before. */
const MAKING = new Set([
  "ArrayLiteral",
  "TupleLiteral",
  "ObjectLiteral",
  "BinaryExpression",
  "CallExpression",
  "FilterExpression",
]);

/** What may be made on the way to a value; bounds are not exact. */
const MOST_MADE = 4 * MAX_SIZE;

/** An interpreter that gives up past the bounds. One rendering each. */
export class BoundedInterpreter extends Interpreter {
  #left = MAX_STEPS;
  #depth = 0;
  #parent = "";
  readonly #measures = new Measures();
  readonly #length: number;
  readonly #looksAtLoops: boolean;
  /** One value of each kind that is made here. */
  readonly #kinds: Record<"whole" | "truth" | "none" | "fields" | "text", Value>;

  /**
   * Readies one rendering.
   *
   * @param env What the template can name.
   * @param template The template's text: its length bounds what it takes to look through it once.
   */
  constructor(env: Environment, template: string) {
    super(env);
    this.#length = template.length;
    this.#looksAtLoops = template.includes("loop");
    const of = (node: Fields & { type: string }) => super.evaluate(partOf(node), env);
    const [yes, text] = [of({ type: "IntegerLiteral", value: 1 }), of({ type: "StringLiteral", value: "" })];
    this.#kinds = {
      whole: yes,
      truth: of({ type: "UnaryExpression", operator: { value: "not" }, argument: new Held(yes) }),
      none: super.evaluate(undefined, env),
      fields: of({ type: "ObjectLiteral", value: new Map() }),
      text,
    };
  }

  /** Takes steps off those that are left. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) {
      throw new TemplateError(`it takes more than ${MAX_STEPS} steps: it loops without end, or nearly so`);
    }
  }

  /** Evaluates one part of a template. */
  override evaluate(node: Node | undefined, scope: Environment): Value {
    if (node === undefined || node === null) return super.evaluate(undefined, scope);
    if (node instanceof Held) return node.value;
    if (this.#depth >= MAX_DEPTH) {
      throw new TemplateError(
        `it nests more than ${MAX_DEPTH} levels deep: a macro may call itself without end`,
      );
    }
    this.spend(1);
    const parent = this.#parent;
    this.#parent = node.type;
    this.#depth++;
    try {
      const value = this.#evaluate(node, scope);
      this.#look(value, node.type, parent);
      return value;
    } finally {
      this.#depth--;
      this.#parent = parent;
    }
  }

  #evaluate(node: Node, scope: Environment): Value {
    const fields = node as unknown as Fields;
    switch (node.type as string) {
      case "Identifier":
        return this.#lookUp(fields.value as string, scope);
      case "MemberExpression":
        return this.#member(fields, scope);
      case "FilterExpression":
        return this.#filter(this.evaluate(fields.operand as Node, scope), fields.filter as Node, scope);
      case "FilterStatement":
        return this.#filter(
          this.#text(this.#block(fields.body as Node[], scope)),
          fields.filter as Node,
          scope,
        );
      case "If": {
        const { value } = this.evaluate(fields.test as Node, scope).__bool__();
        return this.#text(this.#block((value ? fields.body : fields.alternate) as Node[], scope));
      }
      case "For":
        return this.#text(this.#loop(fields, scope));
      case "BinaryExpression":
        if ((fields.operator as Fields).value === "*") return this.#product(fields, scope);
        break;
      case "Break":
      case "Continue":
        this.spend(25);
        throw new LoopSignal((node.type as string) === "Break");
      case "Macro":
      case "CallStatement":
        this.spend(this.#length >> 3);
        break;
    }
    return super.evaluate(node, scope);
  }

  /** What some parts write, one after the other. */
  #block(nodes: readonly Node[], scope: Environment): string {
    let text = "";
    try {
      for (const node of nodes) {
        const value = this.evaluate(node, scope);
        if (typeof value.value === "object" && value.value !== null) {
          this.spend(this.#measures.of(value).work);
        }
        if (value.type !== "NullValue" && value.type !== "UndefinedValue") text += value.toString();
      }
    } catch (error) {
      if (error instanceof LoopSignal) error.text = text + error.text;
      throw error;
    }
    return text;
  }

  /** A loop, as the library's, but that what an iteration wrote stays when it is left, and that texts have letters. */
  #loop({ loopvar, iterable, body, defaultBlock }: Fields, outer: Environment): string {
    const scope = new Environment(outer);
    const select = (iterable as Node).type === "SelectExpression" ? iterable as Fields : undefined;
    const all = this.#items(this.evaluate((select?.lhs ?? iterable) as Node, scope));
    const items = select === undefined ? all : all.filter((item) => {
      const own = new Environment(scope);
      this.#assign(loopvar as Node, item, own);
      return this.evaluate(select.test as Node, own).__bool__().value;
    });
    if (items.length === 0) return this.#block(defaultBlock as Node[], scope);
    let text = "";
    for (const [i, item] of items.entries()) {
      if (this.#looksAtLoops) scope.setVariable("loop", this.#position(items, i));
      this.#assign(loopvar as Node, item, scope);
      try {
        text += this.#block(body as Node[], scope);
      } catch (error) {
        if (!(error instanceof LoopSignal)) throw error;
        text += error.text;
        if (error.ends) break;
      }
    }
    return text;
  }

  /** What `loop` is in a turn. */
  #position(items: readonly Value[], i: number): Value {
    const { whole, truth, none, fields } = this.#kinds;
    const number = (value: number) => copyOf(whole, value);
    const last = items.length - 1;
    const position = new Map<string, Value>([
      ["index", number(i + 1)],
      ["index0", number(i)],
      ["revindex", number(items.length - i)],
      ["revindex0", number(last - i)],
      ["first", copyOf(truth, i === 0)],
      ["last", copyOf(truth, i === last)],
      ["length", number(items.length)],
      ["previtem", items[i - 1] ?? none],
      ["nextitem", items[i + 1] ?? none],
    ]);
    return copyOf(fields, position);
  }

  #items({ type, value }: Value): Value[] {
    if (type === "UndefinedValue") return [];
    if (value instanceof Map) {
      this.spend(3 * value.size);
      return [...value.keys()].map((key) => this.#text(key));
    }
    if (typeof value !== "string" && !Array.isArray(value)) {
      throw new TemplateError(`it goes through ${JSON.stringify(value)} as if it were a list`);
    }
    this.spend(3 * value.length);
    return typeof value === "string" ? Array.from(value, (letter) => this.#text(letter)) : value;
  }

  #assign(target: Node, item: Value, scope: Environment): void {
    const { type, value } = target as unknown as { type: string; value: unknown };
    if (type === "Identifier") return void scope.setVariable(value as string, item);
    const [names, parts] = [value as Node[], item.value as unknown];
    if (type !== "TupleLiteral" || !Array.isArray(parts) || parts.length !== names.length) {
      throw new TemplateError("it takes apart what has more or fewer parts");
    }
    names.forEach((name, i) => this.#assign(name, parts[i], scope));
  }

  #text(value: string): Value {
    return copyOf(this.#kinds.text, value);
  }

  /** The library looks names up by throwing and catching, which is slow, and hides that the stack is full. */
  #lookUp(name: string, scope: Environment): Value {
    for (let at: Environment | undefined = scope; at !== undefined; at = at.parent) {
      const value = at.variables.get(name);
      if (value !== undefined) return value;
    }
    return super.evaluate(undefined, scope);
  }

  #member(fields: Fields, scope: Environment): Value {
    const object = this.evaluate(fields.object as Node, scope);
    const node = partOf({ ...fields, type: "MemberExpression", object: new Held(object) });
    const value = super.evaluate(node, scope);
    if (object.type !== "StringValue" || value.type !== "FunctionValue") return value;
    return this.#method(object.value as string, builtinName(object, value), value);
  }

  /** A product; a text or list by a whole number is written that often, as in Python. The library multiplies numbers alone. */
  #product(fields: Fields, scope: Environment): Value {
    const left = this.evaluate(fields.left as Node, scope),
      right = this.evaluate(fields.right as Node, scope);
    const [many, times] = left.type === "IntegerValue" ? [right, left] : [left, right];
    const { value } = many;
    if (times.type !== "IntegerValue" || (many.type !== "StringValue" && !Array.isArray(value))) {
      return super.evaluate(
        partOf({ ...fields, type: "BinaryExpression", left: new Held(left), right: new Held(right) }),
        scope,
      );
    }
    const count = Math.max(0, times.value as number);
    checkSize(count * this.#measures.of(many).size, MOST_MADE);
    return copyOf(
      many,
      typeof value === "string"
        ? value.repeat(count)
        : Array.from({ length: count }, () => value as unknown as Value[]).flat(),
    );
  }

  /** A text's method: what the library's would do, measured beforehand, or what it leaves out. */
  #method(text: string, name: string | undefined, method: Value): Value {
    const call = method.value as (args: Value[], scope: Environment) => Value;
    const wrap = (inner: (args: Value[]) => Value | undefined) =>
      copyOf(method, (args: Value[], scope: Environment) => inner(args) ?? call(args, scope));
    if (name === "replace") {
      return wrap(([from, to]) => {
        checkSize(replacedLength(text, from, to), MOST_MADE);
        return undefined;
      });
    }
    // As Python's: with an argument, the characters that are taken off the ends. The library takes off white space.
    if (name === "strip" || name === "lstrip" || name === "rstrip") {
      return wrap(([characters]) => {
        if (characters?.type !== "StringValue") return undefined;
        return copyOf(characters, strip(text, characters.value as string, name));
      });
    }
    return method;
  }

  #filter(operand: Value, filter: Node, scope: Environment): Value {
    const { callee, args } = filter as unknown as { callee?: Fields; args?: Node[] };
    const name = ((callee ?? filter) as unknown as Fields).value as string;
    let applied: unknown = filter;
    if (SORTING.has(name)) this.spend(this.#measures.of(operand).size);
    if (args !== undefined && GROWING.has(name)) {
      const named = new Map<string, Value>();
      const given: Value[] = [];
      const kept = args.map((argument) => {
        const { type, key, value } = argument as unknown as { type: string; key?: Fields; value?: Node };
        if (type.includes("Spread")) throw new TemplateError(`the filter ${name} takes no * or ** here`);
        const inner = this.evaluate(type === "KeywordArgumentExpression" ? value : argument, scope);
        if (type !== "KeywordArgumentExpression") given.push(inner);
        else named.set(key!.value as string, inner);
        return type === "KeywordArgumentExpression" ? { type, key, value: new Held(inner) } : new Held(inner);
      });
      checkSize(filteredSize(name, operand, given, named, this.#measures), MOST_MADE);
      applied = { ...filter as unknown as Fields, type: "CallExpression", callee, args: kept };
    }
    const node = partOf({ type: "FilterExpression", operand: new Held(operand), filter: applied });
    return super.evaluate(node, scope);
  }

  /** Takes steps for a value by its size, and refuses what is too large. */
  #look(value: Value, type: string, parent: string): void {
    if (value.type === "StringValue") {
      const { length } = value.value as string;
      checkSize(length);
      this.spend(length >> 4);
      return;
    }
    if (typeof value.value !== "object" || value.value === null) return;
    const made = MAKING.has(type);
    // One field or item of a large value is found without looking at the rest, and loops are counted by their turns.
    if (!made && (parent === "MemberExpression" || parent === "For")) return;
    const { size, work } = this.#measures.of(value);
    checkSize(size);
    this.spend(work);
  }
}

function builtinName(object: Value, method: Value): string | undefined {
  for (const [name, value] of object.builtins) if (value === method) return name;
  return undefined;
}

function strip(text: string, characters: string, name: "strip" | "lstrip" | "rstrip"): string {
  const set = new Set(characters);
  const letters = Array.from(text);
  let from = 0, to = letters.length;
  if (name !== "rstrip") { while (from < to && set.has(letters[from]!)) from++; }
  if (name !== "lstrip") { while (to > from && set.has(letters[to - 1]!)) to--; }
  return letters.slice(from, to).join("");
}
