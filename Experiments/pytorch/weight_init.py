"""Document 004, weight initialization: its first training, which starts with all weights and biases zero. It does not test."""
import torch
from torch import nn
from torch.utils.data import DataLoader

from common import arguments, correct, emit, normalized, report_initial

options = arguments(__doc__, epochs=3)
torch.manual_seed(options.seed)

train = DataLoader(normalized(options.mnist, "train", 0.5, 0.5), batch_size=4, shuffle=True)

net = nn.Sequential(nn.Linear(784, 32), nn.Linear(32, 32), nn.Linear(32, 10))  # no activation between the layers: a linear map
with torch.no_grad():
    for layer in net:
        layer.weight.fill_(0.0)
        layer.bias.fill_(0.0)
report_initial(net)
optimizer = torch.optim.SGD(net.parameters(), lr=0.001)
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
    emit(epoch=epoch, train_loss=sum(losses) / len(losses), train_accuracy=right / seen)
    if step == options.steps:
        break
