#!/usr/bin/env python3
"""make mine: BERT with the reader's own functions in it. Links build/mine/cairn from those answers
in mine/ that are right, shows how many of BERT's functions that is, compares its first steps with
the library's, and fine-tunes the demo's BERT. --map: only what is linked.
"""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import linking
from exercises import ROOT, all_exercises, check, prepare, shown
from linking import Part, linked
from progress import Progress

OUT = ROOT / "out/mine"
DATA = "demo/data/"
# As tools/cairn/demo/demo.cpp does it, but with dropout, which is a function to be written, too.
SHARED = ["--batch-size", "32", "--max-length", "64", "--checkpoint-every", "0", "--overwrite"]
PRETRAINING = ["--text", DATA + "pretrain.txt", "--config", "demo/config.json", "--lr", "2e-3",
               *SHARED]
TUNING = ["--task", "sst2", "--train", DATA + "train.tsv", "--lr", "5e-4", "--dropout", "0.1",
          *SHARED]
# The first steps, to compare: the rate rises at once, so that the second loss has seen a step.
FIRST = ["--max-steps", "5", "--warmup", "0.4"]
SAME = 1e-4  # right functions that add in another order are apart by a thousandth of this
# These draw random numbers, and two right ones in different orders: other batches, losses about as large.
DRAWING, ALIKE = ("mask_tokens", "sentence_pairs"), 0.1


def gathered():
    """The parts, of which those are compiled that are right."""
    parts = [Part(e) for e in all_exercises().values() if e.kind() in ("k", "l")]
    there = [part for part in parts if part.exercise.mine.exists()]
    if there:
        prepare([part.exercise for part in there])
    with ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(check, [part.exercise for part in there]))
        progress = Progress()
        for part, verdict in zip(there, verdicts):
            progress.note("exercises", part.exercise.name, verdict.right)
            part.why = f"left out: make check MINE={part.exercise.name}"
        list(pool.map(linking.prepare, [p for p, v in zip(there, verdicts) if v.right]))
    return parts


# What is told.


def to_come():
    lines = (ROOT / "tutorials/mine/functions.txt").read_text().split("\n")
    named = [line.split(None, 2) for line in lines if line and not line.startswith("#")]
    have = set(all_exercises())
    return [name for name in named if name[0] not in have]


def print_map(parts):
    later = to_come()
    yours = sum(part.linked for part in parts)
    print(f"\n{yours} of {len(parts) + len(later)} functions of this BERT are yours\n")
    for part in parts:
        why, *more = part.why.split("\n")
        print(f"  [{'x' if part.linked else ' '}] {part.exercise.name:<24}"
              f"{part.exercise.chapter[:2]}  {why or part.exercise.title()}")
        for line in more[:6]:
            print("        " + line)
    for name, chapter, what in later:
        print(f"      {name:<24}{chapter}  to come: {what}")
    print_checked_only()
    print()


def print_checked_only():
    """The functions of the chapters, which the library has otherwise, or not at all."""
    known = Progress()["exercises"]
    right = [e.name for e in all_exercises().values() if e.kind() == "c" and known.get(e.name)]
    if right:
        print("\n  right too, and checked only, as BERT does not call them:")
        for i in range(0, len(right), 3):
            print("      " + "".join(f"{name:<26}" for name in right[i:i + 3]).rstrip())


def print_not_called(parts):
    idle = [part.exercise.name for part in parts if part.called is False]
    if idle:
        print(f"Linked, but never called by this BERT: {', '.join(idle)}.\n")


# Running cairn.


def run(program, *arguments):
    if subprocess.run([str(program), *arguments], cwd=ROOT).returncode:
        raise SystemExit(f"cairn: {shown(program)} {arguments[0]} did not end well")


def ran_quietly(program, *arguments, **environment):
    """None, or what it complained about, without the details."""
    done = subprocess.run([str(program), *arguments], cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, **environment}, stdin=subprocess.DEVNULL)
    if done.returncode:
        said = [line for line in done.stderr.split("\n") if line and not line.startswith(" ")]
        return f"{arguments[0]} ended with code {done.returncode}: {said[-1] if said else ''}"
    return None


