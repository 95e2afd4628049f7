"""Trains `music-embedding`:  python3 train_music.py CORPUS music.pt --steps 1600"""

import argparse
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from front_end import LogMel
from music_data import Triples
from music_net import MusicNet

BATCH = 48
PEAK_RATE = 1.5e-3
WARM_UP_STEPS = 30


def meet(one: torch.Tensor, other: torch.Tensor, temperature: float) -> tuple[torch.Tensor, torch.Tensor]:
    """NT-Xent: each row of one finds its row of the other among all rows; the loss and the share found."""
    likeness = one @ other.T / temperature
    rows = torch.arange(len(one))
    loss = (F.cross_entropy(likeness, rows) + F.cross_entropy(likeness.T, rows)) / 2
    return loss, (likeness.argmax(1) == rows).float().mean()


def blank_out(mel: torch.Tensor, random: np.random.Generator) -> None:
    """Removes a band and a moment of each patch, in place."""
    for patch in mel:
        band, frame = random.integers(0, 50), random.integers(0, 200)
        patch[band : band + random.integers(4, 14)] = 0
        patch[:, frame : frame + random.integers(4, 30)] = 0


def train(corpus: Path, weights: Path, steps: int, seed: int, start: Path | None) -> None:
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    net, log_mel = MusicNet(), LogMel()
    if start:
        net.load_state_dict(torch.load(start))
    optimizer = torch.optim.AdamW(net.parameters(), lr=PEAK_RATE, weight_decay=1e-4)
    batches = torch.utils.data.DataLoader(Triples(corpus, BATCH, seed), batch_size=None, num_workers=1)
    for step, triples in zip(range(steps), batches):
        rate = PEAK_RATE * min(1, step / WARM_UP_STEPS) * (0.5 * (1 + math.cos(math.pi * step / steps)) + 0.01)
        for group in optimizer.param_groups:
            group["lr"] = rate
        with torch.no_grad():
            mel = log_mel(triples.reshape(3 * BATCH, -1))
        if step % 2 == 0:
            blank_out(mel[BATCH : 2 * BATCH], random)
        fp, sim = net(mel)
        clean, degraded, elsewhere = sim.split(BATCH)
        same_segment, found = meet(fp[:BATCH], fp[BATCH : 2 * BATCH], 0.07)
        same_track, related = meet(clean, elsewhere, 0.1)
        loss = same_segment + 0.5 * (same_track + meet(degraded, elsewhere, 0.1)[0])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimizer.step()
        if step % 50 == 0:
            print(f"{step} loss {loss.item():.3f} segment {found:.3f} track {related:.3f}", flush=True)
            torch.save(net.state_dict(), weights)
    torch.save(net.state_dict(), weights)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpus", type=Path)
    arguments.add_argument("weights", type=Path)
    arguments.add_argument("--steps", type=int, default=1600)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--start", type=Path, help="weights to go on from")
    given = arguments.parse_args()
    train(given.corpus, given.weights, given.steps, given.seed, given.start)
