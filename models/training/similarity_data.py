"""What a track's vector is fitted on and measured with: the traits of every track's patches, and who belongs together."""

import json
from pathlib import Path

import numpy as np
import torch

from front_end import HOP, LogMel
from music_net import PATCH_SAMPLES, MusicNet, traits

# as the worker has them: `patchHopFrames` of the manifest
PATCH_APART = 50 * HOP
BATCH = 12
# a label of fewer tracks says little of the five nearest
LEAST_TRACKS = 6
NEAREST = 5
SILENCE = 0.001


def patches_of(file: Path) -> np.ndarray:
    """Patches one second apart."""
    samples = np.fromfile(file, np.int16)
    starts = np.arange(0, len(samples) - PATCH_SAMPLES, PATCH_APART)
    patches = np.stack([samples[start : start + PATCH_SAMPLES] for start in starts]).astype(np.float32) / 32768
    sounding = np.abs(patches).max(1) > SILENCE
    return patches[sounding] if sounding.any() else patches


def read_traits(corpus: Path, net: MusicNet, kept: Path) -> list[np.ndarray]:
    """Of each track [patches, traits]; kept in a file."""
    tracks = json.loads((corpus / "tracks.json").read_text())
    if not kept.exists():
        log_mel, found = LogMel(), []
        for track in tracks:
            patches = torch.from_numpy(patches_of(corpus / "pcm" / f"{track['id']}.s16"))
            with torch.no_grad():
                mels = [log_mel(part) for part in patches.split(BATCH)]
                found.append(torch.cat([traits(mel, net.hear(mel)) for mel in mels]).half().numpy())
        np.savez(kept, values=np.concatenate(found), counts=[len(each) for each in found])
    with np.load(kept) as arrays:
        return np.split(arrays["values"], np.cumsum(arrays["counts"])[:-1])


def labels_of(tracks: list[dict], name: str) -> np.ndarray:
    return np.array([track[name] or "" for track in tracks])


def precision(vectors: np.ndarray, labels: np.ndarray, asked: np.ndarray) -> tuple[float, int]:
    """The share of a track's five nearest that bear its label, and how many tracks were asked."""
    shares = shares_right(vectors, labels, asked)
    return float(shares.mean()), len(shares)


def shares_right(vectors: np.ndarray, labels: np.ndarray, asked: np.ndarray) -> np.ndarray:
    names, counts = np.unique(labels[labels != ""], return_counts=True)
    large = set(names[counts >= LEAST_TRACKS])
    rows = np.array([row for row in np.flatnonzero(asked) if labels[row] in large])
    likeness = vectors[rows] @ vectors.T
    likeness[np.arange(len(rows)), rows] = -2
    nearest = np.argsort(-likeness, axis=1)[:, :NEAREST]
    return (labels[nearest] == labels[rows][:, None]).mean(1)
