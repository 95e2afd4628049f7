"""Chunks of voices to learn `authenticity` from, and which voices it never hears in training."""

import json
from pathlib import Path

import numpy as np
import torch

from authenticity_net import CHUNK_SAMPLES
from front_end import SAMPLE_RATE, LogMel

UNSEEN = set(json.loads(Path(__file__).with_name("held_out.json").read_text())["voices"])
# the same voice as one of Festival's, so neither seen nor unseen
LEFT_OUT = {"fake_diphone_flite_kal16"}
LOUDEST = 0.5
# at most so many neighbouring bands and frames are hidden
HIDDEN_BANDS, HIDDEN_FRAMES = 11, 39

Voices = dict[str, np.ndarray]


def read_voices(corpus: Path) -> Voices:
    files = sorted((corpus / "voices").glob("*.s16"))
    return {file.stem: np.fromfile(file, np.int16) for file in files if file.stem not in LEFT_OUT}


def family_of(name: str) -> str:
    """`real`, or the kind of engine that speaks."""
    return "real" if name.startswith("real") else name.split("_")[1]


def cut(voice: np.ndarray, samples: int, random: np.random.Generator) -> np.ndarray:
    start = int(random.integers(0, max(1, len(voice) - samples)))
    chunk = voice[start : start + samples].astype(np.float32) / 32768
    return np.pad(chunk, (0, samples - len(chunk)))


def degrade(voice: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A chunk at another speed, in coloured noise at 5 to 35 dB, through band limits and a tilt."""
    taken = int(CHUNK_SAMPLES * random.uniform(0.9, 1.1)) if random.random() < 0.4 else CHUNK_SAMPLES
    chunk = cut(voice, taken, random)
    if taken != CHUNK_SAMPLES:
        chunk = np.interp(np.linspace(0, taken - 1, CHUNK_SAMPLES), np.arange(taken), chunk)
    if random.random() < 0.6:
        spectrum = np.fft.rfft(random.standard_normal(CHUNK_SAMPLES))
        slope = np.maximum(np.arange(len(spectrum)), 1) ** random.uniform(0, 1)
        noise = np.fft.irfft(spectrum / slope, CHUNK_SAMPLES)
        level, noise_level = np.sqrt((chunk**2).mean()) + 1e-6, np.sqrt((noise**2).mean())
        chunk = chunk + noise * (level / noise_level / 10 ** (random.uniform(5, 35) / 20))
    if random.random() < 0.6:
        spectrum = np.fft.rfft(chunk)
        hertz = np.arange(len(spectrum)) * SAMPLE_RATE / CHUNK_SAMPLES
        gain = 1 / (1 + (random.uniform(20, 250) / np.maximum(hertz, 1)) ** 4)
        gain = gain / (1 + (hertz / random.uniform(3_000, 8_000)) ** 8)
        gain = gain * (np.maximum(hertz, 60) / 1_000) ** random.uniform(-0.5, 0.5)
        chunk = np.fft.irfft(spectrum * gain, CHUNK_SAMPLES)
    return chunk


def to_mel(chunks: list[np.ndarray]) -> torch.Tensor:
    """As workers/analyze hears them: each scaled to a peak of 0.5."""
    loud = [chunk * (LOUDEST / (np.abs(chunk).max() + 1e-6)) for chunk in chunks]
    with torch.no_grad():
        return LogMel()(torch.from_numpy(np.stack(loud).astype(np.float32)))


def draw_degraded(voice: np.ndarray, count: int, random: np.random.Generator) -> torch.Tensor:
    return to_mel([degrade(voice, random) for _ in range(count)]).half()


def draw_plain(voice: np.ndarray, count: int, random: np.random.Generator) -> torch.Tensor:
    return to_mel([cut(voice, CHUNK_SAMPLES, random) for _ in range(count)])


def mix_styles(mel: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
    """Gives half of the chunks some of another's level and swing in each band, by which recordings differ, not engines
    (Zhou et al., *Domain generalization with MixStyle*, 2021)."""
    count = len(mel)
    other = torch.from_numpy(random.permutation(count))
    own = torch.from_numpy(random.beta(0.3, 0.3, (count, 1, 1))).float()
    own = torch.where(torch.from_numpy(random.random((count, 1, 1)) < 0.5), own, 1.0)
    mean, swing = mel.mean(2, keepdim=True), mel.std(2, keepdim=True) + 1e-3
    mixed_mean, mixed_swing = (own * each + (1 - own) * each[other] for each in (mean, swing))
    return (mel - mean) / swing * mixed_swing + mixed_mean


def hide(mel: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
    """Hides some bands and a moment of each chunk (Park et al., *SpecAugment*, 2019)."""
    _, bands, frames = mel.shape
    for chunk in mel:
        band, width = int(random.integers(bands)), int(random.integers(1, HIDDEN_BANDS + 1))
        chunk[band : band + width] = chunk.mean()
        frame, width = int(random.integers(frames)), int(random.integers(1, HIDDEN_FRAMES + 1))
        chunk[:, frame : frame + width] = chunk.mean()
    return mel
