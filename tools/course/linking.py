"""The program that `make mine` trains with: cairn, linked anew with the reader's functions first."""
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import builds
from exercises import ROOT, symbols

BUILD = ROOT / "build"
PLACE = BUILD / "mine"
CXX = ["-std=c++20", "-O2", "-Wall", "-Wextra", "-ffp-contract=off", f"-I{ROOT}"]
TRACED = "-finstrument-functions"  # tutorials/mine/called.cpp says which functions were called
# The library's kernels of attention have the softmax, and the way back through it, inside a fused
# loop. With that function the reader's, these kernels, which call it, stand in for them.
UNFUSED = {"attention": ("softmax", "tutorials/mine/attention.cpp"),
           "attention_backward": ("softmax_backward", "tutorials/07_backward_by_hand/exercises/"
                                                      "attention_backward/solution.cpp")}


class Part:
    """An exercise whose function the program can be linked with, and whether it is."""

    def __init__(self, exercise):
        self.exercise, self.why, self.linked = exercise, "not begun", False
        self.entries = []    # of the table of kernels that it stands for
        self.functions = []  # of the library that it stands for, as the linker names them
        self.called = None   # whether a short training called it; None: not tried

    def object(self, traced=False):
        return PLACE / (self.exercise.name + (".traced.o" if traced else ".o"))


def compiler():
    return builds.parts_of(BUILD, "cairn")[0]


def table_entries():
    """The names of the entries of cairn::Kernels."""
    text = (ROOT / "core/kernels/kernels.h").read_text()
    table = text[text.index("struct Kernels {"):]
    return set(re.findall(r"\*(\w+)[,;)]", table[:table.index("\n};")]))


def chapter_files(exercise):
    """The chapter's own .cpp files whose headers the reader's file includes."""
    headers = re.findall(r'^#include "(tutorials/\d\w+/\w+)\.h"', exercise.mine.read_text(), re.M)
    return [source for header in headers if (source := ROOT / f"{header}.cpp").exists()]


def compiles(part, traced=False):
    """Compiles the reader's file in float, as the program is, unless that has been done already.
    Returns the compiler's complaint."""
    output, source = part.object(traced), part.exercise.mine
    newest = max(file.stat().st_mtime for file in (source, BUILD / "cairn"))
    if output.exists() and output.stat().st_mtime > newest:
        return ""
    done = subprocess.run([*compiler(), *CXX, *([TRACED] if traced else []), "-c", str(source), "-o",
                           str(output)], capture_output=True, text=True)
    return done.stderr if done.returncode else ""


def prepare(part):
    """Compiles a right answer and finds out what it stands for."""
    PLACE.mkdir(parents=True, exist_ok=True)
    complaint = compiles(part)
    if complaint:
        part.why = "does not compile in float; use real where you wrote double\n" + complaint
    elif part.exercise.kind() == "k":
        mine = {name.split("(")[0] for name in symbols(part.object(), "T", "-C")}
        part.entries = [name for name in sorted(table_entries()) if f"mine::{name}" in mine]
        part.functions = [name for name in symbols(part.object(), "T")
                          if any(f"4mine{len(e)}{e}" in name for e in part.entries)]
        part.linked = bool(part.entries)
        part.why = "" if part.linked else "has no function of the table in namespace mine"
    else:
        archives = [file for file in builds.parts_of(BUILD, "cairn")[1] if file.endswith(".a")]
        library = {name for file in archives for name in symbols(file, "T")}
        part.functions = [name for name in symbols(part.object(), "T") if name in library]
        part.linked = bool(part.functions)
        part.why = "" if part.linked else "has no function of the library under its own name"


def table_source(entries):
    """The table of kernels that the library chooses, with these entries replaced."""
    declared = "".join(f"std::remove_pointer_t<decltype(cairn::Kernels::{name})> {name};\n"
                       for name in entries)
    replaced = "".join(f"    table.{name} = mine::{name};\n" for name in entries)
    return f"""// Written by `make mine`: the library's table of kernels with your functions in it.
#include <cstdlib>
#include <type_traits>

#include "core/kernels/choose_kernels.h"

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


def unfused(entries):
    """The kernels of attention that have to stand in for the library's."""
    return [name for name, (inside, _) in UNFUSED.items()
            if inside in entries and name not in entries]


def linked(parts, traced=False, name="cairn"):
    """build/mine/NAME, in which the parts' functions win: they stand first on the link line."""
    parts = [part for part in parts if part.linked]
    PLACE.mkdir(parents=True, exist_ok=True)
    if traced:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda part: compiles(part, traced=True), parts))
    objects = [part.object(traced) for part in parts]
    entries = [entry for part in parts for entry in part.entries]
    sources = {file for part in parts for file in chapter_files(part.exercise)}
    if traced:
        sources.add(ROOT / "tutorials/mine/called.cpp")
    for kernel in unfused(entries):
        sources.add(ROOT / UNFUSED[kernel][1])
        entries.append(kernel)
    if entries:
        table = PLACE / f"{name}_kernels.cpp"
        table.write_text(table_source(entries))
        sources.add(table)
    for source in sorted(sources):
        objects.append(PLACE / (source.stem + "_of_mine.o"))
        builds.run([*compiler(), *CXX, "-c", source, "-o", objects[-1]],
                   f"{source.name} does not compile")
    builds.link(BUILD, "cairn", PLACE / name, objects)
    return PLACE / name


def note_called(parts, program, file):
    """Tells each part whether the traced program, which has written `file`, called its function."""
    places = {}
    listing = subprocess.run(["nm", str(program)], capture_output=True, text=True).stdout
    for address, symbol in re.findall(r"^([0-9a-f]+) +\w (\S+)$", listing, re.M):
        places[symbol] = int(address, 16)
    anchor = places["__cyg_profile_func_enter"]
    called = {anchor + int(distance) for distance in file.read_text().split()}
    for part in parts:
        if part.linked:
            now = any(places.get(function) in called for function in part.functions)
            part.called = bool(part.called) or now
