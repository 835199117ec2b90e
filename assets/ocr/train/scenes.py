"""Scenes behind the text: procedural ones, and whole-window pictures of recordings without their chat region."""

import json
import os

import numpy
from PIL import Image, ImageDraw, ImageFilter


class Scenes:
    """A pool of RGB scenes; `crop(rng, width, height)` gives uint8 `height x width x 3`."""

    def __init__(self, rng, corpus=None, count=180):
        """rng: numpy Generator; corpus: folder of recordings (`*/window/*.webp`, `region.json`) or None."""
        self.pool = [_procedural(rng) for _ in range(count)]
        if corpus is not None:
            self.pool += _windows(corpus)

    def crop(self, rng, width, height, frames=1):
        """What `frames` crops of one scene, moved a little each time, have in common: their darkest values."""
        scene = self.pool[rng.integers(len(self.pool))]
        zoom = rng.choice((0.35, 0.7, 1, 1, 1.6))
        w, h = max(2, round(width / zoom)), max(2, round(height / zoom))
        most_y, most_x = scene.shape[0] - h, scene.shape[1] - w
        if most_y <= 0 or most_x <= 0:
            w, h = min(w, scene.shape[1] - 1), min(h, scene.shape[0] - 1)
            most_y, most_x = scene.shape[0] - h, scene.shape[1] - w
        x, y = int(rng.integers(most_x + 1)), int(rng.integers(most_y + 1))
        darkest = None
        for _ in range(frames):
            part = scene[y : y + h, x : x + w]
            darkest = part if darkest is None else numpy.minimum(darkest, part)
            x = int(numpy.clip(x + rng.integers(-40, 41), 0, most_x))
            y = int(numpy.clip(y + rng.integers(-12, 13), 0, most_y))
        if (w, h) != (width, height):
            darkest = numpy.asarray(Image.fromarray(darkest).resize((width, height), Image.Resampling.BILINEAR))
        return darkest


def _procedural(rng, width=1100, height=220):
    base = numpy.zeros((height, width, 3), numpy.float32)
    low = rng.integers(0, 256, 3) * rng.uniform(0, 0.7)
    high = low + rng.integers(0, 256, 3) * rng.uniform(0.2, 1)
    weight = 0
    for octave in range(int(rng.integers(1, 7))):
        cells = 2 ** (octave + int(rng.integers(1, 3)))
        grid = rng.random((max(2, cells // 4), cells, 1 if rng.random() < 0.6 else 3)).astype(numpy.float32)
        if grid.shape[2] == 1:
            grid = numpy.repeat(grid, 3, 2)
        layer = [Image.fromarray(grid[:, :, c]).resize((width, height), Image.Resampling.BICUBIC) for c in range(3)]
        share = rng.uniform(0.2, 1) / (octave + 1) ** rng.uniform(0, 1)
        base += share * numpy.stack([numpy.asarray(one) for one in layer], 2)
        weight += share
    picture = Image.fromarray(numpy.clip(low + (high - low) * base / weight, 0, 255).astype(numpy.uint8))
    draw = ImageDraw.Draw(picture)
    for _ in range(int(rng.choice((0, 3, 12, 60)))):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        w, h = int(rng.integers(2, 160)), int(rng.integers(2, 90))
        colour = tuple(int(c) for c in rng.integers(0, 256, 3))
        kind = rng.integers(4)
        if kind == 0:
            draw.rectangle((x, y, x + w, y + h), fill=colour)
        elif kind == 1:
            draw.ellipse((x, y, x + w, y + h), fill=colour)
        elif kind == 2:
            draw.line((x, y, x + w * 3, y + h * int(rng.integers(-2, 3))), fill=colour, width=int(rng.integers(1, 6)))
        else:
            draw.polygon([(x, y), (x + w, y + h), (x - w // 2, y + h * 2)], fill=colour)
    if rng.random() < 0.4:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 3)))
    pixels = numpy.asarray(picture).astype(numpy.float32)
    if rng.random() < 0.5:
        pixels += rng.normal(0, rng.uniform(2, 22), pixels.shape[:2] + (1,))
    return numpy.clip(pixels * rng.uniform(0.4, 1.15), 0, 255).astype(numpy.uint8)


def _windows(corpus):
    """Above and below the chat region, full width; the region is left out with a margin of 40 px."""
    found = []
    for game in sorted(os.listdir(corpus)):
        region_file = os.path.join(corpus, game, "region.json")
        if not os.path.exists(region_file):
            continue
        with open(region_file, encoding="utf-8") as file:
            region = json.load(file)["window"]["region"]
        folder = os.path.join(corpus, game, "window")
        for name in sorted(os.listdir(folder)):
            pixels = numpy.asarray(Image.open(os.path.join(folder, name)).convert("RGB"))
            above = pixels[: max(0, region["y"] - 40)]
            below = pixels[region["y"] + region["h"] + 40 :]
            right = pixels[:, region["x"] + region["w"] + 40 :]
            found += [part.copy() for part in (above, below, right) if part.shape[0] >= 60 and part.shape[1] >= 200]
    return found
