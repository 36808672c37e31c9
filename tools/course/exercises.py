"""The exercises of the tutorials, and the check of what a reader wrote: mine/NAME.cpp is compiled
under the address and undefined-behaviour sanitizers, linked to the check, and run in a process of
its own with limits. Python's standard library is all it needs."""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MINE = Path(os.environ.get("CAIRN_MINE", ROOT / "mine"))
PRESET = "asan-ubsan"
BUILD = ROOT / "build" / PRESET
OUT = BUILD / "mine"
SECONDS, COMPILING, MEGABYTES, KILOBYTES_PRINTED = 15, 60, 1000, 4000


def shown(path):
    """The path as a reader in Cairn's folder would type it."""
    return os.path.relpath(path) if path.is_relative_to(ROOT) else str(path)


class Exercise:
    def __init__(self, folder):
        self.folder = folder
        self.name = folder.name
        self.chapter = folder.parent.parent.name
        self.mine = MINE / (self.name + ".cpp")
        self.program = self.name  # in OUT
        self.library = BUILD / f"libexercise_{self.name}_check.a"

    def task(self):
        return (self.folder / "task.md").read_text()

    def title(self):
        return self.task().split("\n")[0].lstrip("# ")

    def kind(self):
        """k: an entry of the table of kernels; l: a function of the library; c: one of the chapter;
        small: an answer."""
        return re.search(r"^Kind: (\w+)", self.task(), re.M)[1]

    def sources(self):
        return [*self.folder.glob("*.cpp"), *self.folder.glob("*.h"), *self.folder.parent.glob("*.h"),
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


def ready(exercise):
    """Whether its check is built, and newer than its sources."""
    library = exercise.library
    return library.exists() and (BUILD / "exercises/compiler.txt").exists() and \
        all(source.stat().st_mtime <= library.stat().st_mtime for source in exercise.sources())


def prepare(exercises):
    """Builds the checks that are not ready. CMake would look at the whole library first."""
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


def commands(exercise, program):
    """What compiles the reader's file to an object, and what links it to the check."""
    cxx, sanitizers, library = compiler()
    output = f"{program}.o"
    # Nothing inline, so that each of the reader's functions is a frame with a line of its own.
    return ([cxx, "-std=c++20", "-O1", "-fno-inline", "-g", "-Wall", "-Wextra", "-DCAIRN_DOUBLE",
             "-D_GLIBCXX_ASSERTIONS", f"-I{ROOT}", *sanitizers, "-c", str(exercise.mine), "-o",
             output],
            [cxx, *sanitizers, output, "-o", str(program), str(exercise.library), library,
             "-pthread", "-Wl,--allow-multiple-definition"])


class Verdict:
    """right, wrong, crash, endless or compile; what to show; the line of the reader's file."""

    def __init__(self, kind, text, line=None):
        self.kind, self.text, self.line = kind, text, line

    @property
    def right(self):
        return self.kind == "right"


def line_of(exercise, text):
    """The first place in the reader's file that a compiler or a sanitizer names: the innermost."""
    name = f"{exercise.mine.parent.name}/{exercise.mine.name}"
    match = re.search(re.escape(name) + r":(\d+)", text)
    return int(match.group(1)) if match else None


def at(exercise, line):
    return f"\n  at {exercise.mine.name}:{line}" if line else ""


SANITIZER = re.compile(r"(?:ERROR: AddressSanitizer: ([\w-]+))|(?:runtime error: (.*))")
NO_MEMORY = "it asks for more memory than there is"
WORDS = {"heap-buffer-overflow": "it reads or writes past the end of an array",
         "stack-buffer-overflow": "it reads or writes past the end of a local array",
         "stack-buffer-underflow": "it reads or writes before the begin of a local array",
         "global-buffer-overflow": "it reads or writes past the end of a global array",
         "container-overflow": "it reads or writes past the end of a container",
         "dynamic-stack-buffer-overflow": "it reads or writes past the end of a local array",
         "heap-use-after-free": "it uses memory that was given back",
         "stack-use-after-return": "it uses a local variable of a function that has returned",
         "stack-use-after-scope": "it uses a local variable of a block that has ended",
         "stack-overflow": "it calls itself without an end, or its local arrays are too large",
         "SEGV": "it reads or writes where there is no memory",
         "ABRT": "it was aborted",
         "FPE": "it divides a whole number by zero",
         "attempting": "it gives back memory twice, or what was not allocated",
         "allocation-size-too-big": NO_MEMORY, "requested": NO_MEMORY, "out-of-memory": NO_MEMORY}


def crash(exercise, code, text):
    """What the end of a check says that gave no verdict. Code None: it was stopped."""
    line = line_of(exercise, text)
    inputs = re.findall(r"^input: (.+)$", text, re.M)  # what tutorials/check/run.cpp prints
    place = (f", for: {inputs[-1]}" if inputs else "") + at(exercise, line)
    if code in (None, 124):
        return Verdict("endless",
                       f"{exercise.name}: it does not end (stopped after some seconds){place}", line)
    found = SANITIZER.search(text)
    if "hard rss limit exhausted" in text or "std::bad_alloc" in text:
        what = NO_MEMORY
    elif re.search(r"Assertion '.*(size|empty)\(\)' failed", text):  # the standard library's
        what = "it reads or writes past the end of a vector, a string or the like"
    elif assertion := re.search(r"Assertion .* failed", text):
        what = assertion[0]
    elif found:
        what = WORDS.get(found[1], found[1]) if found[1] else found[2]
    elif code in (-signal.SIGXFSZ, 128 + signal.SIGXFSZ):
        what = "it prints without an end"
    elif code < 0:
        what = f"it was ended by the signal {signal.Signals(-code).name}"
    else:
        return Verdict("crash", f"{exercise.name}: it ends the whole program, with code {code}")
    return Verdict("crash", f"{exercise.name}: it crashed: {what}{place}", line)


def symbols(file, kinds, *options):
    """The names in an object, a library or a program, of the kinds that nm calls so."""
    listing = subprocess.run(["nm", *options, str(file)], capture_output=True, text=True).stdout
    return set(re.findall(rf"^[0-9a-f]* +[{kinds}] (.+)$", listing, re.M))


def takes_no_place(exercise, program):
    """Whether a function of the library should be in the reader's file, and is not: the check would
    judge the library's own."""
    return exercise.kind() == "l" and not \
        symbols(f"{program}.o", "T") & symbols(exercise.library, "U")


def compiled(exercise, program):
    """None, or the verdict of the compiler."""
    warnings = ""
    try:
        for command in commands(exercise, program):
            done = subprocess.run(command, capture_output=True, text=True,
                                  stdin=subprocess.DEVNULL, timeout=COMPILING)
            warnings += done.stderr
            if done.returncode:
                break
    except subprocess.TimeoutExpired:
        return Verdict("compile", f"{exercise.name}: the compiler does not end"), ""
    if done.returncode == 0 and takes_no_place(exercise, program):
        return Verdict("compile", f"{exercise.name}: the library's function is not in your file\n"
                       "  Name, namespace and parameters have to be those of the skeleton; else "
                       "the library's own is used."), ""
    if done.returncode == 0:
        return None, warnings
    text = done.stderr.replace(str(ROOT) + "/", "")
    line = line_of(exercise, done.stderr)
    if missing := re.search(r"undefined reference to `([^']+)'", text):
        return Verdict("compile", f"{exercise.name}: there is no {missing[1]}\n  The check calls "
                       "it: name, namespace and parameters have to be those of the skeleton."), ""
    shown = text.rstrip().split("\n")
    more = ["  ..."] if len(shown) > 16 else []
    words = "\n".join([f"{exercise.name}: it does not compile", *shown[:16], *more])
    return Verdict("compile", words, line), ""


def limited(program):
    """(exit code or None, what it printed, its errors) of the check, in a process of its own:
    limited in time, in memory, in what it may write."""
    memory = "hard_rss_limit_mb={0}:max_allocation_size_mb={0}".format(MEGABYTES)
    environment = dict(os.environ, CAIRN_THREADS="1", TMPDIR=str(OUT),
                       UBSAN_OPTIONS="print_stacktrace=1",
                       ASAN_OPTIONS=memory + ":detect_leaks=0:detect_stack_use_after_return=1"
                                             ":handle_abort=1")
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        limits = f"ulimit -c 0; ulimit -f {2 * KILOBYTES_PRINTED}"
        command = ["sh", "-c", limits + '; exec "$0"', str(program)]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=errors,
                                   env=environment, cwd=OUT, start_new_session=True)
        try:
            code = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)  # it, and whatever it started
            except ProcessLookupError:
                pass
            process.wait()
        texts = []
        for file in (out, errors):
            file.seek(0)
            texts.append(file.read(1 << 20).decode(errors="replace"))
    return code, *texts


