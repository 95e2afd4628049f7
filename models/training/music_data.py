"""Pairs of patches to learn from: a place in a track, and the same place degraded."""

import json
from pathlib import Path

import numpy as np
import scipy.fft
import torch

from front_end import SAMPLE_RATE
from music_net import PATCH_SAMPLES

# never trained on, so that scores on them are honest
HELD_OUT = set(json.loads(Path(__file__).with_name("held_out.json").read_text())["packages"])
MIN_SECONDS = 40
MAX_SHIFT_SECONDS = 0.6
# of a batch from one package: music that resembles itself is hardest to tell apart
ALIKE_SHARE = 0.4


def training_tracks(corpus: Path) -> list[dict]:
    tracks = json.loads((corpus / "tracks.json").read_text())
    return [track for track in tracks if track["pkg"] not in HELD_OUT and track["dur"] > MIN_SECONDS]


class Pairs(torch.utils.data.IterableDataset):
    """Endless batches [2, batch, samples].

    `corpus` holds `tracks.json` (id, pkg, dur), `pcm/<id>.s16` (16 kHz mono) and `voices.s16`
    (speech to be drowned out by).
    """

    def __init__(self, corpus: Path, batch: int, seed: int) -> None:
        kept = training_tracks(corpus)
        self.files = [corpus / "pcm" / f"{track['id']}.s16" for track in kept]
        self.packages = np.array([track["pkg"] for track in kept])
        self.voices_file = corpus / "voices.s16"
        self.batch = batch
        self.seed = seed

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        self.random = np.random.default_rng(self.seed + (worker.id if worker else 0))
        self.tracks = [np.memmap(file, dtype=np.int16, mode="r") for file in self.files]
        self.voices = np.memmap(self.voices_file, dtype=np.int16, mode="r")
        # long tracks are drawn more often, up to four minutes
        lengths = np.minimum([len(track) for track in self.tracks], 240 * SAMPLE_RATE).astype(float)
        self.weights = lengths / lengths.sum()
        while True:
            yield self._draw()

    def _draw(self) -> torch.Tensor:
        pairs = np.zeros((2, self.batch, PATCH_SAMPLES), np.float32)
        shift = int(MAX_SHIFT_SECONDS * SAMPLE_RATE)
        # the degraded patch may begin earlier or later, and run faster
        needed = int(PATCH_SAMPLES * 1.08) + int(1.3 * SAMPLE_RATE)
        for row, track in enumerate(self._choose()):
            around = self._cut(track, needed)
            pairs[0, row] = around[shift : shift + PATCH_SAMPLES]
            pairs[1, row] = self._degrade(around)
        return torch.from_numpy(pairs)

    def _choose(self) -> np.ndarray:
        package = self.random.choice(self.packages, p=self.weights)
        alike = self.random.permutation(np.flatnonzero(self.packages == package))[: int(ALIKE_SHARE * self.batch)]
        weights = self.weights.copy()
        weights[alike] = 0
        others = self.batch - len(alike)
        return np.concatenate([alike, self.random.choice(len(weights), others, p=weights / weights.sum(), replace=False)])

    def _cut(self, track: int, samples: int) -> np.ndarray:
        source = self.tracks[track]
        start = int(self.random.integers(0, max(1, len(source) - samples)))
        cut = source[start : start + samples].astype(np.float32) / 32768
        return np.pad(cut, (0, samples - len(cut)))

    def _degrade(self, samples: np.ndarray) -> np.ndarray:
        random = self.random
        speed = random.uniform(0.93, 1.07) if random.random() < 0.5 else 1.0
        start = int(random.uniform(0, 2 * MAX_SHIFT_SECONDS * SAMPLE_RATE))
        places = start + np.arange(PATCH_SAMPLES) * speed
        heard = np.interp(places, np.arange(len(samples)), samples).astype(np.float32)
        if random.random() < 0.4:
            heard = self._reverberate(heard)
        if random.random() < 0.5:
            heard = self._narrow(heard)
        if random.random() < 0.8:
            heard = self._drown(heard)
        return heard * np.float32(10 ** random.uniform(-1, 0.3))

    def _reverberate(self, samples: np.ndarray) -> np.ndarray:
        """A room: noise that dies away within 0.1 to 0.8 s."""
        length = int(self.random.uniform(0.1, 0.8) * SAMPLE_RATE)
        decay = 10 ** (-3 * np.arange(length, dtype=np.float32) / length)
        room = self.random.standard_normal(length, dtype=np.float32) * decay
        room *= np.float32(self.random.uniform(0.01, 0.08))
        room[0] = 1
        size = scipy.fft.next_fast_len(PATCH_SAMPLES + length, True)
        spectrum = scipy.fft.rfft(samples, size) * scipy.fft.rfft(room, size)
        return scipy.fft.irfft(spectrum, size)[:PATCH_SAMPLES].astype(np.float32)

    def _narrow(self, samples: np.ndarray) -> np.ndarray:
        """A loudspeaker or a telephone: band limits and a tilt."""
        spectrum = scipy.fft.rfft(samples)
        hertz = np.arange(len(spectrum), dtype=np.float32) * np.float32(SAMPLE_RATE / PATCH_SAMPLES)
        low, high = self.random.uniform(20, 350), self.random.uniform(2_800, 8_000)
        gain = 1 / (1 + (low / np.maximum(hertz, 1)) ** 4) / (1 + (hertz / high) ** 8)
        gain = gain * np.maximum(hertz, 60) ** np.float32(self.random.uniform(-0.45, 0.45))
        return scipy.fft.irfft(spectrum * (gain / gain.max()), PATCH_SAMPLES).astype(np.float32)

    def _drown(self, samples: np.ndarray) -> np.ndarray:
        """Voices, coloured noise or other music, at −3 to 15 dB."""
        kind = self.random.random()
        if kind < 0.45:
            noise = sum(self._voice() for _ in range(self.random.integers(1, 6)))
        elif kind < 0.8:
            noise = self._coloured_noise()
        else:
            noise = self._cut(int(self.random.choice(len(self.tracks), p=self.weights)), PATCH_SAMPLES)
        level, noise_level = (np.sqrt((each**2).mean()) + 1e-6 for each in (samples, noise))
        return samples + noise * (level / noise_level / 10 ** (self.random.uniform(-3, 15) / 20))

    def _voice(self) -> np.ndarray:
        start = int(self.random.integers(0, len(self.voices) - PATCH_SAMPLES))
        return self.voices[start : start + PATCH_SAMPLES].astype(np.float32) / 32768

    def _coloured_noise(self) -> np.ndarray:
        spectrum = scipy.fft.rfft(self.random.standard_normal(PATCH_SAMPLES, dtype=np.float32))
        slope = np.maximum(np.arange(len(spectrum)), 1.0) ** np.float32(self.random.uniform(0, 1))
        return scipy.fft.irfft((spectrum / slope).astype(np.complex64), PATCH_SAMPLES).astype(np.float32)
