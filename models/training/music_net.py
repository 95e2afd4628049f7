"""The net behind `music-embedding`."""

import torch
import torch.nn.functional as F
from torch import nn

from front_end import N_MELS, convolution

PATCH_SAMPLES = 80_000
PATCH_FRAMES = 247
DIMENSIONS = 128
CHANNELS, BANDS, MOMENTS = 192, 2, 8
# bands of the statistics, and over how many frames they are seen to move: 40 ms to 0.64 s
COARSE, LAGS = 16, (2, 4, 8, 16, 32)
TRAITS = 3 * CHANNELS * BANDS + 3 * N_MELS + COARSE * (len(LAGS) + COARSE)


class MusicNet(nn.Module):
    """Patches [batch, 64, 247] to the unit vectors `fp` (this segment) and their traits (what they sound like)."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            convolution(1, 24, (2, 2)),
            convolution(24, 48, (2, 2)),
            convolution(48, 96, (2, 2)),
            convolution(96, 96, (1, 1)),
            convolution(96, 160, (2, 2)),
            convolution(160, CHANNELS, (2, 2)),
        )
        # the moments in their order: the segment is known by what follows what
        self.fp = nn.Linear(CHANNELS * BANDS * MOMENTS, DIMENSIONS)

    def hear(self, mel: torch.Tensor) -> torch.Tensor:
        return self.body(mel[:, None])[..., :MOMENTS]

    def segment(self, heard: torch.Tensor) -> torch.Tensor:
        return F.normalize(self.fp(heard.flatten(1)), dim=1)

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        heard = self.hear(mel)
        return self.segment(heard), traits(mel, heard)


def traits(mel: torch.Tensor, heard: torch.Tensor) -> torch.Tensor:
    """What does not depend on the order in time: of what the net hears, and of the bands themselves."""
    pooled = torch.cat([heard.mean(3), heard.amax(3), heard.std(3)], 2).flatten(1)
    change = (mel[:, :, 1:] - mel[:, :, :-1]).abs().mean(2)
    bands = mel.reshape(-1, COARSE, N_MELS // COARSE, PATCH_FRAMES).mean(2)
    moves = [(bands[:, :, lag:] - bands[:, :, :-lag]).abs().mean(2) for lag in LAGS]
    apart = bands - bands.mean(2, keepdim=True)
    together = (apart @ apart.transpose(1, 2) / PATCH_FRAMES).flatten(1)
    return torch.cat([pooled, mel.mean(2), mel.std(2), change, *moves, together], 1)
