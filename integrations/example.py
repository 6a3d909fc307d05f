"""From N + 1 probe runs to a weighted training, end to end, with a tiny LLaVA: `python integrations/example.py`.

Needs torch, transformers, accelerate; about a minute on a CPU. Run from the project's folder, with deno on the PATH:
it calls `deno task weights`. Replace `model`, `samples` and `collate` by your own; the rest stays.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import torch  # noqa: E402
from transformers import (  # noqa: E402
    CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration, Trainer, TrainingArguments)

sys.path.insert(0, str(Path(__file__).parent))
from probes import probe_mixtures, write_scores  # noqa: E402
from weighted_loss import CotbalTrainer, task_weights, weighted_token_loss  # noqa: E402

TASKS = ["corner", "copy", "sum"]
IMAGE, TRAIN, TEST = 1, 512, 96


def model():
    """The base: every run starts from the same values. Yours: LlavaForConditionalGeneration.from_pretrained(...)."""
    torch.manual_seed(0)
    vision = CLIPVisionConfig(image_size=8, patch_size=4, hidden_size=32, intermediate_size=64, num_hidden_layers=1,
                              num_attention_heads=2, projection_dim=32)
    text = LlamaConfig(vocab_size=32, hidden_size=48, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
                       num_key_value_heads=4, pad_token_id=0)
    config = LlavaConfig(vision_config=vision, text_config=text, image_token_index=IMAGE, vision_feature_layer=-1,
                         image_seq_length=4)
    return LlavaForConditionalGeneration(config)


def samples(task, count, seed):
    """Questions and answers. Yours: your dataset; each sample knows the index of its task."""
    generator = torch.Generator().manual_seed(1000 * seed + TASKS.index(task))
    made = []
    for _ in range(count):
        corner, a, b = torch.randint(0, 4, (3,), generator=generator).tolist()
        pixels = 0.3 * torch.randn(3, 8, 8, generator=generator)
        pixels[:, corner // 2 * 4:corner // 2 * 4 + 4, corner % 2 * 4:corner % 2 * 4 + 4] += 1
        answer = {"corner": corner, "copy": a, "sum": (a + b) % 4}[task]
        ids = [IMAGE] * 4 + [4 + TASKS.index(task), 10 + a, 10 + b, 20 + answer, 2]
        made.append(dict(ids=ids, answer=2, pixels=pixels, task=TASKS.index(task)))
    return made


def collate(rows):
    """A batch: labels are -100 but for the answer; `task` is an index into TASKS.

    Yours: processor(images, texts), then mask the prompt as you do now, then add `task`.
    """
    ids = torch.tensor([row["ids"] for row in rows])
    labels = ids.clone()
    for label, row in zip(labels, rows):
        label[: -row["answer"]] = -100
    return dict(input_ids=ids, attention_mask=torch.ones_like(ids), labels=labels,
                pixel_values=torch.stack([row["pixels"] for row in rows]),
                task=torch.tensor([row["task"] for row in rows]))


class Weighted(CotbalTrainer, Trainer):
    pass


def train(data, weights):
    """One run: from the base, on these samples, with these weights."""
    with tempfile.TemporaryDirectory() as folder:
        args = TrainingArguments(
            folder, num_train_epochs=2, per_device_train_batch_size=8, gradient_accumulation_steps=2,
            learning_rate=3e-3, lr_scheduler_type="cosine", seed=1,
            remove_unused_columns=False,  # keeps the key `task`
            report_to=[], use_cpu=True, save_strategy="no", logging_strategy="no", disable_tqdm=True)
        trainer = Weighted(model=model(), args=args, train_dataset=data, data_collator=collate, task_weights=weights)
        trainer.train()
    return trainer.model.eval()


@torch.no_grad()
def score(tuned):
    """V of every task: here accuracies in per cent, and for the last task the loss, which is better lower."""
    scores = {}
    for task in TASKS:
        batch = collate(samples(task, TEST, seed=2))
        labels, of = batch.pop("labels"), batch.pop("task")
        logits = tuned(**batch).logits
        if task == "sum":
            scores[task] = weighted_token_loss(logits, labels, of, torch.ones(len(TASKS))).item()
        else:
            scores[task] = 100 * (logits[:, -3].argmax(-1) == labels[:, -2]).float().mean().item()
    return scores


def main(folder):
    torch.set_num_threads(1)
    everything = {task: samples(task, TRAIN, seed=1) for task in TASKS}
    equal = torch.ones(len(TASKS))

    # 1. The probes: N + 1 runs from one base, all tokens weighing the same.
    runs = probe_mixtures({task: TRAIN for task in TASKS}, mini=1 / 8, seed=1)
    scores = {}
    for name, mixture in runs.items():
        data = [everything[task][i] for task in TASKS for i in mixture[task]]
        scores[name] = score(train(data, equal))
        print(name, {task: round(value, 2) for task, value in scores[name].items()})

    # 2. The table, and the weights from it.
    write_scores(folder / "scores.csv", scores, lower=["sum"])
    command = ["deno", "task", "--quiet", "weights", str(folder / "scores.csv"), "--html", str(folder / "weights.html")]
    done = subprocess.run(command + ["--json"], check=True, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent)
    (folder / "weights.json").write_bytes(done.stdout)
    weights = task_weights(folder / "weights.json", TASKS)
    print("weights", {task: round(w, 3) for task, w in zip(TASKS, weights.tolist())})
    for warning in json.loads(done.stdout)["warnings"]:
        print("  " + warning)

    # 3. The tuning on everything, with the weights; equal ones beside it.
    data = [sample for task in TASKS for sample in everything[task]]
    for name, used in [("equal", equal), ("CoTBal", weights)]:
        print(name, {task: round(value, 2) for task, value in score(train(data, used)).items()})


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary))
