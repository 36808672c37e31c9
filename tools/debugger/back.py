"""`back`: a reverse pass node by node. Each call runs the next node's backward and tells the op,
the user's line, the gradient that has arrived, what was saved, and what goes where.

It stops the program at three lines of the engine (Pass in core/autograd/backward.cpp), which it
finds by their text. gdb and lldb each lend a Debugger (cairn_gdb.py, cairn_lldb.py):

  debugger.run_to(path, lines)  continues to one of the lines: its number, or None if the program
                                stops elsewhere
  debugger.variable(name)       a variable of the frame in which it stands, as a Value
  debugger.variables()          (name, Value) of the variables of all frames but the library's
  debugger.leave()              runs until the frame is not the library's
  debugger.place()              where it stands: FILE:LINE
"""
import pathlib

import chapters
import values

ENGINE = chapters.ROOT / "core/autograd/backward.cpp"
BEFORE = "Grads grads(node, options_.asked_for, options_.create_graph);"
AFTER = "->after_backward(node, grads);"
END = "node->needed = node->runs = true;"


def engine_lines():
    """The numbers of the three lines."""
    lines = ENGINE.read_text().splitlines()
    numbers = [[i for i, line in enumerate(lines, 1) if text in line]
               for text in (BEFORE, AFTER, END)]
    if any(len(found) != 1 for found in numbers):
        raise ValueError(f"{ENGINE} has changed: tools/debugger/back.py looks for lines of it")
    return [found[0] for found in numbers]


def source_line(where):
    """The text of the user's line."""
    path = pathlib.Path(where.field("file").string())
    for folder in (pathlib.Path("."), chapters.ROOT, chapters.ROOT / "build/debug"):
        if (folder / path).is_file():
            lines = (folder / path).read_text(errors="replace").splitlines()
            number = where.field("line").number()
            return lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return ""


def title(node, nodes):
    """The op, which node of the pass it is, and the user's line."""
    addresses = [pointer.number() for pointer in values.elements(nodes)]
    number = f"node {addresses.index(node.address()) + 1} of {len(addresses)}"
    return [f"{values.node_text(node)}, {number}: {source_line(node.field('where'))}"]


def tensor_lines(what, impl, then=""):
    """Lines that show a gradient."""
    x = values.TensorFields(impl)
    return ([f"  {what} {values.tuple_text(x.shape)}{then}:"]
            + ["  " + line for line in values.matrices(x)])


def arrived(edge, asked_for):
    """What has arrived where an edge leads to: a TensorImpl, or None."""
    node, leaf = values.shared(edge.field("node")), values.shared(edge.field("leaf"))
    if node:
        dout = values.elements(node.field("douts"))[edge.field("output").number()]
        return values.shared(dout.field("impl_"))
    if leaf and asked_for.number():
        for pair in values.elements(asked_for.target()):
            if pair.field("first").number() == leaf.address():
                return values.shared(pair.field("second").field("impl_"))
        return None
    return values.shared(leaf.field("grad")) if leaf else None


def before(node, nodes):
    """What is known when a node's backward begins."""
    lines = title(node, nodes)
    for i, dout in enumerate(values.elements(node.field("douts"))):
        impl = values.shared(dout.field("impl_"))
        output = "y" if i == 0 else f"output {i}"
        lines += tensor_lines(f"gradient of {output}", impl) if impl else []
    return lines + [f"  saved: {values.saved_text(node)}"]


def after(node, asked_for, had_one, names):
    """Where its gradients went."""
    lines = []
    for i, (edge, had) in enumerate(zip(values.elements(node.field("inputs")), had_one)):
        impl = arrived(edge, asked_for)
        if impl:
            to = values.edge_text(edge, names)
            goes = f" is added to what {to} has, in all" if had else f" goes to {to}"
            lines += tensor_lines(f"gradient of input {i}", impl, goes)
        else:
            lines.append(f"  input {i} needs no gradient")
    return lines


def back(debugger):
    """Runs one node's backward. The text to show."""
    begin, done, end = engine_lines()
    at = debugger.run_to(ENGINE, [begin, end])
    if at is None:
        return f"No reverse pass begins here; the program is at {debugger.place()}"
    if at == end:
        debugger.leave()
        return f"The reverse pass is over; the program is at {debugger.place()}"
    node, this = debugger.variable("node"), debugger.variable("this").target()
    lines = before(node, this.field("nodes"))
    asked_for = this.field("options_").field("asked_for")
    had_one = [bool(arrived(edge, asked_for)) for edge in values.elements(node.field("inputs"))]
    address = node.address()
    while True:  # a node may run a pass of its own
        if debugger.run_to(ENGINE, [done]) is None:
            return "\n".join(lines + [f"  the program stopped at {debugger.place()}"])
        node = debugger.variable("node")
        if node.address() == address:
            break
    names = values.leaf_names(debugger.variables())
    return "\n".join(lines + after(node, asked_for, had_one, names))
