"""Fine-tuning speed and memory beside Hugging Face Transformers (`make bench-peers`).

MiniLM-L6 on SST-2, batches of 32 sentences, forward, backward, clipping by norm, AdamW. Both sides
read the same batches and tokenize them beforehand. Hugging Face pads each batch to its longest
sentence. Each measurement is a process of its own, so that its peak memory (the system's figure, the
loading included) is its own; the two sides take turns, and the median over the rounds counts.

usage: bench_peers.py [--rounds N] [--steps N] [--threads N]
"""
import argparse
import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

BATCH, LR, CLIP, MAX_LENGTH = 32, 5e-5, 1.0, 128
WARM_UP = 3  # steps at the start that are not counted
ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT / os.environ.get("CAIRN_SHARED", "../shared")
MINILM, TRAIN = SHARED / "data/minilm-l6", SHARED / "data/sst2/train.tsv"
PROGRAM = pathlib.Path(os.environ.get("CAIRN_PROGRAM", ROOT / "build/cairn"))
WORK = PROGRAM.resolve().parent / "bench_peers"


def read():
    with open(TRAIN, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["sentence"], int(row["label"])) for row in rows]


def random_order(rows, count):
    import random
    order = list(range(len(rows)))
    random.Random(0).shuffle(order)
    return order[:count]


def grouped_order(rows, count):
    """Sorted by length within 50 batches, the batches shuffled: as Hugging Face's Trainer does."""
    import random
    generator = random.Random(0)
    order = list(range(len(rows)))
    generator.shuffle(order)
    window = sorted(order[:50 * BATCH], key=lambda row: -len(rows[row][0]))
    starts = list(range(0, len(window), BATCH))
    generator.shuffle(starts)
    return [row for start in starts for row in window[start:start + BATCH]][:count]


def hugging_face(order_file, threads):
    """Runs in a process of its own and prints the seconds of each step."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    rows, order = read(), [int(line) for line in open(order_file)]
    tokenizer = AutoTokenizer.from_pretrained(MINILM)
    model = AutoModelForSequenceClassification.from_pretrained(MINILM, num_labels=2).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=LR, weight_decay=0.01, fused=True)
    batches = []
    for start in range(0, len(order), BATCH):
        chosen = [rows[row] for row in order[start:start + BATCH]]
        inputs = tokenizer([sentence for sentence, _ in chosen], padding=True, truncation=True,
                           max_length=MAX_LENGTH, return_tensors="pt")
        batches.append(dict(inputs, labels=torch.tensor([label for _, label in chosen])))
    seconds = []
    for batch in batches:
        begin = time.perf_counter()
        model(**batch).loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        seconds.append(time.perf_counter() - begin)
    print(json.dumps(seconds))


def measured(command):
    """Runs a process; returns its output and its peak memory in megabytes."""
    errors = WORK / "errors.txt"
    with open(errors, "w", encoding="utf-8") as stderr:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
        output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status != 0:
        sys.exit(f"bench_peers: this failed: {' '.join(map(str, command))}\n{errors.read_text()}")
    return output, usage.ru_maxrss * 1024 / 1e6


def measure_hugging_face(order_file, steps, threads):
    output, memory = measured([sys.executable, __file__, "--hugging-face", str(order_file),
                               "--threads", str(threads)])
    seconds = json.loads(output.splitlines()[-1])[WARM_UP:]
    return BATCH * len(seconds) / sum(seconds), memory


def measure_cairn(order_file, steps, threads):
    log = WORK / "log.jsonl"
    _, memory = measured([PROGRAM, "finetune", "--model", MINILM, "--task", "sst2", "--train", TRAIN,
                          "--order", order_file, "--max-steps", str(steps), "--batch-size",
                          str(BATCH), "--lr", str(LR), "--clip", str(CLIP), "--max-length",
                          str(MAX_LENGTH), "--eval-every", "0", "--checkpoint-every", "0", "--log",
                          log, "--out", WORK / "out", "--overwrite", "--threads", str(threads)])
    with open(log, encoding="utf-8") as file:
        speeds = [json.loads(line)["sentences_per_second"] for line in file][WARM_UP:]
    return len(speeds) / sum(1 / speed for speed in speeds), memory


def main():
    parser = argparse.ArgumentParser(description="Cairn's speed and memory beside Hugging Face's")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--hugging-face", metavar="ORDER", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    for needed in (MINILM / "model.safetensors", TRAIN, PROGRAM):
        if not needed.exists():
            sys.exit(f"bench_peers: there is no {needed}\n"
                     "  hint: build with make, and let CAIRN_SHARED name the folder with data/")
    if arguments.hugging_face:
        return hugging_face(arguments.hugging_face, arguments.threads)

    WORK.mkdir(parents=True, exist_ok=True)
    rows, steps = read(), arguments.steps + WARM_UP
    print(f"MiniLM-L6, SST-2, batches of {BATCH}, {arguments.threads} threads, "
          f"{arguments.steps} steps, median of {arguments.rounds} rounds")
    print("batches             Hugging Face          Cairn                 Cairn / Hugging Face")
    print("              sentences/s      MB   sentences/s      MB       speed   memory")
    for name, make_order in (("random", random_order), ("by length", grouped_order)):
        order_file = WORK / "order.txt"
        order_file.write_text("\n".join(map(str, make_order(rows, steps * BATCH))) + "\n")
        theirs, ours = [], []
        for _ in range(arguments.rounds):
            theirs.append(measure_hugging_face(order_file, steps, arguments.threads))
            ours.append(measure_cairn(order_file, steps, arguments.threads))
        hf_speed, hf_memory = (statistics.median(column) for column in zip(*theirs))
        speed, memory = (statistics.median(column) for column in zip(*ours))
        ratio = statistics.median(o[0] / t[0] for o, t in zip(ours, theirs))
        print(f"{name:12s} {hf_speed:12.1f} {hf_memory:7.0f} {speed:13.1f} {memory:7.0f} "
              f"{ratio:11.2f} {memory / hf_memory:8.2f}", flush=True)


main()
