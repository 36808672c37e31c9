"""Cairn in gdb: source this file. Printers, methods, `stop`, `walk`, and what `step` leaves out."""
import os
import re
import sys

import gdb
import gdb.printing
import gdb.xmethod

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import back  # noqa: E402
import chapters  # noqa: E402
import methods  # noqa: E402
import stepping  # noqa: E402
import values  # noqa: E402
from gdb_value import Value  # noqa: E402


class Printer:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return values.show(self.value)


class Printers(gdb.printing.PrettyPrinter):
    def __init__(self):
        super().__init__("cairn")

    def __call__(self, value):
        if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
            return None
        try:
            seen = Value(value)
            return Printer(seen) if values.shows(seen) else None
        except gdb.error:
            return None


class Method(gdb.xmethod.XMethod):
    """x.NAME(...) of a Tensor, read from its fields."""

    class Worker(gdb.xmethod.XMethodWorker):
        def __init__(self, name):
            self.name = name

        def get_arg_types(self):
            return [gdb.lookup_type("int")] if self.name in ("size", "operator[]") else []

        def __call__(self, tensor, *arguments):
            try:
                result = methods.call(self.name, Value(tensor), *map(int, arguments))
            except ValueError as error:
                raise gdb.GdbError(str(error))
            if isinstance(result, list):
                double = "f64" in str(tensor.type)
                type = gdb.lookup_type("double" if double else "float")
                for size in reversed(methods.sizes_of(result)):
                    type = type.array(size - 1)
                return gdb.Value(methods.packed(result, double), type)
            return result.value if isinstance(result, Value) else gdb.Value(result)

    def __init__(self, name):
        super().__init__(name)


class Methods(gdb.xmethod.XMethodMatcher):
    def __init__(self):
        super().__init__("cairn")
        self.methods = [Method(name) for name in methods.METHODS]

    def match(self, class_type, method_name):
        if re.fullmatch(r"cairn::f(32|64)::Tensor", str(class_type.unqualified())):
            for method in self.methods:
                if method.name == method_name and method.enabled:
                    return Method.Worker(method_name)
        return None


def program():
    return gdb.current_progspace().filename


def execute(command):
    """What gdb says to a command."""
    try:
        return gdb.execute(command, from_tty=False, to_string=True)
    except gdb.error as error:
        return str(error)


class Stop(gdb.Command):
    """stop NAME: breaks at the first line of the part NAME of the chapter's program."""

    def __init__(self):
        super().__init__("stop", gdb.COMMAND_BREAKPOINTS)

    def invoke(self, argument, from_tty):
        try:
            path, line = chapters.location(program(), argument.strip())
            execute(f"break {path.parent.name}/{path.name}:{line}")
            print(f"The program will stop at {path.name}:{line}")
        except ValueError as error:
            raise gdb.GdbError(str(error))

    def complete(self, text, word):
        return [name for name in chapters.parts(program()) if name.startswith(word)]


class WalkCommand(gdb.Command):
    """walk: plays the next step of the chapter's walk. walk list: shows all. walk again: from the
    first."""

    def __init__(self):
        super().__init__("walk", gdb.COMMAND_RUNNING)
        self.walk = None

    def invoke(self, argument, from_tty):
        if self.walk is None or argument == "again":
            folder = chapters.folder(program())
            if not folder or not (folder / "walk.txt").exists():
                raise gdb.GdbError("this program has no walk: tutorials/NN_name/walk.txt")
            self.walk = chapters.Walk(folder / "walk.txt")
        if argument in ("list", "again"):
            print(self.walk.listing())
        else:
            comment, command = self.walk.step()
            print(comment + (f"\n> {command}" if command else ""))
            if command:
                gdb.execute(command, from_tty=True)


class Debugger:
    """What back.py needs of gdb."""

    def run(self, *places):
        """Continues, silently, to one of the breakpoints: which, or None."""
        stops = [gdb.Breakpoint(place, internal=True) for place in places]
        for stop in stops:
            stop.silent = True
        try:
            gdb.execute("continue", to_string=True)
            return next((i for i, stop in enumerate(stops) if stop.hit_count), None)
        except gdb.error:  # the program has ended, or does not run
            return None
        finally:
            for stop in stops:
                if stop.is_valid():
                    stop.delete()

    def run_to(self, path, lines):
        stopped = self.run(*(f"{path.parent.name}/{path.name}:{line}" for line in lines))
        return None if stopped is None else lines[stopped]

    def variable(self, name):
        return Value(gdb.selected_frame().read_var(name))

    def variables(self):
        found, frame = [], gdb.newest_frame()
        while frame:
            if not chapters.is_library(file_of(frame)):
                block = frame.block()
                while block and not block.is_static:
                    found += [(symbol.name, Value(symbol.value(frame))) for symbol in block
                              if symbol.is_variable or symbol.is_argument
                              if symbol.line < frame.find_sal().line]  # else not yet constructed
                    block = block.superblock if not block.function else None
            frame = frame.older()
        return found

    def leave(self):
        frame = gdb.newest_frame()
        while frame.older() and chapters.is_library(file_of(frame)):
            frame = frame.older()
        self.run(f"*{frame.pc()}")

    def place(self):
        try:
            frame = gdb.newest_frame()
        except gdb.error:
            return "its end"
        return f"{os.path.basename(file_of(frame))}:{frame.find_sal().line}"


def file_of(frame):
    symtab = frame.find_sal().symtab
    return symtab.filename if symtab else ""


class Back(gdb.Command):
    """back: runs the next node of a reverse pass, and tells what it does."""

    def __init__(self):
        super().__init__("back", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        try:
            print(back.back(Debugger()))
        except ValueError as error:
            raise gdb.GdbError(str(error))


gdb.printing.register_pretty_printer(None, Printers(), replace=True)
gdb.xmethod.register_xmethod_matcher(None, Methods(), replace=True)
Stop()
WalkCommand()
Back()
execute(f"directory {chapters.ROOT}/build/debug")  # relative names, as ccache leaves them
for setting in ("disable-randomization off", "pagination off", "confirm off",
                "breakpoint pending off", "print raw-frame-arguments on", "print repeats unlimited",
                "debuginfod enabled off"):
    execute("set " + setting)
# gdb reads basic expressions: what POSIX's extended ones mean by ( | ) ? has a backslash there.
if "cairn::" not in execute("info skip"):  # else this file was sourced before
    gdb.execute("skip -rfu '%s'" % re.sub(r"(?<!\[)[()|?]", r"\\\g<0>", stepping.NOT_ENTERED),
                to_string=True)
