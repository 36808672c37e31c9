"""The exercises of the tutorials, and the check of what a reader wrote: mine/NAME.cpp is compiled
under the address and undefined-behaviour sanitizers, linked to the check, and run in a process of
its own with limits. Python's standard library is all it needs."""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MINE = Path(os.environ.get("CAIRN_MINE", ROOT / "mine"))
PRESET = "asan-ubsan"
BUILD = ROOT / "build" / PRESET
OUT = BUILD / "mine"
SECONDS, MEGABYTES = 15, 2000


class Exercise:
    def __init__(self, folder):
        self.folder = folder
        self.name = folder.name
        self.chapter = folder.parent.parent.name
        self.mine = MINE / (self.name + ".cpp")
        self.library = BUILD / f"libexercise_{self.name}_check.a"

    def task(self):
        return (self.folder / "task.md").read_text()

    def sources(self):
        return [*self.folder.glob("*.cpp"), *self.folder.glob("*.h"),
                *(ROOT / "tutorials/check").iterdir()]


def all_exercises():
    """In the order of the chapters and of their README files, by name."""
    found = {}
    for folder in sorted(ROOT.glob("tutorials/*/exercises/*/")):
        if (folder / "check.cpp").exists():
            found[folder.name] = Exercise(folder)
    order = {}
    for page in sorted(ROOT.glob("tutorials/*/README.md")):
        for name in re.findall(r"exercises/(\w+)/task\.md", page.read_text()):
            order.setdefault(name, len(order))
    return dict(sorted(found.items(), key=lambda e: order.get(e[0], len(order))))


def start(exercise):
    """Copies the skeleton to mine/ if there is nothing yet; returns whether it did."""
    if exercise.mine.exists():
        return False
    MINE.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(exercise.folder / "skeleton.cpp", exercise.mine)
    return True


def prepare(exercises):
    """Builds the checks, unless they are newer than their sources: CMake would look at the whole
    library first."""
    def ready(exercise):
        library = exercise.library
        return library.exists() and (BUILD / "exercises/compiler.txt").exists() and \
            all(source.stat().st_mtime <= library.stat().st_mtime for source in exercise.sources())
    missing = [e for e in exercises if not ready(e)]
    if not missing:
        return
    print("building the checks (the first time it takes some minutes) ...", file=sys.stderr)
    quiet = {"cwd": ROOT, "stdout": subprocess.DEVNULL}
    targets = [f"exercise_{e.name}_check" for e in missing]
    jobs = os.environ.get("JOBS", str(os.cpu_count()))
    if subprocess.run(["cmake", "--preset", PRESET, "--log-level=NOTICE"], **quiet).returncode or \
            subprocess.run(["cmake", "--build", "--preset", PRESET, "--parallel", jobs, "--target",
                            *targets], **quiet).returncode:
        raise SystemExit("cairn: the checks could not be built; the messages above say why")
    for exercise in missing:
        exercise.library.touch()


def compiler():
    lines = (BUILD / "exercises/compiler.txt").read_text().split("\n")
    return lines[0], lines[1].split(), lines[2]


def compile_command(exercise, program):
    cxx, sanitizers, library = compiler()
    return [cxx, "-std=c++20", "-O1", "-g", "-Wall", "-Wextra", "-DCAIRN_DOUBLE", f"-I{ROOT}",
            *sanitizers, str(exercise.mine), "-o", str(program), str(exercise.library), library,
            "-pthread", "-Wl,--allow-multiple-definition"]


class Verdict:
    """right, wrong, crash, endless or compile, what to show, and where in the reader's file."""
    def __init__(self, kind, text, line=None):
        self.kind, self.text, self.line = kind, text, line

    @property
    def right(self):
        return self.kind == "right"


def line_of(exercise, text):
    match = re.search(re.escape(exercise.mine.name) + r":(\d+)", text)
    return int(match.group(1)) if match else None


SANITIZER = re.compile(r"(?:ERROR: AddressSanitizer: ([\w-]+))|(?:runtime error: (.*))")
WORDS = {"heap-buffer-overflow": "it reads or writes past the end of an array",
         "stack-buffer-overflow": "it reads or writes past the end of a local array",
         "global-buffer-overflow": "it reads or writes past the end of a global array",
         "heap-use-after-free": "it uses memory that was given back",
         "stack-use-after-return": "it uses a local variable of a function that has returned",
         "stack-overflow": "it calls itself without an end",
         "SEGV": "it reads or writes where there is no memory",
         "attempting": "it gives back memory twice, or what was not allocated",
         "allocation-size-too-big": "it asks for more memory than there is",
         "requested": "it asks for more memory than there is"}


def crash(exercise, code, text):
    line = line_of(exercise, text)
    at = f"\n  at {exercise.mine.name}:{line}" if line else ""
    if code == 124 or code is None:
        return Verdict("endless", f"{exercise.name}: it does not end (stopped after some seconds)"
                       + at, line)
    if "hard rss limit exhausted" in text or "std::bad_alloc" in text:
        return Verdict("crash", f"{exercise.name}: it asks for more memory than there is" + at, line)
    found = SANITIZER.search(text)
    what = f"it ended with code {code}"
    if found:
        what = WORDS.get(found.group(1), found.group(1)) if found.group(1) else found.group(2)
    elif code < 0:
        what = f"it was ended by signal {-code}"
    return Verdict("crash", f"{exercise.name}: it crashed: {what}" + at, line)


def check(exercise):
    """The verdict on mine/NAME.cpp. prepare() has been called."""
    OUT.mkdir(parents=True, exist_ok=True)
    program = OUT / exercise.name
    built = subprocess.run(compile_command(exercise, program), capture_output=True, text=True)
    if built.returncode:
        return Verdict("compile", f"{exercise.name}: it does not compile\n{built.stderr}",
                       line_of(exercise, built.stderr))
    limits = "hard_rss_limit_mb={0}:max_allocation_size_mb={0}".format(MEGABYTES)
    environment = dict(os.environ, CAIRN_THREADS="1",
                       ASAN_OPTIONS=limits + ":detect_leaks=0:detect_stack_use_after_return=1",
                       UBSAN_OPTIONS="print_stacktrace=1")
    try:
        run = subprocess.run([str(program)], capture_output=True, text=True, errors="replace",
                             timeout=SECONDS, env=environment, cwd=OUT)
    except subprocess.TimeoutExpired as late:
        return crash(exercise, None, (late.stderr or b"").decode(errors="replace"))
    if run.returncode in (0, 1) and run.stdout.startswith(exercise.name + ": "):
        return Verdict("right" if run.returncode == 0 else "wrong", run.stdout.rstrip(),
                       line_of(exercise, built.stderr))
    return crash(exercise, run.returncode, run.stderr)
