"""Document 002, initial weights of standard deviation sigma: one training of its sweep, seeded afresh as each of them is."""
import torch
from torch import nn
from torch.utils.data import DataLoader

from common import arguments, correct, emit, evaluate, normalized, report_initial

options = arguments(__doc__, epochs=10, sigma=10 ** -1.5)
torch.manual_seed(options.seed)


class MnistNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 128)
        self.fc2 = nn.Linear(128, 64)
        self.out = nn.Linear(64, 10)

    def forward(self, x):
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        return self.out(x)


train = DataLoader(normalized(options.mnist, "train", 0.1307, 0.3081), batch_size=64, shuffle=True)
test = DataLoader(normalized(options.mnist, "t10k", 0.1307, 0.3081), batch_size=64, shuffle=False)

net = MnistNet()
with torch.no_grad():
    for parameter in net.parameters():
        parameter.data = torch.randn_like(parameter.data) * options.sigma
report_initial(net)
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
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
