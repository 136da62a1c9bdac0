"""Document 000, distributions of weights before and after learning: its training, on the first 20,000 images."""
import torch
from torch import nn
from torch.utils.data import DataLoader

from common import arguments, correct, emit, evaluate, report_initial, small_split

options = arguments(__doc__, epochs=100)
torch.manual_seed(options.seed)


class MnistFfn(nn.Module):
    def __init__(self):
        super().__init__()
        self.input = nn.Linear(784, 64)
        self.fc1 = nn.Linear(64, 32)
        self.fc2 = nn.Linear(32, 10)

    def forward(self, x):
        x = torch.relu(self.input(x))
        x = torch.relu(self.fc1(x))
        return torch.log_softmax(self.fc2(x), dim=1)


train_set, test_set = small_split(options.mnist)
train = DataLoader(train_set, batch_size=32, shuffle=True, drop_last=True)
test = DataLoader(test_set, batch_size=32, shuffle=False, drop_last=True)

MnistFfn()  # the document looks at one network,
MnistFfn()  # draws the weights of a second,
net = MnistFfn()  # and trains the third: each takes its weights from the same random numbers
report_initial(net)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
loss_function = nn.NLLLoss()

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
