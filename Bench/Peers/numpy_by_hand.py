"""NumPy by hand: forward and backward written out as matrix products on the BLAS, updates in place, buffers reused."""

import peer

options, setup = peer.arguments()

import numpy as np  # noqa: E402


def steps():
    images, labels = peer.mnist(options.data)
    random = np.random.default_rng(42)
    widths, batch = setup["widths"], setup["batch"]
    bounds = [1 / np.sqrt(into) for into in widths[:-1]]
    weights = [random.uniform(-s, s, (out, into)).astype(np.float32) for s, into, out in zip(bounds, widths, widths[1:])]
    biases = [random.uniform(-s, s, out).astype(np.float32) for s, out in zip(bounds, widths[1:])]
    update = adam(weights + biases) if setup["optimizer"] == "adam" else sgd(weights + biases)
    last, keep, relu = len(weights) - 1, np.float32(1 - setup["dropout"]), setup["activation"] == "relu"
    while True:
        order = random.permutation(len(images))
        total, correct = 0.0, 0
        for start in range(0, len(order), batch):
            rows = order[start:start + batch]
            if setup["drop_last"] and len(rows) < batch:
                continue
            inputs, masks, y = [images[rows]], [], labels[rows]
            for i in range(last):
                h = inputs[i] @ weights[i].T
                h += biases[i]
                if relu:
                    np.maximum(h, 0, out=h)
                if keep < 1:
                    masks.append((random.random(h.shape, np.float32) < keep) / keep)
                    h *= masks[i]
                inputs.append(h)
            logits = inputs[last] @ weights[last].T
            logits += biases[last]
            correct += int((logits.argmax(axis=1) == y).sum())

            # d = (softmax − onehot) / n
            logits -= logits.max(axis=1, keepdims=True)
            d = np.exp(logits)
            sums = d.sum(axis=1, keepdims=True)
            indices = np.arange(len(y))
            total += float((np.log(sums[:, 0]) - logits[indices, y]).mean())
            d /= sums
            d[indices, y] -= 1
            d *= np.float32(1 / len(y))

            gradients_w, gradients_b = [None] * (last + 1), [None] * (last + 1)
            for i in range(last, -1, -1):
                gradients_w[i], gradients_b[i] = d.T @ inputs[i], d.sum(axis=0)
                if i > 0:
                    d = d @ weights[i]
                    if keep < 1:
                        d *= masks[i - 1]
                    if relu:
                        d *= inputs[i] > 0
            update(gradients_w + gradients_b)
            yield


def sgd(parameters):
    rate = np.float32(setup["learning_rate"])

    def update(gradients):
        for w, g in zip(parameters, gradients):
            g *= rate
            w -= g

    return update


def adam(parameters):
    moments = [(np.zeros_like(w), np.zeros_like(w)) for w in parameters]
    t = 0

    def update(gradients):
        nonlocal t
        t += 1
        size = np.float32(setup["learning_rate"] / (1 - 0.9 ** t))
        root = np.float32(1 / np.sqrt(1 - 0.999 ** t))
        for w, g, (m, v) in zip(parameters, gradients, moments):
            m *= np.float32(0.9)
            m += np.float32(0.1) * g
            v *= np.float32(0.999)
            np.square(g, out=g)
            g *= np.float32(0.001)
            v += g
            np.sqrt(v, out=g)
            g *= root
            g += np.float32(1e-8)
            np.divide(m, g, out=g)
            g *= size
            w -= g

    return update


peer.report(steps())