def jobs_of(start):
    """The first steps of a pretraining and of a fine-tuning, as arguments of cairn."""
    return {"pretraining": ["pretrain", "--vocab", str(start / "vocab.txt"), *PRETRAINING],
            "fine-tuning": ["finetune", "--model", str(start), "--dev", DATA + "dev.tsv", *TUNING]}


def first_steps(program, start, **environment):
    """What the log says of the first steps: {"fine-tuning": [(loss, gradient's norm, rate)], ...};
    or, if it does not get there, the complaint."""
    steps, log = {}, OUT / "first_steps.jsonl"
    for name, job in jobs_of(start).items():
        extra = {key: f"{value}.{name}" for key, value in environment.items()}
        complaint = ran_quietly(program, *job, *FIRST, "--out", str(OUT / "first_steps"), "--log",
                                str(log), **extra)
        if complaint:
            return complaint
        lines = [json.loads(line) for line in log.read_text().split("\n") if line]
        steps[name] = [(line["loss"], line["grad_norm"], line["lr"]) for line in lines]
    return steps


def largest_difference(ours, theirs, numbers=3):
    """Of all numbers, or of the losses alone, relative to the library's; infinite if there are none."""
    if isinstance(ours, str):
        return float("inf")
    return max(abs(a - b) / max(abs(b), 1e-6) if a == a else float("inf") for name in theirs
               for x, y in zip(ours[name], theirs[name]) for a, b in zip(x[:numbers], y[:numbers]))


def note_called(parts, start):
    """Tells the parts whether they are called: in the first steps, and when the model is used."""
    program, file = linked(parts, traced=True, name="traced"), OUT / "called"
    if isinstance(first_steps(program, start, CAIRN_CALLED=str(file)), str):
        return  # compared() finds the same, and says so
    model = str(OUT / "first_steps")
    for name, job in (("eval", ["--model", model, "--data", DATA + "test_seen.tsv"]),
                      ("embed", ["--model", model])):
        ran_quietly(program, name, *job, CAIRN_CALLED=f"{file}.{name}")
    for name in ("pretraining", "fine-tuning", "eval", "embed"):
        if (written := OUT / f"called.{name}").exists():
            linking.note_called(parts, program, written)
            written.unlink()


def print_first_steps(ours, theirs):
    print("The first steps, with your functions and with the library's:")
    for name in theirs:
        print(f"  {name:<14}" + "".join(f"{'step ' + str(i + 1):>10}" for i in range(5)))
        for words, steps in (("yours: loss", ours), ("library's", theirs)):
            print(f"    {words:<12}" + "".join(f"{loss:10.5f}" for loss, _, _ in steps[name]))
        for words, steps in (("yours: |g|", ours), ("library's", theirs)):
            print(f"    {words:<12}" + "".join(f"{norm:10.5f}" for _, norm, _ in steps[name]))
    print()


def differs(parts, start, theirs):
    """Whether a program with these parts has other first steps than the library."""
    steps = first_steps(linked(parts, name="alone"), start)
    if any(part.linked and part.exercise.name in DRAWING for part in parts):
        return not largest_difference(steps, theirs, 1) < ALIKE
    return not largest_difference(steps, theirs) < SAME


def compared(parts, start):
    """"yes" if the first steps are those of the library, "no" if not, "crash" if they do not end; then
    says whose functions differ."""
    theirs = first_steps(linking.BUILD / "cairn", start)
    drawing = [p for p in parts if p.linked and p.exercise.name in DRAWING]
    exact = [p for p in parts if p not in drawing]
    ours = first_steps(linked(exact, name="exact"), start)
    if isinstance(theirs, str):
        raise SystemExit(f"cairn: build/cairn {theirs}")
    if isinstance(ours, str):
        print(f"With your functions cairn does not get through the first steps:\n  {ours}")
    else:
        print_first_steps(ours, theirs)
    names = " and ".join(part.exercise.name for part in drawing)
    if drawing:
        print(f"(Without {names}, which may draw other random numbers than the library does.)\n")
    all_same = largest_difference(ours, theirs) < SAME
    if all_same and not (drawing and differs(drawing, start, theirs)):
        return "yes"
    print("THEY DIFFER: one of your functions computes something else than the library's, although "
          "its\ncheck has found nothing. Looking for it, each linked alone ...")
    wrong = [p.exercise.name for p in parts if p.linked and differs([p], start, theirs)]
    print("  " + (f"It is {' and '.join(wrong)}." if wrong else
                  "Each alone is like the library's: some of them do not go together.") + "\n")
    return "crash" if isinstance(ours, str) else "no"


