"""PyTorch on a CUDA device: --gemm N prints GFLOP/s of an N×N product, --setup JSON the microseconds of a lecture's training step with the data on
the device; --graph captures the step as a CUDA graph, --tf32 allows TF32 products."""

import argparse
import json

import torch

import pytorch

parser = argparse.ArgumentParser()
parser.add_argument("--gemm", type=int)
parser.add_argument("--setup")
parser.add_argument("--graph", action="store_true")
parser.add_argument("--tf32", action="store_true")
options = parser.parse_args()
torch.backends.cuda.matmul.allow_tf32 = options.tf32
torch.backends.cudnn.allow_tf32 = options.tf32
device = torch.device("cuda")


def milliseconds(call, calls, runs=5):
    """Per call, the fastest of several runs, on the device's clock."""
    best = float("inf")
    for _ in range(runs):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        for _ in range(calls):
            call()
        end.record()
        end.synchronize()
        best = min(best, start.elapsed_time(end) / calls)
    return best


def gemm(size):
    a, b = torch.rand(size, size, device=device) - 0.5, torch.rand(size, size, device=device) - 0.5
    c = torch.empty(size, size, device=device)
    for _ in range(5):
        torch.mm(a, b, out=c)
    torch.cuda.synchronize()
    return 2 * size**3 / milliseconds(lambda: torch.mm(a, b, out=c), 20) * 1e-6


def step(setup):
    net = pytorch.net_of(setup).to(device)
    loss_of = pytorch.loss_of(setup)
    if setup["optimizer"] == "adam":
        optimizer = torch.optim.Adam(net.parameters(), lr=setup["learning_rate"], capturable=options.graph)
    else:
        optimizer = torch.optim.SGD(net.parameters(), lr=setup["learning_rate"])
    count = setup["images"]
    images = torch.randn(count, setup["widths"][0], device=device)
    labels = torch.randint(0, 10, (count,), device=device)
    order = torch.randperm(count, device=device)
    rows = order[: setup["batch"]].clone()
    losses, correct = torch.zeros((), device=device), torch.zeros((), dtype=torch.int64, device=device)

    def train():
        x, y = images[rows], labels[rows]
        optimizer.zero_grad(set_to_none=True)
        logits = net(x)
        loss = loss_of(logits, y)
        loss.backward()
        optimizer.step()
        losses.add_(loss.detach())
        correct.add_((logits.argmax(1) == y).sum())

    if options.graph:
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(5):
                train()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            train()
        replay, next_batch = graph.replay, iter(range(10**9))

        def run():
            start = next(next_batch) * setup["batch"] % (count - setup["batch"])
            rows.copy_(order[start : start + setup["batch"]])
            replay()
    else:
        run = train
    for _ in range(50):
        run()
    torch.cuda.synchronize()
    return milliseconds(run, 200) * 1e3


print(json.dumps(gemm(options.gemm) if options.gemm else step(json.loads(options.setup))))
