"""Strips of one chat line as games draw them, with the text they hold.

A strip is what the pipeline hands to the recogniser: the line's pixels, fused over frames to their darkest, letters
lighter than the ground (dark letters are inverted), scaled to 32 px high, RGB. `Renderer.strip(seed)` is a function of its seed
alone. An ingredient can be left out by name (`INGREDIENTS`), to learn what it brings.
"""

import glob
import io
import json
import os
import random
import re

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from chat_text import ASCII, CHARSET, WESTERN, ChatText
from scenes import Scenes

HEIGHT_PX = 32
INGREDIENTS = ("outline", "shadow", "scene", "pixel", "neighbours", "artefacts")
DEBIAN_FOLDERS = ("/usr/share/fonts/truetype", "/usr/share/fonts/opentype")
# Symbols, emoji, and scripts that the charset does not have.
UNFIT = ("Symbol", "Emoji", "Dingbats", "Math", "Music", "D050000L", "opens___", "Standard", "Braille", "Keyboard", "Initials")


class Font:
    """A font file: what it can draw, and the grid of a pixel font (px, else 0)."""

    def __init__(self, path, grid):
        self.path, self.grid = path, grid
        self.sizes = {}
        shapes = {c: _shape(self.at(24), c) for c in CHARSET}
        missing = _shape(self.at(24), "\U000e0001")
        self.chars = frozenset(c for c, shape in shapes.items() if c == " " or shape not in (missing, None))
        self.fits = self.chars >= set(ASCII)
        self.western = self.chars >= set(WESTERN)
        # Small letters drawn as capitals: nobody can tell which were typed.
        self.capitals_only = shapes["a"] == shapes["A"] and shapes["e"] == shapes["E"]
        # Capital I and lower-case l look alike: a bare stroke, as high but for a fraction.
        self.bare_strokes = self.fits and any(_is_alike(self.at(size), "I", "l") for size in (13, 16, 24))

    def at(self, size):
        if size not in self.sizes:
            if len(self.sizes) > 12:
                self.sizes.clear()
            self.sizes[size] = ImageFont.truetype(self.path, size, layout_engine=ImageFont.Layout.BASIC)
        return self.sizes[size]


def _shape(face, letter):
    """What is drawn for one letter, None for nothing."""
    mask = face.getmask(letter)
    return None if mask.getbbox() is None else (mask.size, bytes(mask), face.getlength(letter))


def _is_alike(face, a, b):
    """Whether two letters are drawn with nearly the same pixels, wherever they stand."""
    masks = [face.getmask(letter) for letter in (a, b)]
    arrays = [numpy.asarray(mask, numpy.int16).reshape(mask.size[1], mask.size[0]) for mask in masks]
    inked = [ink[numpy.ix_(ink.max(1) > 127, ink.max(0) > 127)] for ink in arrays]
    (rows, columns), (others, across) = inked[0].shape, inked[1].shape
    if columns != across or abs(rows - others) > 0.1 * rows:
        return False
    same = min(rows, others)
    return numpy.abs(inked[0][:same] - inked[1][:same]).mean() < 25


# Among digits and behind small letters.
BARE_I = re.compile(r"(?<=[a-z0-9_])I|I(?=[0-9_])")


def find_fonts(folder):
    """Fonts of the fetched folder and of Debian's packages, in a fixed order."""
    with open(os.path.join(os.path.dirname(__file__), "fonts.json"), encoding="utf-8") as file:
        grids = json.load(file)["pixel"]
    grids = {name.lower().replace("-", ""): grid for name, grid in grids.items()}
    paths = glob.glob(os.path.join(folder, "*", "*.woff"))
    for debian in DEBIAN_FOLDERS:
        for pattern in ("**/*.ttf", "**/*.otf"):
            paths += [p for p in glob.glob(os.path.join(debian, pattern), recursive=True) if _is_wanted(p)]
    fonts = []
    for path in sorted(paths, key=os.path.basename):
        name = os.path.basename(path).lower().replace("-", "")
        grid = next((g for stem, g in grids.items() if name.startswith(stem)), 0)
        try:
            font = Font(path, grid)
        except OSError:
            continue
        if font.fits:
            fonts.append(font)
    return fonts


