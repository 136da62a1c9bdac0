"""Reads a safetensors file of 784-64-32-10 into a PyTorch network, checks what it computes, and writes another one.

usage: checkpoint_exchange.py IN OUT EXPECTED   (EXPECTED: a safetensors file with x, [n, 784], and y, [n, 10])
The format is read and written by its specification: 8 bytes little-endian header length, JSON header, raw values.
"""
import json
import struct
import sys

import numpy as np
import torch
from torch import nn


def load(path):
    with open(path, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    assert header.pop("__metadata__")["format"] == "pt"
    tensors, end = {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        assert entry["dtype"] == "F32" and entry["data_offsets"][0] == end, (name, entry)  # no holes
        start, end = entry["data_offsets"]
        values = np.frombuffer(data[start:end], "<f4").reshape(entry["shape"]).copy()
        tensors[name] = torch.from_numpy(values)
    assert end == len(data)
    return tensors


def save(tensors, path):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        raw = tensor.detach().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


net = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
net.load_state_dict(load(sys.argv[1]))  # strict: every name, every shape
expected = load(sys.argv[3])
difference = (net(expected["x"]) - expected["y"]).abs().max().item()
assert difference < 1e-5, difference

torch.manual_seed(5)
save(nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)).state_dict(), sys.argv[2])
print(json.dumps({"difference": difference}))
try:
    from safetensors.torch import load_file
except ImportError:
    sys.exit()
for name, tensor in load_file(sys.argv[1]).items():  # the reference reader, where it is installed
    assert torch.equal(tensor, net.state_dict()[name]), name
