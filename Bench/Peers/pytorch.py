"""The network, loss and optimiser of a lecture in PyTorch."""

import torch


def net_of(setup):
    layers = []
    widths = setup["widths"]
    for i, (into, out) in enumerate(zip(widths, widths[1:])):
        layers.append(torch.nn.Linear(into, out))
        if i < len(widths) - 2 and setup["activation"] == "relu":
            layers.append(torch.nn.ReLU())
        if i < len(widths) - 2 and setup["dropout"] > 0:
            layers.append(torch.nn.Dropout(setup["dropout"]))
    if setup["log_softmax_loss"]:
        layers.append(torch.nn.LogSoftmax(dim=1))
    return torch.nn.Sequential(*layers)


def loss_of(setup):
    return torch.nn.NLLLoss() if setup["log_softmax_loss"] else torch.nn.CrossEntropyLoss()


def optimizer_of(setup, net):
    kind = torch.optim.Adam if setup["optimizer"] == "adam" else torch.optim.SGD
    return kind(net.parameters(), lr=setup["learning_rate"])
