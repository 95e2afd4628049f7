"""The head behind `music-embedding`: from what the traits of a track's patches have in common to the track's vector."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

# patches one second apart in a minute: what the head is fitted on
FULL_PATCHES = 56
# from so many on a stretch shows half of what (squared) an endless one would: measured on the corpus, within 0.03
HALF_PATCHES = 25


def usual_share(patches):
    """How large the deviation over so many patches is, beside that over a minute: 0 of one, 1.2 of a long track."""
    most = 1 + HALF_PATCHES / (FULL_PATCHES - 1)
    return (most * (patches - 1) / (patches - 1 + HALF_PATCHES)) ** 0.5


class TrackHead(nn.Module):
    """
    Mean and deviation [tracks, traits] over so many patches to the unit vectors of tracks.

    Patches a few seconds apart are alike, so that a clip deviates less than a track whatever it sounds like. What is
    usually missing is added, of a clip of one patch all; of a track longer than a minute what is more is taken off.
    """

    def __init__(self, matrix: np.ndarray, shift: np.ndarray, usual: np.ndarray) -> None:
        super().__init__()
        self.linear = nn.Linear(*matrix.shape)
        self.usual = nn.Parameter(torch.from_numpy(np.float32(usual @ matrix[-len(usual) :])))
        with torch.no_grad():
            self.linear.weight.copy_(torch.from_numpy(matrix.T))
            self.linear.bias.copy_(torch.from_numpy(shift))

    def forward(self, mean: torch.Tensor, deviation: torch.Tensor, patches: torch.Tensor) -> torch.Tensor:
        missing = 1 - usual_share(patches)[:, None]
        return F.normalize(self.linear(torch.cat([mean, deviation], 1)) + missing * self.usual, dim=1)
