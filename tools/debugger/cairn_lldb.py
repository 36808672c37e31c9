"""Cairn in lldb: command script import this file. Printers, methods, `stop`, `walk`, `back`, and
what `step` leaves out."""
import os
import re
import sys

import lldb

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import back as reverse  # noqa: E402
import chapters  # noqa: E402
import stepping  # noqa: E402
import values  # noqa: E402
from lldb_value import CALL, PART, Value, call, evaluate, part, text_of  # noqa: E402


def summary(value, _):
    return values.show(Value(value))


def print_command(debugger, command, context, result, _):
    """print EXPRESSION: shows a value, as gdb does."""
    frame = context.GetFrame()
    try:
        value = None
        for form, give in (CALL, call), (PART, part):
            if value is None and form.fullmatch(command.strip()):
                value = give(frame, form.fullmatch(command.strip()))
        if value is None:
            def number(match):
                found = call(frame, match)
                return match[0] if found is None or isinstance(found, (list, Value)) \
                    else text_of(found)
            value = evaluate(frame, CALL.sub(number, command))
        result.AppendMessage(text_of(value))
    except ValueError as error:
        result.SetError(str(error))


def program(debugger):
    return debugger.GetSelectedTarget().GetExecutable().GetFilename()


def frame_text(frame, _):
    """A frame's line, in backtraces and where the program stops."""
    name = re.sub(r"\(anonymous namespace\)::|\b(f32|f64)::| const$", "",
                  frame.GetFunctionName() or "?")
    for _ in range(4):  # its parameters' types, and those of a function around it, inner ones first
        name = re.sub(r"(?<!operator)\([^()]*\)", "", name)
    arguments = frame.GetVariables(True, False, False, False)
    arguments = ", ".join(value.GetName() or "" for value in arguments)
    line = frame.GetLineEntry()
    place = f" at {line.GetFileSpec()}:{line.GetLine()}" if line.IsValid() else ""
    return f"frame #{frame.GetFrameID()}: {name}({arguments}){place}"


def break_at(target, path, line):
    """A breakpoint in a file of ours, wherever it was when the program was built."""
    made = target.BreakpointCreateByLocation(path.name, line)
    for location in made:
        file = location.GetAddress().GetLineEntry().GetFileSpec()
        location.SetEnabled(str(file).endswith(f"{path.parent.name}/{path.name}"))
    return made


def map_sources(target):
    """Lets lldb look for the program's files here, if they were elsewhere when it was built."""
    elsewhere = set()
    for module in target.module_iter():
        for unit in module.compile_unit_iter():
            for folder in chapters.FOLDERS:
                root, found, rest = str(unit.GetFileSpec()).partition(f"/{folder}/")
                here = (chapters.ROOT / folder / rest).exists()
                if found and here and root != str(chapters.ROOT):
                    elsewhere.add(root)
    return " ".join(f"{root} {chapters.ROOT}" for root in sorted(elsewhere))


def stop(debugger, command, context, result, _):
    """stop NAME: breaks at the first line of the part NAME of the chapter's program."""
    try:
        path, line = chapters.location(program(debugger), command.strip())
        break_at(debugger.GetSelectedTarget(), path, line)
        result.AppendMessage(f"The program will stop at {path.name}:{line}")
    except ValueError as error:
        result.SetError(str(error))


def break_command(debugger, command, context, result, _):
    """break FUNCTION, break FILE:LINE: stops there. A function is named by the end of its full
    name, reference::softmax for cairn::f32::reference::softmax."""
    target, place = debugger.GetSelectedTarget(), command.strip()
    file_line = re.fullmatch(r"(.+[^:]):(\d+)", place)
    if file_line:
        made = target.BreakpointCreateByLocation(file_line[1], int(file_line[2]))
    else:
        unseen = r"::(f32::|f64::|\(anonymous namespace\)::)*"
        name = unseen.join(map(re.escape, place.split("::")))
        made = target.BreakpointCreateByRegex(f"(^|::){name}($|[(<])", program(debugger))
    if not made.GetNumLocations():
        target.BreakpointDelete(made.GetID())
        result.SetError(f"there is no {place}")
        return
    line = made.GetLocationAtIndex(0).GetAddress().GetLineEntry()
    more = f" ({made.GetNumLocations()} locations)" if made.GetNumLocations() > 1 else ""
    result.AppendMessage(f"Breakpoint {made.GetID()} at {line.GetFileSpec().GetFilename()}:"
                         f"{line.GetLine()}{more}")


