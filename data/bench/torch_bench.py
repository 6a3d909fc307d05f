"""The rows of `deno task bench` in PyTorch, on the same inputs.

    python data/bench/torch_bench.py [names ...] [--device cpu|cuda] [--mode eager|compile] [--threads N] [--json]
    python data/bench/torch_bench.py --reference      # losses of five float64 steps, as in shapes.json

Without --device and --mode, all that this machine has. Every result is checked against float64 before it is timed.
Times are medians of --repeat times, in ms a run; float32 products only (TF32 stays off).
"""
import argparse
import json
import math
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "shapes.json")) as file:
    SHAPES = json.load(file)
OPT = SHAPES["optimizer"]
EPS = 1e-5


# ---- inputs: hashed integers, the same as src/bench/workloads/inputs.ts makes ----

def hashed(seed, count):
    x = np.arange(count, dtype=np.uint32) + np.uint32(seed * 0x9E3779B1 & 0xFFFFFFFF)
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    x = (x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return x ^ (x >> np.uint32(16))


class Inputs:
    """Makes tensors of one type on one device."""

    def __init__(self, device, dtype):
        self.device, self.dtype = device, dtype

    def uniform(self, seed, shape, scale=1.0, shift=0.0):
        values = shift + scale * ((hashed(seed, math.prod(shape)) >> np.uint32(8)).astype(np.float64) / 2**23 - 1)
        return self.tensor(values.astype(np.float32).reshape(shape))

    def integers(self, seed, shape, limit):
        values = (hashed(seed, math.prod(shape)) % limit).astype(np.int64).reshape(shape)
        return torch.tensor(values, device=self.device)

    def tensor(self, values):
        return torch.tensor(values, dtype=self.dtype, device=self.device)


# ---- operations: each gives a function of no arguments that gives results by name ----

def gemm(inputs, wrap, form, m, k, n):
    x, w, dy = inputs.uniform(1, (m, k)), inputs.uniform(2, (k, n)), inputs.uniform(3, (m, n))
    product = wrap({"NN": lambda: x @ w, "NT": lambda: dy @ w.T, "TN": lambda: x.T @ dy}[form])
    return lambda: {"y": product()}


def attention(inputs, wrap, b, h, t, d):
    q, k, v, dout = (inputs.uniform(seed, (b, h, t, d)) for seed in (4, 5, 6, 7))
    for x in (q, k, v):
        x.requires_grad_()
    forward = wrap(lambda: F.scaled_dot_product_attention(q, k, v, is_causal=True))

    def run():
        o = forward()
        return dict(zip(("o", "dq", "dk", "dv"), (o, *torch.autograd.grad(o, (q, k, v), dout))))
    return run


def norm(inputs, wrap, kind, rows, width):
    x, dy = inputs.uniform(8, (rows, width)).requires_grad_(), inputs.uniform(11, (rows, width))
    g, b = inputs.uniform(9, (width,), 0.5, 1).requires_grad_(), inputs.uniform(10, (width,)).requires_grad_()
    if kind == "layer-norm":
        forward, of = wrap(lambda: F.layer_norm(x, (width,), g, b, EPS)), (x, g, b)
    else:
        forward, of = wrap(lambda: F.rms_norm(x, (width,), g, EPS)), (x, g)

    def run():
        y = forward()
        return dict(zip(("y", "dx", "dg", "db"), (y, *torch.autograd.grad(y, of, dy))))
    return run


def cross_entropy(inputs, wrap, rows, width, vocab):
    h = inputs.uniform(12, (rows, width)).requires_grad_()
    p = inputs.uniform(13, (width, vocab), 1 / math.sqrt(width)).requires_grad_()
    labels = inputs.integers(14, (rows,), vocab)
    weights = inputs.integers(15, (rows,), 2).to(inputs.dtype)
    forward = wrap(lambda: (F.cross_entropy(h @ p, labels, reduction="none") * weights).sum() / weights.sum())

    def run():
        loss = forward()
        return dict(zip(("loss", "dh", "dp"), (loss, *torch.autograd.grad(loss, (h, p)))))
    return run


def optimizer(parameters):
    return torch.optim.AdamW(parameters, lr=OPT["learningRate"], betas=(OPT["beta1"], OPT["beta2"]),
                             eps=OPT["eps"], weight_decay=OPT["weightDecay"], fused=True)


def adamw(inputs, wrap, count):
    p = torch.nn.Parameter(inputs.uniform(16, (count,)))
    p.grad = inputs.uniform(17, (count,))
    step = optimizer([p]).step

    def run():
        step()
        return {"p": p}
    return run


# ---- the whole step ----

def llava_parameters(inputs):
    """In the order of their seeds, matrices as [inputs, outputs]; see src/bench/workloads/llava_parameters.ts."""
    llava = SHAPES["llava"]
    v, l, patch = llava["vision"], llava["language"], llava["patch"]
    specs = []

    def matrix(name, rows, columns):
        specs.append((name, (rows, columns), 1 / math.sqrt(rows)))

    def vector(name, width, value):
        specs.append((name, (width,), None if value else 0))

    def linear(name, rows, columns):
        matrix(name, rows, columns)
        vector(name + "b", columns, 0)

    def layer_norm(name):
        vector(name + ".w", v["width"], 1)
        vector(name + ".b", v["width"], 0)

    matrix("v.patch", 3 * patch * patch, v["width"])
    specs.append(("v.cls", (v["width"],), 0.1))
    specs.append(("v.pos", ((llava["image"] // patch) ** 2 + 1, v["width"]), 0.1))
    layer_norm("v.pre")
    for i in range(v["layers"]):
        layer_norm(f"v{i}.ln1")
        for c in "qkvo":
            linear(f"v{i}.{c}", v["width"], v["width"])
        layer_norm(f"v{i}.ln2")
        linear(f"v{i}.fc1", v["width"], v["inner"])
        linear(f"v{i}.fc2", v["inner"], v["width"])
    linear("p.fc1", v["width"], l["width"])
    linear("p.fc2", l["width"], l["width"])
    specs.append(("embed", (l["vocab"], l["width"]), 0.1))
    keys = l["width"] // l["heads"] * l["groups"]
    for i in range(l["layers"]):
        vector(f"d{i}.n1", l["width"], 1)
        for c, columns in (("q", l["width"]), ("k", keys), ("v", keys), ("o", l["width"])):
            matrix(f"d{i}.{c}", l["width"], columns)
        vector(f"d{i}.n2", l["width"], 1)
        matrix(f"d{i}.gate", l["width"], l["inner"])
        matrix(f"d{i}.up", l["width"], l["inner"])
        matrix(f"d{i}.down", l["inner"], l["width"])
    vector("norm", l["width"], 1)
    matrix("head", l["width"], l["vocab"])

    made = {}
    for i, (name, shape, scale) in enumerate(specs):
        if scale is None:
            values = inputs.tensor(np.ones(shape))
        elif scale == 0:
            values = inputs.tensor(np.zeros(shape))
        else:
            values = inputs.uniform(100 + i, shape, scale)
        made[name] = torch.nn.Parameter(values)
    return made


def llava_loss(inputs, p):
    """Gives the function that computes the loss of the fixed batch."""
    llava = SHAPES["llava"]
    v, l, patch, batch, text = llava["vision"], llava["language"], llava["patch"], llava["batch"], llava["text"]
    side = llava["image"] // patch
    images = side * side
    rows, size, vision_size = images + text, l["width"] // l["heads"], v["width"] // v["heads"]
    pixels = inputs.uniform(50, (batch, 3, side, patch, side, patch)).permute(0, 2, 4, 1, 3, 5)
    pixels = pixels.reshape(batch, images, 3 * patch * patch)
    ids = inputs.integers(51, (batch, text), l["vocab"])
    labels = torch.zeros((batch, rows), dtype=torch.long, device=inputs.device)
    labels[:, images - 1:-1] = ids                       # the row before a token predicts it
    weights = inputs.tensor(np.zeros((batch, rows)))
    weights[:, rows - 1 - llava["answer"]:-1] = 1
    rates = 10000 ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
    angles = torch.arange(rows, dtype=torch.float64)[:, None] * torch.cat([rates, rates])
    cos, sin = (f(angles).to(inputs.device, inputs.dtype) for f in (torch.cos, torch.sin))

    def linear(x, name):
        return x @ p[name] + p[name + "b"]

    def layer_norm(x, name):
        return F.layer_norm(x, (v["width"],), p[name + ".w"], p[name + ".b"], EPS)

    def rms_norm(x, name):
        return F.rms_norm(x, (l["width"],), p[name], EPS)

    def split(x, width):
        return x.view(batch, -1, x.shape[-1] // width, width).transpose(1, 2)

    def merge(x):
        return x.transpose(1, 2).reshape(batch, x.shape[2], -1)

    def rope(x):
        return x * cos + torch.cat([-x[..., size // 2:], x[..., :size // 2]], -1) * sin

    def loss():
        x = torch.cat([p["v.cls"].expand(batch, 1, -1), pixels @ p["v.patch"]], 1) + p["v.pos"]
        x = layer_norm(x, "v.pre")
        for i in range(v["layers"]):
            y = layer_norm(x, f"v{i}.ln1")
            y = F.scaled_dot_product_attention(*(split(linear(y, f"v{i}.{c}"), vision_size) for c in "qkv"))
            x = x + linear(merge(y), f"v{i}.o")
            y = linear(layer_norm(x, f"v{i}.ln2"), f"v{i}.fc1")
            x = x + linear(y * torch.sigmoid(1.702 * y), f"v{i}.fc2")
        x = linear(F.gelu(linear(x[:, 1:], "p.fc1")), "p.fc2")
        x = torch.cat([x, F.embedding(ids, p["embed"])], 1)
        for i in range(l["layers"]):
            y = rms_norm(x, f"d{i}.n1")
            query, key, value = (split(y @ p[f"d{i}.{c}"], size) for c in "qkv")
            y = F.scaled_dot_product_attention(rope(query), rope(key), value, is_causal=True, enable_gqa=True)
            x = x + merge(y) @ p[f"d{i}.o"]
            y = rms_norm(x, f"d{i}.n2")
            x = x + (F.silu(y @ p[f"d{i}.gate"]) * (y @ p[f"d{i}.up"])) @ p[f"d{i}.down"]
        logits = rms_norm(x, "norm") @ p["head"]
        nll = F.cross_entropy(logits.view(-1, l["vocab"]), labels.view(-1), reduction="none")
        return (nll * weights.view(-1)).sum() / weights.sum()
    return loss


def step(inputs, wrap):
    parameters = llava_parameters(inputs)
    loss_of = wrap(llava_loss(inputs, parameters))
    every = list(parameters.values())
    opt = optimizer(every)

    def once():
        opt.zero_grad()
        loss = loss_of()
        loss.backward()
        grad_norm = torch.nn.utils.clip_grad_norm_(every, OPT["clip"])
        opt.step()
        return torch.stack([loss.detach(), grad_norm])

    traced = []

    def run():
        if traced:
            return {"last": once()}
        traced.append(torch.cat([once() for _ in range(5)]))     # the first call is the one that is checked
        return {"trace": traced[0], "embed": parameters["embed"], "cls": parameters["v.cls"]}
    return run


def workloads():
    """(name, shape, operations, make) of every row."""
    for g in SHAPES["gemm"]:
        m, k, n = g["m"], g["k"], g["n"]
        for form in g["forms"]:
            yield (f"gemm-{form}", f"M{m} K{k} N{n}", 2 * m * k * n,
                   lambda i, w, a=(form, m, k, n): gemm(i, w, *a))
    for a in SHAPES["attention"]:
        b, h, t, d = a["b"], a["h"], a["t"], a["d"]
        yield ("attention", f"B{b} H{h} T{t} D{d}", 12 * b * h * t * t * d,
               lambda i, w, a=(b, h, t, d): attention(i, w, *a))
    for s in SHAPES["norm"]:
        for kind in ("layer-norm", "rms-norm"):
            yield (kind, f"{s['rows']}×{s['width']}", None,
                   lambda i, w, a=(kind, s["rows"], s["width"]): norm(i, w, *a))
    for c in SHAPES["crossEntropy"]:
        r, width, vocab = c["rows"], c["width"], c["vocab"]
        yield ("cross-entropy", f"R{r} W{width} V{vocab}", 6 * r * width * vocab,
               lambda i, w, a=(r, width, vocab): cross_entropy(i, w, *a))
    for s in SHAPES["adamw"]:
        yield ("adamw", f"{s['count'] / 1e6:g}M", None, lambda i, w, n=s["count"]: adamw(i, w, n))
    yield ("step", f"LLaVA B{SHAPES['llava']['batch']}", None, step)


# ---- checking and timing ----

def plain(results):
    return {name: x.detach().double().cpu().flatten().clone() for name, x in results.items()}


def error_of(found, expected):
    """Largest difference relative to the largest value, or relative difference of norms if larger."""
    worst = 0.0
    for name, y in expected.items():
        x = found[name]
        if not torch.isfinite(x).all():
            return math.nan
        worst = max(worst, ((x - y).abs().max() / y.abs().max()).item(),
                    ((x.norm() - y.norm()).abs() / y.norm()).item())
    return worst


def measure(run, device, repeat, fill_ms=250):
    def spend(runs):
        start = time.perf_counter()
        for _ in range(runs):
            run()
        if device == "cuda":
            torch.cuda.synchronize()
        return (time.perf_counter() - start) * 1e3

    runs, last = 1, spend(1)
    while last < fill_ms / 2 and runs < 65536:
        runs = math.ceil(runs * max(2, min(16, fill_ms / last)))
        last = spend(runs)
    times = sorted(spend(runs) / runs for _ in range(repeat))
    middle = (repeat - 1) / 2
    return (times[math.floor(middle)] + times[math.ceil(middle)]) / 2, times[0], times[-1]


def same(f):
    return f


def bench(args):
    rows = []
    devices = [args.device] if args.device else ["cpu"] + ["cuda"] * torch.cuda.is_available()
    modes = [args.mode] if args.mode else ["eager", "compile"]
    for name, shape, operations, make in workloads():
        if args.names and not any(name.startswith(start) for start in args.names):
            continue
        expected = plain(make(Inputs("cpu", torch.float64), same)())
        for device in devices:
            for mode in modes:
                if name == "adamw" and mode == "compile":
                    continue  # the fused update is one kernel already
                row = dict(name=name, shape=shape, peer=f"torch-{device}-{mode}", peerMs=None, peerRange=None,
                           gflops=None, peerError=None, correct=None, note="")
                try:
                    if mode == "compile":
                        torch._dynamo.reset()
                    run = make(Inputs(device, torch.float32), torch.compile if mode == "compile" else same)
                    error = error_of(plain(run()), expected)
                    row.update(peerError=error, correct=error <= (1e-3 if name == "step" else 1e-4))
                    if row["correct"]:
                        median, least, most = measure(run, device, args.repeat)
                        row.update(peerMs=median, peerRange=[least, most])
                        if operations:
                            row["gflops"] = operations / median / 1e6
                except Exception as failure:  # a row that fails must not end the others
                    row.update(correct=False, note=str(failure).split("\n")[0][:200])
                rows.append(row)
                if not args.json:
                    show(row)
    if args.json:
        facts = dict(torch=torch.__version__, threads=torch.get_num_threads(), date=time.strftime("%Y-%m-%d"),
                     device=torch.cuda.get_device_name() if "cuda" in devices else "cpu")
        print(json.dumps(dict(**facts, repeat=args.repeat, rows=rows), indent=2))


def show(row):
    def digits(x):
        return "–" if x is None else f"{x:,.0f}" if x >= 100 else f"{x:.3g}"
    note = "" if row["correct"] else f"WRONG ({row['note'] or row['peerError']})"
    print(f"{row['name']:<14}{row['shape']:<22}{row['peer']:<20}{digits(row['peerMs']):>9} ms"
          f"{digits(row['gflops']):>9} GFLOP/s  {note}", flush=True)


def reference():
    """The part of shapes.json that PyTorch makes."""
    found = plain(step(Inputs("cpu", torch.float64), same)())

    def values(name, count):
        x = found[name].numpy()
        return [float(f"{v:.7g}") for v in x[np.arange(count) * 2654435761 % x.size]]
    print(json.dumps({
        "trace": [float(f"{v:.7g}") for v in found["trace"]],
        "embedNorm": found["embed"].norm().item(), "embed": values("embed", 8),
        "clsNorm": found["cls"].norm().item(), "cls": values("cls", 8),
    }, indent=2))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="beginnings of names; all rows if left out")
    parser.add_argument("--device", choices=["cpu", "cuda"], help="all that there are if left out")
    parser.add_argument("--mode", choices=["eager", "compile"], help="both if left out")
    parser.add_argument("--repeat", type=int, default=5, help="times that each median is of (5)")
    parser.add_argument("--threads", type=int, help="CPU threads (PyTorch's own choice)")
    parser.add_argument("--json", action="store_true", help="write the rows as JSON at the end")
    parser.add_argument("--reference", action="store_true", help="write the float64 losses of the step")
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    if arguments.reference:
        reference()
    else:
        bench(arguments)
