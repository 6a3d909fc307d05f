/** The families of models, by config.json's model_type. Another one is a file here and a line below. @module */
import type { Family } from "./family.ts";
import { idefics3 } from "./idefics3.ts";
import { llava } from "./llava.ts";

export type { Family, FamilyNames } from "./family.ts";

/** Every family. SmolVLM is Idefics3's graph under another name. */
export const FAMILIES: Readonly<Record<string, Family>> = { llava, idefics3, smolvlm: idefics3 };
