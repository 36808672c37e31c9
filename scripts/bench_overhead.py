"""What the history costs beside PyTorch (`make bench-overhead`).

1,000 multiplications of single numbers, forward and backward (bench/overhead.cpp), microseconds
each. The two sides take turns, one thread each; the median over the turns counts. Without PyTorch
only Cairn's figure is printed.

usage: bench_overhead.py [--turns N]
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = pathlib.Path(os.environ.get("CAIRN_OVERHEAD", ROOT / "build/bench/overhead"))
MULTIPLICATIONS, ROUNDS = 1000, 30


def pytorch(torch):
    def once():
        start = time.perf_counter()
        x = torch.full((1,), 1.0001, requires_grad=True)
        y = x
        for _ in range(MULTIPLICATIONS):
            y = y * x
        y.backward()
        return 1e6 * (time.perf_counter() - start) / MULTIPLICATIONS
    for _ in range(3):
        once()
    return statistics.median(once() for _ in range(ROUNDS))


def cairn():
    return float(subprocess.run([PROGRAM, str(ROUNDS)], check=True, capture_output=True,
                                text=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=7)
    turns = parser.parse_args().turns
    try:
        import torch
        torch.set_num_threads(1)
    except ImportError:
        torch = None
    theirs, ours = [], []
    for _ in range(turns):
        if torch:
            theirs.append(pytorch(torch))
        ours.append(cairn())
    print("1,000 multiplications of one number, forward and backward, microseconds each")
    print(f"  Cairn    {statistics.median(ours):7.3f}   ({min(ours):.3f} to {max(ours):.3f})")
    if not torch:
        print("  PyTorch is not installed here")
        return
    print(f"  PyTorch  {statistics.median(theirs):7.3f}   ({min(theirs):.3f} to {max(theirs):.3f})")
    ratios = [a / b for a, b in zip(theirs, ours)]
    print(f"  Cairn takes 1/{statistics.median(ratios):.1f} of the time (1/8 or less is the aim)")


if __name__ == "__main__":
    main()
