"""After success: the reader's code, the solution's and the library's, with the time and the error
of the reader's and the library's function."""
import os
import re
import subprocess

from exercises import OUT, ROOT
from page import sections

RELEASE = ROOT / "build"


def body(source):
    """A source file without the includes and the comment at its beginning."""
    lines = source.split("\n")
    first = next((i for i, line in enumerate(lines) if line.startswith("namespace")), 0)
    return "\n".join(lines[first:]).strip()


def library_function(exercise):
    """("core/kernels/reference_norm.cpp", its lines) of the function that task.md names under
    "The library" as `softmax()` in `FILE`; None if it names none or that is not found."""
    text = sections(exercise.task()).get("The library", "")
    for file in re.findall(r"`([\w/]+\.(?:cpp|h))(?::\d+)?`", text):
        for name in re.findall(r"`(?:\w+::)*(\w+)(?:\(\))?`", text):
            source = ROOT / file
            if not source.exists():
                continue
            found = re.search(r"^(?!//|return|#)[\w:<>,*& \[\]]*\b" + name + r"\([^;]*?\{\n.*?^\}",
                              source.read_text(), re.M | re.S)
            if found:
                return file, found[0]
    return None


def prepared(exercise):
    """Builds the check without sanitizers, unless it is there; returns the compiler's words."""
    library, source = RELEASE / f"libexercise_{exercise.name}_check.a", exercise.folder / "check.cpp"
    if not library.exists() or library.stat().st_mtime < source.stat().st_mtime:
        print("building what measures (once, it may take some minutes) ...", flush=True)
        for command in (["cmake", "--preset", "release", "--log-level=NOTICE"],
                        ["cmake", "--build", "--preset", "release", "--parallel",
                         os.environ.get("JOBS", str(os.cpu_count())), "--target",
                         f"exercise_{exercise.name}_check"]):
            if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
                raise SystemExit("cairn: that could not be built")
    cxx, _, checks = (RELEASE / "exercises/compiler.txt").read_text().split("\n")[:3]
    return [cxx, "-std=c++20", "-O2", "-ffp-contract=off", "-fno-math-errno", "-DCAIRN_DOUBLE",
            f"-I{ROOT}"], [str(library), checks, "-pthread", "-Wl,--allow-multiple-definition"]


def measured(exercise):
    """What --measure prints, time and largest error of "yours" and "library"."""
    compiler, libraries = prepared(exercise)
    OUT.mkdir(parents=True, exist_ok=True)
    program = OUT / (exercise.name + "_measured")

    def run(*sources):
        built = subprocess.run([*compiler, *sources, "-o", str(program), *libraries],
                               capture_output=True, text=True)
        if built.returncode:
            return ""
        done = subprocess.run([str(program), "--measure"], capture_output=True, text=True,
                              timeout=60, stdin=subprocess.DEVNULL,
                              env=dict(os.environ, CAIRN_THREADS="1"))
        return done.stdout.rstrip()
    lines = run(str(exercise.mine))
    if exercise.kind() == "l" and lines:  # of one name: without the reader's, the library's
        lines += "\n" + run().replace("yours  ", "library").split("\n")[0]
    return lines
