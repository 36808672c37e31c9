"""Sourced in gdb on tests/debugger/frames.cpp: prints each way from a call to a kernel, once, as
"call_ops > FUNCTION > ... > KERNEL"."""
import gdb

gdb.execute("set breakpoint pending off")
gdb.execute("tbreak main", to_string=True)
gdb.execute("run > /dev/null", to_string=True)
kernels = gdb.parse_and_eval("cairn::f32::reference::kernels")
for field in kernels.type.fields():
    if field.type.strip_typedefs().code == gdb.TYPE_CODE_PTR and field.name != "name":
        gdb.Breakpoint(f"*{int(kernels[field])}", internal=True).silent = True

seen = set()
while True:
    try:
        gdb.execute("continue", to_string=True)
        frame = gdb.newest_frame()
    except gdb.error:  # the program has ended
        break
    names = []
    while frame.name() not in (None, "main") and "::call_" not in frame.name():
        names.insert(0, frame.name().replace("(anonymous namespace)::", ""))
        frame = frame.older()
    # Ops are called by the functions of their records, which std::function calls.
    calls = [i for i, name in enumerate(names) if name.startswith(("operator()", "std::"))]
    way = (frame.name().split("::")[-1], *names[calls[-1] + 1 if calls else 0:])
    if way not in seen:
        seen.add(way)
        print(" > ".join(way).replace("cairn::f32::", ""))
