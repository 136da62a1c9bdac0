"""tinygrad: the whole step compiled once (TinyJit) for the CPU; layers, loss and optimiser are its own."""

import os

import peer

options, setup = peer.arguments()
os.environ.setdefault("DEV", "CPU")
os.environ["CPU_COUNT"] = str(options.threads)

import numpy  # noqa: E402
from tinygrad import Context, Tensor, TinyJit, nn  # noqa: E402


def steps():
    images, labels = peer.mnist(options.data)
    labels = labels.astype(numpy.int32)
    widths, last = setup["widths"], len(setup["widths"]) - 2
    layers = [nn.Linear(into, out) for into, out in zip(widths, widths[1:])]
    parameters = nn.state.get_parameters(layers)
    kind = nn.optim.Adam if setup["optimizer"] == "adam" else nn.optim.SGD
    optimizer = kind(parameters, lr=setup["learning_rate"])

    @TinyJit
    @Context(TRAINING=1)
    def step(x, y):
        for i, layer in enumerate(layers):
            x = layer(x)
            if i < last and setup["activation"] == "relu":
                x = x.relu()
            if i < last and setup["dropout"] > 0:
                x = x.dropout(setup["dropout"])
        optimizer.zero_grad()
        loss = x.sparse_categorical_crossentropy(y).backward()
        correct = (x.argmax(axis=1) == y).sum()
        return loss.realize(*optimizer.schedule_step(), correct)

    while True:
        order = numpy.random.permutation(len(images))
        for start in range(0, len(order) - setup["batch"] + 1, setup["batch"]):
            rows = order[start:start + setup["batch"]]
            step(Tensor(images[rows]).realize(), Tensor(labels[rows]).realize())
            yield


peer.report(steps())
