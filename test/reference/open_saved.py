"""Opens a checkpoint that was saved here with transformers, nothing edited, and compares it with a case:
`python open_saved.py SAVED CASE [--after 1|10]`. Exit code 1 when something differs.

The weights must be those of the case's model, or of its model after so many steps (to 1e-3, relative, by norm; key biases of
the tower against the whole, docs/verify.md), with no parameter missing, unexpected or of another shape, and the logits those
of the case. Where the case has prompts.json, the processor that AutoProcessor finds must give its ids.

Needs torch 2.15.0, transformers 5.24.0, safetensors, pillow.
"""

import argparse
import json
import math
import sys
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import load_file
from transformers import AutoModelForImageTextToText, AutoProcessor

sys.path.append(str(Path(__file__).parent.parent / "fixtures"))
import make_models  # noqa: E402  RMSNorm and rotary angles in the precision of their input


def opened(folder):
    """The model, all of whose parameters the folder holds."""
    model, found = AutoModelForImageTextToText.from_pretrained(folder, dtype=torch.float64, output_loading_info=True)
    wrong = {kind: names for kind, names in found.items() if names}
    if wrong:
        raise SystemExit(f"{folder}: expected every parameter and no other, found {wrong}")
    return model.eval()


def compare_weights(model, expected):
    """The worst parameter's error, and its name."""
    own = dict(model.named_parameters())
    whole = math.sqrt(sum(value.double().norm() ** 2 for value in expected.values()))
    worst = (0.0, "")
    for name, value in expected.items():
        scale = whole if "vision" in name and name.endswith("k_proj.bias") else value.double().norm().item()
        worst = max(worst, ((own[name] - value.double()).norm().item() / (scale or whole), name))
    return worst


def compare_logits(model, tensors, per_tile):
    """The error of all rows' logits, computed in float64."""
    image = getattr(model.config, "image_token_id", None) or model.config.image_token_index
    ids, mask, pixels = tensors["ids"].long(), tensors["mask"].long(), tensors["pixels"]
    case = dict(tokens=per_tile, image=image)
    with torch.no_grad():
        found = model(input_ids=ids, attention_mask=mask,
                      pixel_values=make_models.shown(model, case, ids, pixels)).logits
    kept = mask.bool()
    return ((found - tensors["logits"].double())[kept].norm() / tensors["logits"].double()[kept].norm()).item()


def compare_prompts(folder, case):
    """How many conversations there are, and the first whose ids differ."""
    processor = AutoProcessor.from_pretrained(folder)
    if processor.chat_template is None:
        processor.chat_template = processor.tokenizer.chat_template
    entries = json.loads((case / "prompts.json").read_text())
    for at, entry in enumerate(entries):
        rest = iter([Image.open(case / "pictures" / file) for file in entry["pictures"]])
        messages = [dict(role=message["role"], content=[
            dict(type="image", image=next(rest)) if part["type"] == "image" else part for part in message["content"]])
            for message in entry["messages"]]
        found = processor.apply_chat_template(messages, tokenize=True, return_dict=True)["input_ids"][0]
        if found != entry["ids"]:
            return len(entries), at
    return len(entries), None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("saved", type=Path)
    parser.add_argument("case", type=Path)
    parser.add_argument("--after", choices=["1", "10"])
    given = parser.parse_args()
    tensors = load_file(given.case / "case.safetensors")
    model, failed = opened(given.saved), False

    def say(what, value, limit, where=""):
        nonlocal failed
        failed |= not value <= limit
        print(f"{'ok   ' if value <= limit else 'WRONG'}  {what:12} {value:.1e}  (at most {limit:.1e})  {where}".rstrip())
    if given.after:
        prefix = f"after{given.after}."
        expected = {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
    else:
        expected = {name: value.detach() for name, value in opened(given.case).named_parameters()}
    say("weights", *(lambda worst: (worst[0], 1e-3 if given.after else 0, worst[1]))(compare_weights(model, expected)))
    if not given.after:
        tiles = len(tensors["pixels"])
        image = getattr(model.config, "image_token_id", None) or model.config.image_token_index
        say("logits", compare_logits(model, tensors, int((tensors["ids"] == image).sum()) // max(1, tiles)), 1e-6)
    if (given.case / "prompts.json").exists():
        count, wrong = compare_prompts(given.saved, given.case)
        failed |= wrong is not None
        print(f"ok     prompts      {count}" if wrong is None else f"WRONG  prompts      conversation {wrong} of {count}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
