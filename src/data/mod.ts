export * from "./build_tokenizer.ts";
export * from "./conversation.ts";
export * from "./tokenizer.ts";
export type * from "./types.ts";
export * from "./png.ts";
export * from "./image.ts";
export * from "./preprocess.ts";
