"""Trains the body and `fp` of `music-embedding`:  python3 train_music.py CORPUS music.pt --steps 2000

Goes on where `music.pt` stopped, if it is there; `--start` takes the body and `fp` of other weights.
The head `sim` comes from train_similarity.py.
"""

import argparse
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from front_end import LogMel
from music_data import Pairs
from music_net import MusicNet

BATCH = 64
PEAK_RATE = 1.2e-3
WARM_UP_STEPS = 30
TEMPERATURE = 0.07
STEPS_A_SAVE = 20


def meet(one: torch.Tensor, other: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """NT-Xent: each row of one finds its row of the other among all rows; the loss and the share found."""
    likeness = one @ other.T / TEMPERATURE
    rows = torch.arange(len(one))
    loss = (F.cross_entropy(likeness, rows) + F.cross_entropy(likeness.T, rows)) / 2
    return loss, (likeness.argmax(1) == rows).float().mean()


def blank_out(mel: torch.Tensor, random: np.random.Generator) -> None:
    """Removes a band and a moment of each patch, in place."""
    for patch in mel:
        band, frame = random.integers(0, 50), random.integers(0, 200)
        patch[band : band + random.integers(4, 14)] = 0
        patch[:, frame : frame + random.integers(4, 30)] = 0


def rate_at(step: int, steps: int) -> float:
    return PEAK_RATE * min(1, (step + 1) / WARM_UP_STEPS) * (0.5 * (1 + math.cos(math.pi * step / steps)) + 0.01)


def train(corpus: Path, target: Path, steps: int, seed: int, start: Path | None) -> None:
    torch.manual_seed(seed)
    net, log_mel = MusicNet(), LogMel()
    optimizer = torch.optim.AdamW(net.parameters(), lr=PEAK_RATE, weight_decay=1e-4)
    first = 0
    if target.exists():
        saved = torch.load(target)
        net.load_state_dict(saved["net"])
        optimizer.load_state_dict(saved["optimizer"])
        first = saved["step"]
    elif start:
        weights = torch.load(start)
        weights = weights.get("net", weights)
        # those of an earlier version have a head more
        net.load_state_dict(weights, strict=False)
    # other batches than those that it has seen, whenever it goes on
    random = np.random.default_rng([seed, first])
    batches = torch.utils.data.DataLoader(Pairs(corpus, BATCH, seed + first), batch_size=None, num_workers=1)
    for step, pairs in zip(range(first, steps), batches):
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, steps)
        with torch.no_grad():
            mel = log_mel(pairs.reshape(2 * BATCH, -1))
        if step % 2 == 0:
            blank_out(mel[BATCH:], random)
        segments = net.segment(net.hear(mel))
        loss, found = meet(segments[:BATCH], segments[BATCH:])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimizer.step()
        if step % STEPS_A_SAVE == 0 or step == steps - 1:
            print(f"{step} loss {loss.item():.3f} found {found:.3f}", flush=True)
            state = {"net": net.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1}
            torch.save(state, target.with_suffix(".part"))
            target.with_suffix(".part").rename(target)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpus", type=Path)
    arguments.add_argument("weights", type=Path)
    arguments.add_argument("--steps", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--start", type=Path, help="weights to begin with")
    given = arguments.parse_args()
    torch.set_num_threads(1)
    train(given.corpus, given.weights, given.steps, given.seed, given.start)
