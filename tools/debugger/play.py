#!/usr/bin/env python3
"""Plays walks in gdb or lldb, without a terminal.

  play.py gdb|lldb PROGRAM WALK               prints the transcript
  play.py gdb|lldb PROGRAM WALK --record FILE writes it to FILE
  play.py gdb|lldb PROGRAM WALK --compare FILE compares it with FILE; exit code 1 if they differ

Where the debugger is missing, or may not run a program, it prints a line that begins with SKIPPED.
"""
import difflib
import glob
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import chapters  # noqa: E402


class Skipped(Exception):
    pass


def find(debugger):
    """The debugger's program and environment. Debian's lldb looks for its own Python module in a
    folder that does not exist, and takes the first Python of PATH for the one it is built with."""
    names = [debugger] + [f"{debugger}-{version}" for version in range(30, 10, -1)]
    program = next((name for name in names if shutil.which(name)), None)
    environment = dict(os.environ)
    if program and debugger == "lldb":
        real = pathlib.Path(shutil.which(program)).resolve()
        module = [path for path in glob.glob(f"{real.parents[1]}/lib/python3*/*-packages")
                  if os.path.exists(f"{path}/lldb/embedded_interpreter.py")]
        if module:
            environment.update(PYTHONPATH=module[0], PYTHONHOME=str(real.parents[3]))
    return program, environment


def command_line(debugger, options, target, commands, core=None):
    """The debugger's arguments, for the target with Cairn's commands loaded."""
    if debugger == "gdb":
        line = ["-q"] + options + ["-x", str(HERE / "cairn_gdb.py")]
        line += [f"-ex={command}" for command in commands]
        return line + [target] + ([core] if core else [])
    line = options + ["-o", f"command script import {HERE / 'cairn_lldb.py'}"]
    for command in commands:
        line += ["-o", command]
    return line + (["-c", core] if core else []) + [target]


def outputs(debugger, target, commands, core=None):
    """What the debugger says to each of the commands. Throws Skipped."""
    program, environment = find(debugger)
    if not program:
        raise Skipped(f"{debugger} is not installed")
    gdb = debugger == "gdb"
    marked = ["set args > /dev/null" if gdb else "settings set target.output-path /dev/null"]
    for i, command in enumerate(commands):
        marked += [f"echo @{i}@\\n" if gdb else f'script print("@{i}@")', command]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:  # an error does not end a file
        file.write("\n".join(marked) + "\n")
        file.flush()
        line = command_line(debugger, ["-nx", "-batch"] if gdb else ["-x", "-b"],
                            os.path.abspath(target),
                            marked if gdb else [f"command source -e false {file.name}"], core)
        done = subprocess.run([program] + line, env=environment, cwd=chapters.ROOT,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", timeout=120)
    text = "\n" + done.stdout
    for sign in "ptrace: Operation not permitted", "Could not trace the inferior", \
                "Cannot create process", "'A' packet returned an error":
        if sign in text:
            raise Skipped(f"this machine lets {debugger} run no program: {sign}")
    parts = []
    for i, _ in enumerate(commands):
        begin = text.find(f"\n@{i}@\n")
        if begin < 0:
            raise RuntimeError(f"{debugger} ended before command {i}: {commands[i]}\n{text}")
        rest = text[begin + len(f"\n@{i}@\n"):]
        end = rest.find(f"\n@{i + 1}@\n")
        parts.append(rest[:end] if end >= 0 else rest)
    return parts


def said(text):
    """An answer in the form of a transcript."""
    return chapters.normal("\n".join(line for line in text.splitlines()
                                     if not line.startswith("(lldb) ")))


def transcript(debugger, target, walk):
    steps = chapters.Walk(pathlib.Path(walk)).steps
    answers = outputs(debugger, target, [command for _, command in steps])
    for i, ((_, command), text) in enumerate(zip(steps, answers)):
        for sign in "The program is not being run", "requires a process", "must be launched":
            if sign in text:
                sys.exit(f"{walk}: the program has ended before step {i + 1}, {command}; before:\n"
                         + answers[i - 1])
    texts = ["\n".join(filter(None, [comment, f"> {command}", said(text)]))
             for (comment, command), text in zip(steps, answers)]
    return "\n\n".join(texts) + "\n"


def main():
    if len(sys.argv) not in (4, 6) or sys.argv[1] not in ("gdb", "lldb"):
        sys.exit(__doc__)
    debugger, target, walk = sys.argv[1:4]
    action, path = sys.argv[4:] if len(sys.argv) == 6 else ("", "")
    try:
        text = transcript(debugger, target, walk)
    except Skipped as why:
        print(f"SKIPPED: {why}")
        return
    if action == "--record":
        pathlib.Path(path).write_text(text)
    elif action == "--compare":
        recorded = pathlib.Path(path).read_text() if os.path.exists(path) else ""
        if text != recorded:
            sys.stdout.writelines(difflib.unified_diff(
                recorded.splitlines(True), text.splitlines(True), path, f"{walk} in {debugger}"))
            sys.exit(f"\nThe transcript differs; `make walks-sync` records it anew")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