def pretrained():
    """The folder of the pretrained model: that of `make demo`, or made here by the library."""
    demo = ROOT / "out/demo/pretrained"
    if (demo / "model.safetensors").exists():
        return demo
    folder = OUT / "pretrained"
    if not (folder / "model.safetensors").exists():
        print("First BERT is pretrained, with the library's functions; that is done once and takes "
              "a minute or two.")
        OUT.mkdir(parents=True, exist_ok=True)
        cairn = linking.BUILD / "cairn"
        run(cairn, "vocab", "--text", DATA + "pretrain.txt", "--size", "1500", "--out",
            str(OUT / "vocab.txt"))
        run(cairn, "pretrain", "--vocab", str(OUT / "vocab.txt"), "--out", str(folder),
            "--max-steps", "2600", "--warmup", "0.1", *PRETRAINING)
    return folder


def accuracy(program, model):
    """On both halves of the demo's test set."""
    shares = []
    for half in ("test_seen", "test_unseen"):
        words = ["eval", "--model", str(model), "--data", f"{DATA}{half}.tsv", "--json"]
        done = subprocess.run([str(program), *words], cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"cairn: eval did not end well\n{done.stderr}")
        shares.append(json.loads(done.stdout)["accuracy"])
    return shares


def tuned(program, start, folder):
    run(program, "finetune", "--model", str(start), "--out", str(folder), "--dev", DATA + "dev.tsv",
        "--epochs", "5", "--warmup", "0.1", *TUNING)
    return accuracy(program, folder)


def library_accuracy(start):
    """The same with the library's own functions, once for a pretrained model."""
    kept = OUT / "library.json"
    key = f"{start} {(start / 'model.safetensors').stat().st_mtime} {TUNING}"
    if kept.exists() and (saved := json.loads(kept.read_text()))["of"] == key:
        return saved["accuracy"]
    print("\nThe same with the library's functions, to compare with (once):")
    shares = tuned(linking.BUILD / "cairn", start, OUT / "library")
    kept.write_text(json.dumps({"of": key, "accuracy": shares}) + "\n")
    return shares


def print_accuracy(yours, library):
    print("\n  test accuracy            seen    unseen")
    for name, (seen, unseen) in (("with your functions", yours), ("with the library's", library)):
        print(f"  {name:<20} {100 * seen:7.1f}%  {100 * unseen:7.1f}%")
    print("\n(unseen: constructions and cue words that no labelled sentence had)")
    # Of 280 sentences each; two right trainings are a few sentences apart, unseen ones some more.
    if library[0] - yours[0] > 0.03 or library[1] - yours[1] > 0.12:
        print("\nYours is MUCH LOWER than the library's: one of your functions is not right, although "
              "its\ncheck has found nothing.")


def main():
    sys.stdout.reconfigure(line_buffering=True)
    parts = gathered()
    program = linked(parts)
    print_map(parts)
    if "--map" in sys.argv[1:]:
        return 0
    if not any(part.linked for part in parts):
        print("`make mine` trains BERT with your own functions as soon as one is right; begin "
              "with\n  make check MINE=softmax")
        return 1
    start = pretrained()
    OUT.mkdir(parents=True, exist_ok=True)
    note_called(parts, start)
    print_not_called(parts)
    same = compared(parts, start)
    if same == "crash":
        return 1
    print(f"Fine-tuning {shown(start)} with {shown(program)}:")
    yours = tuned(program, start, OUT / "model")
    print_accuracy(yours, library_accuracy(start))
    print('Try it:  echo "The soup was anything but bad." | \\\n'
          "           build/mine/cairn predict --model out/mine/model")
    return 0 if same == "yes" else 1


if __name__ == "__main__":
    sys.exit(main())
