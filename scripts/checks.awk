# Counts the lines of C++ that check for bad input, messages included: awk -f scripts/checks.awk FILES
# The rule: a statement counts, with the `if` or `for` that guards it, if it calls fail() or
# fail_...(), or is a call of check(), checked() or check_...(); so does every declaration and
# definition of a function of such a name, whose only job is to check. Comments and blank lines don't.
BEGIN {
  fails = "(^|[^A-Za-z_0-9])fail(_[a-z_0-9]+)?[(]"
  checks = "(fail(_[a-z_0-9]+)?|check(ed)?(_[a-z_0-9]+)?)[(]"
  guard = "^((else|if|for|while)( |$).*[ )])?"
}

FNR == 1 { statement = ""; lines = depth = inside = 0 }

{
  code = $0
  gsub(/\\./, "", code)
  gsub(/"[^"]*"/, "\"\"", code)
  gsub(/'[^']'/, "0", code)
  sub(/\/\/.*/, "", code)
  gsub(/^ +| +$/, "", code)
  if (code == "" || code ~ /^#/) next
  statement = statement (statement == "" ? "" : " ") code
  lines++
  opened = gsub(/[{]/, "{", code)
  closed = gsub(/[}]/, "}", code)
  if (code !~ /[;{}:]$/ && code !~ /^template/) next  # it goes on in the next line
  end_statement()
  statement = ""
  lines = 0
}

# Of the statement's own text: does it check? A block checks if all of its statements do.
function end_statement(   declares, counts) {
  declares = statement ~ ("^[A-Za-z_][A-Za-z_0-9:<>&*, ]* [&*]?([A-Za-z_]+::)?" checks) ||
             statement ~ ("^\\[\\[noreturn\\]\\].* ([A-Za-z_]+::)?" checks)
  if (statement ~ /^(return|else|throw|new) /) declares = 0
  counts = inside || declares || statement ~ fails || statement ~ (guard "check(ed)?(_[a-z_0-9]+)?[(]")
  if (opened > closed) {
    head[depth] = lines
    guards[depth] = statement ~ /^(if|for|while|else|[}] else)/
    only_checks[depth] = guards[depth]
    if (declares && !inside) inside = depth + 1
    if (inside) total += lines
    depth += opened - closed
    only_checks[depth] = guards[depth - 1]
    if (inside) head[depth - 1] = 0
  } else if (opened < closed) {
    depth -= closed - opened
    if (inside) total += lines
    else if (only_checks[depth + 1] && guards[depth]) total += head[depth] + lines
    if (!(only_checks[depth + 1] && guards[depth]) && !inside) only_checks[depth] = 0
    if (inside && depth < inside) inside = 0
  } else if (counts) total += lines
  else only_checks[depth] = 0
  if (debug && counts) print FILENAME ":" FNR ": " statement
}

END { print total + 0 }
