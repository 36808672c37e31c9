#!/usr/bin/env python3
"""make mine: BERT with the reader's own functions in it. Links build/mine/cairn from those answers
in mine/ that are right, shows how many of BERT's functions that is, and fine-tunes the demo's BERT.
"""
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import builds
from exercises import ROOT, all_exercises, check, prepare
from progress import Progress

BUILD = ROOT / "build"
PLACE, OUT = BUILD / "mine", ROOT / "out/mine"
ATTENTION_BACKWARD = ROOT / ("tutorials/07_backward_by_hand/exercises/attention_backward/"
                             "solution.cpp")
CXX = ["-std=c++20", "-O2", "-Wall", "-Wextra", "-ffp-contract=off", f"-I{ROOT}"]
DATA = "demo/data/"
# As tools/cairn/demo/demo.cpp does it.
SHARED = ["--batch-size", "32", "--warmup", "0.1", "--max-length", "64", "--checkpoint-every", "0",
          "--overwrite"]
PRETRAINING = ["--text", DATA + "pretrain.txt", "--config", "demo/config.json",
               "--max-steps", "2600", "--lr", "2e-3", *SHARED]
TUNING = ["--task", "sst2", "--train", DATA + "train.tsv", "--dev", DATA + "dev.tsv",
          "--epochs", "5", "--lr", "5e-4", "--dropout", "0.1", *SHARED]  # the demo has no dropout


class Part:
    """An exercise whose function the program can be linked with, and whether it is."""

    def __init__(self, exercise):
        self.exercise, self.why, self.object = exercise, "", None
        self.entries = []  # of the table of kernels that it stands for

    @property
    def linked(self):
        return self.object is not None


def table_entries():
    """The names of the entries of cairn::Kernels."""
    text = (ROOT / "core/kernels/kernels.h").read_text()
    table = text[text.index("struct Kernels {"):]
    return set(re.findall(r"\*(\w+)[,;)]", table[:table.index("\n};")]))


def functions_in(object_file):
    """What the object defines in namespace mine."""
    names = subprocess.run(["nm", "-C", "--defined-only", str(object_file)], capture_output=True,
                           text=True).stdout
    return re.findall(r" T mine::(\w+)\(", names)


def compiled(part):
    """Compiles the reader's file in float, as the program is."""
    cxx, _ = builds.parts_of(BUILD, "cairn")
    output = PLACE / (part.exercise.name + ".o")
    done = subprocess.run([*cxx, *CXX, "-c", str(part.exercise.mine), "-o", str(output)],
                          capture_output=True, text=True)
    if done.returncode:
        part.why = "does not compile in float; use real where you wrote double\n" + done.stderr
        return
    part.object = output
    if part.exercise.kind() == "k":
        part.entries = [name for name in functions_in(output) if name in table_entries()]
        if not part.entries:
            part.why, part.object = "has no function of the table in namespace mine", None


def gathered():
    """The parts, of which those are compiled that are right."""
    parts = [Part(e) for e in all_exercises().values() if e.kind() in ("k", "l")]
    there = [part for part in parts if part.exercise.mine.exists()]
    for part in parts:
        part.why = "not begun"
    if there:
        prepare([part.exercise for part in there])
    with ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(check, [part.exercise for part in there]))
    PLACE.mkdir(parents=True, exist_ok=True)
    progress = Progress()
    for part, verdict in zip(there, verdicts):
        progress.note("exercises", part.exercise.name, verdict.right)
        part.why = "" if verdict.right else f"left out: make check MINE={part.exercise.name}"
        if verdict.right:
            compiled(part)
    return parts


def table_source(entries):
    """The table of kernels that the library chooses, with these entries replaced."""
    declared = "".join(f"std::remove_pointer_t<decltype(cairn::Kernels::{name})> {name};\n"
                       for name in entries if name != "attention")
    replaced = "".join(f"    table.{name} = mine::{name};\n" for name in entries)
    return f"""// Written by `make mine`: the library's table of kernels with your functions in it.
#include <cstdlib>
#include <type_traits>

#include "core/kernels/choose_kernels.h"
#include "tutorials/mine/attention.h"

namespace mine {{
{declared}}}  // namespace mine

namespace cairn {{ inline namespace CAIRN_PRECISION {{

const Kernels& kernels() {{
  static const Kernels chosen = [] {{
    Kernels table = choose_kernels(std::getenv("CAIRN_ISA"));
{replaced}    return table;
  }}();
  return chosen;
}}

}}}}  // namespace cairn::CAIRN_PRECISION
"""


def linked(parts):
    """build/mine/cairn, in which the parts' functions win: they stand first on the link line."""
    cxx, _ = builds.parts_of(BUILD, "cairn")
    entries = [name for part in parts for name in part.entries]
    objects = [part.object for part in parts if part.linked]
    sources = []
    if "softmax" in entries:  # the library's attention has a softmax of its own
        entries.append("attention")
        sources.append(ROOT / "tutorials/mine/attention.cpp")
    if "softmax_backward" in entries and "attention_backward" not in entries:  # as on the way there
        entries.append("attention_backward")
        sources.append(ATTENTION_BACKWARD)
    if entries:
        table = PLACE / "kernels.cpp"
        table.write_text(table_source(entries))
        sources.append(table)
    for source in sources:
        objects.append(PLACE / (source.stem + "_of_mine.o"))
        builds.run([*cxx, *CXX, "-c", source, "-o", objects[-1]], f"{source.name} does not compile")
    program = PLACE / "cairn"
    builds.link(BUILD, "cairn", program, objects)
    return program


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
    print()


def run(program, *arguments):
    if subprocess.run([str(program), *arguments], cwd=ROOT).returncode:
        raise SystemExit(f"cairn: {program.relative_to(ROOT)} {arguments[0]} did not end well")


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
        run(BUILD / "cairn", "vocab", "--text", DATA + "pretrain.txt", "--size", "1500", "--out",
            str(OUT / "vocab.txt"))
        run(BUILD / "cairn", "pretrain", "--vocab", str(OUT / "vocab.txt"), "--out", str(folder),
            *PRETRAINING)
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
    run(program, "finetune", "--model", str(start), "--out", str(folder), *TUNING)
    return accuracy(program, folder)


def library_accuracy(start):
    """The same with the library's own functions, once for a pretrained model."""
    kept = OUT / "library.json"
    key = f"{start} {(start / 'model.safetensors').stat().st_mtime} {' '.join(TUNING)}"
    if kept.exists() and (saved := json.loads(kept.read_text()))["of"] == key:
        return saved["accuracy"]
    print("\nThe same with the library's functions, to compare with (once):")
    shares = tuned(BUILD / "cairn", start, OUT / "library")
    kept.write_text(json.dumps({"of": key, "accuracy": shares}) + "\n")
    return shares


def main():
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
    print(f"Fine-tuning {start.relative_to(ROOT)} with {program.relative_to(ROOT)}:")
    yours = tuned(program, start, OUT / "model")
    library = library_accuracy(start)
    print("\n  test accuracy            seen    unseen")
    for name, (seen, unseen) in (("with your functions", yours), ("with the library's", library)):
        print(f"  {name:<20} {100 * seen:7.1f}%  {100 * unseen:7.1f}%")
    print("\n(unseen: constructions and cue words that no labelled sentence had)\n"
          'Try it:  echo "The soup was anything but bad." | \\\n'
          "           build/mine/cairn predict --model out/mine/model")
    return 0


if __name__ == "__main__":
    sys.exit(main())
