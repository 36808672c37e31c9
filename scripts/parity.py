"""Cairn beside Hugging Face Transformers on MiniLM and SST-2 (`make parity`).

  losses   both train from one saved folder, head included, for 100 steps, without dropout, on the
           same batches; the losses differ by at most 1e-4
  to HF    the folder that Cairn wrote loads in AutoModelForSequenceClassification and AutoTokenizer,
           no key missing or unexpected, and gives Cairn's logits on 200 sentences, within 1e-4
  from HF  the folder that Hugging Face wrote gives its logits in Cairn, within 1e-4

Exit code 1 if something differs, or if there are no data (in $CAIRN_SHARED/data, default ../shared).
"""
import csv
import json
import os
import pathlib
import subprocess
import sys

STEPS, BATCH, LR, WARMUP, DECAY, CLIP, MAX_LENGTH = 100, 32, 5e-5, 0.06, 0.01, 1.0, 128
BOUND = 1e-4
ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT / os.environ.get("CAIRN_SHARED", "../shared")
MINILM, SST2 = SHARED / "data/minilm-l6", SHARED / "data/sst2"
PROGRAM = pathlib.Path(os.environ.get("CAIRN_PROGRAM", ROOT / "build/cairn"))
WORK = PROGRAM.resolve().parent / "parity"

for needed in (MINILM / "model.safetensors", SST2 / "train.tsv", SST2 / "dev.tsv", PROGRAM):
    if not needed.exists():
        sys.exit(f"parity: there is no {needed}\n"
                 "  hint: build with make, and let CAIRN_SHARED name the folder that holds data/")

import torch  # noqa: E402  (slow to import: only when there is something to do)
from transformers import (AutoModelForSequenceClassification, AutoTokenizer,  # noqa: E402
                          get_linear_schedule_with_warmup)
import transformers  # noqa: E402

transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["sentence"], int(row["label"])) for row in rows]


def encode(tokenizer, sentences):
    return tokenizer(sentences, padding=True, truncation=True, max_length=MAX_LENGTH,
                     return_tensors="pt")


def cairn(*arguments, **options):
    result = subprocess.run([PROGRAM, *map(str, arguments)], stdout=subprocess.PIPE, text=True,
                            encoding="utf-8", **options)
    if result.returncode != 0:
        sys.exit(f"parity: cairn {arguments[0]} ended with exit code {result.returncode}")
    return result.stdout


def make_start():
    """The folder that both start from: MiniLM with a fresh head."""
    torch.manual_seed(0)
    model = AutoModelForSequenceClassification.from_pretrained(
        MINILM, num_labels=2, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    model.save_pretrained(WORK / "start")
    AutoTokenizer.from_pretrained(MINILM).save_pretrained(WORK / "start")
    rows = torch.randperm(len(train), generator=torch.Generator().manual_seed(0)).tolist()
    (WORK / "order.txt").write_text("\n".join(map(str, rows[:STEPS * BATCH])) + "\n")
    return rows[:STEPS * BATCH]


def train_hugging_face(order):
    tokenizer = AutoTokenizer.from_pretrained(WORK / "start")
    model = AutoModelForSequenceClassification.from_pretrained(WORK / "start").train()
    decays = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]  # biases and layer norms
    optimizer = torch.optim.AdamW([{"params": decays, "weight_decay": DECAY},
                                   {"params": others, "weight_decay": 0.0}], lr=LR)
    schedule = get_linear_schedule_with_warmup(optimizer, round(WARMUP * STEPS), STEPS)
    losses = []
    for step in range(STEPS):
        batch = [train[row] for row in order[step * BATCH:(step + 1) * BATCH]]
        inputs = encode(tokenizer, [sentence for sentence, _ in batch])
        loss = model(**inputs, labels=torch.tensor([label for _, label in batch])).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    model.save_pretrained(WORK / "hugging_face")
    tokenizer.save_pretrained(WORK / "hugging_face")
    return losses


def train_cairn():
    cairn("finetune", "--model", WORK / "start", "--task", "sst2", "--train", SST2 / "train.tsv",
          "--order", WORK / "order.txt", "--max-steps", STEPS, "--batch-size", BATCH, "--lr", LR,
          "--warmup", WARMUP, "--weight-decay", DECAY, "--clip", CLIP, "--max-length", MAX_LENGTH,
          "--dropout", 0, "--eval-every", 0, "--log", WORK / "cairn.jsonl", "--overwrite",
          "--out", WORK / "cairn")
    return [json.loads(line)["loss"] for line in open(WORK / "cairn.jsonl")]


def logits_of_hugging_face(folder, sentences):
    model, info = AutoModelForSequenceClassification.from_pretrained(folder,
                                                                     output_loading_info=True)
    keys = [f"{kind}: {key}" for kind in ("missing_keys", "unexpected_keys", "mismatched_keys")
            for key in info[kind]]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    with torch.no_grad():
        logits = torch.cat([model.eval()(**encode(tokenizer, sentences[i:i + 50])).logits
                            for i in range(0, len(sentences), 50)])
    return logits, keys


def logits_of_cairn(folder, sentences):
    lines = cairn("predict", "--model", folder, "--json", "--max-length", MAX_LENGTH,
                  input="".join(sentence + "\n" for sentence in sentences))
    return torch.tensor([json.loads(line)["logits"] for line in lines.splitlines()])


def tokens_differ(folder, sentences):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    lines = cairn("tokenize", "--model", folder, "--json",
                  input="".join(sentence + "\n" for sentence in sentences)).splitlines()
    return sum(json.loads(line)["ids"] != tokenizer(sentence)["input_ids"]
               for line, sentence in zip(lines, sentences, strict=True))


failed = []


def check(name, difference, bound=BOUND):
    good = difference <= bound  # false for NaN
    print(f"  {name}: {difference:.3g} (at most {bound:g}){'' if good else '   DIFFERS'}", flush=True)
    if not good:
        failed.append(name)


WORK.mkdir(parents=True, exist_ok=True)
train, dev = read(SST2 / "train.tsv"), read(SST2 / "dev.tsv")
sentences = [sentence for sentence, _ in dev[:200]]
order = make_start()

print(f"losses of {STEPS} steps, the same batches, no dropout:", flush=True)
theirs, ours = train_hugging_face(order), train_cairn()
check("steps that Cairn logged fewer or more", abs(len(theirs) - len(ours)), 0)
check("largest difference of a loss", max(abs(a - b) for a, b in zip(theirs, ours)))
print(f"  first loss {theirs[0]:.6f} and {ours[0]:.6f}, last {theirs[-1]:.6f} and {ours[-1]:.6f}")

for folder, name in (("cairn", "the folder that Cairn wrote, in both:"),
                     ("hugging_face", "the folder that Hugging Face wrote, in both:")):
    print(name, flush=True)
    logits, keys = logits_of_hugging_face(WORK / folder, sentences)
    for key in keys:
        print(f"  {key}")
    check("keys missing, unexpected or mismatched", len(keys), 0)
    check("sentences of 200 with other tokens", tokens_differ(WORK / folder, sentences), 0)
    check("largest difference of a logit",
          (logits - logits_of_cairn(WORK / folder, sentences)).abs().max().item())

if failed:
    sys.exit("parity: DIFFERENT: " + "; ".join(failed))
print("parity: equal")
