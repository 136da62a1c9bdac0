"""PyTorch, tuned: the data set is two tensors, a batch is an index into them, and nothing is read back during the epoch."""

import peer

options, setup = peer.arguments()

import torch  # noqa: E402
import pytorch  # noqa: E402


def steps():
    images, labels = map(torch.from_numpy, peer.mnist(options.data))
    net, loss_of = pytorch.net_of(setup), pytorch.loss_of(setup)
    optimizer = pytorch.optimizer_of(setup, net)
    while True:
        order = torch.randperm(len(images))
        losses, correct = torch.zeros(()), torch.zeros((), dtype=torch.int64)
        for batch in order.split(setup["batch"]):
            if setup["drop_last"] and len(batch) < setup["batch"]:
                continue
            x, y = images[batch], labels[batch]
            optimizer.zero_grad(set_to_none=True)
            logits = net(x)
            loss = loss_of(logits, y)
            loss.backward()
            optimizer.step()
            losses += loss.detach()
            correct += (logits.argmax(dim=1) == y).sum()
            yield


torch.set_num_threads(options.threads)
torch.set_flush_denormal(True)
peer.report(steps())
