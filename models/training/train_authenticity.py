"""Trains and measures `authenticity`:  python3 train_authenticity.py CORPUS authenticity.onnx

Four nets are trained. The first one ships: it has never heard the voices of held_out.json, and is measured
with them. Each of the others leaves out one more family of engines and some sources of real voices.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import authenticity_data as data
from authenticity_net import CHUNK_SAMPLES, AuthenticityNet
from authenticity_scores import Scores, calibration_error, equal_error_rate, fit_scale, interval
from front_end import LogMel

BATCH = 48
DEGRADED_CHUNKS = {"real": 400, "fake": 96}
PLAIN_CHUNKS = 120
PEAK_RATE = 3e-3
# the weights that are kept are a mean of those of about so many last steps
AVERAGED = 100
SETTLING = 20
# the nets that do not ship are trained less
FOLD_SHARE = 0.5
FOLDS = {
    "formant": {"real_ast_es"},
    "diphone": {"real_ast_fr", "real_hedgewars"},
    "vocoder": {"real_ast_it", "real_fil_cs"},
}
Chunks = dict[str, torch.Tensor]


def train(chunks: Chunks, steps: int, seed: int) -> AuthenticityNet:
    """Half of each batch is real, every speaker and every family of engines as often as the others."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    real = [name for name in chunks if data.family_of(name) == "real"]
    families: dict[str, list[str]] = {}
    for name in chunks:
        families.setdefault(data.family_of(name), []).append(name)
    del families["real"]
    net = AuthenticityNet()
    optimizer = torch.optim.AdamW(net.parameters(), 1e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=steps)
    average = torch.optim.swa_utils.AveragedModel(net, avg_fn=fading_mean)
    labels = torch.tensor([0.0] * (BATCH // 2) + [1.0] * (BATCH // 2))

    def draw(name: str) -> torch.Tensor:
        return chunks[name][int(random.integers(len(chunks[name])))]

    for step in range(steps):
        fakes = [random.choice(families[random.choice(sorted(families))]) for _ in range(BATCH // 2)]
        mel = torch.stack([draw(name) for name in [*random.choice(real, BATCH // 2), *fakes]]).float()
        mel = data.hide(data.mix_styles(mel, random), random)
        loss = F.binary_cross_entropy_with_logits(net(mel), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        average.update_parameters(net)
        if step % 50 == 0:
            print(f"{step} loss {loss.item():.3f}", flush=True)
    return settle(average.module, lambda: torch.stack([draw(name) for name in random.choice(sorted(chunks), BATCH)]).float())


def fading_mean(mean: torch.Tensor, new: torch.Tensor, count: torch.Tensor) -> torch.Tensor:
    return mean + (new - mean) * (1 - min(1 - 1 / AVERAGED, (1 + count) / (10 + count)))


def settle(net: AuthenticityNet, draw_batch: Callable[[], torch.Tensor]) -> AuthenticityNet:
    """Weights that are a mean have never been heard together: what the layers are normalised by is heard anew."""
    net.train()
    with torch.no_grad():
        for _ in range(SETTLING):
            net(draw_batch())
    return net.eval()


def score(net: AuthenticityNet, chunks: Chunks) -> Scores:
    with torch.no_grad():
        return {name: net(mel).numpy() for name, mel in chunks.items()}


def only(scores: Scores, real: bool) -> Scores:
    return {name: each for name, each in scores.items() if (data.family_of(name) == "real") == real}


def joined(scores: Scores) -> np.ndarray:
    return np.concatenate(list(scores.values()))


def report(title: str, real: Scores, fake: Scores) -> None:
    rate = equal_error_rate(joined(real), joined(fake))
    low, high = interval(real, fake, 1)
    counts = f"{len(joined(real))} real, {len(joined(fake))} synthetic chunks"
    print(f"{title}: EER {rate:.3f} ({low:.3f} to {high:.3f}), {counts}", flush=True)


def calibrate(net: AuthenticityNet, test: Scores) -> None:
    """Makes the net's logits those of probabilities, and says how far they may be trusted of an unknown engine."""
    families = sorted({data.family_of(name) for name in only(test, False)})
    reals, fakes = [], []
    for family, stranger in zip(families, sorted(only(test, True)), strict=True):
        others = {n: s for n, s in test.items() if data.family_of(n) != family and n != stranger}
        slope, shift = fit_scale(joined(only(others, True)), joined(only(others, False)))
        reals.append(slope * test[stranger] + shift)
        fakes += [slope * each + shift for name, each in test.items() if data.family_of(name) == family]
    print(f"calibration error, engine left out: {calibration_error(np.concatenate(reals), np.concatenate(fakes)):.3f}")
    slope, shift = fit_scale(joined(only(test, True)), joined(only(test, False)))
    with torch.no_grad():
        net.head.weight *= slope
        net.head.bias.mul_(slope).add_(shift)


def main(corpus: Path, target: Path, steps: int, seed: int) -> None:
    voices = data.read_voices(corpus)
    random = np.random.default_rng(seed)
    plain = {name: data.draw_plain(voice, PLAIN_CHUNKS, random) for name, voice in voices.items()}
    kinds = {name: DEGRADED_CHUNKS[name.split("_")[0]] for name in voices if name not in data.UNSEEN}
    degraded = {name: data.draw_degraded(voices[name], count, random) for name, count in kinds.items()}
    print(f"{len(degraded)} voices to learn from, {len(data.UNSEEN)} never heard", flush=True)

    net = train(degraded, steps, seed)
    test = {name: each for name, each in score(net, plain).items() if name in data.UNSEEN}
    for family in sorted({data.family_of(name) for name in only(test, False)}):
        report(f"never heard: {family}", only(test, True), {n: s for n, s in test.items() if data.family_of(n) == family})
    report("never heard: all", only(test, True), only(test, False))
    calibrate(net, test)

    for number, (family, real) in enumerate(FOLDS.items(), 1):
        left_out = {name for name in degraded if data.family_of(name) == family} | real
        fold = train({name: each for name, each in degraded.items() if name not in left_out}, int(steps * FOLD_SHARE), seed + number)
        heard = score(fold, plain)
        strangers = {name: heard[name] for name in only(test, True)}
        report(f"left out: {family}", strangers, {n: s for n, s in heard.items() if data.family_of(n) == family})

    patch = LogMel()(torch.zeros(1, CHUNK_SAMPLES))
    axes = {"mel": {0: "b"}, "logit": {0: "b"}}
    names = {"input_names": ["mel"], "output_names": ["logit"]}
    torch.onnx.export(net, patch, str(target), opset_version=13, dynamic_axes=axes, **names)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpus", type=Path)
    arguments.add_argument("target", type=Path)
    arguments.add_argument("--steps", type=int, default=600)
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()
    torch.set_num_threads(1)
    main(given.corpus, given.target, given.steps, given.seed)
