"""PyTorch as the lectures write it: a DataLoader that collates single samples, and the loss and the right answers read in every step."""

import peer

options, setup = peer.arguments()

import torch  # noqa: E402
from torch.utils.data import DataLoader, TensorDataset  # noqa: E402
import pytorch  # noqa: E402


def steps():
    images, labels = map(torch.from_numpy, peer.mnist(options.data))
    loader = DataLoader(TensorDataset(images, labels), batch_size=setup["batch"], shuffle=True, drop_last=setup["drop_last"])
    net, loss_of = pytorch.net_of(setup), pytorch.loss_of(setup)
    optimizer = pytorch.optimizer_of(setup, net)
    while True:
        running, correct = 0.0, 0
        for x, y in loader:
            optimizer.zero_grad()
            logits = net(x)
            loss = loss_of(logits, y)
            loss.backward()
            optimizer.step()
            running += loss.item()
            correct += (logits.argmax(dim=1) == y).sum().item()
            yield


torch.set_num_threads(options.threads)
peer.report(steps())
