/** What a family of models is. @module */
import type { LmmConfig } from "../config/lmm_config.ts";
import type { Fields } from "../config/fields.ts";

/** Prefixes of the names that parameters have in a checkpoint. */
export interface FamilyNames {
  /** The vision tower. */
  vision: string;
  /** The connector. */
  projector: string;
  /** The language model without its head. */
  language: string;
  /** The matrix that gives logits. */
  head: string;
}

/** A family: models whose config.json has one model_type. */
export interface Family {
  /** Names as checkpoints of the family have them on disk; a model made here is saved with them. */
  readonly names: FamilyNames;
  /**
   * Reads the family's config.json.
   *
   * @throws {InputError} If a field cannot be used.
   */
  config(root: Fields): Omit<LmmConfig, "json">;
  /**
   * One spelling for the names that versions of `transformers` give to the same parameter.
   *
   * @param name A name in any layout.
   * @returns The name with the prefixes of `names`; a name that belongs to none of them stays.
   */
  plainName(name: string): string;
  /**
   * The name that a parameter has in a model of `transformers` 5 in memory, which is what PEFT writes.
   *
   * @param name A name with the prefixes of `names`.
   */
  moduleName(name: string): string;
}
