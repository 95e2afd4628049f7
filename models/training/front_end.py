"""The front end that all models here share: log-mel patches, as workers/analyze computes them."""

import numpy as np
import torch
from torch import nn

SAMPLE_RATE = 16_000
N_FFT = 1024
HOP = 320
N_MELS = 64
F_MIN, F_MAX = 50.0, 7_600.0


def mel_bank() -> torch.Tensor:
    """Triangles of height one, equally far apart on the HTK mel scale; [bands, bins]."""
    low, high = (2595 * np.log10(1 + hertz / 700) for hertz in (F_MIN, F_MAX))
    edges = 700 * (10 ** (np.linspace(low, high, N_MELS + 2) / 2595) - 1)
    bins = np.arange(N_FFT // 2 + 1) * SAMPLE_RATE / N_FFT
    bank = np.zeros((N_MELS, len(bins)), np.float32)
    for band in range(N_MELS):
        left, centre, right = edges[band : band + 3]
        rising = (bins - left) / (centre - left)
        falling = (right - bins) / (right - centre)
        bank[band] = np.maximum(0, np.minimum(rising, falling))
        if bank[band].sum() == 0:  # narrower than a bin: take the nearest
            bank[band, round(centre * N_FFT / SAMPLE_RATE)] = 1
    return torch.from_numpy(bank)


class LogMel(nn.Module):
    """Samples [batch, n] to patches [batch, bands, frames] of mean 0 and deviation 1."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("bank", mel_bank())
        self.register_buffer("window", torch.hann_window(N_FFT))

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        spectrum = torch.stft(samples, N_FFT, HOP, window=self.window, center=False, return_complex=True)
        power = spectrum.real**2 + spectrum.imag**2
        log = torch.log(1e-5 + self.bank @ power)
        mean = log.mean((1, 2), keepdim=True)
        deviation = ((log - mean) ** 2).mean((1, 2), keepdim=True).sqrt()
        return (log - mean) / (deviation + 1e-3)


def convolution(inputs: int, outputs: int, stride: tuple[int, int]) -> nn.Sequential:
    """The one kind of layer that the nets here are made of."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )
