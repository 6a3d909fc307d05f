"""What PyTorch makes of a checkpoint, for comparison: `python true_reference.py FOLDER [--out CASE] [--no-split] …`.

Prints the time to load, the time for one picture with a question and 32 greedy tokens (with a cache, as
`generate` does it), a token's time once the cache is filled, and the largest resident memory. With --out it writes a
case, a folder beside the checkpoint's files (linked, not copied): logits, losses, every gradient and greedy tokens of
two conversations, one with a picture, one without; no optimiser steps. --double computes that case in float64 (twice
the memory), in which RMSNorm and rotary angles are not rounded to float32 on the way.

Needs torch 2.15.0, transformers 5.24.0, safetensors, pillow. Nothing that this writes belongs into the repository.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import AutoModelForImageTextToText, AutoProcessor

QUESTIONS = ["What is in this picture?", "What is the capital of France?"]
ANSWERS = ["A red square on a green ground.", "The capital of France is Paris."]


def picture(side):
    """A disc and a square on a slope of colours."""
    y, x = np.mgrid[0:side, 0:side] / side
    red = np.where((x - 0.6) ** 2 + (y - 0.4) ** 2 < 0.06, 230, 255 * x)
    blue = np.where((x < 0.3) & (y > 0.6), 20, 128 + 100 * np.sin(6 * x))
    return Image.fromarray(np.stack([red, 255 * y, blue], -1).clip(0, 255).astype(np.uint8))


def conversation(at, image, answered):
    parts = [dict(type="image", image=image)] if at == 0 else []
    messages = [dict(role="user", content=[*parts, dict(type="text", text=QUESTIONS[at])])]
    return messages + [dict(role="assistant", content=[dict(type="text", text=ANSWERS[at])])] if answered else messages


def tokens(processor, at, image, answered, options):
    """A conversation's ids and pixels; without its answer up to where that begins."""
    given = processor.apply_chat_template(
        conversation(at, image, answered), tokenize=True, return_dict=True, return_tensors="pt",
        add_generation_prompt=not answered, processor_kwargs=options)
    return given["input_ids"], given.get("pixel_values")


def resident():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def speed(model, processor, image, options, count):
    ids, pixels = tokens(processor, 0, image, False, options)
    model.generation_config.eos_token_id = None  # all `count` tokens
    first, last = {}, {}

    def run(tokens):
        began, cpu = time.perf_counter(), time.process_time()
        out = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), pixel_values=pixels, do_sample=False,
                             max_new_tokens=tokens)
        return time.perf_counter() - began, time.process_time() - cpu, out[0, ids.shape[1]:].tolist()
    run(2)  # warm
    first, last = run(1), run(count)
    print(f"prompt {ids.shape[1]} tokens; first token {first[0]:.2f} s; {count} tokens {last[0]:.2f} s "
          f"({last[1]:.2f} s of CPU); a token {(last[0] - first[0]) / (count - 1) * 1000:.1f} ms")
    print("words:", repr(processor.tokenizer.decode(last[2])))


def greedy(model, ids, pixels, count):
    """The most likely tokens after a prompt, without a cache; the smallest lead of one."""
    own, lead = ids, float("inf")
    for _ in range(count):
        z = model(input_ids=own, attention_mask=torch.ones_like(own), pixel_values=pixels, logits_to_keep=1).logits[0, -1]
        best = z.topk(2)
        lead = min(lead, (best.values[0] - best.values[1]).item())
        own = torch.cat([own, best.indices[None, :1]], 1)
    return own[0, ids.shape[1]:].tolist(), lead


def flat(pixels):
    return None if pixels is None else pixels.reshape(-1, *pixels.shape[-3:])


