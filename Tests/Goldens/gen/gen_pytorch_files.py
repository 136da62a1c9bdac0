"""The .pth files of this folder: `python gen_pytorch_files.py OUTDIR` (PyTorch 1.13). Tensor k of a file holds (i - 3) / (k + 2), i = 0, 1, ….

wants_to_run.pth would create a file named `executed` in the current folder if Python's pickle loaded it.
"""
import collections
import os
import sys

import torch


def values(k, *shape):
    count = 1
    for size in shape:
        count *= size
    return (torch.arange(count, dtype=torch.float64) - 3).div(k + 2).reshape(shape).float()


def filled(net):
    for k, parameter in enumerate(net.parameters()):
        parameter.data = values(k, *parameter.shape)
    return net


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(3, 2)


class WantsToRun:
    def __reduce__(self):
        return os.system, ("touch executed",)


def main(folder):
    os.chdir(folder)
    net = filled(torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2)))
    torch.save(net.state_dict(), "state_dict.pth")
    torch.save({"epoch": 3, "model": net.state_dict(), "losses": [0.5, 0.25], "notes": None}, "checkpoint.pth")
    torch.save(net.state_dict(), "legacy.pth", _use_new_zipfile_serialization=False)

    whole = values(0, 4, 6)
    torch.save(collections.OrderedDict(
        whole=whole, transposed=whole.t(), block=whole[1:3, 2:5], column=whole[:, 1], every_other=whole[:, ::2], row=whole[2],
        last=whole[3, 5], repeated=whole[0, :1].expand(3, 4), empty=whole[:0], images=values(1, 2, 1, 2, 3),
        parameter=torch.nn.Parameter(values(2, 5))), "views.pth")

    numbers = torch.tensor([-2.5, 0, 1 / 3, 3])
    torch.save({str(dtype)[6:]: numbers.to(dtype) for dtype in (
        torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8)}
        | {"uint8": torch.tensor([0, 255], dtype=torch.uint8), "bool": torch.tensor([True, False])}, "types.pth")
    torch.save({"z": torch.zeros(2, dtype=torch.complex64)}, "complex.pth")
    torch.save(filled(Net()), "whole_net.pth")
    torch.save(values(0, 3), "single_tensor.pth")
    torch.save({"w": WantsToRun()}, "wants_to_run.pth")
    torch.save({"w": values(0, 2)}, "protocol4.pth", pickle_protocol=4)


if __name__ == "__main__":
    main(sys.argv[1])
