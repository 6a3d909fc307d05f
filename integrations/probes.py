"""The probe runs of CoTBal for a trainer of your own: which samples each takes, and the table of their scores.

One file, to be copied; MIT license; needs nothing but Python 3.9.
"""

import csv
import math
import random


def probe_mixtures(sizes, mini, large=1.0, seed=0):
    """The samples of the N + 1 probe runs: {"mini": {task: indices}, "caption+mini": {...}, ...}.

    sizes: {task: number of training samples}. mini, large: the two sampling rates, the same for all tasks. `mini` takes
    a mini subset of every task; `TASK+mini` a large subset of TASK and the minis of the others. A task's mini lies
    inside its large subset. The paper takes mini 1/32, large 1 or 1/4; a mini should hold 1,000 samples of a task and
    train for 100 steps, a large subset 10,000 samples. The same seed gives the same samples.
    """
    if not 0 < mini < large <= 1:
        raise ValueError(f"expected 0 < mini < large <= 1, found mini {mini}, large {large}")
    if len(sizes) < 2:
        raise ValueError(f"expected two tasks or more, found {len(sizes)}")
    order = {}
    for task, size in sizes.items():
        order[task] = list(range(size))
        random.Random(f"{seed} {task}").shuffle(order[task])
    take = lambda task, rate: order[task][: math.ceil(rate * sizes[task])]
    runs = {"mini": {task: take(task, mini) for task in sizes}}
    for own in sizes:
        runs[f"{own}+mini"] = {task: take(task, large if task == own else mini) for task in sizes}
    return runs


def write_scores(path, scores, lower=(), floor=None):
    """Writes the table that `deno task weights` reads.

    scores: {"mini": {task: V_task(mini)}, "caption+mini": {...}, ...}, validation scores of every task after every run.
    lower: tasks whose scores are better lower (losses, error rates). floor: {task: score that counts as nothing
    learnt}, or None.
    """
    tasks = list(scores["mini"])
    rows = ["mini"] + [f"{task}+mini" for task in tasks]
    missing = [f"{row}: {task}" for row in rows for task in tasks if task not in scores.get(row, {})]
    unknown = [task for task in lower if task not in tasks]
    if missing or unknown:
        raise ValueError(f"expected a score of every task after every run, found none for {', '.join(missing)}"
                         if missing else f"expected lower to name tasks of {', '.join(tasks)}, found {unknown}")
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["model"] + [f"{task}:lower" if task in lower else task for task in tasks])
        for row in rows:
            out.writerow([row] + [scores[row][task] for task in tasks])
        if floor is not None:
            out.writerow(["floor"] + [floor[task] for task in tasks])
