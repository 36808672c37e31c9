"""lldb's values in the form that values.py reads, and what an expression gives."""
import re
import struct

import lldb

import methods
import values


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
        """At most `size` bytes. Constants, which a core file leaves out, are the program's."""
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


CALL = re.compile(r"([A-Za-z_][\w.\->\[\]]*?)(\.|->)(%s)\(\s*(-?\d*)\s*\)" %
                  "|".join(name for name in methods.METHODS if name.isidentifier()))
PART = re.compile(r"([A-Za-z_][\w.]*)((?:\[-?\d+\])+)")


def evaluate(frame, expression):
    """What an expression gives: an SBValue, or a list or a Value from one of methods.METHODS."""
    found = frame.GetValueForVariablePath(expression, lldb.eDynamicDontRunTarget)
    return found if found.IsValid() and found.GetError().Success() \
        else frame.EvaluateExpression(expression)


def call(frame, match):
    """What a call of one of methods.METHODS gives; None if it is not a Tensor's."""
    tensor = evaluate(frame, match[1])
    if match[2] == "->":
        tensor = tensor.Dereference()
    if not tensor.IsValid() or values.short_type(Value(tensor)) != "Tensor":
        return None
    return methods.call(match[3], Value(tensor), *map(int, filter(None, [match[4]])))


def part(frame, match):
    """x[i][j]... of a Tensor; None if it is something else."""
    tensor = evaluate(frame, match[1])
    if not tensor.IsValid() or values.short_type(Value(tensor)) != "Tensor":
        return None
    first, *rest = map(int, re.findall(r"-?\d+", match[2]))
    numbers = methods.call("operator[]", Value(tensor), first)
    for i in rest:
        if not isinstance(numbers, list) or not -len(numbers) <= i < len(numbers):
            raise ValueError(f"no {match[0]}: the index is out of range")
        numbers = numbers[i]
    return numbers


def text_of(result):
    """How a value of any kind is shown."""
    if isinstance(result, list):
        return "{" + ", ".join(map(text_of, result)) + "}"
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
    error, data = lldb.SBError(), result.GetData()
    basic = result.GetType().GetCanonicalType().GetBasicType()
    if basic == lldb.eBasicTypeFloat:
        return f"{data.GetFloat(error, 0):.9g}"
    if basic == lldb.eBasicTypeDouble:
        return f"{data.GetDouble(error, 0):.17g}"
    texts = [text for text in (result.GetValue(), result.GetSummary()) if text]
    return " ".join(texts) if texts else str(result)