def judged(exercise, warnings, code, printed, errors):
    """The verdict of a check that has ended. The reader may have printed something, too."""
    says = list(re.finditer(re.escape(exercise.name) + r": (right|not yet)\b", printed))
    if code not in (0, 1) or not says:
        return crash(exercise, code, errors)
    text, line = printed[says[-1].start():].rstrip(), None
    right = code == 0 and says[-1][1] == "right"
    if not right and "\n  an exception" in text:
        line = line_of(exercise, errors)
        text += at(exercise, line)
    warning = re.search(re.escape(exercise.mine.name) + r":\d+:\d+: warning: .*", warnings)
    if warning and not right:
        text += f"\n  the compiler says: {warning[0]}"
    before = printed[:says[-1].start()].split("\n")
    before = [words for words in before if words.strip()]
    if before:
        shown = before[:8] + ["..."] * (len(before) > 8)
        text += "\n  it printed: " + "\n              ".join(shown)
    return Verdict("right" if right else "wrong", text, line)


def check(exercise):
    """The verdict on mine/NAME.cpp. prepare() has been called."""
    OUT.mkdir(parents=True, exist_ok=True)
    program = OUT / exercise.program
    failed, warnings = compiled(exercise, program)
    return failed or judged(exercise, warnings, *limited(program))
