# Reads a header with plain comments and writes it with Doxygen's: the first block becomes the
# file's text, `// ...` before a declaration `/// ...`, behind one `///< ...`. What Doxygen would
# take for markup in plain prose is escaped, except in `code`.
function escaped(text,    parts, count, i, out) {
  count = split(text, parts, "`")
  for (i = 1; i <= count; ++i) {
    if (i % 2 == 1) {
      gsub(/\\/, "\\\\\\\\", parts[i])
      gsub(/</, "\\<", parts[i])
      gsub(/>/, "\\>", parts[i])
      gsub(/@/, "\\@", parts[i])
      gsub(/#/, "\\#", parts[i])
      gsub(/%/, "\\%", parts[i])
      gsub(/&/, "\\\\&", parts[i])
      gsub(/\*/, "\\*", parts[i])
      gsub(/_/, "\\_", parts[i])
      gsub(/\[/, "\\\\[", parts[i])
    }
    out = out (i > 1 ? "`" : "") parts[i]
  }
  return out
}

/^[ ]*\/\// {
  match($0, /^[ ]*\/\//)
  slashes = substr($0, 1, RLENGTH)
  text = substr($0, RLENGTH + 1)
  if (text ~ /^ ----/) {  # a heading between groups of functions
    print ""
    next
  }
  if (!in_file_text && !file_text_seen) {
    in_file_text = file_text_seen = 1
    print "/// @file"
  }
  print slashes (behind ? "/<" : "/") escaped(text)
  next
}

{
  behind = 0
  in_file_text = 0
  # A comment behind code; "//" within a string is not one.
  if (match($0, /[ ]\/\/ /) && substr($0, 1, RSTART) !~ /^[^"]*"[^"]*("[^"]*"[^"]*)*$/) {
    print substr($0, 1, RSTART) "///<" escaped(substr($0, RSTART + 3))
    behind = 1
    next
  }
  print
}
