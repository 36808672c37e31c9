"""Cairn in lldb: command script import this file. Printers, methods, `stop`, `walk`, and what `step`
leaves out."""
import os
import re
import struct
import sys

import lldb

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import back as reverse  # noqa: E402
import chapters  # noqa: E402
import values  # noqa: E402


class Value:
    """An lldb.SBValue in the form that values.py reads."""

    def __init__(self, value):
        value = value.GetNonSyntheticValue()
        if value.GetType().GetCanonicalType().IsReferenceType():
            value = value.Dereference()
        self.value = value
        self.plain_type = value.GetType().GetCanonicalType().GetUnqualifiedType()
        self.type = self.plain_type.GetName()

    def field(self, name):
        member = self.value.GetChildMemberWithName(name)
        return Value(member) if member.IsValid() else None

    def members(self):
        members, bases = [], self.plain_type.GetNumberOfDirectBaseClasses()
        for i in range(self.value.GetNumChildren()):
            member = self.value.GetChildAtIndex(i)
            if member.GetName() in [self.plain_type.GetDirectBaseClassAtIndex(b).GetName()
                                    for b in range(bases)]:
                members += Value(member).members()
            else:
                members.append((member.GetName(), Value(member)))
        return members

    def bases(self):
        def of(type):
            names = []
            for i in range(type.GetNumberOfDirectBaseClasses()):
                base = type.GetDirectBaseClassAtIndex(i).GetType().GetCanonicalType()
                names += [base.GetName()] + of(base)
            return names
        return of(self.plain_type)

    def dynamic(self):
        # By way of the table of virtual functions. lldb's own way fails in versions that take the
        # section of thread-local variables for the whole of the data segment.
        target, at = self.value.GetTarget(), self.address()
        table, = struct.unpack("Q", self.read(at, 8))
        for module in target.module_iter():
            header = module.GetObjectFileHeaderAddress()
            slide = header.GetLoadAddress(target) - header.GetFileAddress()
            if slide > table:  # this module lies above it
                continue
            name = module.ResolveFileAddress(table - slide).GetSymbol().GetName() or ""
            found = module.FindFirstType(name[len("vtable for "):])
            if name.startswith("vtable for ") and found.IsValid():
                return Value(self.value.CreateValueFromAddress("dynamic", at, found))
        return self

    def target(self, i=0):
        pointee = self.plain_type.GetPointeeType()
        at = self.number() + i * pointee.GetByteSize()
        return Value(self.value.CreateValueFromAddress("target", at, pointee))

    def target_size(self):
        return self.plain_type.GetPointeeType().GetByteSize()

    def element(self, i):
        return Value(self.value.GetChildAtIndex(i, lldb.eNoDynamicValues, True))

    def number(self):
        return self.value.GetValueAsSigned()

    def address(self):
        return self.value.GetLoadAddress()

    def string(self):
        at, text = self.number(), b""
        while b"\0" not in text and len(text) < 4096:
            more = self.memory(at + len(text), 64)
            if not more:
                break
            text += more
        return text.split(b"\0")[0].decode(errors="replace")

    def memory(self, at, size):
        """At most `size` bytes. What a core file leaves out, constants, is read from the program."""
        error, target = lldb.SBError(), self.value.GetTarget()
        data = self.value.GetProcess().ReadMemory(at, size, error)
        if error.Success() and data:
            return data
        error = lldb.SBError()
        return target.ReadMemory(lldb.SBAddress(at, target), size, error) or b""

    def read(self, at, size):
        data = self.memory(at, size) if size else b""
        if len(data) < size:
            raise ValueError(f"memory at {at:#x} cannot be read")
        return data


def summary(value, _):
    return values.show(Value(value))


CALL = re.compile(r"([A-Za-z_][\w.\->\[\]]*?)(\.|->)(%s)\(\s*(-?\d*)\s*\)" % "|".join(values.METHODS))


def evaluate(frame, expression):
    """What an expression gives: an SBValue, or a list or a Value from one of values.METHODS."""
    found = frame.GetValueForVariablePath(expression, lldb.eDynamicDontRunTarget)
    return found if found.IsValid() and found.GetError().Success() \
        else frame.EvaluateExpression(expression)


def call(frame, match):
    """What a call of one of values.METHODS gives; None if it is not a Tensor's."""
    tensor = evaluate(frame, match[1])
    if match[2] == "->":
        tensor = tensor.Dereference()
    if not tensor.IsValid() or values.short_type(Value(tensor)) != "Tensor":
        return None
    return values.call(match[3], Value(tensor), *map(int, filter(None, [match[4]])))


def text_of(result):
    """How a value of any kind is shown."""
    if isinstance(result, list):
        return "{" + ", ".join(f"{x:.9g}" for x in result) + "}"
    if isinstance(result, Value):
        result = result.value
    if not isinstance(result, lldb.SBValue):
        return f"{result:.9g}" if isinstance(result, float) else str(result).lower()
    if result.GetError().Fail():  # which says much about itself before it says what is wrong
        errors = re.findall(r"error: (?:<user expression \d+>:\d+:\d+: )?(.*)",
                            result.GetError().GetCString() or "")
        raise ValueError(errors[-1] if errors else "there is no such value here")
    seen = Value(result)
    pointer = result.GetType().GetCanonicalType().IsPointerType()
    if not pointer and values.shows(seen):
        return values.show(seen)
    if seen.type.startswith("std::vector<"):
        parts = [text_of(result.GetChildAtIndex(i)) for i in range(result.GetNumChildren())]
        return f"std::vector of length {len(parts)} = {{" + ", ".join(parts) + "}"
    texts = [text for text in (result.GetValue(), result.GetSummary()) if text]
    return " ".join(texts) if texts else str(result)


def print_command(debugger, command, context, result, _):
    """print EXPRESSION: shows a value, as gdb does."""
    frame = context.GetFrame()
    whole = CALL.fullmatch(command.strip())
    try:
        value = call(frame, whole) if whole else None
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
    name = re.sub(r"\(anonymous namespace\)::|\b(f32|f64)::", "", frame.GetFunctionName() or "?")
    name = re.sub(r"(?<!operator)\(.*", "", name)  # its parameters' types
    arguments = ", ".join(value.GetName() or "" for value in frame.GetVariables(True, False, False, False))
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
                if found and root != str(chapters.ROOT) and (chapters.ROOT / folder / rest).exists():
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
    """break FUNCTION, break FILE:LINE: stops there. A function is named by the end of its full name,
    reference::softmax for cairn::f32::reference::softmax."""
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

    def leave(self, folder):
        thread = self.process.GetSelectedThread()
        frames = [thread.GetFrameAtIndex(i) for i in range(thread.GetNumFrames())]
        inner = [frame for frame in frames
                 if f"{folder.name}/" in str(frame.GetLineEntry().GetFileSpec())]
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
            f"settings set target.process.thread.step-avoid-regexp {values.NOT_ENTERED}",
            "settings set target.process.thread.step-avoid-libraries libc.so.6 libm.so.6",
            'settings set thread-stop-format "thread #${thread.index}: ${thread.stop-reason}\\n"',
    ):
        result = lldb.SBCommandReturnObject()
        debugger.GetCommandInterpreter().HandleCommand(line, result)
        if not result.Succeeded():
            print(f"cairn: {line}: {result.GetError()}", file=sys.stderr)
