"""The weighted token loss of CoTBal for models that are trained with PyTorch. One file, to be copied; MIT license.

    L = sum_t lambda[task(t)] * (-log p_t) / sum_t lambda[task(t)]        (2), arXiv 2403.04343

t runs over the answer tokens (label not -100) of the WHOLE optimiser step: of all its micro-batches, and of all
devices. A loss that is normalised a micro-batch at a time, then averaged, is another one: it makes an answer token
weigh more where its neighbours in the micro-batch are few or light.

    weighted_token_loss   the loss of a (micro-)batch from its logits
    weight_total          the denominator of (2), to be summed over the step
    task_weights          lambda from what `deno task weights TABLE --json` printed
    CotbalTrainer         a mixin for transformers.Trainer that does all of it

Needs torch; the mixin is written for transformers 4.50 and later, and checked with 5.24.
"""

import json

import torch
import torch.nn.functional as F

IGNORE = -100


def task_weights(path, tasks):
    """lambda of the tasks, in their order.

    path: a file with the JSON of `deno task weights TABLE --json`. tasks: names; a sample's `task` is an index into
    them. Returns a float32 tensor [tasks].
    """
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    weights = dict(zip(report["tasks"], report["lambda"]))
    missing = [name for name in tasks if name not in weights]
    if missing:
        raise ValueError(
            f"{path}: expected a weight for every task, found none for {', '.join(missing)} "
            f"(it has {', '.join(weights)}); give tasks outside the balancing with --fixed task=1")
    return torch.tensor([weights[name] for name in tasks], dtype=torch.float32)


def token_weights(labels, task, weights):
    """lambda of every position that predicts an answer token, 0 elsewhere.

    labels [B, T]: token ids, -100 where nothing is to be learnt; position t is predicted from t - 1, so column 0 is
    never used. task [B]: index of each sample's task, or [B, T] where rows are packed from samples of several tasks
    (the task of the token to be predicted). weights [tasks]: lambda. Returns [B, T - 1].
    """
    if labels.ndim != 2 or task.shape not in (labels.shape[:1], labels.shape):
        raise ValueError(f"expected labels [B, T] and task [B] or [B, T], "
                         f"found {list(labels.shape)} and {list(task.shape)}")
    of = weights.to(labels.device)[task.to(labels.device)]
    of = of[:, None] if of.ndim == 1 else of[:, 1:]
    # By label, not by `loss != 0`: a token that is predicted with certainty has loss 0 and still counts.
    return of * (labels[:, 1:] != IGNORE)


def weight_total(labels, task, weights):
    """The denominator of (2) for one (micro-)batch: the sum of lambda over its answer tokens, a scalar tensor."""
    return token_weights(labels, task, weights).sum(dtype=torch.float64)


def weighted_token_loss(logits, labels, task, weights, total=None):
    """Equation (2) for one (micro-)batch: a scalar tensor with a gradient.

    logits [B, T, vocabulary], unshifted, as models return them; labels, task, weights: see token_weights.
    total: the denominator over the whole optimiser step, the sum of weight_total over its micro-batches. The losses of
    the micro-batches then ADD UP to the loss of the step: call backward() on each, without dividing by their number.
    Without it, the batch is taken for the whole step.
    """
    if logits.shape[:2] != labels.shape:
        raise ValueError(f"expected one row of logits a label, found {list(logits.shape)} and {list(labels.shape)}")
    w = token_weights(labels, task, weights)
    # Half precision is too coarse for a softmax over a vocabulary.
    z = logits[:, :-1].to(torch.promote_types(logits.dtype, torch.float32))
    nll = F.cross_entropy(z.flatten(0, 1), labels[:, 1:].flatten(), ignore_index=IGNORE, reduction="none")
    sum_ = (w.to(z.dtype).flatten() * nll).sum()
    if total is None:
        total = weight_total(labels, task, weights)
    total = torch.as_tensor(total, device=z.device).to(z.dtype)
    # Without an answer token, or with weights of 0 alone, the sum is 0, too: then the loss is 0.
    return sum_ / total.clamp_min(torch.finfo(z.dtype).tiny)


class CotbalTrainer:
    """A mixin: `class MyTrainer(CotbalTrainer, Trainer): pass`, then `MyTrainer(task_weights=weights, ...)`.

    Every batch must have the key `task` beside `labels`: the collator puts it there as a tensor [B] of indices into
    task_weights, and TrainingArguments needs remove_unused_columns=False, or the trainer drops it.
    """

    def __init__(self, *args, task_weights, **kwargs):
        super().__init__(*args, **kwargs)
        if self.args.n_gpu > 1:
            raise ValueError("expected one process a GPU (torchrun), found several GPUs in one process: "
                             "the denominator of (2) would be that of each GPU")
        self.task_weights = torch.as_tensor(task_weights, dtype=torch.float32)
        # Both say that the loss is already one of the whole step, so that it is not divided by the number of
        # micro-batches: the first to the trainers of transformers 5, the second to older ones.
        self.loss_is_scaled_for_ga = True
        self.model_accepts_loss_kwargs = True

    def get_batch_samples(self, epoch_iterator, num_batches, *rest):
        """The micro-batches of a step; their number of tokens becomes their sum of weights."""
        batches, _ = super().get_batch_samples(epoch_iterator, num_batches, *rest)
        device = self.args.device
        total = sum((self._total(batch).to(device) for batch in batches),
                    torch.zeros((), dtype=torch.float64, device=device))
        if self.accelerator.num_processes > 1:
            total = self.accelerator.gather(total.float()[None]).sum()
        return batches, total

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        """Equation (2); num_items_in_batch is the sum of weights of the step, None while evaluating."""
        inputs = dict(inputs)
        task, labels = inputs.pop("task"), inputs.pop("labels")
        outputs = model(**inputs)
        logits = outputs["logits"] if isinstance(outputs, dict) else outputs[0]
        loss = weighted_token_loss(logits, labels, task, self.task_weights, num_items_in_batch)
        if num_items_in_batch is not None:
            # Processes average their gradients; their shares of (2) add up.
            loss = loss * self.accelerator.num_processes
        return (loss, outputs) if return_outputs else loss

    def _total(self, batch):
        if "task" not in batch:
            raise ValueError(f"expected a batch with the key task, found {', '.join(batch)}; "
                             "does the collator give it, and is remove_unused_columns False?")
        return weight_total(batch["labels"], batch["task"], self.task_weights)
