/** What case.json holds: the numbers of a stored training. @module */
import { InputError } from "../errors.ts";

/** The numbers of a stored case. */
export interface CaseFacts {
  /** Σ w·nll / Σ w of the first step, in nats. */
  loss: number;
  /** The loss of each step of AdamW; none where no steps were stored. */
  losses: number[];
  /** The gradient's norm before clipping, of each step. */
  gradNorms: number[];
  /** Learning rate of each step, where they were stored. */
  rates?: number[];
  /** The highest learning rate. */
  lr: number;
  /** Steps over which it rises; then it falls to 0 along a cosine, which it reaches after the last step. */
  warmup: number;
  /** AdamW's decay rates. */
  betas: [number, number];
  /** Weight decay of matrices. */
  weightDecay: number;
  /** Largest norm of the gradient. */
  clip: number;
  /** The likeliest tokens after each row. */
  greedy: number[][];
}

/**
 * Reads case.json.
 *
 * @param text What the file holds.
 * @param file Its name, for messages.
 * @throws {InputError} If it is not JSON or a field is missing or of the wrong kind.
 */
export function parseCaseFacts(text: string, file: string): CaseFacts {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: expected JSON, found: ${(error as Error).message}`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new InputError(
      `${file}: expected an object with loss, losses, gradNorms and so on, found ${show(json)}`,
    );
  }
  const facts = json as Record<string, unknown>;
  const need = (field: string, expected: string, good: (value: unknown) => boolean) => {
    if (!good(facts[field])) {
      throw new InputError(`${file}: ${field}: expected ${expected}, found ${show(facts[field])}`);
    }
  };
  need("loss", "a number", isNumber);
  need("losses", "a number a step (none where no steps were stored)", isNumbers);
  const { length } = facts.losses as number[];
  need("gradNorms", `${length} numbers, as many as losses`, (x) => isNumbers(x) && x.length === length);
  if (facts.rates !== undefined) {
    need("rates", `${length} numbers, as many as losses`, (x) => isNumbers(x) && x.length === length);
  }
  need("lr", "a number", isNumber);
  need("warmup", "a number of steps", (x) => Number.isInteger(x) && x as number >= 0);
  need("betas", "two numbers", (x) => isNumbers(x) && x.length === 2);
  need("weightDecay", "a number", isNumber);
  need("clip", "a number", isNumber);
  need("greedy", "a list of token ids a row", (x) => Array.isArray(x) && x.every(isIds));
  return json as CaseFacts;
}

/** Whether a value is a list of token ids. */
export function isIds(value: unknown): value is number[] {
  return isNumbers(value) && value.every((id) => Number.isInteger(id) && id >= 0);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isNumber);
}

/** A value in a message, cut short. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
