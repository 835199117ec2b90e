"""Trains the recogniser on rendered lines: `python3 train.py --fonts FOLDER --out FOLDER --minutes N` (see README.md).

One process renders, one learns. The rate falls along a cosine over the given minutes; a checkpoint and a line of `train.jsonl`
are written every few minutes, with the character error rate on rendered lines in fonts that the training never sees.
"""

import argparse
import json
import math
import multiprocessing
import os
import time

import numpy
import torch
from torch import nn

from chat_text import CHARSET
from model import LineNet, decode
from render import INGREDIENTS, Renderer, find_fonts

MAX_WIDTH_PX = 1200
# As many pixels as 22 lines of 384 px, and never 16 lines or fewer: for those PyTorch on one thread takes a convolution
# that is six times slower (use_mkldnn in its Convolution.cpp).
BATCH_WIDTH_PX = 22 * 384
LEAST_LINES = 17
POOL_STRIPS = 512
PEAK_RATE = 2.5e-3
WARM_UP_STEPS = 200
START_BATCHES = 24
# Seeds of the lines that are only checked with, beyond those of any training.
FIRST_CHECK = 10**12
CLASS_OF = {c: i + 1 for i, c in enumerate(CHARSET)}


def batch_of(strips):
    """Strips of like width as (uint8 [N, 3, 32, W], padded with zeros; class lists)."""
    width = -(-max(pixels.shape[1] for pixels, _ in strips) // 8) * 8
    out = numpy.zeros((len(strips), 32, width, 3), numpy.uint8)
    for i, (pixels, _) in enumerate(strips):
        out[i, :, : pixels.shape[1]] = pixels
    return out.transpose(0, 3, 1, 2).copy(), [[CLASS_OF[c] for c in text] for _, text in strips]


def batches_of(strips, most=BATCH_WIDTH_PX):
    """Sorted by width and cut so that each batch has about as many pixels."""
    strips = sorted((s for s in strips if s[0].shape[1] <= MAX_WIDTH_PX), key=lambda s: s[0].shape[1])
    found, start = [], 0
    for i, (pixels, _) in enumerate(strips):
        if pixels.shape[1] * (i + 1 - start) > most and i - start >= LEAST_LINES:
            found.append(batch_of(strips[start:i]))
            start = i
    if start < len(strips):
        found.append(batch_of(strips[start:]))
    return found


def render_batches(renderer, queue, first_seed):
    seed = first_seed
    order = numpy.random.default_rng(first_seed)
    while True:
        batches = batches_of([renderer.strip(seed + i) for i in range(POOL_STRIPS)])
        batches = [batch for batch in batches if len(batch[1]) >= LEAST_LINES]
        seed += POOL_STRIPS
        for i in order.permutation(len(batches)):
            queue.put(batches[i])


def loss_of(net, pixels, classes, bfloat16=False):
    """Mean CTC loss a character."""
    with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
        logits = net(torch.from_numpy(pixels).float() / 255)
    scores = logits.float().log_softmax(2).transpose(0, 1)
    lengths = torch.tensor([len(c) for c in classes])
    steps = torch.full((len(classes),), scores.shape[0])
    flat = torch.tensor([c for one in classes for c in one], dtype=torch.long)
    losses = nn.functional.ctc_loss(scores, flat, steps, lengths, reduction="none", zero_infinity=True)
    return losses.sum() / max(1, int(lengths.sum()))


def distance(a, b):
    """Levenshtein."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


@torch.no_grad()
def error_rate(net, batches):
    """(character error rate, share of exact lines) of greedy decoding."""
    net.eval()
    wrong = total = exact = lines = 0
    for pixels, classes in batches:
        for read, true in zip(decode(net(torch.from_numpy(pixels).float() / 255)), classes):
            errors = distance(read, true)
            wrong, total = wrong + errors, total + len(true)
            exact, lines = exact + (errors == 0), lines + 1
    net.train()
    return wrong / total, exact / lines


@torch.no_grad()
def load_model(net, path):
    """The weights of an exported model, whose norms were folded into the convolutions. Needs Debian's python3-onnx."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(path).graph
    held = {weight.name: torch.tensor(numpy_helper.to_array(weight)) for weight in graph.initializer}
    nodes = [node for node in graph.node if node.op_type == "Conv"]
    layers = net.layers()
    fits = len(nodes) == len(layers) and all(held[n.input[1]].shape == c.weight.shape for n, (c, _) in zip(nodes, layers))
    if not fits:
        raise SystemExit(f"Expected the weights of this network in {path} but it holds another one")
    for node, (conv, norm) in zip(nodes, layers):
        conv.weight.copy_(held[node.input[1]])
        if norm is None:
            conv.bias.copy_(held[node.input[2]])
            continue
        norm.bias.copy_(held[node.input[2]])
        norm.running_var.fill_(1 - norm.eps)


@torch.no_grad()
def unfold_norms(net, batches):
    """Gives each norm of a loaded model the mean and the variance of what it sees, and scales that undo them.

    A folded norm leaves things as they are, but a norm that learns goes by its batch: without this the model would
    read nothing at the first step.
    """
    norms = [norm for _, norm in net.layers() if norm is not None]
    sums = {norm: torch.zeros(3, norm.num_features, dtype=torch.float64) for norm in norms}

    def count(norm, given):
        values = given[0].double().transpose(0, 1).flatten(1)
        size = torch.full((len(values),), values.shape[1], dtype=torch.float64)
        sums[norm] += torch.stack((size, values.sum(1), values.square().sum(1)))

    hooks = [norm.register_forward_pre_hook(count) for norm in norms]
    net.eval()
    for pixels, _ in batches:
        net(torch.from_numpy(pixels).float() / 255)
    net.train()
    for hook in hooks:
        hook.remove()
    for norm, (size, total, squares) in sums.items():
        mean = total / size
        variance = squares / size - mean.square()
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.add_(mean.float())


def main():
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--fonts", required=True, help="folder of fonts.mjs")
    ask.add_argument("--corpus", help="recordings, whose whole-window pictures outside the chat serve as scenes")
    ask.add_argument("--out", required=True, help="folder for the checkpoint and the log")
    ask.add_argument("--minutes", type=float, default=600)
    ask.add_argument("--resume", action="store_true", help="start from the checkpoint in --out")
    ask.add_argument("--start", help="start from the weights of this chat-line.onnx")
    ask.add_argument("--rate", type=float, default=PEAK_RATE)
    ask.add_argument("--first-seed", type=int, default=0, help="differs between runs that follow each other")
    ask.add_argument("--without", nargs="*", default=[], choices=INGREDIENTS)
    ask.add_argument("--threads", type=int, default=1)
    ask.add_argument("--bfloat16", action="store_true", help="convolutions in half the bits, where the processor has them")
    ask.add_argument("--check-minutes", type=float, default=5)
    ask.add_argument("--smoke", action="store_true", help="a minute with few scenes and the fonts at hand")
    given = ask.parse_args()
    least_fonts, scenes, check_strips, warm_up = (4, 8, 40, 10) if given.smoke else (200, 180, 500, WARM_UP_STEPS)
    if given.smoke:
        given.minutes, given.check_minutes = 0.4, 0.2
    os.makedirs(given.out, exist_ok=True)
    fonts = find_fonts(given.fonts)
    if len(fonts) < least_fonts:
        raise SystemExit(f"Expected at least {least_fonts} fonts in {given.fonts} but found {len(fonts)}; see README.md")
    checker = Renderer(fonts, held_out=True, scenes=scenes)
    checks = batches_of([checker.strip(i) for i in range(FIRST_CHECK, FIRST_CHECK + check_strips)])
    queue = multiprocessing.Queue(48)
    renderer = Renderer(fonts, given.corpus, given.without, scenes=scenes)
    process = multiprocessing.Process(target=render_batches, args=(renderer, queue, given.first_seed), daemon=True)
    process.start()

    torch.manual_seed(given.first_seed)
    torch.set_num_threads(given.threads)
    # Vanishing values cost a third of the time on a CPU.
    torch.set_flush_denormal(True)
    net = LineNet(len(CHARSET) + 1)
    optimiser = torch.optim.AdamW(net.parameters(), given.rate, weight_decay=0.01)
    checkpoint = os.path.join(given.out, "checkpoint.pt")
    lines = step = 0
    if given.start:
        load_model(net, given.start)
        unfold_norms(net, [queue.get() for _ in range(START_BATCHES)])
        print(f"starts at {error_rate(net, checks)[0]:.4f}", flush=True)
    if given.resume:
        saved = torch.load(checkpoint)
        net.load_state_dict(saved["net"])
        optimiser.load_state_dict(saved["optimiser"])
        lines, step = saved["lines"], saved["step"]
    # Processor time of rendering aside: a machine that is busy elsewhere stretches the run, it does not shorten it.
    spent = time.process_time
    start, checked, first, losses = spent(), spent(), step, []
    while True:
        share = min(1, (spent() - start) / 60 / given.minutes)
        rate = given.rate * min(1, (step - first + 1) / warm_up) * 0.5 * (1 + math.cos(math.pi * share))
        for group in optimiser.param_groups:
            group["lr"] = rate
        pixels, classes = queue.get()
        loss = loss_of(net, pixels, classes, given.bfloat16)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1)
        optimiser.step()
        step, lines = step + 1, lines + len(classes)
        losses.append(loss.item())
        if share < 1 and spent() - checked < given.check_minutes * 60:
            continue
        checked = spent()
        cer, exact = error_rate(net, checks)
        torch.save({"net": net.state_dict(), "optimiser": optimiser.state_dict(), "lines": lines, "step": step}, checkpoint + ".part")
        os.replace(checkpoint + ".part", checkpoint)
        minutes = (spent() - start) / 60
        mean, losses = sum(losses) / len(losses), []
        report = {"minutes": round(minutes, 1), "step": step, "lines": lines, "loss": round(mean, 4), "rate": round(rate, 6)}
        report |= {"cer": round(cer, 4), "exact": round(exact, 4)}
        with open(os.path.join(given.out, "train.jsonl"), "a", encoding="utf-8") as file:
            file.write(json.dumps(report) + "\n")
        print(json.dumps(report), flush=True)
        if share >= 1:
            break
    process.terminate()


if __name__ == "__main__":
    main()
