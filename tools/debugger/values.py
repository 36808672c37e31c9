"""What a debugger shows of Cairn's values: Tensor, Shape, Ids, Rows, Node, Module.

It reads fields and memory and calls nothing of the program, so it works on a core file too. gdb and
lldb each lend it their values in one form, `Value` of cairn_gdb.py and cairn_lldb.py:

  value.type            the type's name, without const and reference: "cairn::f32::Tensor"
  value.field(name)     a member, of a base class too; None if there is none
  value.members()       (name, member) of each, those of base classes first
  value.bases()         the names of all classes that its type derives from
  value.dynamic()       the same object as the most derived class that it is
  value.target()        what a pointer points to
  value.element(i)      of an array
  value.number()        an integer, or the address that a pointer holds
  value.address()       where an object is
  value.string()        the text that a char pointer points to
  value.read(at, size)  bytes of the program's memory
"""
import math
import re
import struct

MAX_ROWS, MAX_COLS, MAX_MATRICES = 8, 8, 2  # of a tensor's numbers that are shown
DEPTH = 3  # how far down a module's tree is shown


def short_type(value):
    """The name by which a reader knows the type: Tensor for cairn::f32::Tensor; None if it is not
    one of Cairn's."""
    for prefix in "cairn::f32::", "cairn::f64::", "cairn::":
        if value.type.startswith(prefix):
            return value.type[len(prefix):]
    return None


# The standard library's classes, by libstdc++'s names of their fields and by libc++'s.

def shared(pointer):
    """What a std::shared_ptr points to; None if to nothing."""
    raw = pointer.field("_M_ptr") or pointer.field("__ptr_")
    return raw.target() if raw.number() else None


def vector(values):
    """The first element's pointer, and the two addresses between which the elements are."""
    fields = values.field("_M_impl") or values
    begin = fields.field("_M_start") or fields.field("__begin_")
    end = fields.field("_M_finish") or fields.field("__end_")
    return begin, begin.number(), end.number()


