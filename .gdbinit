source tools/debugger/cairn_gdb.py
