"""Reads the event files of a run with TensorBoard itself, and compares every scalar with metrics.jsonl.

    python test/reference/check_events.py RUN

RUN is a folder that `deno task tune --tensorboard` wrote. Each part that was tuned must be a run of its own, with one value a
step for each number of its metrics.jsonl, in order, none twice. Exit code 1 says that something is off.

Made for tensorboard 2.21; no test needs it.
"""

import json
import struct
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer

SINGLE = {
    "training/loss": "loss", "training/gradient_norm": "gradNorm", "training/learning_rate": "learningRate",
    "training/tokens_per_second": "tokensPerSecond", "memory/peak_device_bytes": "peakDeviceBytes",
    "memory/resident_bytes": "residentBytes"}


def f32(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def expected(lines, tasks):
    """tag -> [(step, value)]."""
    found = {}
    add = lambda tag, step, value: value is None or found.setdefault(tag, []).append((step, f32(value)))
    mean = lambda values: (lambda known: sum(known) / len(known))([x for x in values if x is not None])
    for line in lines:
        step = line["step"]
        for tag, name in SINGLE.items():
            add(tag, step, line.get(name))
        looked, seen = line.get("evaluation", {}), line.get("validation", {})
        lists = {"loss": line["taskLoss"], "weight": line.get("weights", []), "method_validation_loss": seen.get("loss", []),
                 "validation_loss": looked.get("loss", []), "validation_score": looked.get("score", [])}
        for group, values in lists.items():
            for task, value in zip(tasks, values):
                add(f"{group}/{task}", step, value)
        for kind in ("loss", "score") if looked else ():
            add(f"validation/mean_{kind}", step, mean(looked[kind]))
    return found


def main():
    run = Path(sys.argv[1])
    tasks = json.loads((run / "run.json").read_text())["resolved"]["tasks"]
    parts = sorted(path.parent for path in run.rglob("metrics.jsonl"))
    runs = EventMultiplexer(size_guidance={"scalars": 0}).AddRunsFromDirectory(str(run)).Reload().Runs()
    off = set(runs) ^ {str(part.relative_to(run)) for part in parts}
    if off:
        print("not both a part and a run of TensorBoard:", ", ".join(sorted(off)))
    for part in parts:
        by_step = {}
        for line in map(json.loads, (part / "metrics.jsonl").read_text().splitlines()):
            by_step.setdefault(line["step"], {}).update(line)
        lines = list(by_step.values())
        read = EventAccumulator(str(part), size_guidance={"scalars": 0}).Reload()
        wanted = expected(lines, tasks)
        tags = set(read.Tags()["scalars"])
        wrong = tags ^ set(wanted)
        for tag in tags & set(wanted):
            events = read.Scalars(tag)
            times = [event.wall_time for event in events]
            if [(event.step, event.value) for event in events] != wanted[tag] or times != sorted(times):
                wrong.add(tag)
        print(f"{part.relative_to(run)}: {len(lines)} steps, {len(tags)} tags, {'off: ' + ', '.join(sorted(wrong)) if wrong else 'equal'}")
        off |= wrong
    sys.exit(1 if off else 0)


if __name__ == "__main__":
    main()