def elements(values):
    """The elements of a std::vector."""
    first, begin, end = vector(values)
    size = first.target_size()
    return [first.target(i) for i in range((end - begin) // size if size else 0)]


# Shape, Ids, Rows.

def sizes(shape):
    return [shape.field("sizes_").element(i).number() for i in range(shape.field("axes_").number())]


def tuple_text(numbers):
    return "(" + ", ".join(map(str, numbers)) + ")"


def numbers_of(values, form, at_most=None):
    """The numbers of a std::vector, unpacked as struct's `form`, and how many it has."""
    _, begin, end = vector(values)
    size = struct.calcsize(form)
    count = (end - begin) // size
    shown = count if at_most is None else min(count, at_most)
    return list(struct.unpack(f"{shown}{form}", values.read(begin, shown * size))), count


def list_text(numbers, count):
    return "[" + ", ".join(map(str, numbers)) + (", ..." if count > len(numbers) else "") + "]"


def show_shape(shape):
    return "Shape " + tuple_text(sizes(shape))


def show_ids(ids):
    numbers, count = numbers_of(shared(ids.field("values_")), "i", 16)
    return f"Ids {tuple_text(sizes(ids.field('shape_')))} {list_text(numbers, count)}"


def show_rows(rows):
    starts = shared(rows.field("starts_").field("values_"))
    numbers, count = numbers_of(starts, "i", 17)
    if count == 0:
        return "Rows of no sequences"
    lengths = [end - start for start, end in zip(numbers, numbers[1:])]
    last = numbers_of(starts, "i")[0][-1]
    sequences = "1 sequence" if count == 2 else f"{count - 1} sequences"
    return f"Rows of {sequences}, lengths {list_text(lengths, count - 1)}, {last} rows in all"


# Tensor.

class TensorFields:
    """What a TensorImpl says, and its numbers one by one."""

    def __init__(self, impl):
        self.shape = sizes(impl.field("shape"))
        self.strides = sizes(impl.field("strides"))
        self.offset = impl.field("offset").number()
        self.requires_grad = bool(impl.field("requires_grad").number())
        op = impl.field("op")
        self.op = op.string() if op.number() else None
        storage = shared(impl.field("storage"))
        self.data = storage.field("data").number()
        self.form, self.size = ("d", 8) if "::f64::" in impl.type else ("f", 4)
        self.read = impl.read

    def at(self, index):
        place = self.offset + sum(i * stride for i, stride in zip(index, self.strides))
        return struct.unpack(self.form, self.read(self.data + place * self.size, self.size))[0]

    def numel(self):
        return math.prod(self.shape)

    def numbers(self):
        """All numbers, in the order of the index."""
        return [self.at(self.index(i)) for i in range(self.numel())]

    def index(self, i, axes=None):
        """The index of number `i`, counted in the order of the index."""
        index = []
        for size in reversed(self.shape[:axes]):
            index.insert(0, i % size)
            i //= size
        return index

    def title(self):
        made = f"made by [{self.op}]" if self.op else "a leaf"
        grad = ", requires_grad" if self.requires_grad else ""
        return f"Tensor {tuple_text(self.shape)}, strides {tuple_text(self.strides)}, {made}{grad}"


def fields_of(tensor):
    """TensorFields; None if the tensor is undefined."""
    impl = shared(tensor.field("impl_"))
    return TensorFields(impl) if impl else None


def aligned(numbers):
    """The numbers' texts, all of one width and one form."""
    sized = [abs(x) for x in numbers if math.isfinite(x) and x != 0]
    plain = not sized or (max(sized) < 1e6 and min(sized) >= 1e-4)
    texts = [f"{x:.4f}" if plain else f"{x:.4e}" for x in numbers]
    if plain:  # no more digits after the point than any of them needs
        finite = [text for x, text in zip(numbers, texts) if math.isfinite(x)]
        while finite and all(text.endswith("0") and text[-2] != "." for text in finite):
            finite = [text[:-1] for text in finite]
        texts = [f"{float(text):.{len(finite[0].split('.')[1])}f}" if math.isfinite(x) else text
                 for x, text in zip(numbers, texts)] if finite else texts
    width = max(map(len, texts), default=0)
    return [text.rjust(width) for text in texts]


def matrices(x):
    """Lines that lay out the first numbers of TensorFields as matrices."""
    if x.numel() == 0:
        return []
    rows = x.shape[-2] if len(x.shape) > 1 else 1
    cols = x.shape[-1] if x.shape else 1
    count = x.numel() // (rows * cols)
    show_rows, show_cols = min(rows, MAX_ROWS), min(cols, MAX_COLS)
    lead = max(len(x.shape) - 2, 0)
    shown = [x.index(m, lead) for m in range(min(count, MAX_MATRICES))]
    cells = [(i, j) for i in range(show_rows) for j in range(show_cols)]
    own = lambda i, j: [i, j][2 - min(len(x.shape), 2):]
    texts = iter(aligned([x.at(index + own(i, j)) for index in shown for i, j in cells]))
    lines = []
    for index in shown:
        if lead:
            lines.append("  [" + ", ".join(map(str, index)) + "]:")
        for _ in range(show_rows):
            row = " ".join(next(texts) for _ in range(show_cols))
            lines.append("  [" + row + (" ...]" if cols > show_cols else "]"))
        if rows > show_rows:
            lines.append(f"  ... {rows - show_rows} more rows")
    if count > len(shown):
        lines.append(f"  ... {count - len(shown)} more matrices")
    return lines


def tensor_text(x):
    return "\n".join([x.title()] + matrices(x))


def show_tensor(tensor):
    x = fields_of(tensor)
    return tensor_text(x) if x else "Tensor, undefined"


def shape_text(tensor):
    x = fields_of(tensor)
    return tuple_text(x.shape) if x else "undefined"


# Node: an op that was recorded.

def where_text(where):
    path = where.field("file").string()
    return f"{path.rsplit('/', 1)[-1]}:{where.field('line').number()}" if path else "no line"


def node_text(node):
    return f"[{node.field('op').string()}] at {where_text(node.field('where'))}"


def edge_text(edge, names={}):
    """Where a gradient goes; `names` are those of leaves, by their TensorImpl's address."""
    node, leaf = shared(edge.field("node")), shared(edge.field("leaf"))
    if node:
        output = edge.field("output").number()
        return node_text(node) + (f", its output {output}" if output else "")
    if not leaf:
        return "nowhere"
    name = names.get(leaf.address())
    return f"the leaf {name}" if name else "a leaf"


def saved_of(node):
    """(name, tensor) of what a node has saved for its backward."""
    return [(name, member.field("tensor")) for name, member in node.dynamic().members()
            if short_type(member) == "Saved"]


def saved_text(node):
    texts = [f"{name} {shape_text(tensor)}" for name, tensor in saved_of(node)]
    return ", ".join(texts) if texts else "nothing"


def show_node(node):
    lines = [f"Node {node_text(node)}, y {tuple_text(sizes(node.field('y_shape')))}",
             "  saved: " + ("freed" if node.field("freed").number() else saved_text(node))]
    for i, edge in enumerate(elements(node.field("inputs"))):
        lines.append(f"  gradient of input {i} goes to {edge_text(edge)}")
    return "\n".join(lines)


# Module: a layer or a model.

def is_module(value):
    return any(name.endswith("::Module") for name in value.bases())


def module_lines(name, module, depth):
    """The lines of a module and, `depth` deep, of those below it."""
    parameters, children = [], []
    for member_name, member in module.dynamic().members():
        if short_type(member) == "Tensor":
            if fields_of(member):
                parameters.append(f"{member_name} {shape_text(member)}")
        elif is_module(member):
            children.append((member_name, member))
        elif re.match(r"std::(__\w+::)?vector<cairn::", member.type):
            for i, element in enumerate(elements(member)):
                if not is_module(element):
                    break
                children.append((f"{member_name}.{i}", element))
    kind = module.field("kind_").string()
    lines = [name + (": " if name else "") + kind
             + (", " + ", ".join(parameters) if parameters else "")]
    if depth == 0 and children:
        lines.append(f"  ... {len(children)} inside")
    for child_name, child in children if depth else []:
        lines += ["  " + line for line in module_lines(child_name, child, depth - 1)]
    return lines


def show_module(module):
    lines = module_lines("", module, DEPTH)
    lines[0] = "Module " + lines[0] + (", training" if module.field("training_").number()
                                       else ", evaluating")
    return "\n".join(lines)


def tensors_in(name, value):
    """(name, tensor) of a variable that is a Tensor, and of all that a module or a vector holds."""
    if short_type(value) == "Tensor":
        yield name, value
    elif is_module(value):
        for member_name, member in value.dynamic().members():
            yield from tensors_in(f"{name}.{member_name}", member)
    elif re.match(r"std::(__\w+::)?vector<cairn::", value.type):
        for i, element in enumerate(elements(value)):
            yield from tensors_in(f"{name}[{i}]", element)


def leaf_names(variables):
    """{address of a TensorImpl: name} of what the variables, (name, Value) each, hold."""
    names = {}
    for name, value in variables:
        for full_name, tensor in tensors_in(name, value):
            impl = tensor.field("impl_")
            names.setdefault((impl.field("_M_ptr") or impl.field("__ptr_")).number(), full_name)
    return names


def form_of(value):
    """The function that shows such a value; None if there is none."""
    name = short_type(value)
    if name in SHOWS:
        return SHOWS[name]
    if name is None and value.type.startswith("std::"):
        return None
    bases = value.bases()
    if name == "Node" or any(base.endswith("::Node") for base in bases):
        return show_node
    if name == "Module" or any(base.endswith("::Module") for base in bases):
        return show_module
    return None


SHOWS = {"Tensor": show_tensor, "TensorImpl": lambda impl: tensor_text(TensorFields(impl)),
         "Shape": show_shape, "Ids": show_ids, "Rows": show_rows}


def shows(value):
    return form_of(value) is not None


def show(value):
    return form_of(value)(value)