class Debugger:
    """What back.py needs of lldb."""

    def __init__(self, target):
        self.target = target
        self.process = target.GetProcess()

    def frame(self):
        return self.process.GetSelectedThread().GetFrameAtIndex(0)

    def run_to(self, path, lines):
        if not self.process.IsValid() or self.process.GetState() != lldb.eStateStopped:
            return None
        stops = [break_at(self.target, path, line) for line in lines]
        self.process.Continue()
        stopped = next((line for line, stop in zip(lines, stops) if stop.GetHitCount()), None)
        for stop in stops:
            self.target.BreakpointDelete(stop.GetID())
        return stopped

    def variable(self, name):
        return Value(self.frame().FindVariable(name))

    def variables(self):
        found = []
        for frame in self.process.GetSelectedThread():
            line = frame.GetLineEntry()
            if line.IsValid() and not chapters.is_library(line.GetFileSpec()):
                found += [(value.GetName(), Value(value))
                          for value in frame.GetVariables(True, True, False, True)
                          if value.GetDeclaration().GetLine() < line.GetLine()]
        return found

    def leave(self):
        thread = self.process.GetSelectedThread()
        inner = [frame for frame in thread
                 if chapters.is_library(frame.GetLineEntry().GetFileSpec())]
        thread.StepOutOfFrame(inner[-1])

    def place(self):
        if self.process.GetState() != lldb.eStateStopped:
            return "its end"
        line = self.frame().GetLineEntry()
        return f"{line.GetFileSpec().GetFilename()}:{line.GetLine()}"


def back(debugger, command, context, result, _):
    """back: runs the next node of a reverse pass, and tells what it does."""
    asynchronous = debugger.GetAsync()
    debugger.SetAsync(False)
    try:
        result.AppendMessage(reverse.back(Debugger(debugger.GetSelectedTarget())))
    except ValueError as error:
        result.SetError(str(error))
    finally:
        debugger.SetAsync(asynchronous)


walks = {}


def walk(debugger, command, context, result, _):
    """walk: plays the next step of the chapter's walk. walk list: shows all. walk again: from the
    first."""
    folder = chapters.folder(program(debugger))
    if not folder or not (folder / "walk.txt").exists():
        result.SetError("this program has no walk: tutorials/NN_name/walk.txt")
        return
    if folder not in walks or command == "again":
        walks[folder] = chapters.Walk(folder / "walk.txt")
    steps = walks[folder]
    if command in ("list", "again"):
        result.AppendMessage(steps.listing())
        return
    comment, step = steps.step()
    result.AppendMessage(comment + (f"\n> {step}" if step else ""))
    if step:
        played = lldb.SBCommandReturnObject()
        process = debugger.GetSelectedTarget().GetProcess()
        now = lldb.SBExecutionContext(process.GetSelectedThread().GetSelectedFrame()
                                      if process.IsValid() else debugger.GetSelectedTarget())
        debugger.SetAsync(False)
        debugger.GetCommandInterpreter().HandleCommand(step, now, played, False)
        debugger.SetAsync(True)
        result.AppendMessage(((played.GetOutput() or "") + (played.GetError() or "")).strip("\n"))


def __lldb_init_module(debugger, _):
    elsewhere = map_sources(debugger.GetSelectedTarget())
    for line in (
            *([f"settings set target.source-map {elsewhere}"] if elsewhere else []),
            r"type summary add -x '^cairn::(f32::|f64::)?(Tensor|Shape|Ids|Rows|Node|Module)$' "
            "-F cairn_lldb.summary",
            r"type summary add -x '^cairn::f(32|64)::.*Node$' -F cairn_lldb.summary",
            "command unalias print",
            "command unalias p",
            "command script add -o -f cairn_lldb.print_command print",
            "command script add -o -f cairn_lldb.print_command p",
            "command script add -o -f cairn_lldb.stop stop",
            "command script add -o -f cairn_lldb.walk walk",
            "command script add -o -f cairn_lldb.back back",
            "command script add -o -f cairn_lldb.break_command break",
            "settings set target.disable-aslr false",
            "settings set use-color false",
            "settings set frame-format \"${script.frame:cairn_lldb.frame_text}\\n\"",
            f"settings set target.process.thread.step-avoid-regexp {stepping.NOT_ENTERED}",
            "settings set target.process.thread.step-avoid-libraries libc.so.6 libm.so.6",
            'settings set thread-stop-format "thread #${thread.index}: ${thread.stop-reason}\\n"',
    ):
        result = lldb.SBCommandReturnObject()
        debugger.GetCommandInterpreter().HandleCommand(line, result)
        if not result.Succeeded():
            print(f"cairn: {line}: {result.GetError()}", file=sys.stderr)
