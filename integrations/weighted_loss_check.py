"""Checks weighted_loss.py: `python integrations/weighted_loss_check.py`. Needs torch, transformers and accelerate; CPU.

Against test/fixtures/weighted_loss.json, which the WebGPU kernels are checked against, too; and, through a
transformers.Trainer with gradient accumulation, against the gradient of one large batch. Prints the largest differences.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import torch  # noqa: E402
from transformers import LlamaConfig, LlamaForCausalLM, Trainer, TrainerCallback, TrainingArguments  # noqa: E402

sys.path.insert(0, str(Path(__file__).parent))
from weighted_loss import (  # noqa: E402
    CotbalTrainer, task_weights, token_weights, weight_total, weighted_token_loss)

TOLERANCE = 1e-6
FIXTURE = Path(__file__).parent.parent / "test/fixtures/weighted_loss.json"


def off(found, expected):
    """The norm of the difference, relative to the norm of what is expected."""
    found, expected = (torch.as_tensor(x, dtype=torch.float64).flatten() for x in (found, expected))
    return ((found - expected).norm() / expected.norm().clamp_min(1e-30)).item()


def report(what, difference, tolerance=TOLERANCE):
    print(f"  {what}: {difference:.1e}")
    assert difference <= tolerance, f"{what}: off by {difference}, allowed {tolerance}"


def check_fixture(dtype):
    print(f"fixture, {dtype}")
    step = json.loads(FIXTURE.read_text())
    weights = torch.tensor(step["weights"], dtype=dtype)
    head = torch.tensor(step["head"], dtype=dtype, requires_grad=True)
    micro = [(torch.tensor(b["hidden"], dtype=dtype, requires_grad=True), torch.tensor(b["labels"]),
              torch.tensor(b["task"])) for b in step["microBatches"]]
    total = sum(weight_total(labels, task, weights) for _, labels, task in micro)
    report("sum of weights", off(total, step["total"]), 0)
    losses = []
    for hidden, labels, task in micro:
        loss = weighted_token_loss(hidden @ head.T, labels, task, weights, total)
        loss.backward()
        losses.append(loss.item())
    report("loss of the step", off(sum(losses), step["loss"]))
    report("losses of the micro-batches", off(losses, [b["loss"] for b in step["microBatches"]]))
    report("gradient of the head", off(head.grad, step["headGradient"]))
    report("gradients of the hidden states", max(
        off(hidden.grad, b["hiddenGradient"]) for (hidden, _, _), b in zip(micro, step["microBatches"])))


def check_edges():
    print("edges")
    weights = torch.tensor([2.0, 0.0])
    logits = torch.randn(1, 4, 5, requires_grad=True)
    nothing = torch.full((1, 4), -100)
    loss = weighted_token_loss(logits, nothing, torch.tensor([0]), weights)
    loss.backward()
    assert loss.item() == 0 and not logits.grad.any(), "a batch without answers has loss 0"
    answer = torch.tensor([[-100, 1, 2, -100]])
    assert weighted_token_loss(logits, answer, torch.tensor([1]), weights).item() == 0, "weights of 0 alone"
    packed = token_weights(answer, torch.tensor([[0, 1, 0, 0]]), weights)
    assert packed.tolist() == [[0, 2, 0]], "a task a token"
    sure = torch.zeros(1, 2, 3)
    sure[0, 0, 1] = 1e4  # loss exactly 0
    assert weight_total(torch.tensor([[-100, 1]]), torch.tensor([0]), weights) == 2, "counted by label"
    assert weighted_token_loss(sure, torch.tensor([[-100, 1]]), torch.tensor([0]), weights).item() == 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.json"
        path.write_text(json.dumps({"tasks": ["a", "b"], "lambda": [0.5, 1.5]}))
        assert task_weights(path, ["b", "a"]).tolist() == [1.5, 0.5]
        for run, words in [
            (lambda: task_weights(path, ["c"]), "found none for c"),
            (lambda: token_weights(answer, torch.zeros(3, dtype=torch.long), weights), "task [B] or [B, T]"),
            (lambda: weighted_token_loss(logits[:, 1:], answer, torch.tensor([0]), weights), "one row of logits"),
        ]:
            try:
                run()
            except ValueError as error:
                assert words in str(error), error
            else:
                raise AssertionError(f"expected an error with: {words}")


class Keep(TrainerCallback):
    """Keeps the gradient of every optimiser step, before it is used."""

    def __init__(self):
        self.gradients = []

    def on_pre_optimizer_step(self, args, state, control, model=None, **rest):
        self.gradients.append(torch.cat([p.grad.flatten().clone() for p in model.parameters()]))


class Weighted(CotbalTrainer, Trainer):
    pass


def check_trainer():
    print("transformers.Trainer, 5 samples as micro-batches of 2 and as one batch")
    generator = torch.Generator().manual_seed(3)
    weights = torch.tensor([0.4, 1.7, 0.9])
    samples = []
    for k in range(5):
        ids = torch.randint(3, 29, (9,), generator=generator)
        labels = ids.clone()
        labels[: 2 + k] = -100
        samples.append({"input_ids": ids, "labels": labels, "task": k % 3})
    collate = lambda rows: {key: torch.stack([torch.as_tensor(r[key]) for r in rows]) for key in rows[0]}

    def train(batch, accumulate, trainer=Weighted, **more):
        torch.manual_seed(1)
        model = LlamaForCausalLM(LlamaConfig(
            vocab_size=29, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2,
            num_key_value_heads=1, pad_token_id=0))
        keep = Keep()
        with tempfile.TemporaryDirectory() as folder:
            args = TrainingArguments(
                folder, per_device_train_batch_size=batch, gradient_accumulation_steps=accumulate, max_steps=1,
                remove_unused_columns=False, report_to=[], use_cpu=True, save_strategy="no", logging_steps=1,
                disable_tqdm=True, max_grad_norm=0)
            made = trainer(model=model, args=args, train_dataset=samples, eval_dataset=samples,
                           data_collator=collate, callbacks=[keep], task_weights=weights, **more)
            loss = made.train().training_loss
            evaluated = made.evaluate()["eval_loss"]
        return keep.gradients[0], loss, evaluated

    own, own_loss, _ = train(2, 3)
    whole, whole_loss, evaluated = train(5, 1)
    # The same by hand.
    torch.manual_seed(1)
    model = LlamaForCausalLM(LlamaConfig(
        vocab_size=29, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, pad_token_id=0)).train()
    batch = collate(samples)
    loss = weighted_token_loss(model(input_ids=batch["input_ids"]).logits, batch["labels"], batch["task"], weights)
    loss.backward()
    hand = torch.cat([p.grad.flatten() for p in model.parameters()])
    report("gradient, three micro-batches beside one batch", off(own, whole))
    report("gradient beside one by hand", off(own, hand))
    report("loss, three micro-batches beside one by hand", off(own_loss, loss.item()))
    report("loss, one batch beside one by hand", off(whole_loss, loss.item()))
    assert evaluated == evaluated
    equal = torch.ones(3)
    plain = torch.nn.functional.cross_entropy(
        model(input_ids=batch["input_ids"]).logits[:, :-1].flatten(0, 1), batch["labels"][:, 1:].flatten())
    weighted = weighted_token_loss(
        model(input_ids=batch["input_ids"]).logits, batch["labels"], batch["task"], equal)
    report("weights of 1 beside the plain mean over tokens", off(weighted.item(), plain.item()))

    class Forgot(Weighted):
        pass

    try:
        for sample in samples:
            del sample["task"]
        train(5, 1, Forgot)
    except ValueError as error:
        assert "a batch with the key task" in str(error), error
    else:
        raise AssertionError("expected an error about the missing task")


if __name__ == "__main__":
    torch.set_num_threads(1)
    check_fixture(torch.float64)
    check_fixture(torch.float32)
    check_edges()
    check_trainer()
    print("all within", TOLERANCE)
