"""Trains and measures `authenticity`:  python3 train_authenticity.py CORPUS authenticity.onnx --steps 400

`CORPUS` holds one `real_<speaker>.s16` or `fake_<engine>.s16` a voice: 16 kHz mono speech without long
pauses, all of it through the same codec (G.722), so that the channel tells nothing.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from authenticity_net import CHUNK_SAMPLES, AuthenticityNet
from front_end import SAMPLE_RATE, LogMel

BATCH = 48
UNSEEN_REAL = {"real_ast_en", "real_ast_ru", "real_fil_nl"}
UNSEEN_FAKE = {
    "fake_flite_awb",
    "fake_flite_rms",
    "fake_flite_slt",
    "fake_festival_cmu_us_slt_arctic_hts",
    "fake_festival_upc_ca_ona_hts",
    "fake_festival_suo_fi_lj_diphone",
    "fake_festival_czech_machac",
}
# the same voice as one of Festival's, so neither seen nor unseen
LEFT_OUT = {"fake_flite_kal16"}
TRAINED_SHARE = 0.9
CHUNKS_A_VOICE = 40

Voices = dict[str, np.ndarray]


def cut(voice: np.ndarray, random: np.random.Generator, part: tuple[float, float]) -> np.ndarray:
    first, last = int(len(voice) * part[0]), int(len(voice) * part[1]) - CHUNK_SAMPLES
    start = int(random.integers(first, max(first + 1, last)))
    chunk = voice[start : start + CHUNK_SAMPLES].astype(np.float32) / 32768
    return np.pad(chunk, (0, CHUNK_SAMPLES - len(chunk)))


def degrade(chunk: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Coloured noise at 5 to 35 dB, band limits and a tilt, some gain."""
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
    return chunk / (np.abs(chunk).max() + 1e-6) * 10 ** random.uniform(-1, 0)


def train(voices: Voices, steps: int, seed: int) -> AuthenticityNet:
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    real = sorted(name for name in voices if name.startswith("real") and name not in UNSEEN_REAL)
    fake = sorted(name for name in voices if name.startswith("fake") and name not in UNSEEN_FAKE | LEFT_OUT)
    net, log_mel = AuthenticityNet(), LogMel()
    optimizer = torch.optim.AdamW(net.parameters(), 1e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    labels = torch.tensor([0.0] * (BATCH // 2) + [1.0] * (BATCH // 2))
    for step in range(steps):
        names = [*random.choice(real, BATCH // 2), *random.choice(fake, BATCH // 2)]
        chunks = [degrade(cut(voices[name], random, (0, TRAINED_SHARE)), random) for name in names]
        with torch.no_grad():
            mel = log_mel(torch.from_numpy(np.stack(chunks).astype(np.float32)))
        loss = F.binary_cross_entropy_with_logits(net(mel), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            print(f"{step} loss {loss.item():.3f}", flush=True)
    return net.eval()


def equal_error_rate(real: np.ndarray, fake: np.ndarray) -> float:
    """The rate at which as many real voices are suspected as synthetic ones pass."""
    thresholds = np.sort(np.concatenate([real, fake]))
    suspected = np.array([(real >= each).mean() for each in thresholds])
    passed = np.array([(fake < each).mean() for each in thresholds])
    nearest = np.argmin(np.abs(suspected - passed))
    return float(suspected[nearest] + passed[nearest]) / 2


def measure(net: AuthenticityNet, voices: Voices, seed: int) -> None:
    random = np.random.default_rng(seed)
    log_mel = LogMel()

    def score(name: str) -> np.ndarray:
        seen = name not in UNSEEN_REAL | UNSEEN_FAKE
        part = (TRAINED_SHARE, 1.0) if seen else (0.0, 1.0)
        chunks = np.stack([cut(voices[name], random, part) for _ in range(CHUNKS_A_VOICE)])
        chunks = chunks / (np.abs(chunks).max(1, keepdims=True) + 1e-6) * 0.5
        with torch.no_grad():
            return net(log_mel(torch.from_numpy(chunks.astype(np.float32)))).numpy()

    scores = {name: score(name) for name in sorted(voices) if name not in LEFT_OUT}

    def of(kind: str, unseen: set[str], held_out: bool) -> np.ndarray:
        return np.concatenate([s for n, s in scores.items() if n.startswith(kind) and (n in unseen) == held_out])

    for title, held_out in (("seen", False), ("unseen", True)):
        rate = equal_error_rate(of("real", UNSEEN_REAL, held_out), of("fake", UNSEEN_FAKE, held_out))
        print(f"{title} speakers and engines: EER {rate:.3f}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpus", type=Path)
    arguments.add_argument("target", type=Path)
    arguments.add_argument("--steps", type=int, default=400)
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()
    corpus = {file.stem: np.fromfile(file, np.int16) for file in sorted(given.corpus.glob("*.s16"))}
    trained = train(corpus, given.steps, given.seed)
    measure(trained, corpus, 99)
    patch = LogMel()(torch.zeros(1, CHUNK_SAMPLES))
    axes = {"mel": {0: "b"}, "logit": {0: "b"}}
    names = {"input_names": ["mel"], "output_names": ["logit"]}
    torch.onnx.export(trained, patch, str(given.target), opset_version=13, dynamic_axes=axes, **names)
