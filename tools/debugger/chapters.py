"""A chapter for a debugger: its program's marked parts, its walk, and how a transcript is written.

walk.txt holds a debugger command a line, of those that gdb and lldb both know (break, run, step,
next, finish, up, down, print, bt, continue) and Cairn's own (stop NAME, back). Lines that begin
with # tell the reader what comes next; blank lines separate.
"""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIBRARY = "core nn optim text models train".split()  # its folders
FOLDERS = LIBRARY + "tools tutorials examples tests".split()  # of all sources


def is_library(path):
    """Is it a file of the library, or of the standard library?"""
    parts = str(path).removeprefix(f"{ROOT}/").split("/")
    return "include" in parts or any(
        part in LIBRARY and ROOT.joinpath(*parts[i:]).is_file() for i, part in enumerate(parts))


def folder(program):
    """The folder tutorials/NN_name of a program .../tutorials/NN_name; None if it has none."""
    place = ROOT / "tutorials" / pathlib.Path(program or "").name
    return place if (place / "main.cpp").exists() else None


def sources(program):
    """The files that a program is made of: a chapter's, main.cpp first, or NAME.cpp."""
    chapter = folder(program)
    if not chapter:
        name = pathlib.Path(program or "").name
        return [path for path in (ROOT / place / f"{name}.cpp" for place in
                                  ("examples", "tests/debugger")) if path.exists()]
    files = sorted(chapter.glob("*.cpp")) + sorted(chapter.glob("*.h"))
    return sorted(files, key=lambda path: path.name != "main.cpp")


def first_line(lines, at):
    """The number, from 1, of the line to break at for a part that begins behind line `at`: its
    first line of code, or of a function, which is not indented, the first inside."""
    code = [i for i in range(at, len(lines)) if not re.match(r"\s*(//.*)?$", lines[i])]
    if not code[0:1] or lines[code[0]][0].isspace():
        return code[0] + 1 if code else at
    opening = next((n for n, i in enumerate(code) if lines[i].endswith(("{", "}", ";"))), 0)
    return code[opening + lines[code[opening]].endswith("{")] + 1


def parts(program):
    """{NAME: (file, line)} of the place to break at for each marker // [NAME] of the program."""
    found = {}
    for source in sources(program):
        lines = source.read_text().splitlines()
        for i, line in enumerate(lines):
            marker = re.fullmatch(r"\s*// \[([\w-]+)\]\s*", line)
            if marker:
                found.setdefault(marker[1], (source, first_line(lines, i + 1)))
    return found


def location(program, name):
    """(file, line) at which `stop NAME` breaks. ValueError that lists the names."""
    known = parts(program)
    if name not in known:
        names = ", ".join(known) or "none: its source has no markers // [NAME]"
        raise ValueError(f"no part [{name}] here; the parts are {names}")
    return known[name]


class Walk:
    """The steps of a walk.txt: (comment, command) each."""

    def __init__(self, path):
        self.steps, self.next, comment = [], 0, []
        for line in path.read_text().splitlines():
            line = line.strip()
            if line.startswith("#"):
                comment.append(line)
            elif line:
                self.steps.append(("\n".join(comment), line))
                comment = []
        self.rest = "\n".join(comment)

    def listing(self):
        """All steps, the next one marked."""
        lines = []
        for i, (comment, command) in enumerate(self.steps):
            lines += comment.splitlines()
            lines.append(f"{'->' if i == self.next else '  '} {i + 1:2}  {command}")
        return "\n".join(lines + self.rest.splitlines())

    def step(self):
        """The next step: what to say before it, and its command ("" after the last)."""
        if self.next == len(self.steps):
            return self.rest or "The walk is over; `walk again` begins it again.", ""
        self.next += 1
        return self.steps[self.next - 1]


# What differs between machines, compilers and versions of a debugger.
DROPPED = re.compile(
    r"\[Thread debugging|Using host libthread_db|\[Inferior .* exited|warning: |Run till exit"
    r"|Error while executing Python"
    r"|\* thread #|Process \d+ (launched|stopped|resuming|exited)|\s+\d+\s*(\t|$)|\s+\t *\^"
    r"|(#\d+|[ *]*frame #\d+:?) .*(\bstd::|__gnu_cxx::|__libc_start|\b_start\b)")
REPLACED = [(re.compile(pattern), text) for pattern, text in (
    (r"^(#\d+ +)?0x[0-9a-f]+ in ", r"\1"),
    (r"nan\(0x[0-9a-f]+\)", "nan"),
    (r"0x[0-9a-f]+", "0x..."),
    (r"(\.(?:cpp|h))(:\d+)+", r"\1"),
    (r", line \d+", ""),
    (r"^\$\d+ = ", ""),
    (r"^(std::vector of length \d+), capacity \d+", r"\1"),
    (r"^Python Exception <class '[\w.]+'>: ", "error: "),
    (r"(Value returned is) \$\d+ =", r"\1"),
    (r"where = \S*`(.*?)(\(.*\))? \+ \d+ at (.*), address = 0x\.\.\.", r"\1 at \3"),
    (r"at 0x\.\.\.: file (.*)\.$", r"at \1"),
    (r"^(-> )?\d+ *\t *", "-> "),  # a line of source
    (r"\b(f32|f64)::|\(anonymous namespace\)::", ""),
    (rf"(\.\./)+({'|'.join(FOLDERS)})/", r"\2/"),
    (r"Process \d+ ", "Process "),
)]


def normal(text):
    """A transcript's text without addresses, line numbers, numbers of processes and values, and
    frames of the standard library."""
    lines = []
    for line in text.replace(f"{ROOT}/", "").splitlines():
        if not DROPPED.match(line):
            for pattern, replacement in REPLACED:
                line = pattern.sub(replacement, line)
            lines.append(line.replace("\t", " ").rstrip())
    return "\n".join(line for line in lines if line)
