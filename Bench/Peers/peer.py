"""What the peers share: the lecture's setup from the command line, MNIST from its .gz files, and the timing of steps."""

import argparse
import gzip
import json
import os
import struct
import time

SETUP = {}


def arguments():
    """The setup of one lecture. To be called before numpy or torch is imported: both read the thread count when they load."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--setup", required=True, help="JSON: what a lecture's recipe says")
    parser.add_argument("--data", required=True, help="folder of MNIST's .gz files")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = str(options.threads)
    SETUP.update(json.loads(options.setup))
    return options, SETUP


def mnist(folder):
    """The lecture's number of images [n, 784], each grey value looked up as the lecture normalises it, and labels [n]."""
    import numpy

    with gzip.open(os.path.join(folder, "train-images-idx3-ubyte.gz")) as file:
        _, count, rows, columns = struct.unpack(">IIII", file.read(16))
        pixels = numpy.frombuffer(file.read(), numpy.uint8).reshape(count, rows * columns)
    with gzip.open(os.path.join(folder, "train-labels-idx1-ubyte.gz")) as file:
        file.read(8)
        labels = numpy.frombuffer(file.read(), numpy.uint8).astype(numpy.int64)
    n = SETUP["images"]
    return numpy.array(SETUP["inputs"], numpy.float32)[pixels[:n]], labels[:n]


def report(steps, parts=1):
    """
    Times the steps of a generator that yields after each (or after each of its parts), in samples of a step or 0.2 ms, and prints their
    median in microseconds.
    """
    warm_up(steps, 300)
    begun, warmed = time.perf_counter(), warm_up(steps, 50)
    per_sample = max(1, int(2e-4 * warmed / (time.perf_counter() - begun)))
    samples = []
    begin = time.perf_counter()
    while len(samples) < 3 or len(samples) < (31 if time.perf_counter() - begin > 3 else 10001) and time.perf_counter() - begin < 15:
        start = time.perf_counter()
        for _ in range(per_sample):
            next(steps)
        samples.append((time.perf_counter() - start) / per_sample)
    samples.sort()
    print(json.dumps({"microseconds": samples[len(samples) // 2] * parts * 1e6, "blas": blas()}))


def warm_up(steps, count):
    """So many steps, or as many as 5 s hold: how many."""
    begin = time.perf_counter()
    for done in range(count):
        if done > 0 and time.perf_counter() - begin > 5:
            return done
        next(steps)
    return count


def blas():
    """The library that multiplies the matrices, as the process has it loaded; empty for the reference BLAS, "unknown" where that can't be seen."""
    try:
        with open("/proc/self/maps") as file:
            loaded = {os.path.basename(line.split()[-1]) for line in file}
    except OSError:
        return "unknown"
    return next((name for name in sorted(loaded) if any(fast in name for fast in ("openblas", "mkl", "blis"))), "")
