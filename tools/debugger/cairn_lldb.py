"""Cairn in lldb: command script import this file. Printers, methods, `stop`, `walk`, and what `step`
leaves out."""
import os
import re
import sys

import lldb

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
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
        pointer = self.value.AddressOf().GetDynamicValue(lldb.eDynamicDontRunTarget)
        return Value(pointer.Dereference())

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
        error = lldb.SBError()
        at = self.value.GetValueAsUnsigned()
        return self.value.GetProcess().ReadCStringFromMemory(at, 4096, error)

    def read(self, at, size):
        error = lldb.SBError()
        data = self.value.GetProcess().ReadMemory(at, size, error) if size else b""
        if error.Fail():
            raise ValueError(error.GetCString())
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
    return values.METHODS[match[3]](Value(tensor), *map(int, filter(None, [match[4]])))


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
    name = re.sub(r"\(.*", "", name)  # its parameters' types
    arguments = ", ".join(value.GetName() or "" for value in frame.GetVariables(True, False, False, False))
    line = frame.GetLineEntry()
    place = f" at {line.GetFileSpec()}:{line.GetLine()}" if line.IsValid() else ""
    return f"frame #{frame.GetFrameID()}: {name}({arguments}){place}"


def stop(debugger, command, context, result, _):
    """stop NAME: breaks at the first line of the part NAME of the chapter's program."""
    try:
        path, line = chapters.location(chapters.folder(program(debugger)), command.strip())
        debugger.GetSelectedTarget().BreakpointCreateByLocation(str(path), line)
        result.AppendMessage(f"The program will stop at {path.name}:{line}")
    except ValueError as error:
        result.SetError(str(error))


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
    for line in (
            r"type summary add -x '^cairn::(f32::|f64::)?(Tensor|Shape|Ids|Rows|Node|Module)$' "
            "-F cairn_lldb.summary",
            r"type summary add -x '^cairn::f(32|64)::.*Node$' -F cairn_lldb.summary",
            "command unalias print",
            "command unalias p",
            "command script add -o -f cairn_lldb.print_command print",
            "command script add -o -f cairn_lldb.print_command p",
            "command script add -o -f cairn_lldb.stop stop",
            "command script add -o -f cairn_lldb.walk walk",
            "command alias break _regexp-break",
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
