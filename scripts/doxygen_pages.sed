# Pages that Doxygen reads: the chapters are not among them (their formulas are for a forge), so what
# links to one becomes plain text. A header's link becomes its name, which Doxygen links by itself.
s#\[([^]]*)\]\(\.\./tutorials/[^)]*\)#\1#g
s#\[([^]]*\.h)\]\(\.\./[^)]*\.h\)#\1#g
