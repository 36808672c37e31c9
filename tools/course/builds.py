"""How the build compiles and links, for programs that it does not know: with one object exchanged,
or with a reader's functions first on the link line."""
import json
import shlex
import subprocess
from pathlib import Path

from exercises import ROOT


def run(command, what):
    """Runs a compiler. Its complaint is the reader's to see."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"cairn: {what}\n{done.stderr.rstrip()}")


def command_for(build, source, target="cairn_"):
    """The build's command for `source` of a target that begins like this, without files."""
    commands = json.loads((build / "compile_commands.json").read_text())
    for entry in commands:
        if Path(entry["file"]) == ROOT / source and f"/{target}" in entry["command"]:
            words = shlex.split(entry["command"])
            return words[:words.index("-o")], entry["directory"]
    raise SystemExit(f"cairn: the build does not say how it compiles {source}")


def compile_as(build, source, text_file, output, extra=(), target="CMakeFiles/cairn_"):
    """Compiles text_file as the build compiles `source`."""
    words, directory = command_for(build, source, target)
    output.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([*words, *extra, "-o", str(output), "-c", str(text_file)], cwd=directory,
                          capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"cairn: {text_file} does not compile\n{done.stderr.rstrip()}")


def parts_of(build, program):
    """What a program is linked of, as the build wrote it down: the compiler and its flags, then the
    objects and libraries, a line each."""
    words = (build / f"{program}.link.txt").read_text().split("\n")
    return shlex.split(words[0]), [word for word in words[1:] if word.endswith((".o", ".a"))]


def link(build, program, output, first=(), without=""):
    """Links `program` anew: `first` stands first, so its functions are used; the object of the
    source file `without` is left out."""
    compiler, parts = parts_of(build, program)
    parts = [part for part in parts if not without or not part.endswith("/" + without + ".o")]
    output.parent.mkdir(parents=True, exist_ok=True)
    run([*compiler, *first, *parts, "-pthread", "-Wl,--allow-multiple-definition", "-o", output],
        f"{output.name} does not link")
