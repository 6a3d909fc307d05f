"""Checks weighted_loss.py and probes.py: `python integrations/check.py`. Needs torch, transformers, accelerate; CPU.

The loss: against test/fixtures/weighted_loss.json, which the WebGPU kernels are checked against, too; and through a
transformers.Trainer, with gradient accumulation and in two processes, against the gradient of one large batch.
Prints the largest differences.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import torch  # noqa: E402
from transformers import LlamaConfig, LlamaForCausalLM, Trainer, TrainerCallback, TrainingArguments  # noqa: E402

sys.path.insert(0, str(Path(__file__).parent))
from probes import probe_mixtures, write_scores  # noqa: E402
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


WEIGHTS = torch.tensor([0.4, 1.7, 0.9])


def collate(rows):
    return {key: torch.stack([torch.as_tensor(row[key]) for row in rows]) for key in rows[0]}


def make_samples(count):
    """Answers of different lengths, tasks in turn."""
    generator = torch.Generator().manual_seed(3)
    samples = []
    for k in range(count):
        ids = torch.randint(3, 29, (9,), generator=generator)
        labels = ids.clone()
        labels[: 2 + k] = -100
        samples.append({"input_ids": ids, "labels": labels, "task": k % 3})
    return samples


def make_model():
    torch.manual_seed(1)
    return LlamaForCausalLM(LlamaConfig(
        vocab_size=29, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, pad_token_id=0))


def by_hand(samples):
    """Loss and gradient of all samples as one batch."""
    model, batch = make_model().train(), collate(samples)
    loss = weighted_token_loss(model(input_ids=batch["input_ids"]).logits, batch["labels"], batch["task"], WEIGHTS)
    loss.backward()
    return loss.item(), torch.cat([p.grad.flatten() for p in model.parameters()])


def by_trainer(samples, batch, accumulate):
    """Loss and gradient of one optimiser step of a trainer."""
    keep = Keep()
    with tempfile.TemporaryDirectory() as folder:
        args = TrainingArguments(
            folder, per_device_train_batch_size=batch, gradient_accumulation_steps=accumulate, max_steps=1,
            remove_unused_columns=False, report_to=[], use_cpu=True, save_strategy="no", logging_strategy="no",
            disable_tqdm=True, max_grad_norm=0)
        trainer = Weighted(model=make_model(), args=args, train_dataset=samples, eval_dataset=samples,
                           data_collator=collate, callbacks=[keep], task_weights=WEIGHTS)
        loss = trainer.train().training_loss
        evaluated = trainer.evaluate()["eval_loss"]
    assert evaluated > 0
    return loss, keep.gradients[0]


def check_trainer():
    print("transformers.Trainer: 5 samples as micro-batches of 2, 2, 1 and as one batch, beside one by hand")
    samples = make_samples(5)
    loss, gradient = by_hand(samples)
    for name, batch, accumulate in [("three micro-batches", 2, 3), ("one batch", 5, 1)]:
        found, own = by_trainer(samples, batch, accumulate)
        report(f"loss, {name}", off(found, loss))
        report(f"gradient, {name}", off(own, gradient))
    batch = collate(samples)
    logits = make_model()(input_ids=batch["input_ids"]).logits
    plain = torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), batch["labels"][:, 1:].flatten())
    weighted = weighted_token_loss(logits, batch["labels"], batch["task"], torch.ones(3))
    report("weights of 1 beside the plain mean over tokens", off(weighted.item(), plain.item()))
    for sample in samples:
        del sample["task"]
    try:
        by_trainer(samples, 5, 1)
    except ValueError as error:
        assert "a batch with the key task" in str(error), error
    else:
        raise AssertionError("expected an error about the missing task")


def check_processes():
    """Starts itself in two processes, each with a part of every micro-batch."""
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node=2", "--master_addr=127.0.0.1",
               "--master_port=29613", __file__, "--process"]
    subprocess.run(command, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"})


def one_process():
    samples = make_samples(6)
    loss, gradient = by_hand(samples)
    found, own = by_trainer(samples, 1, 3)
    mean = torch.tensor(found, dtype=torch.float64)  # the trainer gives each process its own share, times their number
    torch.distributed.all_reduce(mean)
    found = mean.item() / torch.distributed.get_world_size()
    if os.environ["RANK"] == "0":
        print("transformers.Trainer: 6 samples in two processes and three micro-batches, beside one batch by hand")
        report("loss", off(found, loss))
        report("gradient", off(own, gradient))
    torch.distributed.destroy_process_group()


def check_probes():
    print("probes")
    sizes = {"a": 100, "b": 7}
    runs = probe_mixtures(sizes, mini=1 / 10, large=1 / 2, seed=3)
    assert runs == probe_mixtures(sizes, mini=1 / 10, large=1 / 2, seed=3), "the same seed, the same samples"
    assert list(runs) == ["mini", "a+mini", "b+mini"]
    assert {name: {t: len(i) for t, i in run.items()} for name, run in runs.items()} == {
        "mini": {"a": 10, "b": 1}, "a+mini": {"a": 50, "b": 1}, "b+mini": {"a": 10, "b": 4}}
    assert set(runs["mini"]["a"]) < set(runs["a+mini"]["a"]) and runs["b+mini"]["a"] == runs["mini"]["a"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scores.csv"
        scores = {"mini": {"a": 1, "b": 2.5}, "a+mini": {"a": 3, "b": 2.25}, "b+mini": {"a": 1.5, "b": 0.5}}
        write_scores(path, scores, lower=["b"], floor={"a": 0, "b": 3})
        assert path.read_text() == "model,a,b:lower\nmini,1,2.5\na+mini,3,2.25\nb+mini,1.5,0.5\nfloor,0,3\n"
        for run, words in [
            (lambda: probe_mixtures(sizes, mini=1), "0 < mini < large"),
            (lambda: probe_mixtures({"a": 1}, mini=0.5), "two tasks or more"),
            (lambda: write_scores(path, {"mini": {"a": 1, "b": 2}}), "none for a+mini: a"),
            (lambda: write_scores(path, scores, lower=["c"]), "lower to name tasks"),
        ]:
            try:
                run()
            except ValueError as error:
                assert words in str(error), error
            else:
                raise AssertionError(f"expected an error with: {words}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    if "--process" in sys.argv:
        one_process()
    else:
        check_fixture(torch.float64)
        check_fixture(torch.float32)
        check_edges()
        check_probes()
        check_trainer()
        check_processes()
        print("all within", TOLERANCE)
