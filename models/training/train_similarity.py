"""Fits the head that makes a track's vector, on a frozen body:  python3 train_similarity.py CORPUS START FOLDER

`START` is what train_music.py wrote, or a published ONNX file whose body and `fp` are kept as they are. Into `FOLDER`
go music-embedding.onnx (patches to `fp` and their traits) and track-head.onnx (the traits of a track to its vector).

What is fitted on is the mean and the deviation of each trait over the patches of a track: how a track changes says as
much about its album as how it sounds. Both are reduced to the directions in which tracks differ most, and these are
weighed by how little they vary within an album: within-class covariance normalisation (Hatch et al. 2006). Closed
form, so that a few hundred tracks are enough. `DIMENSIONS` and `RIDGE` were chosen among packages of the training;
those of held_out.json are only measured.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from front_end import N_MELS
from music_data import HELD_OUT
from music_net import PATCH_FRAMES, TRAITS, MusicNet
from published import read_published
from similarity_data import labels_of, precision, read_traits
from track_head import TrackHead

# as good as 200 in cross-validation, and whole sixteens, in which vectors are compared
DIMENSIONS = 192
# of the mean variance within albums, added to each: the rarest are chance
RIDGE = 3.0
EXPORT = {"opset_version": 13}


def within_albums(values: np.ndarray, albums: np.ndarray) -> np.ndarray:
    """The covariance of tracks about the mean of their album."""
    groups = [values[albums == album] for album in np.unique(albums)]
    apart = np.concatenate([group - group.mean(0) for group in groups if len(group) > 1])
    return apart.T @ apart / len(apart)


def fit(moments: np.ndarray, albums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A matrix and a shift that take the moments of a track to where tracks of an album are near."""
    middle, spread = moments.mean(0), moments.std(0) + 1e-3
    standard = (moments - middle) / spread
    # of few rows and many columns: the directions come from the products of rows
    strengths, rows = np.linalg.eigh(standard @ standard.T)
    strengths, rows = strengths[::-1][:DIMENSIONS], rows[:, ::-1][:, :DIMENSIONS]
    directions = standard.T @ rows / np.sqrt(strengths)
    variances, axes = np.linalg.eigh(within_albums(standard @ directions, albums))
    weights = axes / np.sqrt(variances + RIDGE * variances.mean())
    matrix = directions @ weights / spread[:, None]
    return matrix, -middle @ matrix


def moments_of(heard: list[np.ndarray]) -> np.ndarray:
    return np.stack([np.concatenate([each.mean(0), each.std(0)]) for each in heard])


def fit_head(moments: np.ndarray, albums: np.ndarray) -> TrackHead:
    matrix, shift = fit(moments, albums)
    return TrackHead(matrix, shift, usual=moments[:, TRAITS:].mean(0)).eval()


def vectors_of(head: TrackHead, heard: list[np.ndarray]) -> np.ndarray:
    moments = torch.from_numpy(moments_of(heard))
    counts = torch.tensor([float(len(each)) for each in heard])
    with torch.no_grad():
        return head(moments[:, :TRAITS], moments[:, TRAITS:], counts).numpy()


def read_start(start: Path) -> MusicNet:
    if start.suffix == ".onnx":
        return read_published(start)
    net = MusicNet().eval()
    net.load_state_dict(torch.load(start)["net"], strict=False)
    return net


def write(net: MusicNet, head: TrackHead, folder: Path) -> None:
    patches = torch.zeros(2, N_MELS, PATCH_FRAMES)
    names = {"input_names": ["mel"], "output_names": ["fp", "traits"]}
    axes = {name: {0: "b"} for name in ("mel", "fp", "traits")}
    torch.onnx.export(net, patches, str(folder / "music-embedding.onnx"), dynamic_axes=axes, **names, **EXPORT)
    track = (torch.zeros(2, TRAITS), torch.zeros(2, TRAITS), torch.ones(2))
    names = {"input_names": ["mean", "deviation", "patches"], "output_names": ["track"]}
    axes = {name: {0: "b"} for name in ("mean", "deviation", "patches", "track")}
    torch.onnx.export(head, track, str(folder / "track-head.onnx"), dynamic_axes=axes, **names, **EXPORT)


def main(corpus: Path, start: Path, folder: Path) -> None:
    net = read_start(start)
    heard = [each.astype(np.float32) for each in read_traits(corpus, net, corpus / f"{start.stem}.traits-1s.npz")]
    tracks = json.loads((corpus / "tracks.json").read_text())
    held_out = np.isin(labels_of(tracks, "pkg"), list(HELD_OUT))
    head = fit_head(moments_of(heard)[~held_out], labels_of(tracks, "album")[~held_out])
    vectors = vectors_of(head, heard)
    for label in ("album", "artist"):
        share, asked = precision(vectors, labels_of(tracks, label), held_out)
        print(f"same {label} among the five nearest, packages never trained on: {share:.3f} (n = {asked})")
    write(net, head, folder)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpus", type=Path)
    arguments.add_argument("start", type=Path)
    arguments.add_argument("folder", type=Path)
    given = arguments.parse_args()
    torch.set_num_threads(1)
    main(given.corpus, given.start, given.folder)
