/** Language models: what a config.json says of them. @module */
import type { RopeScaling } from "../../ops/embedding/rope.ts";
import type { Fields } from "./fields.ts";
import { readRope } from "./rope.ts";

/** A decoder of Llama's kind. Names and meanings are Hugging Face's, but for the last ones. */
export interface TextConfig {
  /** Tokens. */
  vocab_size: number;
  /** Width of a token. */
  hidden_size: number;
  /** Width inside the MLP. */
  intermediate_size: number;
  /** Layers. */
  num_hidden_layers: number;
  /** Query heads of a layer. */
  num_attention_heads: number;
  /** Key-value heads of a layer; divides the query heads. */
  num_key_value_heads: number;
  /** Values of a head; even. */
  head_dim: number;
  /** Longest sequence, in tokens. */
  max_position_embeddings: number;
  /** Added to the mean square under RMSNorm's root. */
  rms_norm_eps: number;
  /** Base of the rotary frequencies. */
  rope_theta: number;
  /** How these are scaled. */
  rope_scaling: RopeScaling;
  /** Whether the final projection is the table of token embeddings. */
  tie_word_embeddings: boolean;
  /** Which projections of the attention have biases. */
  attention_bias: "none" | "qkv" | "all";
  /** Whether the projections of the MLP have biases. */
  mlp_bias: boolean;
  /**
   * The token whose embedding is never trained: PyTorch's padding_idx, which `transformers` takes from pad_token_id. Its
   * row gets no gradient even where the token is real.
   */
  padding: number | undefined;
}

/** What kinds of language models differ in. */
interface Kind {
  vocab: number;
  mlp: number;
  keyValueHeads: number | undefined;
  positions: number;
  /** Whether `attention_bias` and `mlp_bias` are read, or which biases there always are. */
  bias: "asked" | "none" | "qkv";
}

const KINDS: Readonly<Record<string, Kind>> = {
  llama: { vocab: 32_000, mlp: 11_008, keyValueHeads: undefined, positions: 2048, bias: "asked" },
  mistral: { vocab: 32_000, mlp: 14_336, keyValueHeads: 8, positions: 131_072, bias: "none" },
  qwen2: { vocab: 151_936, mlp: 22_016, keyValueHeads: 32, positions: 32_768, bias: "qkv" },
};

/** Fields of versions and projects that change nothing. */
const HARMLESS = [
  // Of Qwen2 where no window slides.
  ...["max_window_layers", "layer_types"],
  // Of SmolVLM's files, for layers that it does not have.
  ...[
    "is_llama_config",
    "perceiver_config",
    "pixel_shuffle_factor",
    "qk_layer_norms",
    "use_resampler",
  ],
];

/**
 * Reads the section of a language model.
 *
 * @param from The section.
 * @param options `eps` where the section leaves it out; `tied` what the rest of the file says of tying, which decides
 * alone if `tiedBySection` is false.
 * @throws {InputError} If it is of a kind that is not here, or a field is of the wrong kind, unknown, or does not fit.
 */
export function readText(
  from: Fields,
  options: { eps: number; tied: boolean; tiedBySection: boolean },
): TextConfig {
  const name = from.word("model_type", Object.keys(KINDS), "llama");
  const kind = KINDS[name]!;
  from.word("hidden_act", ["silu", "swish"], "silu");
  const heads = from.whole("num_attention_heads", 32), width = from.whole("hidden_size", 4096);
  // Beyond its window a model of this kind would have to forget: up to there nothing differs.
  const window = readWindow(from, name);
  const positions = from.whole("max_position_embeddings", kind.positions);
  const rope = readRope(from, positions);
  const padding = from.get("pad_token_id") === undefined ? undefined : from.number("pad_token_id", -1);
  const vocabulary = from.whole("vocab_size", kind.vocab);
  const config: TextConfig = {
    vocab_size: vocabulary,
    hidden_size: width,
    intermediate_size: from.whole("intermediate_size", kind.mlp),
    num_hidden_layers: from.layers(32),
    num_attention_heads: heads,
    num_key_value_heads: from.whole("num_key_value_heads", kind.keyValueHeads ?? heads),
    head_dim: from.whole("head_dim", width / heads),
    max_position_embeddings: Math.min(positions, window),
    rms_norm_eps: from.number("rms_norm_eps", options.eps),
    rope_theta: rope.theta,
    rope_scaling: rope.scaling,
    tie_word_embeddings: (options.tiedBySection && from.flag("tie_word_embeddings", false)) || options.tied,
    attention_bias: kind.bias === "asked" ? (from.flag("attention_bias", false) ? "all" : "none") : kind.bias,
    mlp_bias: kind.bias === "asked" && from.flag("mlp_bias", false),
    // Counted from the end where it is below 0, as PyTorch does.
    padding: padding !== undefined && padding < 0 ? vocabulary + padding : padding,
  };
  from.done(HARMLESS);
  if (config.head_dim % 2 !== 0) {
    throw from.error(`head_dim must be even, since RoPE turns pairs, found ${config.head_dim}`);
  }
  if (heads % config.num_key_value_heads !== 0) {
    throw from.error(`${config.num_key_value_heads} key-value heads do not divide ${heads} heads`);
  }
  return config;
}

/** The longest stretch that a token sees; Infinity where it sees all. */
function readWindow(from: Fields, kind: string): number {
  const size = from.get("sliding_window") === undefined ? Infinity : from.whole("sliding_window", 4096);
  if (kind === "mistral") return "sliding_window" in from.json ? size : 4096;
  return from.flag("use_sliding_window", false) ? size : Infinity;
}
