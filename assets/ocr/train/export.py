"""Writes a trained checkpoint as `chat-line.onnx` and `chat-line.json`: `python3 export.py --fonts FOLDER --checkpoint FILE --out FOLDER`.

The temperature is found on rendered lines in fonts that the training never saw: logits divided by it make the loss least.
"""

import argparse
import hashlib
import json
import os

import torch

from chat_text import CHARSET
from model import LineNet
from render import HEIGHT_PX, Renderer, find_fonts
from train import FIRST_CHECK, batches_of, error_rate

OPSET = 14


@torch.no_grad()
def temperature_of(net, batches):
    """Of 0.5 to 3.0, where the likelihood of the right characters is greatest."""
    scored = [(net(torch.from_numpy(pixels).float() / 255), classes) for pixels, classes in batches]
    best = (float("inf"), 1.0)
    for step in range(10, 61):
        temperature = step / 20
        loss = 0.0
        for logits, classes in scored:
            scores = (logits / temperature).log_softmax(2).transpose(0, 1)
            lengths = torch.tensor([len(c) for c in classes])
            flat = torch.tensor([c for one in classes for c in one], dtype=torch.long)
            steps = torch.full((len(classes),), scores.shape[0])
            loss += torch.nn.functional.ctc_loss(scores, flat, steps, lengths, reduction="sum", zero_infinity=True).item()
        best = min(best, (loss, temperature))
    return best[1]


def main():
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--fonts", required=True)
    ask.add_argument("--checkpoint", required=True)
    ask.add_argument("--out", required=True)
    ask.add_argument("--trained", default="", help="a sentence for chat-line.json: on what, how long")
    ask.add_argument("--smoke", action="store_true", help="few scenes and lines")
    given = ask.parse_args()
    scenes, lines = (8, 40) if given.smoke else (180, 400)
    net = LineNet(len(CHARSET) + 1)
    saved = torch.load(given.checkpoint, map_location="cpu")
    net.load_state_dict(saved["net"])
    net.eval()
    renderer = Renderer(find_fonts(given.fonts), held_out=True, scenes=scenes)
    checks = batches_of([renderer.strip(i) for i in range(2 * FIRST_CHECK, 2 * FIRST_CHECK + lines)])
    cer, exact = error_rate(net, checks)
    net.eval()
    temperature = temperature_of(net, checks)
    network = os.path.join(given.out, "chat-line.onnx")
    torch.onnx.export(
        net,
        torch.zeros(2, 3, HEIGHT_PX, 256),
        network,
        opset_version=OPSET,
        input_names=["strips"],
        output_names=["logits"],
        dynamic_axes={"strips": {0: "lines", 3: "width"}, "logits": {0: "lines", 1: "steps"}},
    )
    with open(network, "rb") as file:
        sha256 = hashlib.sha256(file.read()).hexdigest()
    about = {
        "version": 1,
        "heightPx": HEIGHT_PX,
        "charset": CHARSET,
        "temperature": temperature,
        "trained": given.trained or f"{saved['lines']} rendered lines",
        "sha256": sha256,
    }
    with open(os.path.join(given.out, "chat-line.json"), "w", encoding="utf-8") as file:
        json.dump(about, file, ensure_ascii=False, indent=2)
        file.write("\n")
    print(json.dumps({"cer": round(cer, 4), "exact": round(exact, 4), "temperature": temperature, "lines": saved["lines"]}))


if __name__ == "__main__":
    main()
