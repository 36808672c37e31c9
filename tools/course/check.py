#!/usr/bin/env python3
"""make check [MINE=NAME,...]: the verdicts on what stands in mine/."""
import sys
from concurrent.futures import ThreadPoolExecutor

from exercises import ROOT, all_exercises, check, prepare, start
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
        raise SystemExit("cairn: nothing in mine/ yet; "
                         "`make check MINE=softmax` starts an exercise")
    for exercise in exercises:
        if start(exercise):
            task = (exercise.folder / "task.md").relative_to(ROOT)
            print(f"{exercise.name}: mine/{exercise.mine.name} is there now, to be written; "
                  f"the task is in\n  {task}")
    prepare(exercises)
    with ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(check, exercises))
    progress = Progress()
    for exercise, verdict in zip(exercises, verdicts):
        progress.note("exercises", exercise.name, verdict.right)
        print(verdict.text)
    right = sum(verdict.right for verdict in verdicts)
    print(f"{right} of {len(verdicts)} right")
    return 0 if right == len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
