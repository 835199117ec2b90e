"""The network: a few convolutions over the strip, its height folded away, dilated depthwise blocks along the line, CTC."""

import torch
from torch import nn

BLANK = 0


class _DepthwiseGradients(torch.autograd.Function):
    """A depthwise convolution along the line whose gradients take a third of the time that PyTorch's own take on a CPU."""

    @staticmethod
    def forward(context, x, weight, dilation):
        context.save_for_backward(x, weight)
        context.dilation = dilation
        return _depthwise(x, weight, dilation)

    @staticmethod
    def backward(context, given):
        x, weight = context.saved_tensors
        length, middle = x.shape[2], weight.shape[2] // 2
        slope = torch.empty_like(weight)
        for tap in range(weight.shape[2]):
            shift = (tap - middle) * context.dilation
            if abs(shift) >= length:
                slope[:, 0, tap] = 0
                continue
            seen, got = (x[:, :, shift:], given[:, :, : length - shift]) if shift >= 0 else (x[:, :, :shift], given[:, :, -shift:])
            slope[:, 0, tap] = (seen * got).sum((0, 2))
        return _depthwise(given, weight.flip(2), context.dilation), slope, None


def _depthwise(x, weight, dilation):
    pad = weight.shape[2] // 2 * dilation
    return nn.functional.conv1d(x, weight, padding=pad, dilation=dilation, groups=x.shape[1])


class Depthwise(nn.Conv1d):
    """One filter of 7 columns a channel."""

    def __init__(self, channels, dilation):
        super().__init__(channels, channels, 7, padding=3 * dilation, dilation=dilation, groups=channels, bias=False)

    def forward(self, x):
        if not self.training:
            return super().forward(x)
        # Under autocast a function of our own must bring both to one type itself.
        kind = torch.bfloat16 if torch.is_autocast_cpu_enabled() else x.dtype
        return _DepthwiseGradients.apply(x.to(kind), self.weight.to(kind), self.dilation[0])


class Block(nn.Module):
    """Residual: depthwise convolution along the line, then a 1x1 over the channels."""

    def __init__(self, channels, dilation):
        super().__init__()
        self.depthwise = Depthwise(channels, dilation)
        self.norm = nn.BatchNorm1d(channels)
        self.point = nn.Conv1d(channels, channels, 1)
        self.act = nn.Hardswish()

    def forward(self, x):
        return x + self.act(self.point(self.norm(self.depthwise(x))))


def _conv(before, after, kernel, stride):
    pad = (kernel[0] // 2, kernel[1] // 2)
    return nn.Sequential(nn.Conv2d(before, after, kernel, stride, pad, bias=False), nn.BatchNorm2d(after), nn.Hardswish())


class LineNet(nn.Module):
    """float32 [N, 3, 32, W], 0 to 1, W a multiple of 8, to logits [N, W / 2, classes]; class 0 is CTC's blank."""

    def __init__(self, classes, channels=208, dilations=(1, 2, 4, 1, 2, 4, 1, 2, 1)):
        super().__init__()
        # The width is halved once only, so that `ll` and `!!` keep a blank between them.
        self.front = nn.Sequential(_conv(3, 24, (5, 3), (2, 1)), _conv(24, 56, (3, 3), (2, 2)), _conv(56, 72, (3, 3), (2, 1)))
        self.fold = nn.Sequential(nn.Conv1d(4 * 72, channels, 1, bias=False), nn.BatchNorm1d(channels), nn.Hardswish())
        self.blocks = nn.Sequential(*(Block(channels, d) for d in dilations))
        self.head = nn.Conv1d(channels, classes, 1)

    def layers(self):
        """(convolution, the norm behind it or None) in the order in which they are run."""
        pairs = [(part[0], part[1]) for part in (*self.front, self.fold)]
        for block in self.blocks:
            pairs += [(block.depthwise, block.norm), (block.point, None)]
        return [*pairs, (self.head, None)]

    def forward(self, strips):
        x = self.front(strips)
        x = self.fold(x.flatten(1, 2))
        return self.head(self.blocks(x)).transpose(1, 2)


def decode(logits):
    """Greedy CTC: best class of each column, repeats merged, blanks dropped; a list of class lists."""
    texts = []
    for best in logits.argmax(2).tolist():
        out, last = [], BLANK
        for c in best:
            if c not in (last, BLANK):
                out.append(c)
            last = c
        texts.append(out)
    return texts
