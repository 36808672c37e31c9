"""What can be called on a tensor in an expression, without running the program: these stand for the
methods whose last argument the compiler fills in (Where), which a debugger does not know."""
import struct

from values import fields_of, shared, tuple_text

MAX_ROW = 1000  # numbers of x[i]


def size(tensor, axis):
    shape = fields_of(tensor).shape
    if not -len(shape) <= axis < len(shape):
        raise ValueError(f"axis {axis} of a tensor of shape {tuple_text(shape)}")
    return shape[axis]


def item(tensor):
    numbers = fields_of(tensor).numbers()
    if len(numbers) != 1:
        raise ValueError(f"item() of a tensor of {len(numbers)} numbers")
    return numbers[0]


def node(tensor):
    """The op that made it. Not a method of Tensor, whose node is impl().node."""
    made_by = shared(shared(tensor.field("impl_")).field("node"))
    if not made_by:
        raise ValueError("it has no node: it is a leaf, or needs no gradient")
    return made_by.dynamic()


def grad(tensor):
    gradient = shared(shared(tensor.field("impl_")).field("grad"))
    if not gradient:
        raise ValueError("this tensor has no gradient: only leaves keep one, after backward()")
    return gradient


def row(tensor, i):
    """x[i]: a number, or lists of numbers."""
    x = fields_of(tensor)
    if not x.shape:
        raise ValueError("x[i] of a single number")
    if not -x.shape[0] <= i < x.shape[0]:
        raise ValueError(f"index {i} of an axis of size {x.shape[0]}")
    if not 0 < x.numel() <= x.shape[0] * MAX_ROW:
        raise ValueError(f"x[i] has {x.numel() // x.shape[0]} numbers; print x shows some")

    def part(index):
        if len(index) == len(x.shape):
            return x.at(index)
        return [part(index + [j]) for j in range(x.shape[len(index)])]
    return part([i % x.shape[0]])


METHODS = {
    "operator[]": row,
    "node": node,
    "grad": grad,
    "size": size,
    "axes": lambda tensor: len(fields_of(tensor).shape),
    "numel": lambda tensor: fields_of(tensor).numel(),
    "item": item,
    "to_vector": lambda tensor: fields_of(tensor).numbers(),
    "shape": lambda tensor: shared(tensor.field("impl_")).field("shape"),
    "strides": lambda tensor: shared(tensor.field("impl_")).field("strides"),
    "requires_grad": lambda tensor: fields_of(tensor).requires_grad,
}


def call(name, tensor, *arguments):
    """What x.NAME(...) gives, from METHODS. ValueError that says why not."""
    if not shared(tensor.field("impl_")):
        raise ValueError("the tensor is undefined")
    return METHODS[name](tensor, *arguments)


def sizes_of(numbers):
    """The sizes of lists within lists."""
    return [len(numbers)] + sizes_of(numbers[0]) if isinstance(numbers, list) else []


def flat(numbers):
    return [x for part in numbers for x in flat(part)] if isinstance(numbers, list) else [numbers]


def packed(numbers, double):
    """The bytes of lists within lists."""
    return struct.pack(f"{len(flat(numbers))}{'d' if double else 'f'}", *flat(numbers))
