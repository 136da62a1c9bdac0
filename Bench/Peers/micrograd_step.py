"""
micrograd: every number a node of the graph, one image after another. It has no exp and no log, so the loss is its demo's, a margin for each
class. For SGD without dropout. Timed image by image: a batch is so many times the median image.
"""

import sys

import peer

options, setup = peer.arguments()

from micrograd.nn import MLP  # noqa: E402


def steps():
    images, labels = peer.mnist(options.data)
    images, labels, batch = images[:1000].tolist(), labels[:1000].tolist(), setup["batch"]
    net = MLP(setup["widths"][0], setup["widths"][1:])
    if setup["activation"] != "relu":
        for layer in net.layers:
            for neuron in layer.neurons:
                neuron.nonlin = False
    while True:
        for start in range(0, len(images) - batch + 1, batch):
            net.zero_grad()
            for x, label in zip(images[start:start + batch], labels[start:start + batch]):
                scores = net(x)
                margins = ((1 - score if i == label else 1 + score).relu() for i, score in enumerate(scores))
                (sum(margins) * (1 / batch)).backward()
                yield
            for p in net.parameters():
                p.data -= setup["learning_rate"] * p.grad


sys.setrecursionlimit(100_000)  # its walk through the graph is recursive, and a sum of 784 is 784 deep
peer.report(steps(), parts=setup["batch"])
