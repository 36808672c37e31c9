"""A page of the tutorials for a terminal: Markdown in 80 columns, formulas in plain letters."""
import re
import textwrap

WORDS = {"cdot": "·", "times": "×", "top": "T", "infty": "∞", "le": "≤", "leq": "≤", "ge": "≥",
         "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "in": "∈", "ldots": "…", "dots": "…",
         "cdots": "…", "to": "→", "rightarrow": "→", "mapsto": "→", "sum": "Σ", "prod": "Π",
         "pm": "±", "odot": "⊙", "partial": "∂", "mid": "|", "lVert": "‖", "rVert": "‖", "|": "‖",
         "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
         "eps": "ε", "theta": "θ", "lambda": "λ", "mu": "μ", "nu": "ν", "pi": "π", "rho": "ρ",
         "sigma": "σ", "tau": "τ", "phi": "φ", "omega": "ω", "Delta": "Δ", "Sigma": "Σ", "Phi": "Φ",
         "left": "", "right": "", "quad": "\n", "qquad": "\n", "displaystyle": "", "big": "",
         "Big": "", "bigl": "", "bigr": "", "Bigl": "", "Bigr": "", "limits": "", ",": " ",
         ";": " ", ":": " ", " ": " ", "!": "", "{": "{", "}": "}", "_": "_", "%": "%", "#": "#",
         "&": "&", "$": "$"}


def _group(text, at):
    """What stands at `at`, a group in braces, a command or a character, and where it ends."""
    while at < len(text) and text[at] == " ":
        at += 1
    if at >= len(text):
        return "", at
    if text[at] == "\\":
        end = re.compile(r"\\([A-Za-z]+|.)").match(text, at)
        return (end.group(), end.end()) if end else ("", at + 1)
    if text[at] != "{":
        return text[at], at + 1
    depth = 0
    for end in range(at, len(text)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth == 0:
            return text[at + 1:end], end + 1
    return text[at + 1:], len(text)


def _in_brackets(text):
    return text if re.fullmatch(r"[\w√∞.]*|\(.*\)", text) else f"({text})"


def formula(latex):
    """`\\frac{a}{\\sqrt{d}}` as `a/√d`."""
    out, at = "", 0
    while at < len(latex):
        letter = latex[at]
        if letter == "\\":
            name = re.compile(r"\\([A-Za-z]+|.)", re.S).match(latex, at)
            if not name:
                break
            at, name = name.end(), name.group(1)
            if name in ("frac", "dfrac", "tfrac"):
                above, at = _group(latex, at)
                below, at = _group(latex, at)
                out += _in_brackets(formula(above)) + "/" + _in_brackets(formula(below))
            elif name == "sqrt":
                inner, at = _group(latex, at)
                out += "√" + _in_brackets(formula(inner))
            elif name in ("text", "mathrm", "mathbf", "mathit", "operatorname", "mathsf", "mathbb",
                          "boldsymbol"):
                inner, at = _group(latex, at)
                out += inner if name == "text" else formula(inner)
            elif name in ("hat", "bar", "tilde", "vec"):
                inner, at = _group(latex, at)
                out += formula(inner) + {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303",
                                         "vec": "\u20d7"}[name]
            elif name in ("begin", "end"):
                _, at = _group(latex, at)
                out += "\n"
            elif name == "\\":
                out += "\n"
            else:
                out += WORDS.get(name, name)
        elif letter in "^_":
            inner, at = _group(latex, at + 1)
            inner = formula(inner)
            out += letter + (inner if len(inner) == 1 or inner.isalnum() else f"({inner})")
        elif letter == "{":
            inner, at = _group(latex, at)
            out += formula(inner)
        else:
            out += "  " if letter == "&" else letter
            at += 1
    return re.sub(r"[ \t]+", " ", out).strip()


def _inline(text):
    """A paragraph's marks taken out; what stands in backticks is left alone."""
    pieces = re.split(r"(`[^`]*`)", text)
    for i in range(0, len(pieces), 2):
        piece = re.sub(r"\$([^$]+)\$", lambda m: formula(m.group(1)), pieces[i])
        piece = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"[figure: \1]", piece)
        piece = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", piece)
        piece = re.sub(r"<sup>(.*?)</sup>", r"^\1", piece)
        piece = re.sub(r"<sub>(.*?)</sub>", r"_\1", piece)
        piece = re.sub(r"</?[a-z]+>", "", piece)
        pieces[i] = re.sub(r"\*\*(.+?)\*\*", r"\1", piece)
    return re.sub(r"(?<![\w*])\*([^*\s][^*]*?)\*(?!\w)", r"\1", "".join(pieces))


def _blocks(markdown):
    """(kind, lines): fence, formula, heading, table, item, text."""
    lines = re.sub(r"<!--.*?-->\n?", "", markdown, flags=re.S).split("\n")
    block, kind, blocks = [], None, []

    def close():
        nonlocal block, kind
        if block:
            blocks.append((kind, block))
        block, kind = [], None
    for line in lines:
        if kind in ("fence", "formula"):
            mark = "```" if kind == "fence" else "$$"
            if line.strip().endswith(mark):
                block.append(line.strip()[:-2]) if kind == "formula" else None
                close()
            else:
                block.append(line)
        elif line.lstrip().startswith("```"):
            close()
            kind, block = "fence", [""]
        elif line.startswith("$$"):
            close()
            if line.rstrip().endswith("$$") and len(line.strip()) > 3:
                blocks.append(("formula", [line.strip()[2:-2]]))
            else:
                kind, block = "formula", [line[2:]]
        elif not line.strip():
            close()
        elif line.startswith("#"):
            close()
            blocks.append(("heading", [line]))
        elif line.startswith("|"):
            if kind != "table":
                close()
            kind = "table"
            block.append(line)
        elif re.match(r"\s*([-*]|\d+\.) ", line):
            close()
            kind, block = "item", [line]
        else:
            kind = kind or "text"
            block.append(line)
    close()
    return blocks


def rendered(markdown, width=80):
    """The page's text, no line wider than `width` except in code and tables."""
    out, last = [], None
    for kind, lines in _blocks(markdown):
        if last and not (kind == last == "item"):
            out.append("")
        if kind == "fence":
            out += ["    " + line for line in lines[1:]]
        elif kind == "formula":
            for line in formula("\n".join(lines)).split("\n"):
                out += ["    " + line.strip()] if line.strip() else []
        elif kind == "heading":
            title = _inline(lines[0].lstrip("# "))
            out += [title, ("=" if lines[0].startswith("# ") else "-") * len(title)]
        elif kind == "table":
            out += [_inline(line) for line in lines if not re.fullmatch(r"[|:\s-]+", line)]
        else:
            text = _inline(" ".join(line.strip() for line in lines))
            mark = re.match(r"([-*]|\d+\.) ", text) if kind == "item" else None
            out += textwrap.wrap(text, width, subsequent_indent=" " * (mark.end() if mark else 0),
                                 break_long_words=False, break_on_hyphens=False)
        last = kind
    return "\n".join(out)


def sections(markdown):
    """{title: text} of the parts that begin with `## title`; what comes before them is under ""."""
    parts = re.split(r"^## +(.*)$", markdown, flags=re.M)
    return {"": parts[0], **{parts[i].strip(): parts[i + 1].strip()
                             for i in range(1, len(parts), 2)}}
