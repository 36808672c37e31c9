# Pages that Doxygen reads: the chapters are not among them (their formulas are for a forge), so what
# links to one becomes plain text.
s#\[([^]]*)\]\(\.\./tutorials/[^)]*\)#\1#g
