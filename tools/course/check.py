#!/usr/bin/env python3
"""make check [MINE=NAME,...]: the verdicts on what stands in mine/."""
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from exercises import MINE, all_exercises, check, prepare, shown, start
from progress import Progress


def chosen(argument):
    known = all_exercises()
    if not argument:
        return [e for e in known.values() if e.mine.exists()]
    names = [name for name in argument.replace(",", " ").split()]
    for name in names:
        if name not in known:
            raise SystemExit(f"cairn: there is no exercise {name}; there are {', '.join(known)}")
    return [known[name] for name in names]


def main():
    exercises = chosen(sys.argv[1] if len(sys.argv) > 1 else "")
    if not exercises:
        raise SystemExit(f"cairn: nothing in {shown(MINE)}/ yet; "
                         "`make check MINE=softmax` starts an exercise")
    for exercise in exercises:
        if start(exercise):
            print(f"{exercise.name}: {shown(exercise.mine)} is there now, to be written; "
                  f"the task is in\n  {shown(exercise.folder / 'task.md')}")
    prepare(exercises)
    with ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(check, exercises))
    progress = Progress()
    for exercise, verdict in zip(exercises, verdicts):
        progress.note("exercises", exercise.name, verdict.right)
        print(verdict.text)
    right = sum(verdict.right for verdict in verdicts)
    print(f"{right} of {len(verdicts)} right")
    if right == len(verdicts):
        return 0
    if "MAKELEVEL" in os.environ:
        print("Change what is not right yet, then run make check again. (make reports an error "
              "now; this is all it means.)", flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
