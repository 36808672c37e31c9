#!/usr/bin/env python3
"""What must hold in the debuggers besides the transcripts; each is a test of cmake/debugger.cmake.

  check.py frames PROGRAM          at most three functions between the call of an op and its
                                   kernel, and of each module exactly one (PROGRAM: frames.cpp)
  check.py steps gdb|lldb PROGRAM  `step` from a line that calls softmax reaches the kernel within
                                   twenty (PROGRAM: back.cpp)
  check.py core gdb|lldb PROGRAM   a core file is printed as the program was (PROGRAM: values.cpp)
  check.py launch                  the launch files for editors name what exists, and each chapter
  check.py equal                   what `print` and `back` show is recorded alike for both debuggers
"""
import json
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tools/debugger"))
import chapters  # noqa: E402
import play  # noqa: E402

MOST_FRAMES, MOST_STEPS = 3, 20


def frames(program):
    text = play.outputs("gdb", program, [f"source {HERE / 'frames.py'}"])[0]
    ways = [line.split(" > ") for line in text.splitlines() if line.startswith("call_")]
    assert len(ways) > 50, f"only {len(ways)} ways to a kernel were seen:\n{text}"
    kernels = set()
    for way in ways:
        inner = way[1:-1]  # without the caller and the kernel
        modules = [name for name in inner if "::operator()" in name or "::pool" in name]
        ops = inner[len(modules):]
        assert inner[:len(modules)] == modules, "a function between modules: " + " > ".join(way)
        assert len(set(modules)) == len(modules), "a module adds two frames: " + " > ".join(way)
        assert len(ops) <= MOST_FRAMES, f"{len(ops)} frames: " + " > ".join(way)
        assert modules or way[0] == "call_ops", " > ".join(way)
        kernels.add(way[-1])
    longest = max(ways, key=len)
    print(f"{len(ways)} ways to {len(kernels)} kernels; the longest: {' > '.join(longest)}")


def steps(debugger, program):
    said = play.outputs(debugger, program, ["stop softmax", "run"] + ["step"] * MOST_STEPS)
    seen = [i for i, text in enumerate(said) if "reference::softmax" in text]
    assert seen, f"{MOST_STEPS} steps do not reach the kernel:\n" + "\n".join(said)
    print(f"{seen[0] - 1} steps from the call of softmax to its kernel")


def core(debugger, program):
    prints = [command for name in ("values", "models")
              for _, command in chapters.Walk(HERE / f"{name}.walk.txt").steps
              if command.startswith("print ") and "this" not in command]
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/core"
        alive = play.outputs("gdb", program, ["stop look", "run", f"gcore {file}"] + prints)
        assert pathlib.Path(file).exists(), f"gcore: {alive[2]}"
        up = "frame function look" if debugger == "gdb" else "frame select 0"
        dead = play.outputs(debugger, program, [up] + prints, file)
    for command, before, after in zip(prints, alive[3:], dead[1:]):
        before, after = play.said(before), play.said(after)
        assert before == after, f"{command}\nalive:\n{before}\nfrom the core:\n{after}"
    print(f"{len(prints)} values, from a core file as from the program")


def equal():
    count = 0
    for gdb in sorted([*HERE.glob("*.gdb.txt"), *ROOT.glob("tutorials/*/walk.gdb.txt")]):
        lldb = gdb.with_name(gdb.name.replace(".gdb.", ".lldb."))
        shown = [[part for part in re.split(r"^(?=> )", path.read_text(), flags=re.MULTILINE)
                  if part.startswith(("> print ", "> back"))] for path in (gdb, lldb)]
        assert len(shown[0]) == len(shown[1]), f"{gdb} and {lldb} are of different walks"
        for one, other in zip(*shown):
            assert one.strip() == other.strip(), f"{gdb}\n{one}\n{lldb}\n{other}"
            count += 1
    print(f"{count} values are shown alike")


def launch():
    files = [path for path in ROOT.glob(".vscode/*.json") if json.loads(path.read_text())]
    for file in [*ROOT.glob(".vscode/*.json"), ROOT / ".gdbinit", ROOT / ".lldbinit"]:
        for path in re.findall(r"tools/debugger/[\w.]+", file.read_text()):
            assert (ROOT / path).exists(), f"{file} names {path}"
    for walk in ROOT.glob("tutorials/*/walk.txt"):
        name = walk.parent.name
        run = ROOT / f".run/{name}.run.xml"
        assert run.exists() and f"tutorial_{name}" in run.read_text(), \
            f"{run} is missing; `make walks-sync` writes it"
    print(f"{len(files)} files of Visual Studio Code, one of CLion for each chapter with a walk")


try:
    {"frames": frames, "steps": steps, "core": core, "launch": launch,
     "equal": equal}[sys.argv[1]](*sys.argv[2:])
except play.Skipped as why:
    print(f"SKIPPED: {why}")
except AssertionError as why:
    sys.exit(str(why))
