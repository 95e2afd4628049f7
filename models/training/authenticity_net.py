"""The net behind `authenticity`."""

import torch
import torch.nn.functional as F
from torch import nn

from front_end import convolution

CHUNK_SAMPLES = 64_000


class AuthenticityNet(nn.Module):
    """Patches [batch, 64, 197] to logits [batch]; high means synthetic."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            convolution(1, 16, (2, 1)),
            convolution(16, 32, (2, 2)),
            convolution(32, 48, (2, 2)),
            convolution(48, 64, (2, 2)),
            convolution(64, 64, (2, 2)),
        )
        self.head = nn.Linear(64 * 2 * 2, 1)

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        heard = self.body(mel[:, None]).flatten(1, 2)
        pooled = torch.cat([heard.mean(2), heard.std(2)], 1)
        return self.head(F.dropout(pooled, 0.3, self.training))[:, 0]
