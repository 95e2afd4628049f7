"""Fits the head `sim` on a frozen body and writes the whole net:  python3 train_similarity.py CORPUS START TARGET.onnx

`START` is what train_music.py wrote, or a published ONNX file whose body and `fp` are kept as they are.

The traits of a patch (what the body hears, pooled, and statistics of the bands) are reduced to the 128 directions in
which tracks differ most, and these are weighed by how little they vary within an album: within-class covariance
normalisation (Hatch et al. 2006). Closed form, so that a few hundred tracks are enough. `RIDGE` was chosen among
packages of the training; those of held_out.json are only measured.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from front_end import N_MELS
from music_data import HELD_OUT
from music_net import DIMENSIONS, PATCH_FRAMES, MusicNet
from published import read_published
from similarity_data import labels_of, precision, read_traits

# of the mean variance within albums, added to each: the rarest are chance
RIDGE = 0.1


def within_albums(values: np.ndarray, albums: np.ndarray) -> np.ndarray:
    """The covariance of tracks about the mean of their album."""
    groups = [values[albums == album] for album in np.unique(albums)]
    apart = np.concatenate([group - group.mean(0) for group in groups if len(group) > 1])
    return apart.T @ apart / len(apart)


def fit(means: np.ndarray, albums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A matrix and a shift that take the traits of a patch to where tracks of an album are near."""
    middle, spread = means.mean(0), means.std(0) + 1e-3
    standard = (means - middle) / spread
    # of few rows and many columns: the directions come from the products of rows
    strengths, rows = np.linalg.eigh(standard @ standard.T)
    strengths, rows = strengths[::-1][:DIMENSIONS], rows[:, ::-1][:, :DIMENSIONS]
    directions = standard.T @ rows / np.sqrt(strengths)
    variances, axes = np.linalg.eigh(within_albums(standard @ directions, albums))
    weights = axes / np.sqrt(variances + RIDGE * variances.mean())
    matrix = directions @ weights / spread[:, None]
    return matrix, -middle @ matrix


def track_vectors(tracks: list[np.ndarray], matrix: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """As workers/analyze makes them: the mean direction of the patches."""
    def direction(values: np.ndarray) -> np.ndarray:
        return values / (np.linalg.norm(values, axis=-1, keepdims=True) + 1e-9)

    return direction(np.stack([direction(each @ matrix + shift).mean(0) for each in tracks]))


def read_start(start: Path) -> MusicNet:
    if start.suffix == ".onnx":
        return read_published(start)
    net = MusicNet().eval()
    net.load_state_dict({n: w for n, w in torch.load(start)["net"].items() if not n.startswith("sim")}, strict=False)
    return net


def main(corpus: Path, start: Path, target: Path) -> None:
    net = read_start(start)
    heard = [each.astype(np.float32) for each in read_traits(corpus, net, corpus / f"{start.stem}.traits.npz")]
    tracks = json.loads((corpus / "tracks.json").read_text())
    held_out = np.isin(labels_of(tracks, "pkg"), list(HELD_OUT))
    means = np.stack([each.mean(0) for each in heard])
    albums = labels_of(tracks, "album")
    matrix, shift = fit(means[~held_out], albums[~held_out])
    vectors = track_vectors(heard, matrix, shift)
    for label in ("album", "artist"):
        share, asked = precision(vectors, labels_of(tracks, label), held_out)
        print(f"same {label} among the five nearest, packages never trained on: {share:.3f} (n = {asked})")
    with torch.no_grad():
        net.sim.weight.copy_(torch.from_numpy(matrix.T))
        net.sim.bias.copy_(torch.from_numpy(shift))
    names = {"input_names": ["mel"], "output_names": ["fp", "sim"]}
    axes = {name: {0: "b"} for name in ("mel", "fp", "sim")}
    patches = torch.zeros(2, N_MELS, PATCH_FRAMES)
    torch.onnx.export(net, patches, str(target), opset_version=13, dynamic_axes=axes, **names)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpus", type=Path)
    arguments.add_argument("start", type=Path)
    arguments.add_argument("target", type=Path)
    given = arguments.parse_args()
    torch.set_num_threads(1)
    main(given.corpus, given.start, given.target)
