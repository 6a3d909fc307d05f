/**
 * VQA accuracy: how many people gave the same answer.
 *
 * @module
 */

/** With the apostrophes that people leave out. */
const CONTRACTIONS =
  `ain't aren't can't could've couldn't couldn't've didn't doesn't don't hadn't hadn't've hasn't
  haven't he'd he'd've he's how'd how'll how's isn't it'd it'd've it'll ma'am mightn't mightn't've might've mustn't
  must've needn't not've o'clock oughtn't 'ow's'at shan't she'd've should've shouldn't shouldn't've somebody'd've
  somebody'll somebody's someone'd someone'd've someone'll someone's something'd something'd've something'll that's
  there'd there'd've there're there's they'd they'd've they'll they're they've 'twas wasn't we'd've we've weren't
  what'll what're what's what've when's where'd where's where've who'd who'd've who'll who's who've why'll why're
  why's won't would've wouldn't wouldn't've y'all y'all'll y'all'd've you'd you'd've you'll you're you've`
    .split(/\s+/);

const NUMBER_WORDS = "zero one two three four five six seven eight nine ten".split(" ");
const ARTICLES = new Set(["a", "an", "the"]);
const PUNCTUATION = Array.from(';/[]"{}()=+\\_-><@`,?!');

/** A word as it is compared, for words that change. */
const WORDS = new Map([
  // Whatever single apostrophe was left out, it is put back.
  ...CONTRACTIONS.flatMap((word) =>
    Array.from(
      word.matchAll(/'/g),
      ({ index }) => [word.slice(0, index) + word.slice(index + 1), word] as const,
    )
  ),
  ["somebody'd", "somebodyd"] as const, // the official table has this one the other way round
  ...NUMBER_WORDS.map((word, i) => [word, String(i)] as const),
  ["none", "0"] as const,
]);

/** People whose agreement makes an answer wholly right. */
const ENOUGH = 3;

/**
 * An answer as VQA compares it (Antol et al., VQA: Visual Question Answering, 2015, official evaluation). In this
 * order:
 *
 * 1. Line breaks and tabs become spaces; spaces at the ends go.
 * 2. Each of `` ; / [ ] " { } ( ) = + \ _ - > < @ ` , ? ! `` goes if it touches a space anywhere in the answer, or if a
 *    comma stands between two digits anywhere in it; else it becomes a space.
 * 3. A full stop goes unless a digit follows it.
 * 4. Lower case. "zero" to "ten" and "none" become digits; "a", "an" and "the" go; contractions get the apostrophe
 *    that was left out ("dont", "wouldn'tve"); runs of spaces become one.
 *
 * The official script leaves steps 2 to 4 out where all people gave the very same answer. Here they are always taken,
 * as the challenge's server and most tools do, so that "Yes." is not wrong because everybody said "yes".
 *
 * @param text The answer.
 * @returns Its normal form.
 *
 * @example
 * ```ts
 * import { normalizeVqa } from "./vqa_accuracy.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(normalizeVqa("The two dogs."), "2 dogs");
 * assertEquals(normalizeVqa("It dont cost $1,000!"), "it don't cost $1000");
 * assertEquals(normalizeVqa("red/white"), "red white");
 * assertEquals(normalizeVqa("3.5 m."), "3.5 m");
 * ```
 */
export function normalizeVqa(text: string): string {
  const input = text.replace(/[\n\t]/g, " ").trim();
  const thousands = /\d,\d/.test(input);
  let plain = input;
  for (const sign of PUNCTUATION) {
    const gone = thousands || input.includes(sign + " ") || input.includes(" " + sign);
    plain = plain.replaceAll(sign, gone ? "" : " ");
  }
  const words = plain.replace(/\.(?!\d)/g, "").toLowerCase().split(/\s+/);
  return words.filter((word) => word !== "" && !ARTICLES.has(word)).map((word) => WORDS.get(word) ?? word)
    .join(" ");
}

/**
 * VQA accuracy of an answer (Antol et al., VQA: Visual Question Answering, 2015, official evaluation).
 *
 * ```
 * accuracy = mean over the n people p of  min(matches among the others than p / t, 1),   t = min(3, n − 1)
 *          = (m · min(m − 1, t) + (n − m) · min(m, t)) / (n · t)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | n | answers that people gave to the question; VQA has ten |
 * | m | how many of them equal the model's, both after {@linkcode normalizeVqa} |
 * | t | matches that make an answer wholly right |
 *
 * With ten answers an answer that 0, 1, 2, 3, 4 or more people gave scores 0, 0.3, 0.6, 0.9, 1. The definition speaks
 * of ten; below four answers, t is what is left when one is taken out, so that an answer that all gave always scores
 * 1. With a single reference nobody can be left out: equal is 1, else 0.
 *
 * @param prediction The model's answer.
 * @param references The answers of people, one each, equal ones too.
 * @returns From 0 to 1.
 * @throws {RangeError} If there is no reference.
 *
 * @example
 * ```ts
 * import { vqaAccuracy } from "./vqa_accuracy.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const ten = ["red", "red", "Red.", "dark red", "brown", "brown", "maroon", "wine", "pink", "orange"];
 * assertEquals(vqaAccuracy("red", ten), 0.9);
 * assertEquals(vqaAccuracy("a brown", ten), 0.6);
 * assertEquals(vqaAccuracy("blue", ten), 0);
 * ```
 */
export function vqaAccuracy(prediction: string, references: readonly string[]): number {
  const n = references.length;
  if (n === 0) throw new RangeError("vqaAccuracy: expected one reference or more, found none");
  const said = normalizeVqa(prediction);
  const m = references.filter((reference) => normalizeVqa(reference) === said).length;
  if (n === 1) return m;
  const t = Math.min(ENOUGH, n - 1);
  return (m * Math.min(m - 1, t) + (n - m) * Math.min(m, t)) / (n * t);
}