def case(model, processor, image, options, folder, out, count):
    dtype = next(model.parameters()).dtype
    typed = lambda pixels: None if pixels is None else pixels.to(dtype)
    rows, total = [], 0
    for at in range(len(QUESTIONS)):
        ids, pixels = tokens(processor, at, image, True, options)
        prompt, _ = tokens(processor, at, image, False, options)
        same = (ids[:, :prompt.shape[1]] == prompt).all()
        assert same, "a prompt that its conversation does not begin with"
        weight = torch.zeros(ids.shape[1])
        weight[prompt.shape[1]:] = (0.75, 1.25)[at]  # what follows the answer counts too, here
        rows.append((ids, typed(pixels), weight, prompt))
        total += weight[1:].sum().item()
    longest = max(ids.shape[1] for ids, *_ in rows)
    padded = lambda value: torch.nn.functional.pad(value, (0, longest - value.shape[-1]))
    result = dict(
        ids=torch.cat([padded(ids) for ids, *_ in rows]).int(),
        mask=torch.cat([padded(torch.ones_like(ids)) for ids, *_ in rows]).int(),
        weight=torch.stack([padded(weight) for _, _, weight, _ in rows]),
        pixels=torch.cat([flat(pixels) for _, pixels, *_ in rows if pixels is not None]).float())
    logits, losses, loss = [], [], 0.0
    for ids, pixels, weight, _ in rows:
        z = model(input_ids=ids, attention_mask=torch.ones_like(ids), pixel_values=pixels).logits
        nll = torch.nn.functional.cross_entropy(z[0, :-1], ids[0, 1:], reduction="none")
        part = (weight[1:].to(nll.dtype) * nll).sum() / total
        part.backward()
        loss += part.item()
        logits.append(torch.nn.functional.pad(z.detach()[0].float(), (0, 0, 0, longest - z.shape[1])))
        losses.append(torch.nn.functional.pad(nll.detach().float(), (0, longest - z.shape[1])))
    result |= dict(logits=torch.stack(logits), nll=torch.stack(losses))
    for name, p in model.named_parameters():
        result[f"grad.{name}"] = (torch.zeros_like(p) if p.grad is None else p.grad).float()
        p.grad = None
    answers = [greedy(model, ids, pixels, count) for ids, pixels, *_ in rows]
    out.mkdir(parents=True, exist_ok=True)
    save_file({key: value.contiguous() for key, value in result.items()}, out / "case.safetensors")
    facts = dict(loss=loss, losses=[], gradNorms=[], lr=0.001, warmup=3, betas=[0.9, 0.99], weightDecay=0.1, clip=1.0,
                 greedy=[answer for answer, _ in answers])
    (out / "case.json").write_text(json.dumps(facts) + "\n")
    for file in folder.iterdir():
        if file.is_file() and not (out / file.name).exists():
            (out / file.name).symlink_to(file.resolve())
    print(f"{out}: loss {loss:.6f}, smallest leads of greedy tokens {[round(lead, 4) for _, lead in answers]}")
    print("words:", [processor.tokenizer.decode(answer) for answer, _ in answers])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, help="where the case goes")
    parser.add_argument("--no-split", action="store_true", help="one tile a picture (Idefics3)")
    parser.add_argument("--double", action="store_true", help="the case in float64")
    parser.add_argument("--no-speed", action="store_true", help="the case alone")
    parser.add_argument("--tokens", type=int, default=32, help="greedy tokens")
    given = parser.parse_args()
    options = dict(do_image_splitting=False) if given.no_split else {}
    began = time.perf_counter()
    model = AutoModelForImageTextToText.from_pretrained(given.folder, dtype=torch.float32).eval()
    print(f"loaded in {time.perf_counter() - began:.2f} s, resident {resident():.2f} GB, {torch.get_num_threads()} threads")
    processor = AutoProcessor.from_pretrained(given.folder, backend="pil")
    image = picture(512)
    if not given.no_speed:
        with torch.inference_mode():
            speed(model, processor, image, options, given.tokens)
    if given.out:
        if given.double:
            sys.path.append(str(Path(__file__).parent.parent / "fixtures"))
            import make_models  # noqa: F401  RMSNorm and rotary angles in the precision of their input
            model.double()
        case(model, processor, image, options, given.folder, given.out, given.tokens)
    print(f"largest resident memory {resident():.2f} GB")


if __name__ == "__main__":
    main()
