"""What the five scripts share: options, MNIST from its .gz files, and one JSON line for everything a run is compared by."""
import argparse
import gzip
import hashlib
import json
import math
import os

import numpy as np
import torch


def arguments(description, epochs, **extra):
    """The options of every script; extra holds further ones with their defaults."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("mnist", help="folder with MNIST's four files, .gz or plain")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--steps", type=int, default=0, help="stop after so many optimiser steps")
    for name, default in extra.items():
        parser.add_argument("--" + name, type=type(default), default=default)
    torch.set_num_threads(1)  # sums are then always made in the same order
    emit(torch=torch.__version__, numpy=np.__version__, dropout_kernel=dropout_kernel(), blas=blas())
    return parser.parse_args()


def mnist(folder, part):
    """Images [n, 784] and labels [n] as bytes; part is train or t10k."""
    def read(name, header):
        path = os.path.join(folder, f"{part}-{name}-ubyte")
        with (gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb")) as file:
            return np.frombuffer(file.read(), np.uint8, offset=header).copy()
    return read("images-idx3", 16).reshape(-1, 784), read("labels-idx1", 8)


def normalized(folder, part, mean, std):
    """torchvision's ToTensor and Normalize, in the same float32 steps, then one row an image."""
    images, labels = mnist(folder, part)
    x = torch.from_numpy(images).to(torch.float32).div(255).sub_(torch.tensor(mean)).div_(torch.tensor(std))
    return torch.utils.data.TensorDataset(x, torch.from_numpy(labels).long())


def small_split(folder, count=20000, test_share=0.1, seed=42):
    """The first images in [0, 1], divided as scikit-learn's train_test_split(test_size=test_share, random_state=seed) does it."""
    images, labels = mnist(folder, "train")
    x = torch.tensor(images[:count] / 255.0, dtype=torch.float32)
    y = torch.from_numpy(labels[:count]).long()
    order = np.random.RandomState(seed).permutation(count)
    tests = int(np.ceil(test_share * count))
    parts = torch.from_numpy(order[tests:]), torch.from_numpy(order[:tests])
    return [torch.utils.data.TensorDataset(x[rows], y[rows]) for rows in parts]


def emit(**values):
    """One line of JSON, which knows no NaN and no infinity: they become strings."""
    finite = {k: json.dumps(v) if isinstance(v, float) and not math.isfinite(v) else v for k, v in values.items()}
    print(json.dumps(finite), flush=True)


def report_initial(net):
    """Every parameter before training: shape, SHA-256 of its bytes, first values."""
    emit(initial=[{"name": name, "shape": list(p.shape), "sha256": hashlib.sha256(p.detach().numpy().tobytes()).hexdigest(),
                   "first": p.detach().flatten()[:4].tolist()} for name, p in net.named_parameters()])


def correct(output, labels):
    return int((output.argmax(dim=1) == labels).sum())


def evaluate(net, loader):
    """Right answers / all answers, in evaluation mode."""
    net.eval()
    with torch.no_grad():
        right, seen = 0, 0
        for x, y in loader:
            right, seen = right + correct(net(x), y), seen + len(y)
    return right / seen


def blas():
    """What multiplies PyTorch's matrices: mkl, openblas, or unknown."""
    if torch.backends.mkl.is_available():
        return "mkl"
    try:
        with open("/proc/self/maps") as file:
            return "openblas" if "openblas" in file.read() else "unknown"
    except OSError:
        return "unknown"


def dropout_kernel():
    """Whether this build draws dropout masks itself or leaves them to Intel's MKL, which takes one number for a whole tensor."""
    torch_draws = torch.rand(9, generator=torch.Generator().manual_seed(1))
    generator = torch.Generator().manual_seed(1)
    torch.empty(4).bernoulli_(0.5, generator=generator)  # two numbers each, without MKL
    return "default" if torch.rand(1, generator=generator)[0] == torch_draws[8] else "mkl"
