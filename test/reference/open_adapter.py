"""Opens a LoRA adapter by PEFT: `python open_adapter.py BASE ADAPTER [LOGITS.json]`.

Needs torch, transformers and peft. Fails if a tensor of the adapter finds no place or a layer that it names finds no
tensor. With a third argument, a file {ids, logits} of text tokens and the logits of all of them, says how far PEFT's are.
"""

import json
import sys
import warnings
from pathlib import Path

import torch
from peft import PeftModel
from safetensors import safe_open
from transformers import AutoModelForImageTextToText

base, adapter = sys.argv[1:3]
warnings.filterwarnings("error", message=".*missing adapter keys.*")
model = AutoModelForImageTextToText.from_pretrained(base, dtype=torch.float32)
tuned = PeftModel.from_pretrained(model, adapter).eval()
weights = safe_open(Path(adapter) / "adapter_model.safetensors", "pt")
own = dict(tuned.named_parameters())
for key in weights.keys():
    names = [key.replace(".lora_A.", ".lora_A.default.").replace(".lora_B.", ".lora_B.default.")]
    head, _, last = key.rpartition(".")
    names += [f"{head[:i]}.modules_to_save.default{head[i:]}.{last}" for i in range(len(head) + 1)
              if i == len(head) or head[i] == "."]
    found = [own[name] for name in names if name in own and (".default" in name)]
    assert found and torch.equal(found[0], weights.get_tensor(key)), f"{key}: not in the model as in the file"
print(f"{len(list(weights.keys()))} tensors in place")
if len(sys.argv) > 3:
    given = json.loads(Path(sys.argv[3]).read_text())
    with torch.no_grad():
        logits = tuned(input_ids=torch.tensor([given["ids"]])).logits[0]
    expected = torch.tensor(given["logits"]).view_as(logits)
    print(f"logits differ by {((logits - expected).norm() / logits.norm()).item():.1e}")
