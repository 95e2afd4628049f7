"""Speech taken apart and put together again, as a synthesiser would: what an unknown engine may leave behind.

Each kind is a stand-in for a family of engines, made from real voices, so that a net cannot tell it by the speaker,
the words or the channel: `pulses` excites smoothed spectral envelopes with pulses and noise (the vocoders of
statistical engines and of old ones), `phases` throws the phases away and guesses them again from mel bands
(Griffin & Lim 1984; the vocoders of early neural engines), `frames` repeats and smooths envelopes in time but keeps
the voice's own phases.
"""

import numpy as np
import scipy.ndimage
import scipy.signal

from front_end import SAMPLE_RATE

N_FFT, HOP = 512, 80
KINDS = ("pulses", "phases", "frames")
FLOOR = 1e-5


def analyse(samples: np.ndarray) -> np.ndarray:
    return scipy.signal.stft(samples, SAMPLE_RATE, nperseg=N_FFT, noverlap=N_FFT - HOP)[2]


def synthesise(spectrum: np.ndarray, length: int) -> np.ndarray:
    samples = scipy.signal.istft(spectrum, SAMPLE_RATE, nperseg=N_FFT, noverlap=N_FFT - HOP)[1]
    return np.pad(samples, (0, max(0, length - len(samples))))[:length]


def smooth(values: np.ndarray, frames: float) -> np.ndarray:
    return scipy.ndimage.gaussian_filter1d(values, frames, axis=1) if frames > 0 else values


def envelope(spectrum: np.ndarray, coefficients: int) -> np.ndarray:
    """The spectrum without its harmonics: only the first cepstral coefficients are kept."""
    cepstrum = np.fft.irfft(np.log(np.abs(spectrum) + FLOOR), axis=0)
    cepstrum[coefficients : N_FFT - coefficients + 1] = 0
    return np.exp(np.fft.rfft(cepstrum, axis=0).real)


def pitch(samples: np.ndarray, frames: int) -> np.ndarray:
    """Hertz of each frame by autocorrelation; 0 where there is no voice."""
    padded = np.pad(samples, (N_FFT, N_FFT))
    starts = np.arange(frames) * HOP
    windows = padded[starts[:, None] + np.arange(2 * N_FFT)] * np.hanning(2 * N_FFT)
    power = np.abs(np.fft.rfft(windows, 4 * N_FFT)) ** 2
    correlation = np.fft.irfft(power)
    shortest, longest = SAMPLE_RATE // 400, SAMPLE_RATE // 70
    within = correlation[:, shortest:longest]
    voiced = within.max(1) > 0.35 * correlation[:, 0]
    hertz = np.where(voiced, SAMPLE_RATE / (shortest + within.argmax(1)), 0)
    return scipy.signal.medfilt(hertz, 5)


def excite(hertz: np.ndarray, length: int, random: np.random.Generator) -> np.ndarray:
    """Pulses at the pitch, noise elsewhere and a little everywhere."""
    at_sample = np.repeat(hertz, HOP)[:length]
    at_sample = np.pad(at_sample, (0, length - len(at_sample)))
    turns = np.cumsum(at_sample / SAMPLE_RATE)
    pulses = np.diff(np.floor(turns), prepend=0) > 0
    strength = np.sqrt(SAMPLE_RATE / np.maximum(at_sample, 70)) * pulses
    noise = random.standard_normal(length)
    return np.where(at_sample > 0, strength + random.uniform(0, 0.3) * noise, noise)


def by_pulses(samples: np.ndarray, random: np.random.Generator) -> np.ndarray:
    spectrum = analyse(samples)
    shape = smooth(envelope(spectrum, int(random.integers(16, 40))), random.uniform(0, 8))
    hertz = pitch(samples, spectrum.shape[1])
    voice = hertz[hertz > 0]
    if len(voice) > 0:  # a synthetic melody is smoother, at times nearly flat
        middle, lively = np.median(voice), random.uniform(0.2, 1.1)
        hertz = np.where(hertz > 0, middle * (np.maximum(hertz, 1) / middle) ** lively, 0) * random.uniform(0.85, 1.2)
    excitation = analyse(excite(hertz, len(samples), random))
    flat = excitation / (envelope(excitation, 20) + FLOOR)
    return synthesise(shape * flat, len(samples))


def by_phases(samples: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Mel-like bands, their inverse, and phases that fit them a little better with each turn."""
    magnitudes = np.abs(analyse(samples))
    bands = int(random.integers(40, 120))
    edges = 700 * (10 ** (np.linspace(0, np.log10(1 + 8_000 / 700), bands + 1)) - 1)
    band_of = np.clip(np.searchsorted(edges, np.arange(len(magnitudes)) * SAMPLE_RATE / N_FFT) - 1, 0, bands - 1)
    groups = np.zeros((bands, len(magnitudes)))
    groups[band_of, np.arange(len(magnitudes))] = 1
    means = (groups @ magnitudes) / np.maximum(groups.sum(1, keepdims=True), 1)
    target = smooth(groups.T @ means, random.uniform(0, 3))
    spectrum = target * np.exp(2j * np.pi * random.random(target.shape))
    for _ in range(int(random.integers(2, 12))):
        again = analyse(synthesise(spectrum, len(samples)))[:, : target.shape[1]]
        spectrum = target * again / (np.abs(again) + FLOOR)
    return synthesise(spectrum, len(samples))


def by_frames(samples: np.ndarray, random: np.random.Generator) -> np.ndarray:
    spectrum = analyse(samples)
    shape = envelope(spectrum, int(random.integers(20, 50)))
    every = int(random.integers(2, 9))
    held = np.repeat(shape[:, ::every], every, axis=1)[:, : shape.shape[1]]
    return synthesise(spectrum / (shape + FLOOR) * smooth(held, random.uniform(2, 8)), len(samples))


def resynthesise(samples: np.ndarray, kind: str, random: np.random.Generator) -> np.ndarray:
    make = {"pulses": by_pulses, "phases": by_phases, "frames": by_frames}[kind]
    made = make(samples, random)
    return made / (np.abs(made).max() + FLOOR) * np.abs(samples).max()
