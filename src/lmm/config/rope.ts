/** Scaling of rotary positions. @module */
import { ROPE_TYPES, type RopeScaling } from "../../ops/embedding/rope.ts";
import { Fields } from "./fields.ts";

/**
 * Reads how rotary positions turn: `rope_parameters`, or `rope_theta` and `rope_scaling` of older files.
 *
 * @param text The section of the language model.
 * @param positions Its longest sequence.
 * @returns Base of the frequencies, and how they are scaled.
 * @throws {InputError} If the scaling is of a kind that is not here.
 */
export function readRope(text: Fields, positions: number): { theta: number; scaling: RopeScaling } {
  const theta = text.get("rope_theta");
  const parameters = text.get("rope_parameters"), older = text.get("rope_scaling");
  const name = parameters === undefined ? "rope_scaling" : "rope_parameters";
  const rope = new Fields(parameters ?? older ?? {}, `text_config: ${name}`);
  const former = rope.get("type");
  const type = rope.word("rope_type", ROPE_TYPES, (former ?? "default") as "default");
  rope.only("partial_rotary_factor", 1);
  const base = rope.number("rope_theta", typeof theta === "number" ? theta : 10_000);
  if (!(base > 0)) throw rope.error(`rope_theta must be above 0, found ${base}`);
  const read = (): RopeScaling => {
    if (type === "default") return { type };
    const factor = rope.number("factor", 0);
    if (!(factor >= 1)) {
      throw rope.error(`factor must be a number of at least 1, found ${JSON.stringify(rope.get("factor"))}`);
    }
    if (type === "linear") return { type, factor };
    const low = rope.number("low_freq_factor", 1), high = rope.number("high_freq_factor", 4);
    if (!(low > 0 && high > low)) {
      throw rope.error(`expected 0 < low_freq_factor < high_freq_factor, found ${low} and ${high}`);
    }
    return { type, factor, low, high, original: rope.whole("original_max_position_embeddings", positions) };
  };
  const scaling = read();
  rope.done(["original_max_position_embeddings", "max_position_embeddings"]);
  return { theta: base, scaling };
}
