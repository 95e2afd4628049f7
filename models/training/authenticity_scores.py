"""Error rates of scores, with intervals, and how far a probability may be trusted."""

import numpy as np
import scipy.optimize

Scores = dict[str, np.ndarray]
BINS = 10
DRAWS = 1_000


def equal_error_rate(real: np.ndarray, fake: np.ndarray) -> float:
    """The rate at which as many real voices are suspected as synthetic ones pass."""
    thresholds = np.sort(np.concatenate([real, fake]))
    suspected = 1 - np.searchsorted(np.sort(real), thresholds) / len(real)
    passed = np.searchsorted(np.sort(fake), thresholds) / len(fake)
    nearest = np.argmin(np.abs(suspected - passed))
    return float(suspected[nearest] + passed[nearest]) / 2


def interval(real: Scores, fake: Scores, seed: int) -> tuple[float, float]:
    """95 %: voices are drawn anew, and chunks within each, since chunks of one voice are alike."""
    random = np.random.default_rng(seed)

    def redraw(scores: Scores) -> np.ndarray:
        names = random.choice(sorted(scores), len(scores))
        return np.concatenate([random.choice(scores[name], len(scores[name])) for name in names])

    rates = [equal_error_rate(redraw(real), redraw(fake)) for _ in range(DRAWS)]
    low, high = np.percentile(rates, [2.5, 97.5])
    return float(low), float(high)


def fit_scale(real: np.ndarray, fake: np.ndarray) -> tuple[float, float]:
    """Platt (1999): the slope and shift that make a logit a probability, were both kinds as frequent."""
    # in 32 bits the steps that the search tries first are lost, and it ends where it began
    real, fake = real.astype(np.float64), fake.astype(np.float64)

    def loss(scale: np.ndarray) -> float:
        slope, shift = scale
        return np.logaddexp(0, slope * real + shift).mean() + np.logaddexp(0, -(slope * fake + shift)).mean()

    slope, shift = scipy.optimize.minimize(loss, [1.0, 0.0]).x
    return float(slope), float(shift)


def calibration_error(real: np.ndarray, fake: np.ndarray) -> float:
    """How far the mean probability of each tenth of the range is from the share that is synthetic; both kinds as frequent."""
    logits = np.concatenate([real, fake])
    labels = np.concatenate([np.zeros(len(real)), np.ones(len(fake))])
    weights = np.where(labels == 1, 0.5 / len(fake), 0.5 / len(real))
    chance = 0.5 + np.tanh(logits / 2) / 2
    bins = np.minimum((chance * BINS).astype(int), BINS - 1)
    within = [bins == each for each in range(BINS)]
    return float(sum(abs((weights[each] * (chance[each] - labels[each])).sum()) for each in within))
