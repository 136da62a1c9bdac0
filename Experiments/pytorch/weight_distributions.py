"""Document 001, distribution of weights pre- and post-learning: its training with dropout, on the first 20,000 images."""
import torch
from torch import nn
from torch.utils.data import DataLoader

from common import arguments, correct, emit, evaluate, report_initial, small_split

options = arguments(__doc__, epochs=60)
torch.manual_seed(options.seed)


def gen_model(drop_rate):
    class MnistFfn(nn.Module):
        def __init__(self):
            super().__init__()
            self.input = nn.Linear(784, 64)
            self.fc1 = nn.Linear(64, 32)
            self.fc2 = nn.Linear(32, 32)
            self.output = nn.Linear(32, 10)

        def forward(self, x):
            for layer in (self.input, self.fc1, self.fc2):
                x = torch.relu(layer(x))
                x = nn.functional.dropout(x, p=drop_rate, training=self.training)
            return self.output(x)

    return MnistFfn()


# The document does not seed its split; here it has the run's seed.
train_set, test_set = small_split(options.mnist, seed=options.seed % 2**32)
train = DataLoader(train_set, batch_size=32, shuffle=True, drop_last=True)
test = DataLoader(test_set, batch_size=len(test_set))

gen_model(0)  # the document looks at this one and trains the next: both take their weights from the same random numbers
net = gen_model(0.25)
report_initial(net)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
loss_function = nn.CrossEntropyLoss()

step = 0
for epoch in range(1, options.epochs + 1):
    net.train()
    losses, right, seen = [], 0, 0
    for x, y in train:
        optimizer.zero_grad()
        output = net(x)
        loss = loss_function(output, y)
        loss.backward()
        optimizer.step()

        step += 1
        losses.append(loss.item())
        right, seen = right + correct(output, y), seen + len(y)
        emit(step=step, loss=losses[-1])
        if step == options.steps and len(losses) < len(train):
            raise SystemExit
    emit(epoch=epoch, train_loss=sum(losses) / len(losses), train_accuracy=right / seen, test_accuracy=evaluate(net, test))
    if step == options.steps:
        break