def _is_wanted(path):
    """Of Noto only the Latin families; neither slanted nor extreme cuts."""
    name = os.path.basename(path)
    if any(word in name for word in UNFIT):
        return False
    if name.startswith("Noto") and name.split("-")[0] not in ("NotoSans", "NotoSerif", "NotoSansMono", "NotoSansDisplay"):
        return False
    return not any(word in name for word in ("Thin", "Hairline", "ExtraLight", "Italic", "Oblique", "-It", "BI", "UltraLight"))


class Renderer:
    def __init__(self, fonts, corpus=None, without=(), held_out=False, scenes=180):
        """fonts: of `find_fonts`; every tenth is held out for checks, where there are many. without: of `INGREDIENTS`; scenes: how many."""
        assert set(without) <= set(INGREDIENTS), f"Expected names of {INGREDIENTS} but received {without}"
        chosen = [f for i, f in enumerate(fonts) if len(fonts) < 20 or (i % 10 == 9) == held_out]
        self.pixel = [] if "pixel" in without else [f for f in chosen if f.grid]
        self.smooth = [f for f in chosen if not f.grid]
        self.western = [f for f in self.smooth if f.western]
        self.text = ChatText()
        self.without = frozenset(without)
        self.scenes = Scenes(numpy.random.default_rng(5 if held_out else 4), corpus, scenes)

    def strip(self, seed):
        """(uint8 32 x W x 3, text) of this seed."""
        rng, picture, text = self.native(seed)
        width = max(8, round(picture.width * HEIGHT_PX / picture.height))
        stretch = rng.choice((1, 1, 1, rng.uniform(0.92, 1.08)))
        way = Image.Resampling.BILINEAR if rng.random() < 0.8 else Image.Resampling.BICUBIC
        return numpy.asarray(picture.resize((max(8, round(width * stretch)), HEIGHT_PX), way)), text

    def native(self, seed):
        """(generator for what follows, picture as the pipeline cuts it, not scaled to 32 px, text) of this seed."""
        rng = random.Random(seed)
        noise = numpy.random.default_rng(seed)
        font, size, scale, way = self._cut(rng)
        most = rng.choice((6, 14, 24, 36, 48, 64, 72))
        # Sometimes nothing was said there: a strip that the pipeline took for text.
        parts = self._line(rng, most, font) if rng.random() < 0.975 else []
        text = "".join(part for part, _ in parts)
        masks, geometry = self._draw(rng, font, size, scale, way, parts)
        pixels = self._compose(rng, noise, masks, geometry)
        return rng, self._wear(rng, noise, pixels), text

    def _line(self, rng, most, font):
        """A line that the font can draw."""
        for _ in range(4):
            parts = self.text.line(rng, most, font.western)
            if all(font.chars.issuperset(part) for part, _ in parts):
                break
        else:
            parts = self.text.line(rng, most, western=False)
        if font.bare_strokes:
            # Where pixels cannot tell, the letter that people type more often is the better guess.
            parts = [(BARE_I.sub(lambda _: "l" if rng.random() < 0.75 else "I", part), role) for part, role in parts]
        return [(_capitals(part), role) for part, role in parts] if font.capitals_only else parts

    def _cut(self, rng):
        """Font, its size, the scale at which it is drawn, and how: hinted, fractional, or without grey."""
        if self.pixel and rng.random() < 0.1:
            font = rng.choice(self.pixel)
            return font, font.grid, rng.choice((1, 1, 2, 2, 3)), "mono"
        font = rng.choice(self.western if rng.random() < 0.45 and self.western else self.smooth)
        size = min(40, 9 + int(rng.expovariate(1 / 7.0)))
        way = rng.choices(("hinted", "fractional", "mono"), (0.5, 0.44, 0.06))[0]
        return font, size, 1, way

    def _draw(self, rng, font, size, scale, way, parts):
        """Coverage masks (float32 0 to 1) of each part and of the neighbours, on one canvas as high as the strip."""
        finer = 4 if way == "fractional" else 1
        face = font.at(size * finer)
        cap = -face.getbbox("H", anchor="ls")[1] / finer
        deep = face.getbbox("gjpqy", anchor="ls")[3] / finer
        spacing = rng.choice((0, 0, 0, 0, 0, 1, -0.4, 0.6)) if not font.grid else rng.choice((0, 0, 1))
        by_letter = rng.random() < 0.35 or spacing != 0
        height = max(round(cap + deep + rng.uniform(-0.6, 0.8 * cap + 2)), 8)
        room = height - cap - deep
        baseline = cap + room * rng.uniform(0.25, 0.8)
        if rng.random() < 0.05:
            # Cut a little too low or too high.
            baseline -= cap * rng.uniform(-0.1, 0.22)
        left = rng.randint(1, 7)
        if rng.random() < 0.08:
            # An icon before the text, or a row that goes on under the text of the row above.
            left += rng.choice((round(height * rng.uniform(0.8, 1.6)), rng.randint(10, 130)))
        offset = (rng.random(), rng.random() * 0.999) if way == "fractional" else (0, 0)
        # The pipeline cuts a row or two more than lines are apart, so that it cuts off nothing of this one.
        pitch = max(cap + deep + 1, height - rng.choice((2, 2, 2, 3, 4, 4, 1, 0, -1)))
        xs, x = [], left + offset[0]
        for part, _ in parts:
            xs.append(x)
            x += _advance(face, part, finer, spacing, by_letter)
        width = int(x) + rng.randint(1, 7) + (0 if parts else rng.randint(8, 120))
        if rng.random() < 0.14:
            width += rng.choice((rng.randint(8, 60), rng.randint(40, 260)))
        masks = []
        y = baseline + offset[1] - 0.5 if way == "fractional" else round(baseline)
        for (part, role), at in zip(parts, xs):
            masks.append((role, self._mask(face, part, at, y, width, height, finer, spacing, by_letter, way)))
        if "neighbours" not in self.without:
            for shift in (-pitch, pitch):
                if rng.random() < 0.75:
                    other = "".join(t for t, _ in self._line(rng, 72, font))
                    if rng.random() < 0.3:
                        other = "gjpqy|()[]_,QÅ" [: rng.randint(3, 13)] + other if font.western else "gjpqy" + other
                    mask = self._mask(face, other, left, y + shift, width, height, finer, spacing, by_letter, way)
                    masks.append(("neighbour", mask))
        if scale > 1:
            masks = [(role, mask.repeat(scale, 0).repeat(scale, 1)) for role, mask in masks]
        return masks, (width * scale, height * scale, left * scale, cap * scale, int(x) * scale)

    @staticmethod
    def _mask(face, text, x, y, width, height, finer, spacing, by_letter, way):
        canvas = Image.new("L", (width * finer, height * finer), 0)
        draw = ImageDraw.Draw(canvas)
        if way == "mono":
            draw.fontmode = "1"
        if by_letter:
            for letter in text:
                step = face.getlength(letter) / finer + spacing
                place = x * finer if way == "fractional" else round(x)
                if -2 * face.size < place < width * finer:
                    draw.text((place, y * finer), letter, fill=255, font=face, anchor="ls")
                x += step if way == "fractional" else max(1, round(step))
        else:
            draw.text((x * finer, y * finer), text, fill=255, font=face, anchor="ls")
        if finer > 1:
            canvas = canvas.resize((width, height), Image.Resampling.BOX)
        return numpy.asarray(canvas, numpy.float32) / 255

    def _compose(self, rng, noise, masks, geometry):
        width, height, left, cap, right = geometry
        all_text = numpy.zeros((height, width), numpy.float32)
        for _, mask in masks:
            numpy.maximum(all_text, mask, out=all_text)
        ground = self._ground(rng, noise, width, height, left, right)
        edge = self._edge(rng, all_text, cap)
        is_bare = edge is None
        if edge is not None:
            strength, colour = edge
            ground = ground + (colour - ground) * strength[:, :, None]
        picture = ground
        if left > height * 0.8 or rng.random() < 0.1:
            picture = self._badge(rng, picture, left, height)
        fade = rng.choice((1, 1, 1, 1, 1, rng.uniform(0.5, 1)))
        palette = self._palette(rng, float(ground.mean()), is_bare)
        gamma = rng.choice((1, 1, 1, 0.8, 0.65, 1.3))
        for role, mask in masks:
            colour = palette.get(role) if role in palette else palette["text"]
            alpha = (mask if gamma == 1 else mask**gamma)[:, :, None] * fade
            picture = picture + (numpy.float32(colour) - picture) * alpha
        return picture

    def _ground(self, rng, noise, width, height, left, right):
        if "scene" in self.without:
            ground = numpy.full((height, width, 3), rng.randint(0, 120), numpy.float32)
        else:
            frames = rng.choice((1, 1, 2, 4, 12, 30))
            ground = self.scenes.crop(noise, width, height, frames).astype(numpy.float32)
            ground = ground * rng.choice((1, 1, 1, 0.7, 0.4))
        if rng.random() < 0.4:
            # A panel: the whole strip, or a pill that ends near the text and leaves a row above and below.
            colour = numpy.float32([rng.randint(0, 45)] * 3) if rng.random() < 0.75 else numpy.float32([rng.randint(0, 110) for _ in range(3)])
            alpha = rng.choice((rng.uniform(0.15, 0.6), rng.uniform(0.5, 1)))
            box = [0, height, 0, width]
            if rng.random() < 0.4:
                box = [rng.randint(0, 2), height - rng.randint(0, 2), max(0, left - rng.randint(1, 6)), min(width, right + rng.randint(1, 8))]
            area = ground[box[0] : box[1], box[2] : box[3]]
            ground[box[0] : box[1], box[2] : box[3]] = area + (colour - area) * alpha
        return ground

    def _edge(self, rng, text, cap):
        """(strength 0 to 1, colour) of outline, shadow or glow; None without."""
        kind = rng.random()
        colour = numpy.float32([rng.randint(0, 40)] * 3) if rng.random() < 0.85 else numpy.float32([rng.randint(0, 130) for _ in range(3)])
        opaque = rng.choice((1, 1, rng.uniform(0.4, 1)))
        picture = Image.fromarray((text * 255).astype(numpy.uint8))
        if kind < 0.28 and "outline" not in self.without:
            wide = rng.choice((1, 1, 1, 2)) if cap < 16 else rng.choice((1, 2, 3))
            grown = picture.filter(ImageFilter.MaxFilter(2 * wide + 1))
            if rng.random() < 0.4:
                grown = Image.fromarray(numpy.maximum(numpy.asarray(picture.filter(ImageFilter.GaussianBlur(wide))), numpy.asarray(grown) // 2))
            strength = numpy.asarray(grown, numpy.float32) / 255
        elif kind < 0.62 and "shadow" not in self.without:
            dx, dy = rng.choice(((1, 1), (1, 1), (1, 1), (1, 0), (0, 1), (2, 2), (2, 1), (-1, 1)))
            strength = numpy.zeros_like(text)
            h, w = text.shape
            strength[dy:, max(0, dx) : w + min(0, dx)] = text[: h - dy, max(0, -dx) : w - max(0, dx)]
            if rng.random() < 0.25:
                blurred = Image.fromarray((strength * 255).astype(numpy.uint8)).filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 1.5)))
                strength = numpy.asarray(blurred, numpy.float32) / 255
        elif kind < 0.7 and "outline" not in self.without:
            glow = picture.filter(ImageFilter.GaussianBlur(rng.uniform(1, 3)))
            strength = numpy.minimum(1, numpy.asarray(glow, numpy.float32) / 255 * rng.uniform(1, 2.5))
        else:
            return None
        return strength * opaque, colour

    @staticmethod
    def _palette(rng, ground, is_bare):
        """A colour for each role, light enough to stand out; letters without an edge need more."""
        least = min(235, ground + (70 if is_bare else 20)) if rng.random() < 0.97 else 40

        def colour():
            for _ in range(12):
                kind = rng.random()
                if kind < 0.35:
                    c = [rng.randint(190, 255)] * 3
                elif kind < 0.7:
                    c = [rng.choice((rng.randint(0, 90), rng.randint(120, 200), 255)) for _ in range(3)]
                else:
                    c = [rng.randint(60, 255) for _ in range(3)]
                if max(c) >= 90 and (0.3 * c[0] + 0.55 * c[1] + 0.15 * c[2] >= least or max(c) > least + 40):
                    return c
            return [255, 255, 255]

        text = colour()
        palette = {role: text for role in (*ChatText.ROLES, "neighbour")}
        if rng.random() < 0.6:
            palette["name"] = colour()
        for role in ("stamp", "channel", "link", "neighbour"):
            if rng.random() < 0.4:
                palette[role] = colour()
        return palette

    @staticmethod
    def _badge(rng, picture, left, height):
        """An icon before the text, often cut by the strip's left edge: it is no text."""
        canvas = Image.fromarray(numpy.clip(picture, 0, 255).astype(numpy.uint8))
        draw = ImageDraw.Draw(canvas)
        right = max(1, left - rng.randint(1, 3))
        for _ in range(rng.choice((1, 2, 5))):
            wide, tall = rng.randint(2, height), rng.randint(2, height)
            x, y = right - rng.randint(wide, max(wide, height)), rng.randint(0, height - tall)
            fill = tuple(rng.randint(0, 255) for _ in range(3))
            (draw.ellipse if rng.random() < 0.6 else draw.rectangle)((x, y, x + wide, y + tall), fill=fill)
        return numpy.asarray(canvas, numpy.float32)

    def _wear(self, rng, noise, pixels):
        """What happens to pixels on their way: noise, scaling, blur, compression."""
        pixels = numpy.clip(pixels, 0, 255)
        if "artefacts" in self.without:
            return Image.fromarray(pixels.astype(numpy.uint8))
        if rng.random() < 0.35:
            pixels = numpy.clip(pixels + noise.normal(0, rng.uniform(1, 8), pixels.shape), 0, 255)
        picture = Image.fromarray(pixels.astype(numpy.uint8))
        if rng.random() < 0.12:
            # A game or a screen that is scaled: the letters are resized once more.
            by = rng.choice((0.8, 0.9, 1.1, 1.25, 1.5))
            size = (max(8, round(picture.width * by)), max(8, round(picture.height * by)))
            picture = picture.resize(size, rng.choice((Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.NEAREST)) if by > 1 else Image.Resampling.BILINEAR)
        if rng.random() < 0.1:
            picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.7)))
        if rng.random() < 0.12:
            file = io.BytesIO()
            picture.save(file, "JPEG", quality=rng.randint(55, 95))
            picture = Image.open(file).convert("RGB")
        return picture


def _capitals(text):
    return "".join(c.upper() if c.upper() in CHARSET else c for c in text)


def _advance(face, text, finer, spacing, by_letter):
    if not by_letter:
        return face.getlength(text) / finer
    if finer > 1:
        return sum(face.getlength(c) / finer + spacing for c in text)
    return sum(max(1, round(face.getlength(c) + spacing)) for c in text)
