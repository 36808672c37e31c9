"""gdb's values in the form that values.py reads."""
import gdb


class Value:
    """A gdb.Value in the form that values.py reads."""

    def __init__(self, value):
        if value.type.strip_typedefs().code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF):
            value = value.referenced_value()
        self.value = value
        self.plain_type = value.type.strip_typedefs().unqualified()
        self.type = str(self.plain_type)

    def field(self, name):
        try:
            return Value(self.value[name])
        except gdb.error:
            return None

    def members(self):
        members = []
        for field in self.plain_type.fields():
            if field.is_base_class:
                members += Value(self.value[field]).members()
            elif hasattr(field, "bitpos") and field.name and not field.name.startswith("_vptr"):
                members.append((field.name, Value(self.value[field])))
        return members

    def bases(self):
        names = []
        if self.plain_type.code == gdb.TYPE_CODE_STRUCT:
            for field in self.plain_type.fields():
                if field.is_base_class:
                    base = field.type.strip_typedefs()
                    names += [str(base)] + Value(self.value[field]).bases()
        return names

    def dynamic(self):
        pointer = self.value.address
        return Value(pointer.cast(self.value.dynamic_type.pointer()).dereference())

    def target(self, i=0):
        return Value((self.value + i).dereference())

    def target_size(self):
        return self.plain_type.target().sizeof

    def element(self, i):
        return Value(self.value[i])

    def number(self):
        return int(self.value)

    def address(self):
        return int(self.value.address)

    def string(self):
        return self.value.string(errors="replace")

    def read(self, at, size):
        return gdb.selected_inferior().read_memory(at, size).tobytes() if size else b""
