#!/usr/bin/env python3
"""bug.py CHAPTER [--answer "FILE:LINE KIND"] [--debug] [--prove]: a chapter's program with a
mistake planted in the library, and whether an answer names it. --prove checks bug.md itself: its
text stands in the file once, and the mistake changes what the program prints."""
import argparse
import os
import re
import subprocess
import sys

import builds
from exercises import ROOT
from page import rendered
from progress import Progress
from trail import Bug, Chapter


def planted(chapter, build):
    """Builds the chapter's program with its mistake. The debugger shows the library's own text: the
    mistake is in the machine code alone."""
    bug = chapter.bug
    text, _ = bug.altered()
    place = build / "bug" / chapter.number
    copy, output = place / bug.file, place / chapter.name
    if not copy.exists() or copy.read_text() != text or not output.exists() or \
            output.stat().st_mtime < (build / "tutorials" / chapter.name).stat().st_mtime:
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text)
        altered = place / "altered.o"
        builds.compile_as(build, bug.file, copy, altered, [f"-ffile-prefix-map={place}={ROOT}"])
        builds.link(build, f"tutorials/{chapter.name}", output, [altered], without=bug.file)
    return output


def output_of(program):
    done = subprocess.run([str(program)], capture_output=True, text=True, errors="replace",
                          stdin=subprocess.DEVNULL, cwd=ROOT, timeout=120,
                          env=dict(os.environ, CAIRN_THREADS="2"))
    return done.stdout + (f"(exit code {done.returncode})\n" if done.returncode else "")


def verdict(bug, answer):
    """(lines to show, whether all is right) for an answer "core/ops/attention.cpp:151 scale"."""
    match = re.fullmatch(r"\s*([\w./-]+)\s*:\s*(\d+)[\s,]+(\w+)\s*", answer)
    if not match:
        return [f'an answer is a file, a line and a kind: ANSWER="core/ops/softmax.cpp:12 sign"; '
                f"the kinds are {', '.join(bug.KINDS)}"], False
    _, line = bug.altered()
    file, number, kind = match[1].removeprefix("./"), int(match[2]), match[3].lower()
    right_file = file == bug.file or (file == os.path.basename(bug.file))
    found = [("file", file, right_file), ("line", number, right_file and number == line),
             ("kind", kind, kind == bug.kind)]
    lines = [f"  {what}  {said}  {'right' if right else 'no'}" for what, said, right in found]
    if kind not in bug.KINDS:
        lines.append(f"  the kinds are {', '.join(bug.KINDS)}")
    return lines, all(right for _, _, right in found)


def prove(chapter, build):
    as_it_is = output_of(build / "tutorials" / chapter.name)
    altered = output_of(planted(chapter, build))
    if chapter.bug.kind not in Bug.KINDS:
        raise SystemExit(f"cairn: {chapter.bug.path}: the kind is one of {', '.join(Bug.KINDS)}")
    if not chapter.bug.symptom or not chapter.bug.explanation:
        raise SystemExit(f"cairn: {chapter.bug.path}: there is no symptom or no explanation")
    if as_it_is == altered:
        raise SystemExit(f"cairn: {chapter.bug.path}: the program prints the same with the mistake")
    print(f"{chapter.name}: the mistake is seen")
    return 0


def show(chapter, build):
    print(output_of(planted(chapter, build)))
    print("-" * 80)
    print(f"That was the program of chapter {int(chapter.number)}, with one mistake planted in the "
          "library.\n")
    print(rendered(chapter.bug.symptom))
    print(f"""
Which file, which line (as it stands in your tree, which has no mistake), what kind?
  make bug N={chapter.number} ANSWER="core/...:LINE KIND"
The kinds are {", ".join(Bug.KINDS)}.
`make bug N={chapter.number} DEBUG=1` starts the debugger in it.""")
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("chapter")
    parser.add_argument("--answer", default="")
    parser.add_argument("--build", default="build")
    parser.add_argument("--debug", action="store_true")
    parser.add_argument("--prove", action="store_true")
    options = parser.parse_args()
    chapter = Chapter(ROOT / "tutorials" / options.chapter)
    build = ROOT / options.build
    if not chapter.bug:
        raise SystemExit(f"cairn: chapter {int(chapter.number)} has no bug to find")
    if options.prove:
        return prove(chapter, build)
    if options.debug:
        program = planted(chapter, build)
        os.execv(sys.executable, [sys.executable, str(ROOT / "scripts/debug.py"), str(program)])
    if not options.answer:
        return show(chapter, build)
    lines, right = verdict(chapter.bug, options.answer)
    print("\n".join(lines))
    if right:
        Progress().note("bugs", chapter.number, True)
        print("\n" + rendered(chapter.bug.explanation))
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
