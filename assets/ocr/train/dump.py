"""Writes rendered lines as the pipeline would cut them: `python3 dump.py --fonts FOLDER --out FOLDER --lines N`.

In fonts that the training never sees, with seeds that no training uses: `strips.json` ([{"file", "text"}]) and a PNG a line.
`npm run bench -- ocr FOLDER` reads them; the arbiter's figures come from there, not from a recording.
"""

import argparse
import json
import os

from render import Renderer, find_fonts
from train import FIRST_CHECK


def main():
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--fonts", required=True, help="folder of fonts.mjs")
    ask.add_argument("--out", required=True)
    ask.add_argument("--lines", type=int, default=1500)
    given = ask.parse_args()
    os.makedirs(given.out, exist_ok=True)
    renderer = Renderer(find_fonts(given.fonts), held_out=True)
    strips = []
    for i in range(given.lines):
        _, picture, text = renderer.native(3 * FIRST_CHECK + i)
        file = f"{i:05}.png"
        picture.save(os.path.join(given.out, file))
        strips.append({"file": file, "text": text})
    with open(os.path.join(given.out, "strips.json"), "w", encoding="utf-8") as file:
        json.dump(strips, file, ensure_ascii=False)


if __name__ == "__main__":
    main()
