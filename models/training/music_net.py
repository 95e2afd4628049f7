"""The net behind `music-embedding`."""

import torch
import torch.nn.functional as F
from torch import nn

from front_end import convolution

PATCH_SAMPLES = 80_000
PATCH_FRAMES = 247
DIMENSIONS = 128


class MusicNet(nn.Module):
    """Patches [batch, 64, 247] to the unit vectors `fp` (this segment) and `sim` (what it sounds like)."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            convolution(1, 24, (2, 2)),
            convolution(24, 48, (2, 2)),
            convolution(48, 96, (2, 2)),
            convolution(96, 96, (1, 1)),
            convolution(96, 160, (2, 2)),
            convolution(160, 192, (2, 2)),
        )
        # 192 channels, 2 bands, 8 moments in their order: the segment is known by what follows what
        self.fp = nn.Linear(192 * 2 * 8, DIMENSIONS)
        self.sim = nn.Sequential(nn.Linear(192 * 2 * 2, 256), nn.ReLU(), nn.Linear(256, DIMENSIONS))

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        heard = self.body(mel[:, None])[..., :8]
        pooled = torch.cat([heard.mean(3), heard.amax(3)], 2).flatten(1)
        return F.normalize(self.fp(heard.flatten(1)), dim=1), F.normalize(self.sim(pooled), dim=1)
