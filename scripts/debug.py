#!/usr/bin/env python3
"""debug.py PROGRAM [gdb|lldb]: starts a debugger on a program of build/debug, with Cairn's printers
and commands and, if the program is a chapter's, its walk. gdb if it is there, else lldb."""
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools/debugger"))
import chapters  # noqa: E402
import play  # noqa: E402

if len(sys.argv) not in (2, 3) or (wanted := sys.argv[2:]) not in ([], ["gdb"], ["lldb"]):
    sys.exit(__doc__)
target = sys.argv[1]
for debugger in wanted or ["gdb", "lldb"]:
    program, environment = play.find(debugger)
    if program:
        break
else:
    sys.exit(f"cairn: there is no {' and no '.join(wanted or ['gdb', 'lldb'])} here; "
             f"sudo apt-get install {(wanted or ['gdb'])[0]}, or on a Mac xcode-select --install, "
             "which brings lldb")
folder = chapters.folder(target)
first = ["walk list"] if folder and (folder / "walk.txt").exists() else []
# The .gdbinit of this folder is for editors, which do not load the commands themselves.
quiet = ["-iex", "set auto-load local-gdbinit off"] if debugger == "gdb" else []
os.execvpe(program, [program] + play.command_line(debugger, quiet, target, first), environment)
