"""Opens a folder as people do, and compares its logits with a stored case's.

    python test/reference/open_saved.py FOLDER [CASE] [--processor]

FOLDER is a checkpoint, CASE a folder of test/fixtures (or another with a case.safetensors) whose parameters it should
have. Nothing of the folder is edited: AutoModelForImageTextToText must take every tensor and miss none. With --processor
AutoProcessor must open it too, and its chat template, where there is one, must render. Exit code 1 says that something is off.

Made for transformers 5.24 and torch 2.15; no test needs it.
"""

import argparse
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoModelForImageTextToText, AutoProcessor


def open_model(folder):
    """The model in float64, and what of its files did not fit."""
    model, info = AutoModelForImageTextToText.from_pretrained(folder, output_loading_info=True)
    off = {kind: sorted(names) for kind, names in info.items() if names}
    print(f"{type(model).__name__}, stored as {model.dtype}, {sum(p.numel() for p in model.parameters())} parameters")
    return model.double().eval(), off


def difference(model, case):
    """Norm of the difference of the logits over the norm of the case's, over tokens that are no padding."""
    tensors = load_file(case / "case.safetensors")
    ids, mask = tensors["ids"].long(), tensors["mask"].long()
    given = {"input_ids": ids, "attention_mask": mask}
    pixels = tensors["pixels"].double()
    if pixels.shape[0]:
        given["pixel_values"] = pixels
    if model.config.model_type in ("idefics3", "smolvlm") and pixels.shape[0]:
        token = model.config.image_token_id
        side = model.config.vision_config.image_size // model.config.vision_config.patch_size
        tokens = side**2 // model.config.scale_factor**2
        counts = [(row == token).sum().item() // tokens for row in ids]
        padded = torch.zeros(len(ids), max(counts), *pixels.shape[1:], dtype=torch.float64)
        at = 0
        for row, count in enumerate(counts):
            padded[row, :count] = pixels[at : at + count]
            at += count
        given["pixel_values"] = padded
    with torch.no_grad():
        logits = model(**given).logits
    real = mask.bool()
    expected = tensors["logits"].double()[real]
    return ((logits[real] - expected).norm() / expected.norm()).item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("case", type=Path, nargs="?")
    parser.add_argument("--processor", action="store_true")
    parser.add_argument("--tolerance", type=float, default=5e-6)
    options = parser.parse_args()
    model, off = open_model(options.folder)
    for kind, names in off.items():
        print(f"{kind}: {names}")
    failed = bool(off)
    if options.case:
        found = difference(model, options.case)
        print(f"logits: {found:.2e} from the case's")
        failed |= not found < options.tolerance
    if options.processor:
        processor = AutoProcessor.from_pretrained(options.folder)
        print(f"{type(processor).__name__}, {type(processor.tokenizer).__name__}")
        if processor.chat_template:
            content = [{"type": "image"}, {"type": "text", "text": "What is it?"}]
            text = processor.apply_chat_template([{"role": "user", "content": content}], add_generation_prompt=True)
            print(repr(text))
    sys.exit(failed)


if __name__ == "__main__":
    main()
